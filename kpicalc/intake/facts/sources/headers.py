"""Which column of a table of facts is which: by the headings that the scheme file names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from kpicalc.model.facts import FactTable
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.texts import name_key, nearest

_Name = TypeVar("_Name", str, int)
PAYEE, DATE, KEY = "payee", "date", "key"
"""Names of the columns that every table of facts has; a declared column is `c_<name>`."""
ROW = "kpicalc_row"
"""The column with the place of a row in its file; a table may have a column `row` of its own."""


def declared(table: FactTable) -> Mapping[str, str]:
    """Return the headings that a table must have: {name: heading}."""
    headings = {PAYEE: table.payee, DATE: table.date}
    if table.key is not None:
        headings[KEY] = table.key
    return headings | {f"c_{name}": table.column(name).heading for name in table.columns}


def heading_of(table: FactTable, name: str) -> str:
    """Return the heading of a column as the scheme names it."""
    of = table.order.get(name.removeprefix("c_"))
    return declared(table)[name if of is None else f"c_{of}"]


def find_columns(table: FactTable, headings: Sequence[str], place: Place, issues: list[Issue]) -> dict[str, int] | None:
    """Return the number of every declared column among the headings; None, with issues, where one is missing."""
    return columns_at(declared(table), headings, place, issues)


def columns_at(
    wanted: Mapping[_Name, str], headings: Sequence[str], place: Place, issues: list[Issue]
) -> dict[_Name, int] | None:
    """Return the number of every wanted heading; None, with issues, where one is missing."""
    number_of: dict[str, int] = {}
    twice: set[str] = set()
    for number, heading in enumerate(headings):
        key = name_key(heading)
        if key and number_of.setdefault(key, number) != number:
            twice.add(key)
    numbers: dict[_Name, int] = {}
    complete = True
    for name, heading in wanted.items():
        key = name_key(heading)
        if key in twice:
            issues.append(issue("fact_column_twice", place, heading=heading))
            complete = False
        elif key in number_of:
            numbers[name] = number_of[key]
        else:
            issues.append(_missing(wanted.values(), heading, headings, place))
            complete = False
    return numbers if complete else None


def _missing(wanted: Iterable[str], heading: str, headings: Sequence[str], place: Place) -> Issue:
    taken = {name_key(text) for text in wanted}
    spare = [text for text in headings if text and name_key(text) not in taken]
    meant = nearest(heading, spare)
    code = "fact_column" if meant else "fact_column_far"
    facts = {"heading": heading, "nearest": meant} if meant else {"heading": heading}
    return issue(code, place, **facts, known=[text for text in headings if text][:_LISTED])


_LISTED = 20


def heading_row(table: FactTable, rows: Sequence[Sequence[object]], searched: int) -> int:
    """Return the row (from 0) in which most of the declared headings stand, or -1."""
    return row_of_headings(declared(table).values(), rows, searched)


def row_of_headings(headings: Iterable[str], rows: Sequence[Sequence[object]], searched: int) -> int:
    """Return the row (from 0) in which most of the headings stand, or -1."""
    wanted = {name_key(heading) for heading in headings}
    scores = [len(wanted & set(_keys(row))) for row in rows[:searched]]
    best = max(scores, default=0)
    return scores.index(best) if best else -1


def _keys(row: Sequence[object]) -> Iterator[str]:
    return (name_key(cell) for cell in row if isinstance(cell, str))
