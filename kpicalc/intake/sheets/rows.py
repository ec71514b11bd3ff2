"""Which rows of a table are read: blank rows and totals rows are not, and every other one needs a payee and a month."""

from collections.abc import Sequence
from dataclasses import replace

from kpicalc.intake.sheets.cells import fault_issue, faults_of, is_blank, personnel_number, shown
from kpicalc.intake.sheets.names import clean, words
from kpicalc.intake.sheets.persons import check_names
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.strangers import stranger
from kpicalc.intake.sheets.table import Table
from kpicalc.model.book import Raw
from kpicalc.model.issue import Issue, issue
from kpicalc.model.period import parse

_LISTED = 10
UNKNOWN = -1
"""The row belongs to nobody that is known: its figures are checked and not kept."""
LEFT_OUT = -2
"""The row belongs to somebody who is not paid by this scheme file."""


def data_rows(reading: Reading, key: int | None, sure: Sequence[int] = ()) -> list[int]:
    """Return the rows (from 0) that hold data; `key` is the column without which a row is nobody's.

    Totals rows are mentioned once; figures without a personnel number are an error. A row in which every one of the
    columns `sure` is filled is no totals row, whatever else it says: a client may be called Total.
    """
    table, issues = reading.table, reading.issues
    cells = table.sheet.rows
    rows: list[int] = []
    totals: list[int] = []
    # A month filled down an empty form is no figure.
    used = sorted(table.used() - {table.fields.get("period")})
    faulty = faults_of(table.sheet, key) if key is not None else {}
    faulty_rows = {row for row, column in table.sheet.faults if column in used}
    for row in range(table.head + 1, len(cells)):
        line = cells[row]
        value = line[key] if key is not None and key < len(line) else None
        if type(value) is str and value[:1].isdigit():
            rows.append(row)
        elif row in faulty and key is not None:
            issues.append(fault_issue(table, row, key, faulty[row]))
        elif isinstance(value, str) and clean(value):
            (totals if _first_word_totals(value) else rows).append(row)
        elif value is not None and not isinstance(value, str):
            # A clerk's count of people may stand beside the word: 15 | Итого.
            (totals if _only_totals(_first_text(line)) else rows).append(row)
        elif _first_word_totals(_first_text(line)):
            (rows if sure and all(_is_data(line, column) for column in sure) else totals).append(row)
        elif row in faulty_rows or any(not is_blank(line[column]) for column in used if column < len(line)):
            if key is None:
                rows.append(row)
            else:
                reading.tell("no_number", row, key, sheet=table.sheet.name, row=row + 1)
    if totals:
        listed = [str(row + 1) for row in totals[:_LISTED]] + (["…"] if len(totals) > _LISTED else [])
        reading.tell("totals_row", totals[0], key or 0, sheet=table.sheet.name, rows=listed, count=len(totals))
    return rows


def _is_data(line: Sequence[Raw], column: int) -> bool:
    value = line[column] if column < len(line) else None
    return not is_blank(value) and not (isinstance(value, str) and _first_word_totals(value))


def _first_text(line: Sequence[Raw]) -> str:
    return next((text for value in line if isinstance(value, str) and (text := clean(value))), "")


def _first_word_totals(text: str) -> bool:
    first = clean(text).casefold().partition(" ")[0]
    return first.rstrip(".:,") in words("totals")


def _only_totals(text: str) -> bool:
    return bool(text) and text.casefold().rstrip(".:, ") in words("totals")


def owned(reading: Reading) -> Reading:
    """Return the reading with the owners of its rows: the index of the payee, UNKNOWN or LEFT_OUT."""
    table, who, issues = reading.table, reading.who, reading.issues
    column = table.fields["id"]
    cells = table.sheet.rows
    index = who.index
    found: list[int] = []
    matched: list[tuple[int, str]] = []
    strangers: list[tuple[int, str]] = []
    for row in reading.rows:
        value = cells[row][column]
        at = index.get(value) if type(value) is str else None
        if at is not None:
            found.append(at)
            continue
        number, kind = personnel_number(value)
        if kind == "number" and number not in index and number not in who.left_out:
            padded = who.bare.get(number, [])
            if len(padded) > 1:
                reading.tell("number_matches_several", row, column, found=number, numbers=padded)
                found.append(UNKNOWN)
                continue
            if padded:
                matched.append((row, padded[0]))
                number = padded[0]
        if number in index:
            found.append(index[number])
        elif number in who.left_out:
            found.append(LEFT_OUT)
        else:
            if kind == "bad":
                issues.append(bad_number(table, row, column))
            elif who.names:
                # Without a list of people everybody would be unknown: what is wrong with the list is told already.
                strangers.append((row, number))
            found.append(UNKNOWN)
    if strangers:
        free = _without_a_row(reading, found)
        issues += [stranger(reading, row, number, free) for row, number in strangers]
    reading = replace(reading, owners=found)
    check_names(reading)
    if matched:
        row, number = matched[0]
        facts = {"heading": table.heading(column), "count": len(matched), "found": number.lstrip("0") or "0"}
        reading.tell("zeros_restored", row, column, **facts, number=number)
    return reading


def bad_number(table: Table, row: int, column: int) -> Issue:
    """Name a cell that cannot be a personnel number."""
    value = table.cell(row, column)
    if isinstance(value, str):
        return fault_issue(table, row, column, shown(value))
    return issue("bad_personnel_number", table.place(row, column), heading=table.heading(column), found=shown(value))


def _without_a_row(reading: Reading, owners: Sequence[int]) -> list[str]:
    """Return the numbers that a mistyped one may stand for: where everybody has one row, of those who lack theirs."""
    table, who = reading.table, reading.who
    if table.long or table.role not in ("plan", "actuals"):
        return who.ordered
    present = {who.payees[owner].id for owner in owners if owner >= 0}
    return [number for number in who.ordered if number not in present]


def months_of(reading: Reading) -> list[str | None]:
    """Return the month of every row of a table with a Period column; a cell that is no month is an issue."""
    table, issues = reading.table, reading.issues
    column = table.fields["period"]
    faults = faults_of(table.sheet, column)
    known: dict[Raw, str | None] = {}
    months: list[str | None] = []
    for row in reading.rows:
        value = table.cell(row, column)
        if value not in known:
            known[value] = parse(clean(value) if isinstance(value, str) else value)
        month = known[value]
        if month is None:
            if row in faults:
                issues.append(fault_issue(table, row, column, faults[row]))
            else:
                code = "month_blank" if is_blank(value) else "not_a_month"
                reading.tell(code, row, column, heading=table.heading(column), found=shown(value))
        months.append(month)
    return months


def of_month(reading: Reading, months: Sequence[str | None], period: str) -> Reading:
    """Return the reading with the rows of the period; the others are counted, unless all are: that is told already."""
    table = reading.table
    kept = [row for row, month in zip(reading.rows, months, strict=True) if month == period]
    others = [month for month in months if month is not None and month != period]
    if others and (kept or table.role == "adjustments"):
        facts = {"sheet": table.sheet.name, "count": len(others), "period": period}
        reading.tell("other_months", table.head, table.fields["period"], **facts, months=sorted(set(others)))
    return replace(reading, rows=kept)
