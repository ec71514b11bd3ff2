"""Small pictures as inline SVG, with no script, link or font: what is done of a goal, the last months."""

from collections.abc import Sequence
from decimal import Decimal

_FULL = Decimal("1.5")
"""A bar shows up to this share of the goal; the mark of the goal stands at two thirds."""


def goal_bar(share: Decimal | None, label: str, width: int = 120, height: int = 12) -> str:
    """Return a bar of the share of a goal that is done, with a mark at the goal; an empty one where it is not known."""
    shown = min(max(share or Decimal(0), Decimal(0)), _FULL)
    done, goal = round(shown / _FULL * width, 1), round(width / _FULL, 1)
    colour = "#2e7d32" if share is not None and share >= 1 else "#1f4e9e"
    return (
        f'<svg class="bar" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{label}"><rect width="{width}" height="{height}" rx="2" fill="#e4e8ee"/>'
        f'<rect width="{done}" height="{height}" rx="2" fill="{colour}"/>'
        f'<rect x="{goal}" y="0" width="1.5" height="{height}" fill="#111"/></svg>'
    )


def month_bars(months: Sequence[tuple[str, Decimal, str]], width: int = 640, height: int = 120) -> str:
    """Return a bar per month: its name below, its amount above. Names and amounts must be escaped already."""
    largest = max((amount for _, amount, _ in months), default=Decimal(0)) or Decimal(1)
    step = Decimal(width) / max(len(months), 1)
    room = height - 34
    parts = [f'<svg class="months" viewBox="0 0 {width} {height}" role="img">']
    for number, (name, amount, text) in enumerate(months):
        tall = round(max(amount, Decimal(0)) / largest * room, 1)
        left, middle = round(step * number + step / 6, 1), round(step * number + step / 2, 1)
        top = round(room + 16 - tall, 1)
        colour = "#1f4e9e" if number == len(months) - 1 else "#9fb3d1"
        parts.append(
            f'<rect x="{left}" y="{top}" width="{round(step * 2 / 3, 1)}" height="{tall}" fill="{colour}"/>'
            f'<text x="{middle}" y="{top - 4}" text-anchor="middle" font-size="12">{text}</text>'
            f'<text x="{middle}" y="{height - 4}" text-anchor="middle" font-size="12">{name}</text>'
        )
    return "".join([*parts, "</svg>"])
