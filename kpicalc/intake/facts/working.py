"""Working time between two moments: the hours of a working day, on the working days of a production calendar.

Every moment has a reading of a clock that runs in working hours only: whole working days since a Monday, times their
length, and what is over of the moment's own day. Working time is the difference of two readings.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpicalc.intake.calendar import WorkDays

_MONDAY = date(2001, 1, 1)
_MINUTE = 60_000_000
_WEEK, _WORKING = 7, 5


def working_time(start: Any, end: Any, hours: str, days: "WorkDays") -> Any:
    """Return the working microseconds from one moment to another; blank where the calendar does not reach."""
    opens, closes = (int(text) * _MINUTE for text in hours.split("-"))
    return _reading(end, opens, closes, days) - _reading(start, opens, closes, days)


def _reading(moment: Any, opens: int, closes: int, days: "WorkDays") -> Any:
    import ibis

    day = moment.cast("date")
    number = day.delta(ibis.literal(_MONDAY, "date"), unit="day").cast("int64")
    weekday = number % _WEEK
    whole = parts(number, _WEEK) * _WORKING + ibis.ifelse(weekday < _WORKING, weekday, _WORKING)
    for dates, change in ((days.off, -1), (days.working, 1)):
        for one in dates:
            whole += ibis.ifelse(day > ibis.literal(one, "date"), change, 0)
    works = weekday < _WORKING
    if days.off:
        works &= ~day.isin([ibis.literal(one, "date") for one in days.off])
    if days.working:
        works |= day.isin([ibis.literal(one, "date") for one in days.working])
    since = moment.delta(day.cast("timestamp"), unit="microsecond").cast("int64") - opens
    today = ibis.cases((since < 0, 0), (since > closes - opens, closes - opens), else_=since)
    reading = whole * (closes - opens) + ibis.ifelse(works, today, 0)
    known = (day >= ibis.literal(days.first, "date")) & (day <= ibis.literal(days.last, "date"))
    return ibis.ifelse(known, reading, ibis.null().cast("int64"))


def parts(whole: Any, size: int) -> Any:
    """Divide whole numbers and cut the rest off; what is left divides evenly, so that no database rounds it."""
    return ((whole - whole % size) / size).cast("int64")
