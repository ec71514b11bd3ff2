"""Quarters, halves of a year and years that stand in a column beside figures, or above a table: 3 кв. 2026, Q3, 2025.

They are not read. Whoever keeps one knows of what time the figures are, so it must hold the month that is paid.
"""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from kpicalc.intake.sheets.cells import is_blank, shown
from kpicalc.intake.sheets.month_words import Month, is_another, month_in, months_told, period_of, shown_months
from kpicalc.intake.sheets.names import words
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.book import Raw
from kpicalc.model.issue import Issue, issue
from kpicalc.model.period import title
from kpicalc.model.texts import fold

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_YEAR = re.compile(r"20\d\d")
_YEAR_MONTHS, _SHORT = 12, 2
_MONTHS = range(1, _YEAR_MONTHS + 1)


@cache
def _kinds() -> Mapping[str, int]:
    """Return the words for a part of a year with its number of months."""
    return {word: count for group, count in (("quarter", 3), ("half_year", 6)) for word in words(group)}


@cache
def _numbers() -> Mapping[str, int]:
    written = {text: number for number, text in enumerate(("i", "ii", "iii", "iv"), 1)}
    written |= {str(number): number for number in written.values()}
    for number, group in enumerate(("first", "second", "third", "fourth"), 1):
        written |= dict.fromkeys(words(group), number)
    return written


@cache
def _of_time() -> frozenset[str]:
    return frozenset(_kinds()) | words("of_year") | words("month_follows")


def _tokens(value: Raw) -> list[str]:
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return [str(int(value))]
    text = fold(value).replace("ё", "е").replace("п/г", "half") if isinstance(value, str) else ""
    return [token for token in _TOKEN.findall(text) if token not in words("ordinal_endings")]


def span_told(value: Raw) -> set[Month]:
    """Return the months of a quarter or half of a year that a text names by its word, anywhere in it.

    «3 кв» may be an address: without a year beside it a short word counts only among words of time.
    """
    tokens, kinds, numbers = _tokens(value), _kinds(), _numbers()
    for at, token in enumerate(tokens):
        before, after = tokens[at - 1] if at else "", tokens[at + 1] if at + 1 < len(tokens) else ""
        is_short = len(token) <= _SHORT
        number = numbers.get(before) or (numbers.get(after) if token.isascii() or not is_short else None)
        if token in kinds and number:
            near = (*tokens[max(at - 2, 0) : at], *tokens[at + 1 : at + 3])
            year = next((part for part in near if _YEAR.fullmatch(part)), None)
            if year or not is_short or _is_only_time(value):
                return _months(number, kinds[token], year)
    return set()


def has_begun(value: Raw, period: str) -> bool:
    """Tell whether a text says that something holds since a quarter or half of a year, and it has begun by a month."""
    tokens = _tokens(value)
    begun = [span_told(" ".join(tokens[at + 1 :])) for at, one in enumerate(tokens) if one in words("since_month")]
    return len(begun) == 1 and bool(begun[0]) and period_of(min(begun[0]), period) <= period


def _is_only_time(value: Raw) -> bool:
    """Tell whether a cell has words of time and numbers only."""
    known = _of_time() | _numbers().keys()
    return all(part.isdecimal() or part in known for part in _tokens(value))


def _months(number: int, count: int, year: str | None) -> set[Month]:
    last = number * count
    return {(int(year) if year else None, month) for month in range(last - count + 1, last + 1) if last <= _YEAR_MONTHS}


def span_under(value: Raw, heading: Collection[str]) -> set[Month]:
    """Return the months of a quarter, half of a year or year that a cell names under a heading of these words."""
    if told := span_told(value):
        return told
    tokens = [token for token in _tokens(value) if token not in words("of_year")]
    if len(tokens) != 1 or not heading or not _of_time().issuperset(heading):
        return set()
    if _YEAR.fullmatch(tokens[0]) and words("of_year").intersection(heading):
        return _months(1, _YEAR_MONTHS, tokens[0])
    count = next((count for word, count in _kinds().items() if word in heading), 0)
    return _months(_numbers()[tokens[0]], count, None) if count and tokens[0] in _numbers() else set()


def _span_of_staff(value: Raw, heading: Collection[str]) -> set[Month]:
    """Return the same on the list of people, where a month may stand too, and a year may be that of hiring."""
    months = span_under(value, heading)
    if months or not heading or not _of_time().issuperset(heading):
        return months if len(months) < _YEAR_MONTHS else set()
    if isinstance(value, float) and value in _MONTHS and words("of_month").intersection(heading):
        return {(None, int(value))}
    month = month_in(value)
    return {month} if month else set()


def prove_spans(readings: Iterable[Reading], period: str) -> Iterator[Issue]:
    """Yield the issues for rows of the month beside which another quarter, half of a year or year stands."""
    for reading in readings:
        table = reading.table
        dated = "period" in {field.key for field in table.about.fields} and table.role != "history"
        if table.places or not (dated or table.role == "employees"):
            continue
        span_of = span_under if dated else _span_of_staff
        headings = {column: table.heading(column) for column in range(len(table.sheet.rows[table.head]))}
        # Beside columns of months «Квартал» and «Год» are their sums.
        of_months = any(months_told(heading, name=True) for heading in headings.values())
        used = table.used() - {table.fields.get("year")}
        for column in headings.keys() - used:
            heading = headings[column]
            if heading and not _of_time().intersection(_tokens(heading)):
                # A remark, a contract or a grade may name a quarter: «премия за III квартал», Q3-2026, Q1.
                continue
            beside = () if of_months else _tokens(heading)
            spans: dict[int, set[Month]] = {}
            for row in reading.rows:
                if not is_blank(cell := table.cell(row, column)):
                    spans[row] = span_of(cell, beside) if heading or _is_only_time(cell) else set()
                    if not spans[row]:
                        break
            others = [row for row, months in spans.items() if is_another(months, period)]
            if others and all(spans.values()):
                facts = {
                    "where": f"{heading}: {shown(table.cell(others[0], column))}",
                    "found": shown_months(spans[others[0]], reading.language),
                    "period": title(period, reading.language),
                }
                yield issue("other_month", table.place(others[0], column), **facts)
