"""Cells of a sheet of facts as values of the types that its columns have."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from kpicalc.intake.sheets.cells import fault_issue, is_blank, personnel_number, read_numbers, read_text, shown
from kpicalc.intake.sheets.names import currency_words, words
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.days import is_blank_day, moment_in_text, no_day
from kpicalc.model.facts import FactType
from kpicalc.model.texts import clean

if TYPE_CHECKING:
    import pyarrow as pa

_LARGEST = Decimal(10**11)
_PLACES = 6


def arrow_type(kind: FactType) -> "pa.DataType":
    """Return the column type in which values of a type are kept."""
    import pyarrow as pa

    types = {
        "number": pa.decimal128(17, _PLACES),
        "text": pa.string(),
        "date": pa.date32(),
        "time": pa.timestamp("us"),
        "yes_no": pa.bool_(),
    }
    return types[kind]


def read_payees(reading: Reading, column: int) -> list[str | None]:
    """Return the payee text of each row; numeric cells get leading zeros back where that fits one person."""
    table, who = reading.table, reading.who
    texts: list[str | None] = []
    restored: list[tuple[int, str]] = []
    for row in reading.rows:
        text = _payee(reading, row, column)
        padded = (
            who.bare.get(text or "", [])
            if text not in who.names and not isinstance(table.cell(row, column), str)
            else []
        )
        if len(padded) == 1:
            restored.append((row, padded[0]))
            text = padded[0]
        texts.append(text)
    if restored:
        row, number = restored[0]
        facts = {"heading": table.heading(column), "count": len(restored), "found": number.lstrip("0") or "0"}
        reading.tell("zeros_restored", row, column, **facts, number=number)
    return texts


def _payee(reading: Reading, row: int, column: int) -> str | None:
    table = reading.table
    value = table.cell(row, column)
    if isinstance(value, str) or is_blank(value):
        return read_text(reading, row, column) or None
    number, kind = personnel_number(value)
    if kind == "bad":
        reading.tell("bad_personnel_number", row, column, heading=table.heading(column), found=shown(value))
        return None
    return number


def read_values(reading: Reading, column: int, kind: FactType) -> Sequence[object]:
    """Return a column as its type; a cell that cannot be read so is None and an issue."""
    rows = reading.rows
    match kind:
        case "number":
            units = currency_words(reading.schemes.currency)
            figures = read_numbers(reading, column, rows, units)
            return [_fine(reading, row, column, value) for row, value in zip(rows, figures, strict=True)]
        case "text":
            return [read_text(reading, row, column) or None for row in rows]
        case "yes_no":
            return [_yes_or_no(reading, row, column) for row in rows]
        case "date":
            moments = [_moment(reading, row, column) for row in rows]
            return [moment.date() if moment else None for moment in moments]
        case "time":
            return [_moment(reading, row, column) for row in rows]


def _fine(reading: Reading, row: int, column: int, value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    if abs(value) >= _LARGEST or round(value, _PLACES) != value:
        facts = {"heading": reading.table.heading(column), "found": f"{value.normalize():f}"}
        reading.tell("fact_too_fine", row, column, **facts)
        return None
    return value


def _yes_or_no(reading: Reading, row: int, column: int) -> bool | None:
    value = reading.table.cell(row, column)
    if isinstance(value, bool):
        return value
    text = read_text(reading, row, column).casefold()
    for group, meaning in (("yes", True), ("no", False)):
        if text in words(group):
            return meaning
    if text:
        facts = {"heading": reading.table.heading(column), "found": text}
        reading.tell("fact_not_yes_no", row, column, **facts)
    return None


def _moment(reading: Reading, row: int, column: int) -> datetime | None:
    table = reading.table
    if fault := table.sheet.faults.get((row, column)):
        reading.issues.append(fault_issue(table, row, column, fault))
        return None
    value = table.cell(row, column)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a workbook has no time zones
    if is_blank(value) or (isinstance(value, str) and is_blank_day(clean(value))):
        return None
    if isinstance(value, str) and (moment := moment_in_text(clean(value))):
        return moment
    reading.tell(no_day(clean(shown(value))), row, column, heading=table.heading(column), found=shown(value))
    return None
