"""The production calendar: the working days and hours of a month in a country, with the scheme file's changes.

The norm of hours follows the law of Russia: hours of the week / 5 x working days, less an hour for every day before a
holiday (Labour Code, article 95).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from kpicalc.lang import Language, word
from kpicalc.model.calendar import Calendar
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import first_day, last_day
from kpicalc.model.record import record
from kpicalc.model.scheme import Source

_DAY = timedelta(days=1)
_DAYS_OF_WEEK = 5
_RUSSIA = "RU"
_HOLIDAYS = frozenset({*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})
"""Holidays of article 112 of the Labour Code, as (month, day): the working day before one is an hour shorter."""
_SHORT = frozenset({date(2025, 11, 1)})
"""When a decree moves a day off to another day, the working Saturday keeps the shorter hours of the day it replaces."""
CHECKED = frozenset({2025, 2026})
"""Years of the Russian calendar that were compared with the official tables."""


@record
class WorkCalendar:
    """The working days of one month; `short` are an hour shorter; `name` is the country as the scheme states it."""

    name: str
    working: tuple[date, ...]
    short: frozenset[date]
    week_hours: int | None
    checked: bool

    def days(self, first: date, last: date) -> Decimal:
        """Return how many working days lie between two days of the month, both included."""
        return Decimal(sum(first <= day <= last for day in self.working))

    def hours(self, first: date, last: date) -> Decimal | None:
        """Return the hours of these days; None where the scheme file does not state the working week."""
        if self.week_hours is None:
            return None
        short = sum(first <= day <= last for day in self.short)
        return self.days(first, last) * self.week_hours / _DAYS_OF_WEEK - short

    def place(self, language: Language) -> Place:
        """Return where its figures come from, as messages write it."""
        return Place(word("headings.calendar.place", language).format(country=self.name))


def month_of(stated: str | Calendar, period: str) -> WorkCalendar:
    """Return a month of a calendar that passed `check_calendar`; `calendar: RU` is that of the country, unchanged."""
    import holidays

    calendar = Calendar(country=stated) if isinstance(stated, str) else stated
    country, _, region = calendar.country.upper().partition("-")
    first, last = first_day(period), last_day(period)
    law = holidays.country_holidays(country, subdiv=region or None, years=[first.year, last.year + 1])
    working = [
        day
        for day in _days(first, last)
        if (law.is_working_day(day) or day in calendar.working_days) and day not in calendar.days_off
    ]
    short = set(calendar.short_days)
    if country == _RUSSIA:
        short |= {day for day in working if day in _SHORT or _holiday(day + _DAY)}
    return WorkCalendar(
        name=calendar.country.upper(),
        working=tuple(working),
        short=frozenset(short & set(working)),
        week_hours=int(calendar.week_hours) if calendar.week_hours else None,
        checked=country != _RUSSIA or first.year in CHECKED,
    )


@record
class WorkDays:
    """Which days between two days are working days: Monday to Friday except `off`, and the days in `working`."""

    first: date
    last: date
    off: tuple[date, ...]
    working: tuple[date, ...]


def work_days(stated: str | Calendar, month: date) -> WorkDays:
    """Return the working days of the year of a month, and of the years before and after it."""
    import holidays

    calendar = Calendar(country=stated) if isinstance(stated, str) else stated
    country, _, region = calendar.country.upper().partition("-")
    first, last = date(month.year - 1, 1, 1), date(month.year + 1, 12, 31)
    law = holidays.country_holidays(country, subdiv=region or None, years=range(first.year, last.year + 1))
    days = {
        day: (law.is_working_day(day) or day in calendar.working_days) and day not in calendar.days_off
        for day in _days(first, last)
    }
    off = tuple(day for day, works in days.items() if not works and day.weekday() < _DAYS_OF_WEEK)
    moved = tuple(day for day, works in days.items() if works and day.weekday() >= _DAYS_OF_WEEK)
    return WorkDays(first, last, off, moved)


def check_calendar(stated: str | Calendar | None, source: Source) -> Iterator[Issue]:
    """Check what a scheme file states about the calendar, before any month is read."""
    if stated is None:
        return
    import holidays

    calendar = Calendar(country=stated) if isinstance(stated, str) else stated
    path = ("calendar",) if isinstance(stated, str) else ("calendar", "country")
    country, _, region = calendar.country.upper().partition("-")
    known = holidays.list_supported_countries()
    if country not in known or (region and region not in known[country]):
        regions = ", ".join(f"{country}-{name}" for name in known.get(country, ()))
        allowed = regions or "RU, BY, KZ, AM, KG, UZ, DE, US"
        yield issue("unknown_country", source.place(*path), found=calendar.country, allowed=allowed)
    elif calendar.week_hours and country != _RUSSIA and not calendar.short_days:
        yield issue("calendar_hours", source.place("calendar", "week_hours"), found=calendar.country)
    for day in calendar.working_days:
        if day in calendar.days_off:
            yield issue("calendar_day_twice", source.place("calendar", "working_days"), found=day)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + _DAY * number for number in range((last - first).days + 1))


def _holiday(day: date) -> bool:
    return (day.month, day.day) in _HOLIDAYS
