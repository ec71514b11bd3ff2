"""How an indicator goes through a month: a flow grows day by day, a level keeps its value."""

import re
from typing import Literal

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import Kpi, SchemeBook

Pace = Literal["flow", "level"]
_TIMES = frozenset({"сек", "мин", "ч", "час", "часов", "дн", "дней", "день", "sec", "min", "h", "hours", "days", "day"})
_FLOWS = ("sum", "count", "distinct")
_LEVELS = ("average", "share", "min", "max")
_SPANS: dict[str, Pace | None] = {"month": "flow", "to_date": "level", "year": None}
_SCORES = frozenset({"балл", "баллы", "баллов", "points", "score"})
_AVERAGES = re.compile(
    r"^(средн|доля|конверс|оценк|рейтинг|average|mean|share|conversion|rate|rating|score)", re.IGNORECASE
)


def pace_of(kpi: Kpi, title: str) -> Pace | None:
    """Return how an indicator goes through the month, as stated or implied by its kind; None if that is unclear."""
    unit = (kpi.unit or "").strip(" .").casefold()
    if kpi.pace is not None:
        return kpi.pace
    if any(getattr(kpi, way) is not None for way in _LEVELS) or unit_of_kpi(kpi) == "percent":
        return "level"
    if any(getattr(kpi, way) is not None for way in _FLOWS):
        # A year's sum does not show this month's part; a figure to date is a stock.
        return _SPANS[kpi.over if kpi.from_ and kpi.over else "month"]
    if unit in _TIMES:
        # Hours worked add up; the time to answer, where less is better, does not.
        return "flow" if kpi.better == "higher" else "level"
    return None if unit in _SCORES or _AVERAGES.match(title) else "flow"


def unclear_paces(book: SchemeBook, used: set[str]) -> list[Issue]:
    """Return the used indicators that neither the scheme nor their kind marks as a flow or a level."""
    return [
        issue("pace_unclear", book.source.place("kpis", kpi), title=book.kpi_title(kpi))
        for kpi, one in book.kpis.items()
        if kpi in used and one.formula is None and one.team is None and pace_of(one, book.kpi_title(kpi)) is None
    ]
