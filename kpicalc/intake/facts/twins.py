"""Rows of a table of facts that stand twice, where the scheme names no column that tells rows apart.

Two equal sales on one day are two sales. But where a column tells all other rows apart, as a number of a deal or a time
does, a row that is equal in every cell was probably pasted or loaded twice.

A sheet is looked at whole. A file or a database is asked of a column that tells its first rows apart: usually no value
of it repeats, and that is the only question.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpicalc.intake.facts.sources.headers import DATE, PAYEE, ROW
from kpicalc.intake.facts.table import Facts, Unreadable
from kpicalc.intake.sheets.cells import shown
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.model.book import Raw
from kpicalc.model.facts import FactTable
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import first_day, last_day

FIRST = 1000
"""So many rows show which columns of a file or a database tell rows apart."""
_ENOUGH, _FEW = 10, 10
"""So many different rows show that a column tells them apart; days do so only if twins are one row of ten at most."""
_TRIED, _SHOWN = 3, 20
_BY_CHANCE = 20_000
"""Of more rows two have the same amount or time by chance."""
_OFTEN = 3
"""Rows are pasted twice or three times."""
_MANY, _PART = 1_000_000, 64
"""Of more rows one value in so many is looked at: enough for a block of some hundred rows, and not for one row."""


def rows_twice(table: Table, rows: Sequence[int], named_in: Mapping[int, int], title: str) -> Iterator[Issue]:
    """Yield the issue for rows of a sheet that are equal to an earlier one in every cell, if they are so by mistake.

    `named_in` holds the row that names the person, where it is another one: a deal that two people share is no twin.
    """

    def cells_of(row: int) -> tuple[Raw, tuple[Raw, ...]]:
        return table.cell(named_in.get(row, row), table.fields[PAYEE]), tuple(table.sheet.rows[row])

    first: dict[tuple[Raw, tuple[Raw, ...]], int] = {}
    twins = [row for row in rows if first.setdefault(cells_of(row), row) != row]
    if not twins or len(first) < _ENOUGH:
        return
    many = len(twins) * _FEW > len(rows)
    for column in range(max(len(cells) for _, cells in first)):
        if many and column == table.fields[DATE]:
            continue
        values = {cells[column] for _, cells in first if column < len(cells)}
        if len(values) == len(first) and None not in values:
            found = shown(table.cell(twins[0], column))
            facts = {"title": title, "heading": table.heading(column), "found": found, "count": len(twins)}
            yield issue("fact_row_twice", table.place(twins[0], column), **facts)
            return


def apart_in(head: Iterable[Iterable[object]]) -> list[int]:
    """Return the columns that tell the first rows of a table apart."""
    rows = map(tuple, head)
    different = {row for row in rows if any(cell is not None and str(cell).strip() for cell in row)}
    columns = enumerate(zip(*different, strict=False))
    apart = [at for at, cells in columns if len({*cells} - {None, ""}) == len(different)]
    return apart if len(different) >= _ENOUGH else []


def alike_by_chance(spec: FactTable, numbers: Mapping[str, int], rows: int) -> set[int]:
    """Return the columns that tell so many rows apart by chance only, if at all: people, days, amounts."""
    if rows <= _BY_CHANCE:
        return set()
    return {
        at
        for name, at in numbers.items()
        if name in (PAYEE, DATE) or spec.column(name.removeprefix("c_")).type != "text"
    }


def count_apart(column: Any, rows: int = 0) -> dict[str, Any]:
    """Return the questions how many cells of a column are filled, with how many values; of many rows, of a part."""
    part = _in_part(column) if rows > _MANY else None
    return {"filled": column.count(where=part), "values": column.nunique(where=part)}


def _in_part(column: Any) -> Any:
    return column.hash() % _PART == 0


def repeats(found: Mapping[str, Any]) -> bool | None:
    """Tell by the answers whether a column repeats a value; None where each stands there often, as a client does."""
    return None if found["filled"] > _OFTEN * found["values"] else bool(found["filled"] > found["values"])


def records_twice(
    facts: Facts, rows: Any, headings: Sequence[str], numbers: Mapping[str, int], month: str
) -> Iterator[Issue]:
    """Yield the issue for rows of a file or a database that are equal in every column, if they are so by mistake.

    `rows` are as the source has them, `numbers` those of the columns that the scheme names. Where days are typed, the
    rows of the month are looked at.
    """
    day = rows[rows.columns[numbers[DATE]]]
    if day.type().is_date() or day.type().is_timestamp():
        rows = rows.filter(day.cast("date").between(first_day(month), last_day(month)))
    try:
        yield from _twice(facts, rows, headings, numbers)
    except Unreadable:
        return  # The questions to come tell of it.


def _twice(facts: Facts, rows: Any, headings: Sequence[str], numbers: Mapping[str, int]) -> Iterator[Issue]:
    count = facts.ask(rows.aggregate(rows=rows.count()))[0]["rows"]
    if count > _MANY and facts.connection.name != "duckdb":
        return
    known = [at for at in range(len(headings)) if _has_equals(rows[rows.columns[at]].type())]
    names = [rows.columns[at] for at in known]
    head = facts.ask(rows.select(*names).limit(FIRST))
    chance = alike_by_chance(facts.spec, numbers, count)
    apart = [at for at in (known[one] for one in apart_in(row.values() for row in head)) if at not in chance]
    for at in apart[:_TRIED]:
        name = rows.columns[at]
        # To leave rows out at first is faster than to count some of them.
        part = rows.filter(_in_part(rows[name])) if count > _MANY else rows
        found = facts.ask(part.aggregate(**count_apart(part[name])))[0]
        if repeats(found) is False:
            return
        if repeats(found) is None:
            continue
        times = rows.group_by(name).aggregate(times=rows.count())
        again = times.filter(times.times > 1).order_by(name).limit(_SHOWN)
        # Most columns that repeat a value do so in rows that differ: a few of them show it.
        some = rows.semi_join(again, name)
        different = _told_apart(facts, some, names, name) and _told_apart(facts, rows, names, name)
        if different and (at != numbers[DATE] or (count - different) * _FEW <= count):
            told = {"title": facts.title(), "heading": headings[at], "count": count - different}
            place, value = _first_twin(facts, rows, name)
            yield issue("fact_row_twice", place, found=shown(value), **told)
            return


def _told_apart(facts: Facts, rows: Any, names: Sequence[str], name: str) -> int:
    """Return how many different rows there are, if a column tells them apart."""
    different = rows.select(*names).distinct()
    found = facts.ask(different.aggregate(rows=different.count(), values=different[name].nunique()))[0]
    return int(found["rows"]) if found["rows"] == found["values"] else 0


def _first_twin(facts: Facts, rows: Any, name: str) -> tuple[Place, Raw]:
    """Return the place of the first row that repeats another one, and its value; a row of a database has no place."""
    places = {"row": rows[ROW].max()} if ROW in rows.columns else {}
    times = rows.group_by(name).aggregate(times=rows.count(), **places)
    found = facts.ask(times.filter(times.times > 1).order_by("row" if places else name).limit(1))[0]
    return replace(facts.place, line=found["row"]) if places else facts.place, found[name]


def _has_equals(kind: Any) -> bool:
    """Tell whether every database can say if two values of a type are equal."""
    return bool(kind.is_string() or kind.is_numeric() or kind.is_temporal() or kind.is_boolean() or kind.is_uuid())
