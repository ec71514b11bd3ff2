"""Working time between two moments: the hours of a working day, on the working days of a production calendar.

Every moment has a reading of a clock that runs in working hours only: the number of working days since a fixed Monday,
and the working time since the opening of its own day. Working time is the difference of two readings. Days and rest are
subtracted separately, so that the query holds the days once, however often rounding uses the rest.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpicalc.intake.calendar import WorkDays

_MONDAY = date(2001, 1, 1)
_MINUTE = 60_000_000
_WEEK, _WORKING = 7, 5


def working_days(start: Any, end: Any, days: "WorkDays") -> Any:
    """Return the number of working days from one day up to, not including, the other; blank beyond the calendar."""
    return _days_before(end.cast("date"), days) - _days_before(start.cast("date"), days)


def working_rest(start: Any, end: Any, opens: int, closes: int, days: "WorkDays") -> Any:
    """Return the working microseconds of one moment's day less those of the other's; `opens`, `closes` in minutes."""
    return _rest(end, opens * _MINUTE, closes * _MINUTE, days) - _rest(start, opens * _MINUTE, closes * _MINUTE, days)


def _number(day: Any) -> Any:
    import ibis

    return day.delta(ibis.literal(_MONDAY, "date"), unit="day").cast("int64")


def _days_before(day: Any, days: "WorkDays") -> Any:
    import ibis

    number = _number(day)
    weekday = number % _WEEK
    whole = parts(number, _WEEK) * _WORKING + ibis.ifelse(weekday < _WORKING, weekday, _WORKING)
    for dates, change in ((days.off, -1), (days.working, 1)):
        for each in dates:
            whole += ibis.ifelse(day > ibis.literal(each, "date"), change, 0)
    known = (day >= ibis.literal(days.first, "date")) & (day <= ibis.literal(days.last, "date"))
    return ibis.ifelse(known, whole, ibis.null().cast("int64"))


def _rest(moment: Any, opens: int, closes: int, days: "WorkDays") -> Any:
    import ibis

    day = moment.cast("date")
    works = _number(day) % _WEEK < _WORKING
    if days.off:
        works &= ~day.isin([ibis.literal(each, "date") for each in days.off])
    if days.working:
        works |= day.isin([ibis.literal(each, "date") for each in days.working])
    since = moment.delta(day.cast("timestamp"), unit="microsecond").cast("int64") - opens
    today = ibis.cases((since < 0, 0), (since > closes - opens, closes - opens), else_=since)
    return ibis.ifelse(works, today, 0)


def parts(whole: Any, size: int) -> Any:
    """Divide whole numbers and cut off the remainder; it is subtracted first, so that no database rounds."""
    return ((whole - whole % size) / size).cast("int64")
