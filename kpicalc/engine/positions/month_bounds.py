"""Lines with bounds for a whole month: thresholds, tiers, scales, steps, caps. Each row would have them in full."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from kpicalc.engine.statement import Figure, Line, Statement
from kpicalc.engine.tree.closure import columns_in
from kpicalc.engine.tree.formula import (
    Arith,
    Band,
    Both,
    Choose,
    Column,
    Compare,
    Condition,
    Curve,
    Either,
    Greatest,
    Least,
    Minus,
    Node,
    Not,
    Number,
    Param,
    Round,
    Slices,
    Sum,
)
from kpicalc.engine.tree.sources import Given

_SEVERAL = 2


def with_bounds(statement: Statement) -> Iterator[Line]:
    """Yield the lines that pay two halves of a result differently from the whole."""
    figures = {figure.key: figure for figure in statement.figures}
    lines = {line.figure for line in statement.lines}
    for line in statement.lines:
        source = figures[line.figure].source
        # Pools and rankings compare all rows at once.
        by_itself = line.component not in ("pool", "ranked") and not line.withheld
        if by_itself and not isinstance(source, Given) and _bound(source, figures, lines):
            yield line


def _bound(node: Node | Condition, figures: Mapping[str, Figure], lines: set[str]) -> bool:
    """Tell whether a tree contains an amount of money that is no factor, or a table of several such bounds."""
    inside: tuple[Node | Condition, ...] = ()
    match node:
        case Param(unit="money", value=value):
            return bool(value)
        case Column(key):
            source = figures[key].source
            inside = () if isinstance(source, Given) or key in lines else (source,)
        case Slices(of, table) | Band(of, table) | Curve(of, table):
            steps = [step for step in table.steps if step.bound.unit != "percent"]
            if len(steps) >= _SEVERAL and any(columns_in(of)):
                return True
            inside = (of,)
        case Arith("*" | "/", left, right):
            inside = tuple(part for part in (left, right) if not isinstance(part, Param))
        case Arith(_, left, right) | Compare(_, left, right):
            inside = (left, right)
        case Sum(items) | Least(items) | Greatest(items) | Both(items) | Either(items):
            inside = items
        case Minus(item) | Round(item) | Not(item):
            inside = (item,)
        case Choose(when, then, otherwise):
            inside = (when, then, otherwise)
        case Param() | Number():
            pass
        case _:
            assert_never(node)
    return any(_bound(part, figures, lines) for part in inside)
