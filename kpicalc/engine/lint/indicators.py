"""The KPIs by which people are paid, read from the compiled rules."""

from collections.abc import Iterator, Mapping

from kpicalc.engine.statement import Figure, Line, Statement
from kpicalc.engine.tree.closure import columns_in
from kpicalc.engine.tree.formula import Choose, Column, Minus, Node, Number, Round
from kpicalc.engine.tree.sources import Actual, Given, OfPool, OfRanking, OfTeam, Pay, key_of, kpi_of
from kpicalc.model.scheme import SchemeBook


def used_kpis(statement: Statement) -> set[str]:
    """Return every KPI of which a scheme uses a figure, even if only in another KPI's formula."""
    keys = {kpi for figure in statement.figures if (kpi := kpi_of(figure.role))}
    keys |= {kpi for apart in statement.apart.values() for figure in apart.figures if (kpi := kpi_of(figure.role))}
    return keys | {kpi for team in statement.teams for kpi in (team.kpi, team.of)}


def funnel_kpis(book: SchemeBook) -> set[str]:
    """Return the KPIs that are stages of a funnel."""
    return {step.kpi for funnel in book.funnels for step in funnel.steps()}


def results_of(statement: Statement) -> dict[str, tuple[str, ...]]:
    """Return by KPI the figures of results in a scheme's calculation: the payees' own first, then their groups'.

    A computed KPI counts by its own figure and not by those that it is made of, as it changes as a whole.
    """
    results: dict[str, tuple[str, ...]] = {}
    for figure in statement.figures:
        match figure.role:
            case Actual(kpi):
                results[kpi] = (figure.key, *results.get(kpi, ()))
            case OfTeam(kpi, "actual"):
                results[kpi] = (*results.get(kpi, ()), figure.key)
    return results


def earned_by(statement: Statement) -> list[str]:
    """Return the KPIs by which a scheme's pay is earned, in order, without those that only take away or limit."""
    return list(dict.fromkeys(kpi for _, kpis in earned_by_line(statement) for kpi in kpis))


def earned_by_line(statement: Statement) -> Iterator[tuple[Line, list[str]]]:
    """Yield the lines by which pay is earned, each with the KPIs that it depends on."""
    figures = {figure.key: figure for figure in statement.figures}
    for line in statement.lines:
        source = figures[line.figure].source
        if not isinstance(source, Given) and not _takes(source):
            yield line, list(dict.fromkeys(_kpis(source, figures, statement)))


def paid_by(statement: Statement) -> list[str]:
    """Return every KPI on which some line of pay depends, including those that only take away."""
    figures = {figure.key: figure for figure in statement.figures}
    sources = [figures[line.figure].source for line in statement.lines if not line.withheld]
    results = (kpi for source in sources if not isinstance(source, Given) for kpi in _kpis(source, figures, statement))
    return list(dict.fromkeys(results))


def _kpis(node: object, figures: Mapping[str, Figure], statement: Statement) -> Iterator[str]:
    for column in columns_in(node):
        figure = figures[column.key]
        if kpi := kpi_of(figure.role):
            yield kpi
        elif isinstance(figure.source, OfRanking | OfPool):
            yield from _kpis(tuple(_shared(figure.source, figures, statement)), figures, statement)
        elif not isinstance(figure.source, Given) and not isinstance(figure.role, Pay):
            yield from _kpis(figure.source, figures, statement)


def _shared(source: OfRanking | OfPool, figures: Mapping[str, Figure], statement: Statement) -> Iterator[Column]:
    """Yield the payee's own figures that decide a place in a ranking or a part of a pool."""
    match source:
        case OfRanking(name):
            yield from (figures[ranking.figure].column for ranking in statement.rankings if ranking.id == name)
        case OfPool(name, part):
            for pool in statement.pools:
                if pool.id == name:
                    yield figures[key_of(pool.of) if pool.of and part == "result" else pool.coefficient].column


def _takes(node: Node) -> bool:
    """Tell whether a line can only take away: it is a minus, or zero."""
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
