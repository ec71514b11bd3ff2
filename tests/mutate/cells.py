"""Slips in a workbook: kinds of change of one cell, one row, one column, one sheet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

_LATIN = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
_HEADINGS = 8
"""A heading stands in one of the first rows of a sheet."""


@dataclass(frozen=True)
class Slip:
    """One change of a workbook. `heading` names the column for the list of silent changes."""

    kind: str
    sheet: str
    cell: str
    heading: str
    apply: Callable[[Workbook], None]
    honest: bool = False
    """True where the changed cell is a figure as good as the one before: pay has to follow it without a word."""


def slips(book: Workbook) -> Iterator[Slip]:
    """Yield every change of every sheet of a workbook."""
    for sheet in book.worksheets:
        top = heading_row(sheet)
        titles = {cell.column: str(cell.value) for cell in sheet[top] if cell.value is not None}
        yield from _of_sheet(sheet)
        for column, title in titles.items():
            yield from _of_column(sheet, top, column, title)
        for row in sheet.iter_rows(min_row=top + 1):
            if any(cell.value is not None for cell in row):
                yield from _of_row(sheet, row[0].row)
            for cell in row:
                if cell.column in titles and cell.value is not None:
                    yield from _of_cell(sheet, cell, titles[cell.column])


def heading_row(sheet: Worksheet) -> int:
    """Return the first row with at least two texts and no number: the headings of the table."""
    for row in sheet.iter_rows(max_row=_HEADINGS):
        values = [cell.value for cell in row if cell.value is not None]
        if len(values) > 1 and all(isinstance(value, str) for value in values):
            return row[0].row  # type: ignore[no-any-return]
    return 1


def _set(sheet: str, cell: str, value: Any) -> Callable[[Workbook], None]:
    def apply(book: Workbook) -> None:
        book[sheet][cell].value = value

    return apply


def _of_cell(sheet: Worksheet, cell: Cell, title: str) -> Iterator[Slip]:
    def slip(kind: str, value: Any, *, honest: bool = False) -> Slip:
        return Slip(kind, sheet.title, cell.coordinate, title, _set(sheet.title, cell.coordinate, value), honest)

    value = cell.value
    yield slip("blank", None)
    yield slip("dash", "-")
    below = sheet.cell(cell.row + 1, cell.column)
    if below.value is not None and below.value != value:
        yield Slip("swapped_below", sheet.title, cell.coordinate, title, _swap(sheet.title, cell, below), honest=True)
    beside = sheet.cell(cell.row, cell.column + 1)
    if beside.value is not None and beside.value != value:
        yield Slip("swapped_beside", sheet.title, cell.coordinate, title, _swap(sheet.title, cell, beside))
    if isinstance(value, bool) or (isinstance(value, str) and value.startswith("=")):
        return
    if isinstance(value, int | float):
        yield slip("one_more", value + 1, honest=True)
        yield slip("zero", 0, honest=True)
        for kind, factor in (("tenfold", 10), ("hundredfold", 100), ("tenth", 0.1), ("hundredth", 0.01)):
            yield slip(kind, round(value * factor, 9))
        yield slip("minus", -value)
        yield slip("as_text", f"{value}".replace(".", ","))
        yield slip("thousands", f"{value / 1000:.3f}".replace(".", ","))
        yield slip("with_per_cent", f"{value}%")
        yield slip("with_unit", f"{value} шт")
    elif isinstance(value, date | datetime):
        month = 12 if value.month == 1 else value.month - 1
        yield slip("month_before", value.replace(year=value.year - (month == 12), month=month, day=1))
        yield slip("year_before", value.replace(year=value.year - 1, day=1))
        yield slip("date_as_text", value.strftime("%d.%m.%Y"))
        yield slip("two_digit_year", value.strftime("%d.%m.%y"))
    elif isinstance(value, str):
        yield slip("last_letter", value[:-1] or "x")
        yield slip("blank_behind", value + " ")
        yield slip("capitals", value.swapcase())
        if (latin := value.translate(_LATIN)) != value:
            yield slip("latin", latin)


def _swap(sheet: str, one: Cell, other: Cell) -> Callable[[Workbook], None]:
    (first, a), (second, b) = (one.coordinate, one.value), (other.coordinate, other.value)

    def apply(book: Workbook) -> None:
        book[sheet][first].value, book[sheet][second].value = b, a

    return apply


def _of_row(sheet: Worksheet, row: int) -> Iterator[Slip]:
    name, place = sheet.title, f"A{row}"

    def gone(book: Workbook) -> None:
        book[name].delete_rows(row)

    def twice(book: Workbook) -> None:
        book[name].append([cell.value for cell in book[name][row]])

    def apart(book: Workbook) -> None:
        book[name].insert_rows(row)

    yield Slip("row_gone", name, place, "", gone)
    yield Slip("row_twice", name, place, "", twice)
    yield Slip("row_blank_above", name, place, "", apart)


def _of_column(sheet: Worksheet, top: int, column: int, title: str) -> Iterator[Slip]:
    name, place = sheet.title, sheet.cell(top, column).coordinate

    def gone(book: Workbook) -> None:
        book[name].delete_cols(column)

    yield Slip("column_gone", name, place, title, gone)
    yield Slip("heading_blank", name, place, title, _set(name, place, None))
    yield Slip("heading_short", name, place, title, _set(name, place, title[:-1] or "x"))
    yield Slip("heading_twisted", name, place, title, _set(name, place, title[:-2] + title[-2:][::-1]))
    if (latin := title.translate(_LATIN)) != title:
        yield Slip("heading_latin", name, place, title, _set(name, place, latin))
    other = sheet.cell(top, column + 1)
    if other.value is not None:
        yield Slip("headings_swapped", name, place, title, _swap(name, sheet.cell(top, column), other))


def _of_sheet(sheet: Worksheet) -> Iterator[Slip]:
    name = sheet.title

    def gone(book: Workbook) -> None:
        del book[name]

    def renamed(book: Workbook) -> None:
        book[name].title = name[:-1] or "x"

    def copied(book: Workbook) -> None:
        book.copy_worksheet(book[name]).title = f"{name[:26]} (2)"

    yield Slip("sheet_gone", name, "", "", gone)
    yield Slip("sheet_renamed", name, "", "", renamed)
    yield Slip("sheet_copied", name, "", "", copied)
