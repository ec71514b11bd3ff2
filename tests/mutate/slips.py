"""Slips in a workbook: every change of every cell, row, column and sheet of it.

The rows of a table are alike: from the fourth on a cell takes a third of the kinds, and the row below it another third.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

_LATIN = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
_WHOLE, _PART = 2, 3
_HEADINGS = 8
"""Headings stand in one of the first rows of a sheet."""


@dataclass(frozen=True)
class Slip:
    """One change of a workbook: new values of cells, or else what is done to the book."""

    kind: str
    sheet: str
    cell: str
    heading: str
    """Names the column for the list of silent changes."""
    values: Mapping[str, Any] = field(default_factory=dict)
    apply: Callable[[Workbook], object] | None = None
    honest: bool = False
    """True where the changed cell is a figure as good as the one before: pay has to follow it without a word."""


def slips(book: Workbook, rows: int | None = None) -> Iterator[Slip]:
    """Yield every change of every sheet of a workbook; of so many `rows`, where they are alike."""
    from .cells import of_cell
    from .tables import of_column, of_row, of_sheet
    from .writing import writing_of

    for sheet in book.worksheets:
        top = heading_row(sheet)
        titles = {cell.column: str(cell.value) for cell in sheet[top] if cell.value is not None}
        writing = writing_of(titles.values())
        yield from of_sheet(sheet, top, writing)
        for column, title in titles.items():
            yield from of_column(sheet, top, column, title, writing)
        for row in sheet.iter_rows(min_row=top + 1, max_row=top + rows if rows else None):
            if any(cell.value is not None for cell in row):
                yield from of_row(sheet, row[0].row)
            for cell in row:
                if cell.column in titles and cell.value is not None:
                    for at, slip in enumerate(of_cell(sheet, cell, titles[cell.column], writing)):
                        if cell.row <= top + _WHOLE or (at + cell.row) % _PART == 0:
                            yield slip


def heading_row(sheet: Worksheet) -> int:
    """Return the row with the most texts, and no number, among the first ones: the headings of the table."""
    texts: dict[int, int] = {}
    for row in sheet.iter_rows(max_row=_HEADINGS):
        values = [cell.value for cell in row if cell.value is not None]
        if values and all(isinstance(value, str) for value in values):
            texts[row[0].row] = len(values)
    return max(texts, key=lambda row: (texts[row], -row), default=1)


def latin(text: str) -> str:
    """Return a text with those of its letters in Latin that look alike."""
    return text.translate(_LATIN)


def swap(one: Cell, other: Cell) -> dict[str, Any]:
    """Return two cells with the values of each other."""
    return {one.coordinate: other.value, other.coordinate: one.value}


def is_number(value: Any) -> TypeGuard[int | float]:
    """Tell whether a cell holds a number, not yes or no."""
    return isinstance(value, int | float) and not isinstance(value, bool)
