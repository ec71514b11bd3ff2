"""Impossible figures of people: a norm of 220 days, more days worked than the month has, a tax above its income."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.sources import Personal, key_of, series_of
from kpicalc.engine.tree.words import show
from kpicalc.lang import word
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, issue
from kpicalc.model.period import day_text, last_day
from kpicalc.model.row_days import span_of
from kpicalc.model.scheme import SchemeBook

_DAYS = frozenset({"days_worked", "days_norm", "days_employed", "days_after"})
_HOURS = frozenset({"hours_worked", "hours_norm", "hours_after"})
_SHIFTS = 3
"""Shifts of eight hours in a day."""
_WORKED = frozenset({"days_worked", "hours_worked", "shifts", "days_employed"})
"""What cannot be more than somebody's days allow; several rows of one person are compared elsewhere."""
_NORMS = frozenset({"days_norm", "hours_norm"})
_RATES = frozenset({"fte", "fte_after"})
LEAST = Decimal("0.25")
"""Less than a quarter of a day, shift or hour is a lost decimal point; 0 means that none was worked."""
_LEAST_RATE, _MOST_RATE = Decimal("0.01"), Decimal(3)
"""A day has three working days of eight hours. A rate (FTE) of 0 is impossible."""
_INCOME, _TAX = Personal("income_before"), Personal("tax_before")


def impossible(
    statement: Statement,
    inputs: Inputs,
    book: SchemeBook,
    payees: Sequence[int],
    columns: Mapping[str, Sequence[Decimal | None]],
) -> Iterator[Issue]:
    """Yield an issue for each impossible figure of a scheme's payees; figures below zero are reported elsewhere.

    A norm of 0 is allowed here: the rule that divides by it reports that it could not be computed.
    """
    language, whole = book.language, last_day(inputs.period).day
    spans = _parts(inputs, payees)
    for figure in statement.given():
        source = figure.source
        if not isinstance(source, Personal) or (limits := _limits(source.name, inputs.period)) is None:
            continue
        least, most = limits
        for index, value in zip(payees, columns[figure.key], strict=True):
            span = spans.get(index) if source.name in _WORKED else None
            limit = most * ((span[1] - span[0]).days + 1) / whole if span else most
            if value is None or value < 0 or least <= value <= limit or (not value and source.name not in _RATES):
                continue
            ends = {"least": show(least, figure.unit, language), "most": show(limit, figure.unit, language)}
            ends |= {name: day_text(day, language) for name, day in zip(("first", "last"), span or (), strict=False)}
            allowed = word(f"words.bounds.{'in_days' if span else 'between'}", language).format(**ends)
            yield _issue(inputs, index, source, figure.title, show(value, figure.unit, language), allowed)
    income, tax = (columns.get(key_of(source)) for source in (_INCOME, _TAX))
    if income is None or tax is None:
        return
    titles = {figure.source: figure.title for figure in statement.given()}
    for index, earned, withheld in zip(payees, income, tax, strict=True):
        if earned is not None and withheld is not None and withheld > max(earned, Decimal(0)):
            shown = show(earned, "money", language)
            allowed = word("words.bounds.income", language).format(title=titles[_INCOME], most=shown)
            yield _issue(inputs, index, _TAX, titles[_TAX], show(withheld, "money", language), allowed)


def _parts(inputs: Inputs, payees: Sequence[int]) -> Mapping[int, tuple[date, date]]:
    """Return the days of those who work for a part of the month, without people with several rows."""
    part, joint = inputs.employee.get("part_month"), {*inputs.further, *inputs.further.values()}
    return {index: span_of(inputs, index) for index in payees if part and part.values[index] and index not in joint}


def _limits(name: str, period: str) -> tuple[Decimal, Decimal] | None:
    """Return the least and the greatest possible value of a figure in a month."""
    days = last_day(period).day
    if name in _DAYS:
        return Decimal(1) if name in _NORMS else LEAST, Decimal(days)
    if name in _HOURS:
        return Decimal(1) if name in _NORMS else LEAST, Decimal(24 * days)
    if name == "shifts":
        return LEAST, Decimal(_SHIFTS * days)
    if name in _RATES:
        return _LEAST_RATE, _MOST_RATE
    return (Decimal(0), Decimal(1)) if name == "writ_share" else None


def _issue(inputs: Inputs, index: int, source: Personal, title: str, shown: str, allowed: str) -> Issue:
    series = series_of(source, inputs)
    place = series.place(index) if series else inputs.payees[index].place
    return issue("impossible_figure", place, payee=inputs.payees[index], title=title, found=shown, allowed=allowed)
