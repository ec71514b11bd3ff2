"""Rows that may be a table's headings: one row, or two whose texts are joined with ` / `."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from kpicalc.model.book import Raw, Sheet
from kpicalc.model.record import record
from kpicalc.model.texts import clean, name_key

SEARCHED_ROWS = 30
JOINT = " / "


@record
class Line:
    """A heading row, or two: `row` is the last one, from 0. By column: what people see, keys, the raw cell."""

    row: int
    titles: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    cells: Sequence[Raw]

    def __iter__(self) -> Iterator[tuple[int, str, tuple[str, ...], Raw]]:
        """Yield number, title, keys and raw cell of every column with a heading."""
        for column, (title, keys, cell) in enumerate(zip(self.titles, self.keys, self.cells, strict=True)):
            if title:
                yield column, title, keys, cell


def candidates(sheet: Sheet, rows: int | None, is_person: Callable[[str], bool]) -> Iterator[Line]:
    """Yield the rows that may hold the headings; `rows`: how many rows they take, where that is stated.

    Two rows are detected where the second holds only texts, at least two, and is blank below the headings of a person
    (`is_person`).
    """
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        below = sheet.rows[number + 1] if number + 1 < len(sheet.rows) else []
        two = bool(below) and (rows == 2 if rows else _goes_on(row, below, is_person))
        if two:
            yield _joined(number + 1, row, below)
        elif rows != 2:
            yield single(number, row)


def single(number: int, row: Sequence[Raw]) -> Line:
    """Return a row of headings."""
    titles = tuple(_text(cell) for cell in row)
    return Line(number, titles, tuple((name_key(title),) if title else () for title in titles), row)


def _text(cell: Raw) -> str:
    if isinstance(cell, str):
        return clean(cell)
    return f"{cell.year:04}-{cell.month:02}" if isinstance(cell, date) else ""


def _goes_on(row: Sequence[Raw], below: Sequence[Raw], is_person: Callable[[str], bool]) -> bool:
    texts = [cell for cell in below if isinstance(cell, str) and clean(cell)]
    if len(texts) < 2 or len(texts) != sum(cell is not None for cell in below):
        return False
    people = [column for column, cell in enumerate(row) if isinstance(cell, str) and is_person(name_key(cell))]
    blank = all(column >= len(below) or below[column] is None for column in people)
    return bool(people) and blank


def _joined(number: int, top: Sequence[Raw], bottom: Sequence[Raw]) -> Line:
    width = max(len(top), len(bottom))
    upper = [_text(top[column]) if column < len(top) else "" for column in range(width)]
    lower = [_text(bottom[column]) if column < len(bottom) else "" for column in range(width)]
    titles: list[str] = []
    group = ""
    for above, below in zip(upper, lower, strict=True):
        # A heading over several columns is stored in the first of them; a blank cell below it ends it.
        group = above or (group if below else "")
        titles.append(JOINT.join(text for text in (group, below) if text))
    count = Counter(map(name_key, filter(None, lower)))
    keys = tuple(
        tuple(dict.fromkeys([name_key(title)] + ([name_key(below)] if count[name_key(below)] == 1 else [])))
        if title
        else ()
        for title, below in zip(titles, lower, strict=True)
    )
    cells = [(*bottom, *[None] * width)[column] or (*top, *[None] * width)[column] for column in range(width)]
    return Line(number, tuple(titles), keys, cells)
