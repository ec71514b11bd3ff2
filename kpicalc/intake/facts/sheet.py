"""A sheet of facts as a typed table: cells are read as on the other sheets, and what cannot be is told by its cell."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicalc.intake.facts.dates import is_blank_date, moment_in_text
from kpicalc.intake.facts.headers import DATE, KEY, PAYEE, find_columns, heading_row
from kpicalc.intake.sheets.cells import fault_issue, is_blank, personnel_number, read_numbers, read_text, shown
from kpicalc.intake.sheets.headings import SEARCHED_ROWS, Table
from kpicalc.intake.sheets.names import currency_words, words
from kpicalc.intake.sheets.people import People
from kpicalc.intake.sheets.rows import data_rows
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
    table = Table("facts", file, sheet, head, columns, {})
    rows = data_rows(table, None, issues, sure=(columns[PAYEE], columns[DATE]))
    return _arrow(table, rows, facts, schemes, who, issues), columns


def _arrow(
    table: Table, rows: Sequence[int], facts: FactTable, schemes: SchemeBook, who: People, issues: list[Issue]
) -> Any:
    import pyarrow as pa

    arrays: dict[str, pa.Array] = {"row": pa.array([row + 1 for row in rows], pa.int64())}
    for name, column in table.fields.items():
        kind: FactType = "time" if name == DATE else "text"
        if name == PAYEE:
            values: Sequence[object] = _payees(table, column, rows, who, issues)
        elif name == KEY:
            values = [read_text(table, row, column, issues) or None for row in rows]
        else:
            kind = facts.column(name.removeprefix("c_")).type if name != DATE else kind
            values = _values(table, column, rows, kind, schemes, issues)
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


def _payees(table: Table, column: int, rows: Sequence[int], who: People, issues: list[Issue]) -> list[str | None]:
    """Return whose each row is; numbers kept as numbers get their leading zeros back where one person fits."""
    found: list[str | None] = []
    restored: list[tuple[int, str]] = []
    for row in rows:
        text = _payee(table, row, column, issues)
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
        issues.append(issue("zeros_restored", table.place(row, column), **facts, number=number))
    return found


def _payee(table: Table, row: int, column: int, issues: list[Issue]) -> str | None:
    value = table.cell(row, column)
    if isinstance(value, str) or is_blank(value):
        return read_text(table, row, column, issues) or None
    number, kind = personnel_number(value)
    if kind == "bad":
        issues.append(issue("bad_personnel_number", table.place(row, column), heading=table.heading(column),
                            found=shown(value)))  # fmt: skip
        return None
    return number


def _values(
    table: Table, column: int, rows: Sequence[int], kind: FactType, schemes: SchemeBook, issues: list[Issue]
) -> Sequence[object]:
    match kind:
        case "number":
            units = currency_words(schemes.currency)
            figures = read_numbers(table, column, rows, units, schemes.language, issues)
            return [_fine(table, row, column, value, issues) for row, value in zip(rows, figures, strict=True)]
        case "text":
            return [read_text(table, row, column, issues) or None for row in rows]
        case "yes_no":
            return [_yes_or_no(table, row, column, issues) for row in rows]
        case "date":
            moments = [_moment(table, row, column, issues) for row in rows]
            return [moment.date() if moment else None for moment in moments]
        case "time":
            return [_moment(table, row, column, issues) for row in rows]


def _fine(table: Table, row: int, column: int, value: Decimal | None, issues: list[Issue]) -> Decimal | None:
    if value is None:
        return None
    if abs(value) >= _LARGEST or round(value, _PLACES) != value:
        place = table.place(row, column)
        issues.append(issue("fact_too_fine", place, heading=table.heading(column), found=f"{value.normalize():f}"))
        return None
    return value


def _yes_or_no(table: Table, row: int, column: int, issues: list[Issue]) -> bool | None:
    value = table.cell(row, column)
    if isinstance(value, bool):
        return value
    text = read_text(table, row, column, issues).casefold()
    for group, meaning in (("yes", True), ("no", False)):
        if text in words(group):
            return meaning
    if text:
        _report_type(table, row, column, "yes_no", issues)
    return None


def _moment(table: Table, row: int, column: int, issues: list[Issue]) -> datetime | None:
    if fault := table.sheet.faults.get((row, column)):
        issues.append(fault_issue(table, row, column, fault))
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
    _report_type(table, row, column, "time", issues)
    return None


def _report_type(table: Table, row: int, column: int, kind: FactType, issues: list[Issue]) -> None:
    place, found = table.place(row, column), shown(table.cell(row, column))
    issues.append(issue(f"fact_not_{kind}", place, heading=table.heading(column), found=found))
