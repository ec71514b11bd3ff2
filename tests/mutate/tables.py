"""Slips in rows, columns and sheets: something sorted apart, pasted one row too low, hidden, copied, renamed."""

from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from .slips import Slip, is_number, latin, swap
from .writing import Writing

_FEW = 3
"""Rows from which a table can be sorted or cut."""


def of_row(sheet: Worksheet, row: int) -> Iterator[Slip]:
    """Yield what may happen to a row with something in it."""
    cells = [cell for cell in sheet[row] if cell.value is not None]

    def slip(kind: str, apply: Callable[[Worksheet], object]) -> Slip:
        return Slip(kind, sheet.title, f"A{row}", "", apply=lambda book: apply(book[sheet.title]))

    yield slip("row_gone", lambda own: own.delete_rows(row))
    yield slip("row_twice", lambda own: own.append([cell.value for cell in own[row]]))
    yield slip("row_blank_above", lambda own: own.insert_rows(row))
    yield slip("row_hidden", lambda own: setattr(own.row_dimensions[row], "hidden", True))
    moved: dict[str, Any] = {cell.coordinate: None for cell in cells}
    moved |= {sheet.cell(row, cell.column + 1).coordinate: cell.value for cell in cells}
    yield Slip("row_shifted", sheet.title, f"A{row}", "", moved)
    below = [cell for cell in sheet[row + 1] if cell.value is not None] if row < sheet.max_row else []
    if below:
        both = {sheet.cell(row, cell.column).coordinate: cell.value for cell in sheet[row + 1]}
        both |= {sheet.cell(row + 1, cell.column).coordinate: cell.value for cell in sheet[row]}
        yield Slip("rows_exchanged", sheet.title, f"A{row}", "", both)


def of_column(sheet: Worksheet, top: int, column: int, title: str, writing: Writing) -> Iterator[Slip]:
    """Yield what may happen to a column and its heading."""
    heading: Cell = sheet.cell(top, column)
    place = heading.coordinate
    cells = [sheet.cell(row, column) for row in range(top + 1, _last(sheet, top) + 1)]
    values: list[Any] = [cell.value for cell in cells]

    def slip(kind: str, new: list[Any], *, honest: bool = False) -> Slip:
        changed = {cell.coordinate: value for cell, value in zip(cells, new, strict=True)}
        return Slip(kind, sheet.title, place, title, changed, honest=honest)

    def named(kind: str, text: Any) -> Slip:
        return Slip(kind, sheet.title, place, title, {place: text})

    def hide(book: Workbook) -> None:
        book[sheet.title].column_dimensions[heading.column_letter].hidden = True

    yield Slip("column_gone", sheet.title, place, title, apply=lambda book: book[sheet.title].delete_cols(column))
    yield Slip("column_inserted", sheet.title, place, title, apply=lambda book: book[sheet.title].insert_cols(column))
    yield Slip("column_hidden", sheet.title, place, title, apply=hide)
    yield named("heading_blank", None)
    yield named("heading_short", title[:-1] or "x")
    yield named("heading_twisted", title[:-2] + title[-2:][::-1])
    yield named("heading_spaced", f" {title}\n")
    if latin(title) != title:
        yield named("heading_latin", latin(title))
    other = sheet.cell(top, column + 1)
    if other.value is not None:
        yield Slip("headings_swapped", sheet.title, place, title, swap(heading, other))
        yield named("heading_twice", other.value)
    end = sheet.max_column + 1
    twice = {sheet.cell(top, end).coordinate: title}
    twice |= {sheet.cell(cell.row, end).coordinate: cell.value for cell in cells}
    yield Slip("column_twice", sheet.title, place, title, twice)
    numbers = [value for value in values if is_number(value)]
    if len(set(values)) > 1:
        yield slip("column_lower", [None, *values[:-1]])
        yield slip("column_higher", [*values[1:], None])
    if len(numbers) >= _FEW and len(numbers) == len(values) and values != sorted(values):
        yield slip("column_sorted", sorted(values))
    if numbers:
        yield slip("column_blank", [None] * len(values))
        for kind, factor in (("column_thousandth", 0.001), ("column_hundredth", 0.01), ("column_hundredfold", 100)):
            yield slip(kind, [round(value * factor, 9) if is_number(value) else value for value in values])
        yield slip("column_minus", [-value if is_number(value) else value for value in values])
        yield slip("column_as_text", [writing.number(v) if is_number(v) else v for v in values])


def of_sheet(sheet: Worksheet, top: int, writing: Writing) -> Iterator[Slip]:
    """Yield what may happen to a whole sheet."""
    last = _last(sheet, top)

    def slip(kind: str, apply: Callable[[Workbook, Worksheet], object]) -> Slip:
        return Slip(kind, sheet.title, "", "", apply=lambda book: apply(book, book[sheet.title]))

    def copied(book: Workbook, own: Worksheet) -> None:
        book.copy_worksheet(own).title = f"{own.title[:26]} (2)"

    def headed(text: str) -> Callable[[Workbook, Worksheet], None]:
        def apply(_book: Workbook, own: Worksheet) -> None:
            own.insert_rows(1)
            own.cell(1, 1).value = text

        return apply

    def total(_book: Workbook, own: Worksheet) -> None:
        own.cell(last + 1, 1).value = writing.total
        for column in range(2, own.max_column + 1):
            numbers = [v for v in (own.cell(row, column).value for row in range(top + 1, last + 1)) if is_number(v)]
            if numbers:
                own.cell(last + 1, column).value = sum(numbers)

    def noted(_book: Workbook, own: Worksheet) -> None:
        own.cell(last + 2, 1).value = writing.note

    yield slip("sheet_gone", lambda book, own: book.remove(own))
    yield slip("sheet_renamed", lambda _book, own: setattr(own, "title", own.title[:-1] or "x"))
    yield slip("sheet_copied", copied)
    yield slip(
        "sheet_hidden", lambda book, own: setattr(own, "sheet_state", "hidden" if len(book.sheetnames) > 1 else "")
    )
    yield slip("sheet_last", lambda book, own: book.move_sheet(own, len(book.sheetnames)))
    yield slip("title_above", headed(writing.this_month))
    yield slip("other_month_above", headed(writing.other_month))
    yield slip("total_row", total)
    yield slip("note_below", noted)
    if last > top:
        yield slip("rows_all_gone", lambda _book, own: own.delete_rows(top + 1, last - top))
    if last - top >= _FEW:
        yield slip("rows_cut", lambda _book, own: own.delete_rows(top + 1 + (last - top) // 2, last))
        yield slip("rows_upside_down", lambda _book, own: _turn(own, top, last))


def _turn(sheet: Worksheet, top: int, last: int) -> None:
    rows = [[copy(cell.value) for cell in sheet[row]] for row in range(top + 1, last + 1)]
    for row, values in zip(range(top + 1, last + 1), reversed(rows), strict=True):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column).value = value


def _last(sheet: Worksheet, top: int) -> int:
    """Return the last row of the table: the one before the first row with nothing in it."""
    for row in range(top + 1, sheet.max_row + 1):
        if all(cell.value is None for cell in sheet[row]):
            return row - 1
    return sheet.max_row
