"""A workbook as read from the file: sheets of raw values, and the cells that the reading library would hide."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias

from kpicalc.model.record import record

Raw: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None
"""One raw cell. A blank is None; a number is a float, as spreadsheets keep it."""


@record
class Sheet:
    """Rows of raw cells; `rows[0][0]` is cell A1, rows may differ in length.

    `faults` are cells that look blank to the reading library and are not: an error (`#DIV/0!`) or a formula without a
    stored value (the text `formula`), by (row, column) from 0.
    """

    name: str
    rows: list[list[Raw]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)


@record
class Book:
    """A workbook (or a folder of csv files): its name for messages, the SHA-256 of its bytes, its sheets.

    `blanks_are_sure` is False for formats in which an error cell cannot be told from a blank one
    (.xls, .xlsb): there a blank is never taken for zero.
    """

    file: str
    sha256: str
    sheets: tuple[Sheet, ...]
    blanks_are_sure: bool = True


@lru_cache(1024)
def column_letter(index: int) -> str:
    """Return the spreadsheet's name of a column counted from 0: 0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number (from 0) of a column by its name: A -> 0, AA -> 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """Return the address of a cell counted from 0: (0, 0) -> A1."""
    return f"{column_letter(column)}{row + 1}"
