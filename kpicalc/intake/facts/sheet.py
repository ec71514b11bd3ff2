"""A sheet of facts as a typed table: cells are read as on the other sheets, and what cannot be is told by its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicalc.intake.facts.dates import is_blank_date, moment_in_text
from kpicalc.intake.facts.headers import DATE, KEY, PAYEE, find_columns, heading_row
from kpicalc.intake.sheets.cells import fault_issue, is_blank, personnel_number, read_numbers, read_text, shown
from kpicalc.intake.sheets.lines import SEARCHED_ROWS
from kpicalc.intake.sheets.names import currency_words, words
from kpicalc.intake.sheets.people import People
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.rows import data_rows
from kpicalc.intake.sheets.table import Table
from kpicalc.model.book import Sheet
from kpicalc.model.facts import FactTable, FactType
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import clean

if TYPE_CHECKING:
    import pyarrow as pa

_LARGEST = Decimal(10**11)
_PLACES = 6


def read_sheet(
    file: str, sheet: Sheet, facts: FactTable, schemes: SchemeBook, who: People, issues: list[Issue]
) -> tuple[Any, Mapping[str, int]] | None:
    """Return the rows as an arrow table with a column `row` (from 1), and where its columns stand."""
    place = Place(file, sheet.name)
    head = heading_row(facts, sheet.rows, SEARCHED_ROWS)
    if head < 0:
        wanted = [facts.payee, facts.date]
        issues.append(issue("fact_header", place, headings=wanted, rows=SEARCHED_ROWS))
        return None
    headings = [cell if isinstance(cell, str) else "" for cell in sheet.rows[head]]
    columns = find_columns(facts, headings, place, issues)
    if columns is None:
        return None
    reading = Reading(Table("facts", file, sheet, head, columns, {}), schemes, issues, who=who)
    rows = data_rows(reading, (columns[PAYEE], columns[DATE]))
    return _arrow(replace(reading, rows=rows), facts), columns


def _arrow(reading: Reading, facts: FactTable) -> Any:
    import pyarrow as pa

    table, rows = reading.table, reading.rows
    arrays: dict[str, pa.Array] = {"row": pa.array([row + 1 for row in rows], pa.int64())}
    for name, column in table.fields.items():
        kind: FactType = "time" if name == DATE else "text"
        if name == PAYEE:
            values: Sequence[object] = _payees(reading, column)
        elif name == KEY:
            values = [read_text(reading, row, column) or None for row in rows]
        else:
            kind = facts.column(name.removeprefix("c_")).type if name != DATE else kind
            values = _values(reading, column, kind)
        arrays[name] = pa.array(values, _type(kind))
    return pa.table(arrays)


def _type(kind: FactType) -> "pa.DataType":
    import pyarrow as pa

    types = {
        "number": pa.decimal128(17, _PLACES),
        "text": pa.string(),
        "date": pa.date32(),
        "time": pa.timestamp("us"),
        "yes_no": pa.bool_(),
    }
    return types[kind]


def _payees(reading: Reading, column: int) -> list[str | None]:
    """Return whose each row is; numbers kept as numbers get their leading zeros back where one person fits."""
    table, who = reading.table, reading.who
    found: list[str | None] = []
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
        found.append(text)
    if restored:
        row, number = restored[0]
        facts = {"heading": table.heading(column), "count": len(restored), "found": number.lstrip("0") or "0"}
        reading.tell("zeros_restored", row, column, **facts, number=number)
    return found


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


def _values(reading: Reading, column: int, kind: FactType) -> Sequence[object]:
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
        _report_type(reading, row, column, "yes_no")
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
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a workbook knows no zones
    if is_blank(value) or (isinstance(value, str) and is_blank_date(clean(value))):
        return None
    if isinstance(value, str) and (moment := moment_in_text(clean(value))):
        return moment
    _report_type(reading, row, column, "time")
    return None


def _report_type(reading: Reading, row: int, column: int, kind: FactType) -> None:
    facts = {"heading": reading.table.heading(column), "found": shown(reading.table.cell(row, column))}
    reading.tell(f"fact_not_{kind}", row, column, **facts)
