"""Lines that pay in proportion to a group's figure: a person with several rows would be paid it in each row.

A share by the group's attainment, or a rate looked up by it, is not meant: it is only as large as what it acts on. Nor
is an amount that the line itself reduces to the days or hours of the row.
"""

from collections.abc import Iterator, Mapping
from typing import assert_never

from kpicalc.engine.statement import Figure, Line, Statement
from kpicalc.engine.tree.closure import columns_in
from kpicalc.engine.tree.formula import (
    Arith,
    Band,
    Choose,
    Column,
    Curve,
    Greatest,
    Least,
    Minus,
    Node,
    Number,
    Param,
    Round,
    Slices,
    Sum,
)
from kpicalc.engine.tree.sources import Given, OfLines, OfTeam, Personal

Grouped = OfTeam | OfLines
TIME = frozenset({"days_worked", "days_norm", "days_employed", "hours_worked", "hours_norm", "days_after"})


def group_pay(statement: Statement) -> Iterator[tuple[Line, Figure, Grouped]]:
    """Yield the lines that grow with the figure of a group, each with that figure."""
    figures = {figure.key: figure for figure in statement.figures}
    lines = {line.figure for line in statement.lines}
    for line in statement.lines:
        # A line that acts on others pays nothing of its own; those are judged themselves.
        source = figures[line.figure].source
        if not isinstance(source, Given) and not line.withheld:
            by_key = {key: (figure, of) for key, figure, of in _amounts(source, figures, lines)}
            for figure, of in by_key.values():
                yield line, figure, of


def _amounts(node: Node, figures: Mapping[str, Figure], lines: set[str]) -> Iterator[tuple[str, Figure, Grouped]]:
    """Yield the groups' figures in an amount, without divisors, comparisons and look-ups."""
    inside: tuple[Node, ...] = ()
    match node:
        case Column(key):
            source = figures[key].source
            if isinstance(source, OfLines) or (isinstance(source, OfTeam) and source.part == "actual"):
                yield key, figures[key], source
            elif not isinstance(source, Given) and key not in lines:
                inside = (source,)
        case Arith("/", left, right):
            inside = () if any(columns_in(right)) else (left,)
        case Arith("*", left, right):
            inside = () if _is_time(left, figures) or _is_time(right, figures) else (left, right)
        case Arith(_, left, right):
            inside = (left, right)
        case Sum(items) | Least(items) | Greatest(items):
            inside = items
        case Minus(item) | Round(item) | Slices(item):
            inside = (item,)
        case Choose(_, then, otherwise):
            inside = (then, otherwise)
        case Number() | Param() | Band() | Curve():
            pass
        case _:
            assert_never(node)
    for part in inside:
        yield from _amounts(part, figures, lines)


def _is_time(node: Node, figures: Mapping[str, Figure]) -> bool:
    """Tell whether a factor is the row's share of the month."""
    behind = list(columns_in(node))
    for column in behind:
        source = figures[column.key].source
        behind += [] if isinstance(source, Given) else list(columns_in(source))
    given = [source for column in behind if isinstance(source := figures[column.key].source, Given)]
    return bool(given) and all(isinstance(source, Personal) and source.name in TIME for source in given)
