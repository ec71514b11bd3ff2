"""The form that `init` writes has one person of a position: what is compared between people needs colleagues."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from .slips import heading_row, is_number

_COLLEAGUES = (("7", "б", 0.9), ("8", "в", 0.8))
"""What a colleague has in a number in place of its first zero, behind the name, and how much of the figures."""
_PEOPLE = ("Сотрудники", "Employees")
_ADDED: dict[str, tuple[Any, ...]] = {
    "Корректировки": (1500, "Премия за выставку"),
    "Adjustments": (1500, "Bonus for the exhibition"),
    "Изменения": (date(2026, 10, 15), 44000, None, 12),
    "Changes": (date(2026, 10, 15), 4400, None, 12),
}
"""What the first person has on a sheet whose rows not everybody has, behind the number: a reason for an amount; from a
day on a salary, no rate, and how many days worked."""


def with_colleagues(path: Path) -> None:
    """Give everybody two colleagues of the same position, and the first person an adjustment and a new salary."""
    book = openpyxl.load_workbook(path)
    people = next(sheet for sheet in book.worksheets if sheet.title in _PEOPLE)
    first = people.cell(heading_row(people) + 1, 1).value
    for sheet in book.worksheets:
        top = heading_row(sheet)
        persons = [row for row in sheet.iter_rows(min_row=top + 1) if _is_of_person(row)]
        # The form has blank rows with a style: colleagues stand right below the last row with anything in it.
        last = max((cell.row for row in sheet.iter_rows() for cell in row if cell.value is not None), default=top)
        further = [(row, colleague) for row in persons for colleague in _COLLEAGUES]
        for at, (row, (sign, letter, part)) in enumerate(further, last + 1):
            values = _colleague([cell.value for cell in row], sign, letter, part, people=sheet is people)
            for like, value in zip(row, values, strict=True):
                cell = sheet.cell(at, like.column, value)
                cell.number_format = like.number_format
        for column, value in enumerate((first, *_ADDED[sheet.title]) if sheet.title in _ADDED else (), 1):
            sheet.cell(top + 1, column).value = value
    book.save(path)


def _is_of_person(row: tuple[Any, ...]) -> bool:
    return isinstance(row[0].value, str) and row[0].value.isdecimal()


def _colleague(values: list[Any], sign: str, letter: str, part: float, *, people: bool) -> list[Any]:
    number, name = sign + values[0][1:], values[1]
    if isinstance(name, str) and not name[0].isdecimal():
        name = f"{name} {letter}"
    return [number, name, *(value if people else _part_of(value, part) for value in values[2:])]


def _part_of(value: Any, part: float) -> Any:
    if not is_number(value):
        return value
    return round(value * part) if isinstance(value, int) else round(value * part, 4)
