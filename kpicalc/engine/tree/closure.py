"""Dependencies: the figures that a tree refers to, and all figures that a figure of a calculation depends on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from kpicalc.engine.statement import Figure, Statement
from kpicalc.engine.tree.formula import Column
from kpicalc.engine.tree.sources import Actual, Given, key_of


def nodes_in(node: Any) -> Iterator[object]:
    """Yield a tree's nodes, tables and their rows among them; what a figure is computed from is another tree."""
    if isinstance(node, tuple):
        for item in node:
            yield from nodes_in(item)
    elif (names := _parts(node.__class__)) is not None:
        yield node
        for name in names:
            yield from nodes_in(getattr(node, name))


@cache
def _parts(kind: type) -> tuple[str, ...] | None:
    """Return the names of a node's parts; None for what is no node, such as a number or a text."""
    return tuple(part.name for part in fields(kind)) if is_dataclass(kind) else None


def columns_in(node: object) -> Iterator[Column]:
    """Yield the figures that a tree refers to."""
    return (part for part in nodes_in(node) if isinstance(part, Column))


def figures_behind(figures: Sequence[Figure], keys: Iterable[str]) -> tuple[Figure, ...]:
    """Return these figures and all that they are computed from, in the order of calculation."""
    wanted, known = list(keys), {figure.key: figure for figure in figures}
    needed: set[str] = set()
    while wanted:
        key = wanted.pop()
        if key not in needed and key in known:
            needed.add(key)
            source = known[key].source
            wanted += [] if isinstance(source, Given) else [column.key for column in columns_in(source)]
    return tuple(figure for figure in figures if figure.key in needed)


def results_behind(statements: Iterable[Statement], kpi: str) -> set[str]:
    """Return the KPIs of the workbook that a KPI is computed from in these schemes; a typed KPI returns itself."""
    kpis: set[str] = set()
    for statement in statements:
        apart = statement.apart.get(kpi)
        behind = apart.figures if apart else figures_behind(statement.figures, [key_of(Actual(kpi))])
        kpis |= {figure.source.kpi for figure in behind if isinstance(figure.source, Actual)}
    return kpis or {kpi}
