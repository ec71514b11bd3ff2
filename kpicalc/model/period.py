"""A pay period: one calendar month, written 2026-10."""

import re
from calendar import monthrange
from datetime import date

from kpicalc.model.days import day_in_text
from kpicalc.model.languages import CONVENTIONS, Language
from kpicalc.model.texts import clean

_YEAR_FIRST = re.compile(r"^(20\d\d)[-./](0?[1-9]|1[0-2])$")
_MONTH_FIRST = re.compile(r"^(0?[1-9]|1[0-2])[-./](20\d\d)$")
_NAMED = re.compile(r"^(\w+)[\s,]+(20\d\d)(?:\s*(?:г\.?|год))?$")
_IN_A_NAME = re.compile(r"(?<!\d)(20\d\d[-_. ]|20[23]\d)(0[1-9]|1[0-2])(?!\d)")


MONTHS_IN = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
WHOLE = "whole_"


def parse(value: object) -> str | None:
    """Return `2026-10` for a date or a text that names a month: 2026-10, 10.2026, октябрь 2026, 01.10.2026."""
    if isinstance(value, date):
        return f"{value.year:04}-{value.month:02}"
    text = clean(value) if isinstance(value, str) else ""
    if day := day_in_text(text):
        return parse(day)
    text = text.casefold()
    if match := _YEAR_FIRST.match(text):
        return f"{match[1]}-{int(match[2]):02}"
    if match := _MONTH_FIRST.match(text):
        return f"{match[2]}-{int(match[1]):02}"
    if match := _NAMED.match(text):
        for language in CONVENTIONS.values():
            for number, (name, *_) in enumerate(language.months, 1):
                if match[1] == name.casefold():
                    return f"{match[2]}-{number:02}"
    return None


def in_file_name(name: str) -> str | None:
    """Return the month in a file's name: plan_2026-10.xlsx, plan 202610.xlsx -> 2026-10."""
    months = {f"{year[:4]}-{month}" for year, month in _IN_A_NAME.findall(name)}
    return months.pop() if len(months) == 1 else None


def title(period: str, language: Language) -> str:
    """Return the month in words: октябрь 2026."""
    year, month = period.split("-")
    return f"{CONVENTIONS[language].months[int(month) - 1][0]} {year}"


def day_text(day: date, language: Language) -> str:
    """Return a day as people write it: 13.10.2026 in Russian, 2026-10-13 in English."""
    return day.strftime(CONVENTIONS[language].day)


def months_between(earlier: str, later: str) -> int:
    """Return how many months lie between two: 2026-09 and 2026-10 -> 1."""
    (year, month), (later_year, later_month) = (map(int, period.split("-")) for period in (earlier, later))
    return (later_year - year) * 12 + later_month - month


def ends(period: str, over: str) -> bool:
    """Tell whether a month is the last one of its quarter, half-year or year."""
    return int(period.split("-")[1]) % MONTHS_IN[over] == 0


def month_before(day: date) -> str:
    """Return the month before that of a day: the month that is paid at the beginning of the next one."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return f"{year:04}-{month:02}"


def first_day(period: str) -> date:
    """Return the first day of the month."""
    year, month = period.split("-")
    return date(int(year), int(month), 1)


def months_before_in(since: str, period: str) -> dict[int, str]:
    """Return the earlier months of the month's year or quarter by how many months ago, the first one first.

    2026-06 since the quarter: {2: "2026-04", 1: "2026-05"}; the first month of a year or quarter has none. For a
    `whole_quarter` only its last month has any.
    """
    year, month = map(int, period.split("-"))
    length = MONTHS_IN[since.removeprefix(WHOLE)]
    count = (month - 1) % length
    if since.startswith(WHOLE) and count < length - 1:
        return {}
    return {back: f"{year:04}-{month - back:02}" for back in range(count, 0, -1)}


def months_back(span: str, period: str) -> list[int]:
    """Return how many months ago a span's months are: `3` is one month; `year` and `quarter` have those before it."""
    return [int(span)] if span.isdigit() else list(months_before_in(span, period))


def payroll_name(period: str) -> str:
    """Return the name of a month's payroll in its folder: payroll-2026-10.xlsx."""
    return f"payroll-{period}.xlsx"


def month_back(period: str, months: int) -> str:
    """Return the month this many months before: 2026-10 and 6 -> 2026-04."""
    year, month = map(int, period.split("-"))
    count = year * 12 + month - 1 - months
    return f"{count // 12:04}-{count % 12 + 1:02}"


def last_day(period: str) -> date:
    """Return the last day of the month."""
    first = first_day(period)
    return first.replace(day=monthrange(first.year, first.month)[1])
