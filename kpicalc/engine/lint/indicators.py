"""Which KPIs people are paid by, read from the compiled rules."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from kpicalc.engine.formula import Choose, Column, Minus, Node, Number, Round
from kpicalc.engine.statement import Figure, Given, Statement
from kpicalc.model.scheme import SchemeBook

_SHEETS = frozenset({"actual", "plan", "plan_due", "attainment", "team", "history"})


def used_kpis(statement: Statement) -> set[str]:
    """Return every KPI that a scheme takes a figure of, be it only for another KPI's formula."""
    keys = {kpi for figure in statement.figures if (kpi := _kpi(figure.key))}
    return keys | {kpi for team in statement.teams for kpi in (team.kpi, team.of)}


def funnel_kpis(book: SchemeBook) -> set[str]:
    """Return the KPIs that are stages of a funnel."""
    return {step.kpi for funnel in book.funnels for step in funnel.steps()}


def earned_by(statement: Statement) -> list[str]:
    """Return the KPIs by which pay is earned under a scheme, in order; what only takes away or limits is left out."""
    figures = {figure.key: figure for figure in statement.figures}
    found: dict[str, None] = {}
    for line in statement.lines:
        source = figures[line.figure].source
        if not isinstance(source, Given) and not _takes(source):
            found |= dict.fromkeys(_kpis(source, figures))
    return list(found)


def _kpis(node: Node, figures: Mapping[str, Figure]) -> Iterator[str]:
    for column in _columns(node):
        kpi, source = _kpi(column.key), figures[column.key].source
        if kpi:
            yield kpi
        elif not isinstance(source, Given) and not column.key.startswith("line."):
            yield from _kpis(source, figures)


def _kpi(key: str) -> str:
    """Return the KPI that a figure is one of: actual.sales, team.sales:norm, attainment.sales.bonus."""
    sheet, _, name = key.partition(".")
    return name.partition(":")[0].partition(".")[0] if sheet in _SHEETS else ""


def _takes(node: Node) -> bool:
    """Tell whether a line can only take away: a minus, or nothing."""
    match node:
        case Minus():
            return True
        case Number(value):
            return not value
        case Choose(_, then, otherwise):
            return _takes(then) and _takes(otherwise)
        case Round(item, _, _):
            return _takes(item)
        case _:
            return False


def _columns(node: object) -> Iterator[Column]:
    """Yield the figures that a tree refers to."""
    if isinstance(node, Column):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from _columns(item)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _columns(getattr(node, part.name))
