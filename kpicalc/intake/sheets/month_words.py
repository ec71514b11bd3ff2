"""Recognises months as people write them in cells, headings, titles and names of sheets."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TypeAlias

from kpicalc.intake.sheets.names import words
from kpicalc.model.book import Raw
from kpicalc.model.languages import CONVENTIONS, Language
from kpicalc.model.period import months_between, parse
from kpicalc.model.texts import clean, name_key

Month: TypeAlias = tuple[int | None, int]
"""Year and month; the year is None where only the month's name is written."""

_FEW = 2
_YEAR = re.compile(r"20\d\d")
_YEARS = range(2000, 2100)
_YEAR_ALONE = re.compile(r"(?<![\w.,/-])20\d\d(?![\w/-]|[.,]\d)")
_SHORT_YEAR = re.compile(r"\d\d")
_JOINED = re.compile(r"(20\d\d)(0[1-9]|1[0-2])")
_YEAR_WORDS = frozenset({"г", "год", "года", "year"})
_NUMBERED = re.compile(
    r"(?<![\d.№])(?<!№\s)(?<!\bN\s)"
    r"(?:(20\d\d)[-._/](0?[1-9]|1[0-2])(?![-.\d])|(0?[1-9]|1[0-2])[-._/](20\d\d)(?![-.\d]))"
)
"""2026-09, 9.2026; «№ 7/2026» is the number of a paper."""
_SPAN = re.compile(
    r"(\d\d)\.(0[1-9]|1[0-2])\.((?:20)?\d\d)\s*(?:-|\N{EN DASH}|\N{EM DASH}|по)\s*"
    r"(\d\d)\.(0[1-9]|1[0-2])\.((?:20)?\d\d)(?!\d)"
)
_DAYS_OF = re.compile(r"(?<!\d)0?1\s*(?:-|\N{EN DASH}|\N{EM DASH}|по)\s*\d\d\s+([^\W\d]+)(?:\s+(20\d\d))?")
"""«с 1 по 30 сентября 2026», «1–30 сентября»."""
_AFTER_COLON = re.compile(r":\s*([^\W\d]+)")
_MONTH_SPAN = re.compile(
    r"([^\W\d]+)(?: (20\d\d))?(?: (?:г\.?|года))? ?(?:-|\N{EN DASH}|\N{EM DASH}| по | to ) ?([^\W\d]+)(?: (20\d\d))?"
)
"""Two months with a dash or «по» between them."""
_SEVERAL = frozenset(map(str, range(2, 13)))
_LATE = 28
_WORD = re.compile(r"\w+")
_GLUED = re.compile(r"(?<=[^\W\d_])(?=\d)")
"""Between letters and a figure: sept26."""


@cache
def month_names() -> Mapping[str, int]:
    """Return every spelling of every month's name, folded, with the month's number."""
    return {
        spelling.casefold(): number
        for language in CONVENTIONS.values()
        for number, spellings in enumerate(language.months, 1)
        for spelling in spellings
    }


@cache
def spellings(number: int) -> Sequence[str]:
    """Return every spelling of a month's name."""
    return [text for language in CONVENTIONS.values() for text in language.months[number - 1]]


def month_in(value: Raw, year: Raw = None) -> Month | None:
    """Return the month in a cell: a date, 2026-10, 202610, октябрь 2026, окт.26, a date with a time, октябрь.

    `year` is the value of a Year column beside it: then the month may also be a number. None: no month.
    """
    if isinstance(value, date):
        return value.year, value.month
    beside = _year(year)
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = str(int(value)) if math.isfinite(value) and int(value) == value else ""
    elif isinstance(value, str):
        text = clean(value).removesuffix("г.").strip()
    else:
        return None
    if period := parse(text):
        return int(period[:4]), int(period[5:])
    if joined := _JOINED.fullmatch(text):
        return int(joined[1]), int(joined[2])
    if beside and text.isdecimal() and 1 <= int(text) <= 12:
        return beside, int(text)
    parts = [part for part in name_key(text).split() if part not in _YEAR_WORDS]
    number = month_names().get(parts[0]) if parts else None
    if number is None or len(parts) > 2:
        return None
    if len(parts) == 1:
        return beside, number
    if _YEAR.fullmatch(parts[1]) or _SHORT_YEAR.fullmatch(parts[1]):
        return int(parts[1]) % 100 + 2000, number
    return None


def _year(value: Raw) -> int | None:
    if isinstance(value, date):
        return value.year
    text = str(int(value)) if isinstance(value, float) and math.isfinite(value) else clean(str(value or ""))
    match = _YEAR.match(text)
    return int(match[0]) if match else None


def period_of(month: Month, near: str, *, earlier: bool = False) -> str:
    """Return a month as 2026-10; one without a year gets the year of `near` or, with `earlier`, the last one before."""
    year, number = month
    if year is None:
        year = int(near[:4])
        if earlier and months_between(f"{year:04}-{number:02}", near) <= 0:
            year -= 1
    return f"{year:04}-{number:02}"


def months_told(text: str, *, name: bool = False) -> set[Month]:
    """Return the months named in a title above a table or, with `name`, in the name of a sheet or a heading.

    A day is no month: «от 28.09.2026», «с 1 октября». A month's name alone counts in a name, and in a title after a
    word such as «за»; with a year it counts everywhere.
    """
    months: set[Month] = {
        (int(year or later), int(month or first)) for year, month, first, later in _NUMBERED.findall(text)
    }
    for _, month, year, _, last, last_year in _SPAN.findall(text):
        if (month, year) == (last, last_year):
            months.add((int(year) % 100 + 2000, int(month)))
    for spelled, year in _DAYS_OF.findall(text):
        if number := month_names().get(spelled.casefold()):
            months.add((int(year) if year else None, number))
    follows = words("before_month") | words("month_follows")
    colons = {spelled.casefold() for spelled in _AFTER_COLON.findall(text)}
    text = _GLUED.sub(" ", text) if name else text
    parts = [part.casefold().replace("ё", "е") for part in _WORD.findall(text.replace("_", " "))]
    for index, part in enumerate(parts):
        number = month_names().get(part)
        if number is None:
            continue
        before, after = parts[index - 1] if index else "", parts[index + 1] if index + 1 < len(parts) else ""
        if before.isdecimal() and len(before) <= 2 and not _YEAR.fullmatch(after):
            continue
        if _YEAR.fullmatch(after) or (name and _SHORT_YEAR.fullmatch(after)):
            if not (before.isdecimal() and len(before) <= 2):
                months.add((int(after) % 100 + 2000, number))
        elif _YEAR.fullmatch(before):
            months.add((int(before), number))
        elif name or before in follows or part in colons:
            months.add((None, number))
    return months


def holds_in(value: Raw, period: str) -> bool:
    """Tell whether a text names months between which, or since which, something holds, and a month lies among them.

    «сентябрь – декабрь 2026» holds in November too, «с сентября 2026» in every later month.
    """
    if not isinstance(value, str):
        return False
    parts, months = name_key(value).split(), months_told(value, name=True)
    for first, year, last, last_year in _MONTH_SPAN.findall(clean(value).casefold()):
        begin, end = month_names().get(first), month_names().get(last)
        if begin and end:
            ends = period_of((int(last_year) if last_year else None, end), period)
            begins = period_of((int(year) if year else None, begin), ends, earlier=begin != end)
            return begins <= period <= ends
    since = any(one in words("since_month") and other in month_names() for one, other in pairwise(parts))
    return since and len(months) == 1 and all(period_of(month, period) <= period for month in months)


def is_longer(value: Raw) -> bool:
    """Tell whether a text says that figures are of several months: с 01.01.2026 по 31.10.2026, с начала года."""
    if not isinstance(value, str):
        return False
    for day, month, year, last_day, last, last_year in _SPAN.findall(value):
        if day == "01" and int(last_day) >= _LATE and (month, year) != (last, last_year):
            return True
    folded = clean(value).casefold().replace("ё", "е")
    named = [(month_names().get(first), month_names().get(last)) for first, _, last, _ in _MONTH_SPAN.findall(folded)]
    if any(first and last and first != last for first, last in named):
        return True
    told = " ".join("#" if part in _SEVERAL else part for part in name_key(value).split())
    return any(f" {phrase} " in f" {told} " for phrase in words("several_months"))


def years_in(value: Raw) -> set[str]:
    """Return the years that a text names beside no month or day, or a number that is a year: «за 2025 год», 2025."""
    if isinstance(value, float):
        return {str(int(value))} if value in _YEARS else set()
    text = value if isinstance(value, str) and not months_told(value, name=True) else ""
    years, parts = set(_YEAR_ALONE.findall(text)), ["", *name_key(text).split()]
    if any(part.startswith(tuple(words("papers"))) for part in parts):
        # «По положению 2024 года» is the paper's year, «Премии по положению за 2024 год» that of the figures.
        years &= {part for before, part in pairwise(parts) if before in words("before_month")}
    return years


def is_another(months: set[Month], period: str) -> bool:
    """Tell whether a text names months, and none of them is paid."""
    year, number = int(period[:4]), int(period[5:])
    return bool(months) and not any(month == number and its_year in (None, year) for its_year, month in months)


def shown_months(months: set[Month], language: Language) -> str:
    """Return months for a message; of many in a row the first and the last."""
    names = CONVENTIONS[language].months
    ordered = sorted(months, key=lambda month: (month[0] or 0, month[1]))
    (first_year, first), (last_year, last) = ordered[0], ordered[-1]
    if len(ordered) > _FEW and first_year == last_year and last - first + 1 == len(ordered):
        return f"{names[first - 1][0]} – {names[last - 1][0]} {last_year or ''}".strip()
    return ", ".join(f"{names[number - 1][0]} {year or ''}".strip() for year, number in ordered)
