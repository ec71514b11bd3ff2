"""The sources of a calculation's inputs: cells, and the figures of others from which they are computed."""

from pathlib import Path

from kpicalc.engine.compile import earlier_unit
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.given import months_counted
from kpicalc.engine.groups.everybody import group_of
from kpicalc.engine.groups.rankings import places_of
from kpicalc.engine.groups.teams import group_name
from kpicalc.engine.result import PaidByLines, Payroll
from kpicalc.engine.statement import ALL, Figure
from kpicalc.engine.terms.season import season_of
from kpicalc.engine.tree.sources import (
    Actual,
    EarlierSum,
    Given,
    OfLines,
    OfPool,
    OfRanking,
    OfTeam,
    series_of,
)
from kpicalc.engine.tree.words import show
from kpicalc.lang import money, word
from kpicalc.model import period
from kpicalc.model.inputs import Series
from kpicalc.model.issue import Place

_MOST_MEMBERS = 15


def source_of(payroll: Payroll, figure: Figure, index: int) -> str:
    """Describe the cell of an input, or the figures that it is computed from."""
    inputs = payroll.inputs
    match figure.source:
        case OfTeam(kpi, part, over):
            if part == "actual":
                return _members(payroll, kpi, over, group_of(inputs, index, over))
            level = inputs.team_plan[kpi, group_of(inputs, index, over)][part]
            return f" [{cell_of(level.place, payroll)}{_season(payroll, kpi, inputs.period) if level.typed else ''}]"
        case OfLines(lines, over, own):
            return _paid_by(payroll, lines, over, own, index)
        case OfPool(pool, "all"):
            return _sharers(payroll, pool, index)
        case OfRanking(ranking, "place"):
            return _ranked(payroll, ranking, index)
        case EarlierSum() as source:
            return _earlier(payroll, source, index)
        case Actual(kpi) if payroll.book.kpis[kpi].from_ is not None and (series := series_of(Actual(kpi), inputs)):
            hint = word("terminal.explain.facts_source", payroll.book.language).format(kpi=kpi)
            return f" [{cell_of(series.place(index), payroll)}; {hint}]"
        case source if isinstance(source, Given) and (series := series_of(source, inputs)):
            return f" [{cell_of(series.place(index), payroll)}]"
        case _:
            return ""


def _season(payroll: Payroll, kpi: str, month: str) -> str:
    """Describe the season by which a plan from a cell is multiplied; nothing if its month has none."""
    share = season_of(payroll.book.kpis[kpi], month)
    return "" if share == 1 else f" × {show(share, 'percent', payroll.book.language)}"


def _earlier(payroll: Payroll, source: EarlierSum, index: int) -> str:
    """Describe the figures that a sum over earlier months adds up."""
    language, unit = payroll.book.language, earlier_unit(payroll.book, source.name)
    rows = []

    def cell(series: Series, month: str) -> str:
        place = series.place(index)
        typed = source.of == "plan" and place.file == payroll.inputs.file
        return cell_of(place, payroll) + (_season(payroll, source.key, month) if typed else "")

    for back, month in months_counted(source, payroll.inputs, index).items():
        series = payroll.inputs.history.get((source.name, back))
        value = series.values[index] if series else None
        if series and value is not None:
            rows.append(f"\n    {period.title(month, language)}: {show(value, unit, language)} [{cell(series, month)}]")
    return "".join(rows)


def _members(payroll: Payroll, kpi: str, over: str, group: str) -> str:
    """Describe the figures that a group's result adds up."""
    language, inputs = payroll.book.language, payroll.inputs
    of = payroll.book.kpis[kpi].of or kpi
    series = inputs.actual.get(of)
    unit = unit_of_kpi(payroll.book.kpis[of])
    members = [
        (index, value)
        for index, value in enumerate(payroll.summed(kpi, over))
        if value is not None and group_of(inputs, index, over) == group
    ]
    source = "all_source" if over == ALL else "team_source"
    count = len({inputs.person_of(index) for index, _ in members})
    text = word(f"terminal.explain.{source}", language).format(department=group_name(group, language), count=count)
    listed = [
        f"\n    {inputs.payees[index].name}: {show(value, unit, language)}"
        + (f" [{cell_of(series.place(index), payroll)}]" if series else "")
        for index, value in members[:_MOST_MEMBERS]
    ]
    rest = ["\n    …"] if len(members) > _MOST_MEMBERS else []
    return f" {text}" + "".join([*listed, *rest])


def _sharers(payroll: Payroll, pool: str, index: int) -> str:
    """Describe the people who share a pool with a payee: their coefficients, in the order of the running total."""
    language = payroll.book.language
    shares = next(
        shared.shares
        for shared in payroll.pools
        if shared.pool.id == pool and any(payee == index for payee, _ in shared.shares)
    )
    members = [(payroll.inputs.payees[payee], value) for payee, value in shares[:_MOST_MEMBERS]]
    listed = [f"\n    {payee}: {show(value, 'number', language)}" for payee, value in members]
    rest = ["\n    …"] if len(shares) > _MOST_MEMBERS else []
    text = word("terminal.explain.pool_source", language).format(count=len(shares))
    return f" {text}" + "".join([*listed, *rest])


def _paid_by(payroll: Payroll, lines: tuple[str, ...], over: str, own: str, index: int) -> str:
    """Describe the people of a payee's group, with what the lines pay them."""
    language, inputs = payroll.book.language, payroll.inputs
    sums = (item for item in payroll.common if isinstance(item, PaidByLines))
    figures = next(item.figures for item in sums if (item.earned.lines, item.earned.over) == (lines, over))
    group = group_of(inputs, index, over)
    members = [
        (other, value)
        for other, value in enumerate(figures)
        if value is not None and group_of(inputs, other, over) == group and (other != index or own == "include")
    ]
    source = "all_source" if over == ALL else "team_source"
    count = len({inputs.person_of(other) for other, _ in members})
    text = word(f"terminal.explain.{source}", language).format(department=group, count=count)
    listed = [f"\n    {inputs.payees[other]}: {money(value, language)}" for other, value in members[:_MOST_MEMBERS]]
    return f" {text}" + "".join([*listed, *(["\n    …"] if len(members) > _MOST_MEMBERS else [])])


def _ranked(payroll: Payroll, ranking: str, index: int) -> str:
    """Describe the people who are ranked with a payee, with their results, the best first."""
    language = payroll.book.language
    placed = next(item for item in payroll.rankings if item.ranking.id == ranking and index in item.results)
    unit = unit_of_kpi(payroll.book.kpis[placed.ranking.kpi])
    places = places_of(placed.ranking, placed.results)
    best = sorted(placed.results, key=lambda payee: places[payee])
    listed = [
        f"\n    {places[payee][0]:f}. {payroll.inputs.payees[payee]}: {show(placed.results[payee][0], unit, language)}"
        for payee in best[:_MOST_MEMBERS]
    ]
    rest = ["\n    …"] if len(best) > _MOST_MEMBERS else []
    text = word("terminal.explain.ranking_source", language).format(count=len(best))
    return f" {text}" + "".join([*listed, *rest])


def cell_of(place: Place, payroll: Payroll) -> str:
    """Write a cell without its file, which most inputs share; for another file, such as a payroll, with its name."""
    earlier = any(place.file == found.file for found in payroll.inputs.payrolls)
    if place.sheet and not earlier:
        return str(Place("", place.sheet, place.cell))
    return str(Place(Path(place.file).name, place.sheet, place.cell))
