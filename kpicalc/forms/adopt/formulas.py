"""The formulas of a workbook as typed: they show what a column is computed from."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kpicalc.model.book import Sheet, cell_name, column_number
from kpicalc.model.record import record
from kpicalc.model.texts import name_key

Cell = tuple[int, int]
Formulas = Mapping[str, Mapping[Cell, str]]
"""Sheet -> cell (row and column from 0) -> the formula, with its equals sign."""
_XLSX = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"})
_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$")
_COLUMN = re.compile(r"^\$?([A-Z]{1,3})$")


def formulas_of(path: Path) -> Formulas:
    """Return the formulas of a workbook; an empty mapping if its format hides them."""
    if path.is_dir() or path.suffix.lower() not in _XLSX:
        return {}
    import openpyxl

    try:
        book = openpyxl.load_workbook(path)
    except Exception:  # noqa: BLE001 - the reader accepts the file; another library may raise anything on it
        return {}
    by_sheet: dict[str, dict[Cell, str]] = {}
    for sheet in book.worksheets:
        cells = by_sheet.setdefault(sheet.title, {})
        for row in sheet.iter_rows():
            for cell in row:
                text = getattr(cell.value, "text", cell.value)
                if cell.data_type == "f" and isinstance(text, str) and cell.row and cell.column:
                    cells[cell.row - 1, cell.column - 1] = text
    return by_sheet


@record
class Reference:
    """A cell or a range in a formula: its sheet ('' is the formula's own) and its corners (from 0; None: a column)."""

    sheet: str
    first: tuple[int | None, int]
    last: tuple[int | None, int]
    text: str

    @property
    def single(self) -> Cell | None:
        """Return the cell, if the reference is to a single one; else None."""
        row, column = self.first
        return (row, column) if self.first == self.last and row is not None else None

    def cells(self) -> Iterator[Cell]:
        """Yield the cells of a range whose rows are stated."""
        (top, left), (bottom, right) = self.first, self.last
        if top is not None and bottom is not None:
            yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def references(formula: str) -> list[Reference] | None:
    """Return the references of a formula; None if one is of a kind that is not read: a name, another file."""
    from openpyxl.formula import Tokenizer

    cells: list[Reference] = []
    for token in Tokenizer(formula).items:
        if token.type != "OPERAND" or token.subtype != "RANGE":
            continue
        area = reference(token.value)
        if area is None:
            return None
        cells.append(area)
    return cells


def reference(text: str) -> Reference | None:
    """Read one reference: C2, $C$2, C2:F2, C:C, 'Факт'!C2."""
    sheet, mark, rest = text.rpartition("!")
    if mark and "[" in sheet:
        return None
    corners = [_corner(part) for part in rest.split(":")]
    if not 1 <= len(corners) <= 2:
        return None
    first, last = corners[0], corners[-1]
    if first is None or last is None:
        return None
    return Reference(sheet.strip("'").replace("''", "'"), first, last, text)


def _corner(text: str) -> tuple[int | None, int] | None:
    if match := _REFERENCE.match(text):
        return int(match[2]) - 1, column_number(match[1])
    if match := _COLUMN.match(text):
        return None, column_number(match[1])
    return None


def derived(formula: str, row: int, sheet: Sheet, keys: Collection[int]) -> bool | None:
    """Tell whether a formula is computed from other figures of its row; `keys` are look-up columns.

    None: it uses its own sheet in another way, or refers to unknown places.
    """
    named = references(formula)
    if named is None:
        return None
    on_sheet = [cells for cells in named if not cells.sheet or name_key(cells.sheet) == name_key(sheet.name)]
    beside = [cells for cells in on_sheet if cells.first[0] == cells.last[0] == row]
    if any(column not in keys for cells in beside for column in range(cells.first[1], cells.last[1] + 1)):
        return True
    return None if len(on_sheet) > len(beside) or not named else False


def shown(sheet: str, cell: Cell) -> str:
    """Return the address of a cell for people: Факт!C2."""
    return f"{sheet}!{cell_name(*cell)}"
