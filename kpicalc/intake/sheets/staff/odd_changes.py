"""Changes inside a month that can be, and are probably typed wrongly: told of, and paid as they stand.

A new salary of a lone person has no colleague's to be compared with, but it has the one before. Days since a change are
as many as the calendar has, or fewer where days were missed; so are the days before it. Whoever has another norm than
the calendar's works on other days.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from kpicalc.intake.calendar import WorkCalendar
from kpicalc.lang import Language, number, word
from kpicalc.model.fields import EmployeeField
from kpicalc.model.inputs import Change, Inputs
from kpicalc.model.issue import Issue, issue
from kpicalc.model.period import day_text, first_day, last_day

_TIMES = 5
"""A rate may go from whole to a quarter."""
_COMPARED: tuple[EmployeeField, ...] = ("salary", "fte")


def odd_changes(
    inputs: Inputs, changes: Mapping[int, Change], calendar: WorkCalendar | None, language: Language
) -> Iterator[Issue]:
    """Yield the remarks on changes of a month that were read."""
    for index, change in changes.items():
        facts = {"payee": inputs.payees[index], "day": day_text(change.day, language)}
        for name in _COMPARED:
            new, old = change.new.get(name), _of(inputs, name, index)
            if new is not None and old and (new * _TIMES < old or old * _TIMES < new):
                title = word(f"headings.employee.{name}", language)
                shown = {"title": title, "found": number(new, language), "known": number(old, language)}
                yield issue("change_far", change.cells[name], **facts, **shown)
        stated, done = change.new.get("days_after"), _of(inputs, "days_worked", index)
        if calendar is None or stated is None or done is None:
            continue
        first, last = days_employed(inputs, index)
        whole, after = calendar.days(first, last), calendar.days(max(change.day, first), last)
        norm = _of(inputs, "days_norm", index)
        if norm not in (None, calendar.days(first_day(inputs.period), last_day(inputs.period))) or done > whole:
            continue
        early, late = (change.day - first_day(inputs.period)).days, (last_day(inputs.period) - change.day).days + 1
        if done - stated > early or stated < 0 or stated > done or stated > late:
            continue  # The month has not as many days, which is refused.
        if stated > after or done - stated > whole - after:
            counts = {"found": number(stated, language), "limit": number(after, language)}
            counts |= {"before": number(done - stated, language), "most": number(whole - after, language)}
            yield issue("change_days_unlike", change.cells["days_after"], **facts, **counts)


def days_employed(inputs: Inputs, index: int) -> tuple[date, date]:
    """Return the first and the last day of the month on which somebody is employed."""
    employment = inputs.employed.get(index)
    first, last = first_day(inputs.period), last_day(inputs.period)
    if employment:
        first, last = max(employment.first or first, first), min(employment.last or last, last)
    return first, last


def _of(inputs: Inputs, name: EmployeeField, index: int) -> Decimal | None:
    series = inputs.employee.get(name)
    return series.values[index] if series else None
