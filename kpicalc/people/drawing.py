"""Small pictures as inline SVG, without script, link or font: progress towards a goal, the last months."""

from collections.abc import Sequence
from decimal import Decimal

_FAINT = Decimal("0.2")
_FULL = Decimal("1.5")
"""A bar shows up to this share of the goal; the mark of the goal stands at two thirds of the bar."""


def goal_bar(share: Decimal | None, label: str, width: int = 120, height: int = 12) -> str:
    """Return a bar of the achieved share of a goal, with a mark at the goal; an empty bar if it is unknown."""
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
    """Return a bar per month, with its name below and its amount above. Names and amounts must be escaped already."""
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


def bullet(share: Decimal | None, due: Decimal, label: str, width: int = 150, height: int = 14) -> str:
    """Return a bullet chart: a bar of the achieved share, a field for the share due by now, a mark at the goal."""
    shown = min(max(share or Decimal(0), Decimal(0)), _FULL)
    done, field = round(shown / _FULL * width, 1), round(min(due, Decimal(1)) / _FULL * width, 1)
    behind = share is None or share < due
    colour = "#2e7d32" if share is not None and share >= 1 else "#b26a00" if behind else "#1f4e9e"
    return (
        f'<svg class="bar" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{label}"><rect width="{width}" height="{height}" rx="2" fill="#eef1f5"/>'
        f'<rect width="{field}" height="{height}" rx="2" fill="#cdd6e3"/>'
        f'<rect y="{round(height / 3, 1)}" width="{done}" height="{round(height / 3, 1)}" fill="{colour}"/>'
        f'<rect x="{round(width / _FULL, 1)}" width="2" height="{height}" fill="#111"/></svg>'
    )


def heat_map(rows: Sequence[tuple[str, Sequence[Decimal]]], days: Sequence[str]) -> str:
    """Return a square per person and day, darker for a larger result. Names must be escaped already."""
    largest = max((value for _, values in rows for value in values), default=Decimal(0)) or Decimal(1)
    side, left, top = 20, 210, 18
    width, height = left + side * len(days), top + side * len(rows)
    parts = [f'<svg class="heat" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">']
    parts += [
        f'<text x="{left + side * at + side / 2}" y="12" text-anchor="middle" font-size="10">{day}</text>'
        for at, day in enumerate(days)
    ]
    for number, (name, values) in enumerate(rows):
        y = top + side * number
        parts.append(f'<text x="0" y="{y + 14}" font-size="12">{name}</text>')
        for at, value in enumerate(values):
            strength = max(value, Decimal(0)) / largest
            # Even the smallest result is darker than none.
            shade = round(_FAINT + (1 - _FAINT) * strength, 2)
            fill = f'fill="#1f4e9e" fill-opacity="{shade}"' if strength else 'fill="#f0f2f5"'
            parts.append(f'<rect x="{left + side * at}" y="{y}" width="{side - 2}" height="{side - 2}" {fill}/>')
    return "".join([*parts, "</svg>"])


def change_bar(change: Decimal, largest: Decimal, label: str, width: int = 140, height: int = 12) -> str:
    """Return a bar from the middle: increases go right, decreases left; `largest` fills one half."""
    half = Decimal(width) / 2
    long = round(abs(change) / largest * half, 1) if largest else Decimal(0)
    left = half if change > 0 else half - long
    colour = "#2e7d32" if change > 0 else "#b26a00"
    return (
        f'<svg class="bar" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{label}"><rect width="{width}" height="{height}" rx="2" fill="#eef1f5"/>'
        f'<rect x="{left}" width="{long}" height="{height}" fill="{colour}"/>'
        f'<rect x="{half}" width="1" height="{height}" fill="#111"/></svg>'
    )
