"""The seam between what a sheet says and how its rows reach the file: typed columns in, rows out.

A column carries its values and, where it is live, one formula template for all its rows. Whoever writes faster
than this needs only this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpicalc.engine.excel import ROW

Format = Any
"""A format of the writing library."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `values` are text, exact numbers or None for a blank. `template` is a formula without `=`, in which `ROW` stands for
    the row number; `rows` are the row numbers it refers to, the cell's own ones unless stated (from 1).
    """

    heading: str
    values: Sequence[Decimal | str | None]
    style: Format
    width: float
    template: str | None = None
    rows: Sequence[int] | None = None
    group: str = ""


def write_rows(sheet: Any, first_row: int, columns: Sequence[Column], count: int) -> None:
    """Write `count` rows below each other, from `first_row` (from 0), top down, so that memory stays bounded."""
    for at in range(count):
        row = first_row + at
        for index, column in enumerate(columns):
            value = column.values[at]
            if column.template is not None:
                number = column.rows[at] if column.rows is not None else row + 1
                stored = value if isinstance(value, str) else float(value or 0)
                sheet.write_formula(row, index, "=" + column.template.replace(ROW, str(number)), column.style, stored)
            elif value is None:
                sheet.write_blank(row, index, None, column.style)
            elif isinstance(value, str):
                sheet.write_string(row, index, value, column.style)
            else:
                sheet.write_number(row, index, float(value), column.style)


def quoted(sheet_name: str) -> str:
    """Return a sheet's name as formulas write it: 'План отдела'."""
    return "'" + sheet_name.replace("'", "''") + "'"
