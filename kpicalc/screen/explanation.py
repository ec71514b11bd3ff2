"""One person's pay, line by line, in words: the rule, the figures, the result, and the cells that they come from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from kpicalc.engine.compile import earlier_unit
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.everybody import group_of
from kpicalc.engine.formula import Param
from kpicalc.engine.given import months_counted
from kpicalc.engine.missing import Worth, missing_of
from kpicalc.engine.next_step import next_steps
from kpicalc.engine.rankings import places_of
from kpicalc.engine.result import PaidByLines, Payroll, SchemePay
from kpicalc.engine.season import season_of
from kpicalc.engine.sources import (
    Actual,
    Adjusted,
    EarlierSum,
    Given,
    OfLines,
    OfPool,
    OfRanking,
    OfTeam,
    PaidByRow,
    series_of,
)
from kpicalc.engine.statement import ALL, Figure
from kpicalc.engine.teams import group_name
from kpicalc.engine.words import show, tell
from kpicalc.lang import Language, message, money, severity, word
from kpicalc.model import period
from kpicalc.model.inputs import Series
from kpicalc.model.issue import Issue, Place
from kpicalc.screen.next_steps import steps_of_rows, told_steps
from kpicalc.screen.paid_rows import told_rows
from kpicalc.screen.person import in_full

_MOST_MEMBERS = 15
_NOT_TOLD = Given | Param
NOT_ASKED: Mapping[int, Worth] = MappingProxyType({})


def explanation(payroll: Payroll, index: int, worths: Mapping[int, Worth] = NOT_ASKED) -> str:
    """Return the whole calculation of one payee as text; of one who is not paid yet, what is missing.

    `worths` say of everybody who is not computed between which sums the pay lies.
    """
    return "\n".join([*_lines(payroll, index, worths), *_next(payroll, index)])


def _next(payroll: Payroll, index: int) -> Iterator[str]:
    """Say what the next step of every indicator pays."""
    steps = told_steps(next_steps(payroll, [index]).get(index, []), payroll.book)
    steps += steps_of_rows(payroll, index)
    if steps:
        yield ""
        yield word("people.next.title", payroll.book.language)
        yield from (f"  {title}: {text}" for title, text in steps)


def _lines(payroll: Payroll, index: int, worths: Mapping[int, Worth]) -> Iterator[str]:
    language, payee = payroll.book.language, payroll.inputs.payees[index]
    yield in_full(payee, language)
    where = [part for part in (payee.department, payee.position) if part]
    if where:
        yield ", ".join(where)
    pay = next((pay for pay in payroll.schemes if index in pay.payees), None)
    if pay is None:
        yield from _not_paid(payroll, index, worths.get(index))
        return
    yield from _refusals(payroll, index)
    at = pay.payees.index(index)
    month = period.title(payroll.inputs.period, language)
    yield word("terminal.explain.scheme", language).format(scheme=pay.statement.scheme.title, period=month)
    yield ""
    yield word("terminal.explain.inputs", language)
    for figure in pay.statement.given():
        yield f"  {figure.title}: {_value(pay, figure, at, payroll)}{_source(payroll, figure, index)}"
        if isinstance(figure.source, Adjusted):
            for item in payroll.inputs.adjustments.get(index, ()):
                yield f"    {money(item.amount, language)} — {item.reason} [{_cell(item.place, payroll)}]"
        if isinstance(figure.source, PaidByRow):
            yield from (f"    {text}" for text in told_rows(payroll, figure.source, index))
    yield ""
    yield word("terminal.explain.steps", language)
    total = pay.statement.figure(pay.statement.total)
    for figure in pay.statement.figures:
        # Inputs are told above; a bare parameter explains nothing that the next line does not.
        if isinstance(figure.source, _NOT_TOLD) or figure.key == total.key:
            continue
        told = tell(figure.source, figure.unit, pay.columns, at, language)
        yield f"  {told.sentence(figure.title)}"
    yield ""
    yield word("terminal.explain.lines", language)
    above_withheld = sum(not line.withheld for line in pay.statement.lines)
    for number, line in enumerate(pay.statement.lines):
        if number == above_withheld:
            accrued = pay.statement.figure(pay.statement.accrued)
            yield f"{accrued.title} {money(pay.columns[accrued.key][at], language)} {payroll.book.currency}"
        yield f"  {line.title}: {money(pay.columns[line.figure][at], language)}"
    yield f"{total.title} {money(pay.columns[total.key][at], language)} {payroll.book.currency}"
    if pay.statement.tallies:
        yield ""
        yield word("terminal.explain.beside", language)
        for tally in pay.statement.tallies:
            kept = pay.columns[tally.figure][at]
            shown = money(kept, language) if tally.kind != "points" else show(kept, "number", language)
            yield f"  {tally.title}: {shown}"


def _not_paid(payroll: Payroll, index: int, worth: Worth | None) -> Iterator[str]:
    """Say what is missing of somebody who is not paid yet, and between which sums the pay lies when it comes."""
    language, missing = payroll.book.language, missing_of(payroll, index)
    if index in payroll.inputs.away:
        yield word("terminal.explain.away", language)
        return
    yield word("terminal.explain.held", language)
    if missing:
        yield word("terminal.explain.missing", language)
        yield from (f"  {item.title} [{_cell(item.place, payroll)}]" for item in missing)
    yield from _refusals(payroll, index, {item.place for item in missing})
    yield worth_in_words(worth, payroll)


def errors_of_nobody(errors: Sequence[Issue], language: Language) -> str:
    """Say that there are errors which may be of anybody, with the first of them."""
    first = f"{errors[0].place}: {message(errors[0], language)}"
    return word("terminal.explain.unowned", language).format(count=len(errors), first=first)


def worth_in_words(worth: Worth | None, payroll: Payroll) -> str:
    """Say between which sums the pay of somebody lies whose figures are missing."""
    language = payroll.book.language
    if worth is None or worth.low is None:
        return word("terminal.explain.worth_unknown", language)
    if worth.high is None:
        low = money(worth.low, language)
        return word("terminal.explain.worth_unplanned", language).format(low=low, currency=payroll.book.currency)
    sums = {name: money(value, language) for name, value in (("low", worth.low), ("high", worth.high))}
    phrase = "worth_one" if worth.low == worth.high else "worth"
    return word(f"terminal.explain.{phrase}", language).format(**sums, currency=payroll.book.currency)


def _refusals(payroll: Payroll, index: int, told: Collection[Place] = ()) -> Iterator[str]:
    """Name what else forbids paying somebody, or keeps the pay back, beside the cells that are told already."""
    language, person = payroll.book.language, str(payroll.inputs.payees[index])
    for found in payroll.issues:
        if found.fact("payee") == person and severity(found) in ("error", "hold") and found.place not in told:
            yield f"  {message(found, language)} [{_cell(found.place, payroll)}]"


def _value(pay: SchemePay, figure: Figure, at: int, payroll: Payroll) -> str:
    return show(pay.columns[figure.key][at], figure.unit, payroll.book.language)


def _source(payroll: Payroll, figure: Figure, index: int) -> str:
    inputs = payroll.inputs
    match figure.source:
        case OfTeam(kpi, part, over):
            if part == "actual":
                return _members(payroll, kpi, over, group_of(inputs, index, over))
            level = inputs.team_plan[kpi, group_of(inputs, index, over)][part]
            return f" [{_cell(level.place, payroll)}{_season(payroll, kpi, inputs.period) if level.typed else ''}]"
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
            return f" [{_cell(series.place(index), payroll)}; {hint}]"
        case source if isinstance(source, Given) and (series := series_of(source, inputs)):
            return f" [{_cell(series.place(index), payroll)}]"
        case _:
            return ""


def _season(payroll: Payroll, kpi: str, month: str) -> str:
    """Tell by what a plan in a cell is multiplied; nothing where its month has no season."""
    share = season_of(payroll.book.kpis[kpi], month)
    return "" if share == 1 else f" × {show(share, 'percent', payroll.book.language)}"


def _earlier(payroll: Payroll, source: EarlierSum, index: int) -> str:
    """Name the figures that a sum over earlier months consists of."""
    language, unit = payroll.book.language, earlier_unit(payroll.book, source.name)
    told = []

    def cell(series: Series, month: str) -> str:
        place = series.place(index)
        typed = source.of == "plan" and place.file == payroll.inputs.file
        return _cell(place, payroll) + (_season(payroll, source.key, month) if typed else "")

    for back, month in months_counted(source, payroll.inputs, index).items():
        series = payroll.inputs.history.get((source.name, back))
        value = series.values[index] if series else None
        if series and value is not None:
            told.append(f"\n    {period.title(month, language)}: {show(value, unit, language)} [{cell(series, month)}]")
    return "".join(told)


def _members(payroll: Payroll, kpi: str, over: str, group: str) -> str:
    """Name the figures that a group's result is the sum of."""
    language, inputs = payroll.book.language, payroll.inputs
    of = payroll.book.kpis[kpi].of or kpi
    series = inputs.actual.get(of)
    unit = unit_of_kpi(payroll.book.kpis[of])
    own = [
        (inputs.payees[index].name, value, f" [{_cell(series.place(index), payroll)}]" if series else "")
        for index, value in enumerate(payroll.summed(kpi, over))
        if value is not None and group_of(inputs, index, over) == group
    ]
    source = "all_source" if over == ALL else "team_source"
    text = word(f"terminal.explain.{source}", language).format(department=group_name(group, language), count=len(own))
    listed = [f"\n    {name}: {show(value, unit, language)}{cell}" for name, value, cell in own[:_MOST_MEMBERS]]
    rest = ["\n    …"] if len(own) > _MOST_MEMBERS else []
    return f" {text}" + "".join([*listed, *rest])


def _sharers(payroll: Payroll, pool: str, index: int) -> str:
    """Name those who share a pool with a payee, with their coefficients, in the order of the running total."""
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
    """Name the people of a payee's group with what lines pay them."""
    language, inputs = payroll.book.language, payroll.inputs
    sums = (one for one in payroll.common if isinstance(one, PaidByLines))
    figures = next(one.figures for one in sums if (one.earned.lines, one.earned.over) == (lines, over))
    group = group_of(inputs, index, over)
    members = [
        (inputs.payees[other], value)
        for other, value in enumerate(figures)
        if value is not None and group_of(inputs, other, over) == group and (other != index or own == "include")
    ]
    source = "all_source" if over == ALL else "team_source"
    text = word(f"terminal.explain.{source}", language).format(department=group, count=len(members))
    listed = [f"\n    {payee}: {money(value, language)}" for payee, value in members[:_MOST_MEMBERS]]
    return f" {text}" + "".join([*listed, *(["\n    …"] if len(members) > _MOST_MEMBERS else [])])


def _ranked(payroll: Payroll, ranking: str, index: int) -> str:
    """Name those among whom a payee is ranked, with their results, the best first."""
    language = payroll.book.language
    placed = next(one for one in payroll.rankings if one.ranking.id == ranking and index in one.results)
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


def _cell(place: Place, payroll: Payroll) -> str:
    """Write a cell without its file, which is the same for most; of an earlier payroll or a calendar, its name too."""
    earlier = any(place.file == found.file for found in payroll.inputs.payrolls)
    if place.sheet and not earlier:
        return str(Place("", place.sheet, place.cell))
    return str(Place(Path(place.file).name, place.sheet, place.cell))
