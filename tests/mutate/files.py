"""Tables as workbooks to change: xlsx as it is, a csv of facts as a book of one sheet."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

_DAY = "%d.%m.%Y %H:%M"


def opened(path: Path) -> Workbook:
    """Read a table to change it."""
    if path.suffix == ".xlsx":
        return openpyxl.load_workbook(path)
    book = Workbook()
    book.active.title = path.stem  # type: ignore[union-attr]
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter=";"):
            book.active.append([_value(text) for text in row])  # type: ignore[union-attr]
    return book


def saved(book: Workbook, path: Path) -> None:
    """Write a table; of the sheets of a csv only the first has a place in it."""
    if path.suffix == ".xlsx":
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";", lineterminator="\n")
        for row in book.worksheets[0].iter_rows(values_only=True) if book.worksheets else ():
            rows.writerow([_text(value) for value in row])


def as_people_see_it(path: Path) -> None:
    """Write a workbook anew with values in place of formulas, which nobody computes here, and without blank rows."""
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        last = max((cell.row for row in sheet.iter_rows() for cell in row if cell.value is not None), default=1)
        sheet.delete_rows(last + 1, sheet.max_row)
    book.save(path)


def _value(text: str) -> Any:
    try:
        return float(text.replace(",", ".")) if "," in text else datetime.strptime(text, _DAY)  # noqa: DTZ007
    except ValueError:
        return text or None


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime(_DAY)
    return f"{value:.2f}".replace(".", ",") if isinstance(value, float) else "" if value is None else str(value)
