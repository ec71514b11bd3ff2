"""One raw cell of the workbook becomes an exact number, a personnel number or a text; other contents are named."""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Literal

from kpicalc.intake.sheets.formatted import in_known_units
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.names import words
from kpicalc.intake.sheets.reading import Reading
from kpicalc.lang import Language, number
from kpicalc.model.book import Raw, Sheet
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import from_cell
from kpicalc.model.numbers import number_in_text
from kpicalc.model.texts import clean, fold

LARGEST = Decimal(10**15)
"""Above it a spreadsheet no longer keeps every digit."""

_LARGEST = 1e15
_LONGEST = 1e24
_LISTED = 5
_MINUTES = frozenset({"мин", "минута", "минуты", "минут", "min", "minute", "minutes"})
SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods"})


def faults_of(sheet: Sheet, column: int) -> Mapping[int, str]:
    """Return the error cells and unsaved formulas of a column, by row from 0."""
    return {row: text for (row, number), text in sheet.faults.items() if number == column} if sheet.faults else {}


def fault_issue(table: Table, row: int, column: int, fault: str) -> Issue:
    """Return the issue for a cell that shows an error or holds a formula without a stored value."""
    place = table.place(row, column)
    if fault == "formula":
        return issue("formula_without_value", place, heading=table.heading(column))
    return issue("error_cell", place, heading=table.heading(column), found=fault)


def is_blank(value: Raw) -> bool:
    """Tell whether a cell is empty or holds only spaces."""
    return value is None or (isinstance(value, str) and not clean(value))


def shown(value: Raw) -> str:
    """Return a raw cell as people see it, for messages."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    return clean(str(value))


def number_or_code(
    value: Raw, units: Collection[str], decimal: str | None = None
) -> Decimal | tuple[Decimal, Decimal] | str:
    """Return a number, the two readings of an ambiguous one, or the code of what the cell holds instead."""
    if isinstance(value, bool):
        return "logical_not_number"
    if isinstance(value, int):
        result: Decimal | tuple[Decimal, Decimal] | None = Decimal(value)
    elif isinstance(value, float):
        result = from_cell(value) if math.isfinite(value) else None
    elif isinstance(value, date):
        return "date_not_number"
    elif isinstance(value, time):
        return "time_not_number"
    elif isinstance(value, timedelta):
        # A duration, format [h]:mm, shows hours beyond a day; a KPI in minutes counts minutes.
        result = from_cell(value.total_seconds() / (60 if _MINUTES.intersection(units) else 3600))
    else:
        text = clean(str(value))
        if text.casefold() in words("error_cells"):
            return "error_cell"
        result = number_in_text(text, units, decimal)
    if result is None:
        return "none_not_number" if isinstance(value, str) and text.casefold() in words("no_figure") else "not_a_number"
    if isinstance(result, Decimal) and abs(result) > LARGEST:
        return "number_too_large"
    return result


def read_numbers(reading: Reading, column: int, rows: Sequence[int], units: Collection[str]) -> list[Decimal | None]:
    """Return the numbers of a column in the given rows (from 0), exact, in `units`; a blank is None.

    A cell that is no number is None and an issue, and so is one that shows another unit than it is read in. Numbers
    stored as text are read, with one notice for the column.
    """
    return in_known_units(reading, column, rows, _numbers(reading, column, rows, units), units)


def _numbers(reading: Reading, column: int, rows: Sequence[int], units: Collection[str]) -> list[Decimal | None]:
    table, issues = reading.table, reading.issues
    cells = table.column(column, rows)
    faults = faults_of(table.sheet, column)
    # A month's sheet repeats few figures many times: each is converted once.
    floats = {value for value in cells if type(value) is float}
    known = {value: from_cell(value) for value in floats if -_LARGEST < value < _LARGEST}
    if not faults and len(known) == len(floats) and {float, type(None)}.issuperset(map(type, cells)):
        return [None if value is None else known[value] for value in cells]  # type: ignore[index]
    blanks = reading.blanks
    from_text: list[int] = []
    figures: list[Decimal | None] = []
    for row, value in zip(rows, cells, strict=True):
        if faults and row in faults:
            issues.append(fault_issue(table, row, column, faults[row]))
            figures.append(None)
        elif type(value) is float and value in known:
            figures.append(known[value])
        elif (
            value is None
            or (isinstance(value, str) and not clean(value))
            or (blanks and isinstance(value, str) and fold(value) in blanks)
        ):
            figures.append(None)
        else:
            answer = number_or_code(value, units)
            if isinstance(answer, Decimal):
                figures.append(answer)
                if isinstance(value, str):
                    from_text.append(row)
            else:
                figures.append(None)
                issues.append(refusal(answer, table.place(row, column), table.heading(column), value, reading.language))
    # In csv files every number is text: nothing to mention.
    if from_text and PurePath(table.file).suffix.lower() in SPREADSHEETS:
        issues.append(_text_numbers(table, column, from_text))
    return figures


def refusal(answer: tuple[Decimal, Decimal] | str, place: Place, heading: str, value: Raw, language: Language) -> Issue:
    """Return the issue for a value that is no number; `answer` is the answer of `number_or_code`."""
    if isinstance(answer, str):
        written = _in_full(value, language) if answer == "number_too_large" else shown(value)
        return issue(answer, place, heading=heading, found=written)
    thousands, decimals = (number(reading, language) for reading in answer)
    return issue("ambiguous_number", place, heading=heading, found=shown(value), thousands=thousands, decimals=decimals)


def _in_full(value: Raw, language: Language) -> str:
    """Return a large number with all its stored digits."""
    if isinstance(value, int | float) and abs(value) < _LONGEST:
        return number(from_cell(float(value)), language, places=0)
    return shown(value)


def _text_numbers(table: Table, column: int, rows: Sequence[int]) -> Issue:
    cells = ", ".join(table.place(row, column).cell for row in rows[:_LISTED])
    return issue(
        "text_number",
        table.place(rows[0], column),
        heading=table.heading(column),
        count=len(rows),
        cells=cells + (", …" if len(rows) > _LISTED else ""),
        found=shown(table.cell(rows[0], column)),
    )


def read_text(reading: Reading, row: int, column: int | None) -> str:
    """Return the text of a cell, trimmed; a whole number such as 42 is the text 42; a blank is empty.

    An error cell, a date or a Boolean where a name belongs is an issue.
    """
    if column is None:
        return ""
    table, issues = reading.table, reading.issues
    if table.sheet.faults and (fault := table.sheet.faults.get((row, column))):
        issues.append(fault_issue(table, row, column, fault))
        return ""
    value = table.cell(row, column)
    if value is None:
        return ""
    if isinstance(value, str):
        text = clean(value)
        if text[:1] == "#" and text.casefold() in words("error_cells"):
            issues.append(fault_issue(table, row, column, text))
            return ""
        return text
    if isinstance(value, int | float) and not isinstance(value, bool):
        return shown(value)
    reading.tell("not_a_text", row, column, heading=table.heading(column), found=shown(value))
    return ""


def personnel_number(value: Raw) -> tuple[str, Literal["text", "number", "bad"]]:
    """Return a personnel number as text, and whether the cell stored it as text or as a number.

    Only whole numbers can be personnel numbers: 42.0 is 42, and 42.5 is an error.
    """
    if isinstance(value, str):
        text = clean(value)
        return text, "bad" if text.casefold() in words("error_cells") else "text"
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        whole = int(value)
        if whole == value and 0 <= whole <= LARGEST:
            return str(whole), "number"
    return shown(value), "bad"
