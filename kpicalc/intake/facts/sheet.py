"""A sheet of facts as a typed table: cells are read as on the other sheets, and what cannot be is told by its cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicalc.intake.facts.dates import is_blank_date, moment_in_text
from kpicalc.intake.facts.groups import read_groups
from kpicalc.intake.facts.headers import DATE, KEY, PAYEE, declared, find_columns, heading_row
from kpicalc.intake.facts.measures import where_of
from kpicalc.intake.facts.opening import Opening
from kpicalc.intake.facts.table import MOST, Facts, RowsRead
from kpicalc.intake.sheets.cells import fault_issue, is_blank, personnel_number, read_numbers, read_text, shown
from kpicalc.intake.sheets.headings import SEARCHED_ROWS, Table
from kpicalc.intake.sheets.names import clean, currency_words, name_key, near, words
from kpicalc.intake.sheets.people import People
from kpicalc.intake.sheets.rows import data_rows
from kpicalc.model.book import Book, Raw, Sheet
from kpicalc.model.facts import FactTable, FactType
from kpicalc.model.inputs import FactSource, SkipRule
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook

if TYPE_CHECKING:
    import pyarrow as pa

_LARGEST = Decimal(10**11)
_PLACES = 6


def choose_sheet(opening: Opening, book: Book, name: str | None) -> Sheet | None:
    """Return the sheet that is named, or the only one with anything in it."""
    sheets = [sheet for sheet in book.sheets if any(any(cell is not None for cell in row) for row in sheet.rows)]
    names = [sheet.name for sheet in book.sheets]
    if name is None:
        if len(sheets) == 1:
            return sheets[0]
        opening.tell("fact_which_sheet", Place(book.file), sheets=[sheet.name for sheet in sheets] or "—")
        return None
    sheet = next((sheet for sheet in book.sheets if name_key(sheet.name) == name_key(name)), None)
    if sheet is None:
        meant = near([name], names)
        facts = {"sheet": name, "sheets": names} | ({"nearest": meant} if meant else {})
        opening.tell("fact_sheet" if meant else "fact_sheet_far", Place(book.file), **facts)
    return sheet


def sheet_as_facts(opening: Opening, book: Book, sheet: Sheet, source: FactSource) -> Facts | None:
    """Return a sheet as a table of facts with a column `row` (from 1); None, with issues, where it cannot be read."""
    import ibis

    spec, issues = opening.spec, opening.issues
    place = Place(book.file, sheet.name)
    found = _located(opening, book, sheet)
    if found is None:
        return None
    table = found
    columns = table.fields
    skipped: dict[SkipRule, int] = {}
    if spec.groups is None:
        rows = data_rows(table, None, issues, sure=(columns[PAYEE], columns[DATE]))
        named: Mapping[int, int] = {}
        totals = _filled(table) - len(rows)
    else:
        grouped = read_groups(table, spec, opening.schemes, issues)
        rows, named, totals = grouped.rows, grouped.named_in, grouped.totals
        if grouped.groups:
            skipped["group"] = grouped.groups
    if totals:
        skipped["total"] = totals
    every = len(rows) + sum(skipped.values())
    connection = ibis.duckdb.connect()
    rows, left = _judged(opening, table, rows, connection)
    if left:
        skipped["where"] = left
    arrow = ibis.memtable(_arrow(table, rows, named, spec, opening.schemes, opening.who, issues))
    return Facts(
        key=opening.key, spec=spec, connection=connection, table=arrow, numbered=arrow, bad=(), place=place,
        letters=columns, source=source, counted=RowsRead(every, skipped),
    )  # fmt: skip


def _located(opening: Opening, book: Book, sheet: Sheet) -> Table | None:
    """Return the sheet with its columns known, and with nothing in the cells whose texts mean nothing."""
    spec = opening.spec
    place = Place(book.file, sheet.name)
    head = heading_row(spec, sheet.rows, SEARCHED_ROWS)
    if head < 0:
        opening.tell("fact_header", place, headings=[spec.payee, spec.date], rows=SEARCHED_ROWS)
        return None
    last = head + 1 if spec.groups is not None and _goes_on(spec, sheet.rows, head) else head
    width = max((len(row) for row in sheet.rows[head : last + 1]), default=0)
    headings = [
        cell if isinstance(cell, str) else ""
        for row in sheet.rows[head : last + 1]
        for cell in (*row, *[None] * (width - len(row)))
    ]
    columns = find_columns(spec, headings, place, opening.issues)
    if columns is None:
        return None
    columns = {name: number % width for name, number in columns.items()}
    return Table("facts", book.file, _without_blanks(sheet, spec, columns.values()), last, columns, {})


def _goes_on(spec: FactTable, rows: Sequence[Sequence[object]], head: int) -> bool:
    """Tell whether the row below the headings holds declared headings too, that the first one lacks."""
    first, second = (
        {name_key(cell) for cell in row if isinstance(cell, str)} for row in (*rows[head : head + 2], (), ())[:2]
    )
    wanted = {name_key(heading) for heading in declared(spec).values()}
    return bool((wanted - first) & second)


def _without_blanks(sheet: Sheet, spec: FactTable, columns: Iterable[int]) -> Sheet:
    texts = {clean(text).casefold() for text in spec.blank}
    if not texts:
        return sheet
    used = sorted(set(columns))
    rows: list[list[Raw]] = []
    for row in sheet.rows:
        at = [c for c in used if c < len(row) and isinstance(row[c], str) and clean(str(row[c])).casefold() in texts]
        if at:
            row = list(row)
            for column in at:
                row[column] = None
        rows.append(row)
    return replace(sheet, rows=rows)


def _filled(table: Table) -> int:
    """Return how many rows below the headings hold anything in the columns that are read, totals rows too."""
    used = sorted(table.used())
    return sum(
        any(column < len(line) and not is_blank(line[column]) for column in used)
        or any((row, column) in table.sheet.faults for column in used)
        for row, line in enumerate(table.sheet.rows[table.head + 1 :], table.head + 1)
    )


def _judged(opening: Opening, table: Table, rows: Sequence[int], connection: Any) -> tuple[Sequence[int], int]:
    """Return the rows for which the table's own condition holds, and how many others there are.

    The columns that the condition asks for are read first: what else stands in other rows troubles nobody.
    """
    import ibis
    import pyarrow as pa

    spec = opening.spec
    term = where_of(spec)
    if term is None:
        return rows, 0
    arrays = {"at": pa.array(rows, pa.int64())}
    for name in sorted(term.columns()):
        kind = spec.column(name).type
        values = _values(table, table.fields[f"c_{name}"], rows, kind, opening.schemes, opening.issues)
        arrays[f"c_{name}"] = pa.array(values, _type(kind))
    asked = ibis.memtable(pa.table(arrays))
    answers = connection.to_pyarrow(asked.select("at", holds=opening.condition(asked))).to_pylist()
    unsure = [row["at"] for row in answers if row["holds"] is None]
    names = sorted(f"c_{name}" for name in term.columns())
    for row in unsure[:MOST]:
        blank = [name for name in names if is_blank(table.cell(row, table.fields[name]))] or names[:1]
        headings = [table.heading(table.fields[name]) for name in blank]
        place = table.place(row, table.fields[blank[0]])
        opening.tell("fact_where_blank", place, title=spec.title or table.sheet.name, headings=headings)
    if len(unsure) > MOST:
        more = {"title": spec.title or table.sheet.name, "count": len(unsure) - MOST, "kind": "fact_where_blank"}
        opening.tell("fact_more", Place(table.file, table.sheet.name), **more)
    kept = sorted(row["at"] for row in answers if row["holds"])
    return kept, len(rows) - len(kept) - len(unsure)


def _arrow(
    table: Table,
    rows: Sequence[int],
    named_in: Mapping[int, int],
    facts: FactTable,
    schemes: SchemeBook,
    who: People,
    issues: list[Issue],
) -> Any:
    import pyarrow as pa

    arrays: dict[str, pa.Array] = {"row": pa.array([row + 1 for row in rows], pa.int64())}
    for name, column in table.fields.items():
        kind: FactType = "time" if name == DATE else "text"
        if name == PAYEE:
            values: Sequence[object] = _payees(table, column, [named_in.get(row, row) for row in rows], who, issues)
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
