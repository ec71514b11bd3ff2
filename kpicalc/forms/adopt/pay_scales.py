"""Steps in an old pay formula: nested IFs over one figure as a scale of bounds and values."""

from decimal import Decimal

from kpicalc.engine.tree.syntax import Call, Comparison, Numeral, Syntax
from kpicalc.forms.adopt.pay_formula import text_of
from kpicalc.model.record import record


@record
class Ladder:
    """Values by bounds of a figure: the value below all bounds, then bounds with their values from the lowest up."""

    measure: Syntax
    least: Decimal
    rows: tuple[tuple[Decimal, bool, Decimal], ...]
    """Bound, whether it is excluded, value."""


def values_of(ladder: Ladder) -> list[Decimal]:
    """Return every value of a scale."""
    return [ladder.least, *(value for _, _, value in ladder.rows)]


def rows_of(ladder: Ladder, name: str, *, shares: bool) -> str:
    """Write a scale as YAML; `shares`: its bounds are per cents."""
    rows = [(Decimal(0), False, ladder.least), *ladder.rows]
    if len(rows) > 1 and not rows[1][0] and not rows[1][1]:
        del rows[0]
    shown = []
    for bound, excluded, value in rows:
        word, limit = "above" if excluded else "from", in_percent(bound) if shares else plain(bound)
        shown.append(f"{{{word}: {limit}, {name}: {in_percent(value)}}}")
    return f"[{', '.join(shown)}]"


def ladder_of(item: Syntax) -> Ladder | None:
    """Read nested IFs over one figure as steps."""
    if not isinstance(item, Call) or item.function != "if":
        return None
    down: list[tuple[Decimal, bool, Decimal]] = []
    up: list[tuple[Decimal, bool, Decimal]] = []
    measure: Syntax | None = None
    node: Syntax = item
    while isinstance(node, Call) and node.function == "if":
        condition, yes, no = node.arguments
        if not isinstance(condition, Comparison) or not isinstance(condition.right, Numeral):
            return None
        if not isinstance(yes, Numeral) or (measure is not None and text_of(measure) != text_of(condition.left)):
            return None
        measure, bound, value = condition.left, Decimal(condition.right.at.text), Decimal(yes.at.text)
        if condition.op in (">=", ">"):
            down.append((bound, condition.op == ">", value))
        elif condition.op in ("<", "<="):
            up.append((bound, condition.op == "<=", value))
        else:
            return None
        node = no
    if not isinstance(node, Numeral) or measure is None or (down and up):
        return None
    last = Decimal(node.at.text)
    if down:
        rows = list(reversed(down))
    else:
        following = [*(value for _, _, value in up[1:]), last]
        rows = [(bound, excluded, value) for (bound, excluded, _), value in zip(up, following, strict=True)]
    bounds = [bound for bound, _, _ in rows]
    least = last if down else up[0][2]
    return Ladder(measure, least, tuple(rows)) if bounds == sorted(set(bounds)) and bounds[0] >= 0 else None


def plain(number: Decimal) -> str:
    """Write a number as YAML."""
    return f"{number.normalize():f}"


def in_percent(number: Decimal) -> str:
    """Write a share as YAML: 5%."""
    return f"{(number * 100).normalize():f}%"
