"""Determines which rows of a table are read: blank rows and totals are skipped; others need a payee and a month."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from kpicalc.intake.sheets.cells import (
    SPREADSHEETS,
    fault_issue,
    faults_of,
    is_blank,
    personnel_number,
    read_text,
    shown,
)
from kpicalc.intake.sheets.layout.extent import Kind, extent_of, is_totals
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.month_words import Month, month_in, period_of
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.staff.persons import check_names
from kpicalc.intake.sheets.staff.strangers import stranger, stranger_named
from kpicalc.lang import in_quotes
from kpicalc.model.book import Raw
from kpicalc.model.inputs import SkipRule, TableCount
from kpicalc.model.issue import Issue, issue, listed, ranges
from kpicalc.model.texts import clean, name_key, spelling_key

_LISTED = 10
UNKNOWN = -1
"""The row belongs to no known person: its figures are checked and dropped."""
LEFT_OUT = -2
"""The row belongs to a person whom this scheme file does not pay."""


def in_extent(reading: Reading, departments: Collection[str]) -> Reading:
    """Return the reading with the rows that hold data, and mention once which rows were skipped."""
    table = reading.table
    key = table.fields.get("id")
    by_name = reading.schemes.workbook.match == "name" and table.places == {}
    is_person: Callable[[str], bool] = _begins_with_a_digit
    if by_name and table.role != "employees":
        is_person = reading.who.is_known
    elif by_name and key == table.fields.get("name"):
        is_person = _nobody
    shape = reading.schemes.workbook.shape(table.about.role)
    extent = extent_of(reading, key, shape, is_person, lambda text: spelling_key(text) in departments)
    faulty = faults_of(table.sheet, key) if key is not None else {}
    for row in extent.lost:
        if key is not None and row in faulty:
            reading.issues.append(fault_issue(table, row, key, faulty[row]))
        else:
            reading.tell("no_number", row, key or 0, sheet=table.sheet.name, row=row + 1)
    if PurePath(table.file).suffix.lower() not in SPREADSHEETS and (wide := _wider(table, extent.rows)):
        width = len(table.sheet.rows[table.head])
        reading.tell("row_wide", wide[0], width, sheet=table.sheet.name, rows=ranges(wide), count=len(wide))
    for kind, code in _PASSED.items():
        if rows := extent.passed.get(kind):
            # A group without its people may be a person without figures, so each is named.
            texts = [_first_text(table.sheet.rows[row])[:_SHOWN] for row in rows[: _LISTED + 1]]
            if kind == "groups":
                texts = [listed([in_quotes(text, reading.language) for text in texts], _LISTED)]
            facts = {"sheet": table.sheet.name, "rows": ranges(rows), "count": len(rows), "found": texts[0]}
            reading.tell(code, rows[0], key or 0, **facts)
    passed: dict[str, int] = {kind: len(rows) for kind, rows in extent.passed.items()}
    return replace(reading, rows=extent.rows, groups=extent.groups, passed=passed)


_PASSED: Mapping[Kind, str] = {
    "totals": "totals_row", "groups": "group_rows", "repeated": "headings_again", "notes": "below_table",
}  # fmt: skip
_SHOWN = 40


def _wider(table: Table, rows: Sequence[int]) -> list[int]:
    """Return the rows of a csv file with more cells than headings: a separator stands inside a number or a text."""
    width = len(table.sheet.rows[table.head])
    lines = table.sheet.rows
    return [row for row in rows if len(lines[row]) > width and not all(map(is_blank, lines[row][width:]))]


def _begins_with_a_digit(text: str) -> bool:
    return text[:1].isdigit()


def _nobody(_: str) -> bool:
    return False


def data_rows(reading: Reading, sure: Sequence[int]) -> list[int]:
    """Return the rows of a table of facts (from 0) without totals rows, which are mentioned once.

    A row in which all columns of `sure` are filled is no totals row, whatever its texts: a client may be called Total.
    """
    table = reading.table
    used = sorted(table.used())
    rows: list[int] = []
    totals: list[int] = []
    faulty_rows = {row for row, column in table.sheet.faults if column in used}
    for row in range(table.head + 1, len(table.sheet.rows)):
        line = table.sheet.rows[row]
        if is_totals(_first_text(line)) and not all(_is_data(line, column) for column in sure):
            totals.append(row)
        elif row in faulty_rows or any(not is_blank(line[column]) for column in used if column < len(line)):
            rows.append(row)
    if totals:
        facts = {"sheet": table.sheet.name, "rows": ranges(totals), "count": len(totals)}
        reading.tell("totals_row", totals[0], 0, **facts)
    return rows


def _is_data(line: Sequence[Raw], column: int) -> bool:
    value = line[column] if column < len(line) else None
    return not is_blank(value) and not (isinstance(value, str) and is_totals(value))


def _first_text(line: Sequence[Raw]) -> str:
    return next((text for value in line if isinstance(value, str) and (text := clean(value))), "")


def owned(reading: Reading) -> Reading:
    """Return the reading with the owners of its rows: the index of the payee, UNKNOWN or LEFT_OUT."""
    if reading.schemes.workbook.match == "name" or reading.table.places:
        return _owned_by_name(reading)
    table, who, issues = reading.table, reading.who, reading.issues
    column = table.fields["id"]
    cells = table.sheet.rows
    index = who.index
    owners: list[int] = []
    matched: list[tuple[int, str]] = []
    strangers: list[tuple[int, str]] = []
    for row in reading.rows:
        value = cells[row][column]
        owner = index.get(value) if type(value) is str else None
        if owner is not None:
            owners.append(owner)
            continue
        number, kind = personnel_number(value)
        if kind == "number" and number not in index and number not in who.left_out:
            padded = who.bare.get(number, [])
            if len(padded) > 1:
                reading.tell("number_matches_several", row, column, found=number, numbers=padded)
                owners.append(UNKNOWN)
                continue
            if padded:
                matched.append((row, padded[0]))
                number = padded[0]
        if number in index:
            owners.append(index[number])
        elif number in who.left_out:
            owners.append(LEFT_OUT)
        else:
            if kind == "bad":
                issues.append(bad_number(table, row, column))
            elif who.names:
                # Without a list of people everybody would be unknown, and the error in the list is reported already.
                strangers.append((row, number))
            owners.append(UNKNOWN)
    if strangers:
        free = _without_a_row(reading, owners)
        issues += [stranger(reading, row, number, free) for row, number in strangers]
    reading = replace(reading, owners=owners)
    check_names(reading)
    if matched:
        row, number = matched[0]
        facts = {"heading": table.heading(column), "count": len(matched), "found": number.lstrip("0") or "0"}
        reading.tell("zeros_restored", row, column, **facts, number=number)
    return reading


def _owned_by_name(reading: Reading) -> Reading:
    """Return the reading with the owners of its rows, found by name; a name that fits two people is an error."""
    table, who = reading.table, reading.who
    column = table.fields["id"]
    known: dict[Raw, int] = {}
    owners: list[int] = []
    shortened: dict[str, str] = {}
    for row in reading.rows:
        value = table.sheet.rows[row][column] if column < len(table.sheet.rows[row]) else None
        owner = known.get(value)
        if owner is None and type(value) is str and (number := who.spelled.get(value)):
            owner = who.index.get(number, LEFT_OUT)
        if owner is None:
            text = read_text(reading, row, column)
            numbers = who.numbers_of(text) if text else []
            owner = who.index.get(numbers[0], LEFT_OUT) if len(numbers) == 1 else UNKNOWN
            if owner >= 0:
                known[value] = owner
                if name_key(text) != name_key(who.payees[owner].name):
                    shortened[text] = who.payees[owner].name
            elif len(numbers) > 1:
                reading.tell("name_fits_several", row, column, found=text, names=[who.label(n) for n in numbers])
            elif text and owner == UNKNOWN and who.names:
                reading.issues.append(stranger_named(reading, row, text))
        owners.append(owner)
    if shortened:
        text = listed([f"{text} → {name}" for text, name in shortened.items()], _LISTED, "; ")
        reading.tell("names_shortened", table.head, column, sheet=table.sheet.name, count=len(shortened), found=text)
    return replace(reading, owners=owners)


_RULES: Mapping[str, SkipRule] = {"totals": "total", "groups": "group", "repeated": "note", "notes": "note"}


def count_of(reading: Reading) -> TableCount:
    """Return what became of the rows of a table that was read."""
    owners = list(reading.owners)
    left_out = owners.count(LEFT_OUT) if reading.table.role != "employees" else len(reading.who.left_out)
    # On the History sheet people may occur who have left since.
    strangers = owners.count(UNKNOWN)
    skipped: dict[SkipRule, int] = {}
    for kind, count in reading.passed.items():
        skipped[_RULES[kind]] = skipped.get(_RULES[kind], 0) + count
    if left_out:
        skipped["left_out"] = left_out
    if strangers:
        skipped["others"] = strangers
    counted = len(reading.rows) - strangers - (left_out if reading.table.role != "employees" else 0)
    rows = counted + sum(skipped.values()) + reading.other_months
    return TableCount(reading.table.sheet.name, rows, counted, skipped, reading.other_months)


def bad_number(table: Table, row: int, column: int) -> Issue:
    """Return the issue for a cell that cannot be a personnel number."""
    value = table.cell(row, column)
    if isinstance(value, str):
        return fault_issue(table, row, column, shown(value))
    return issue("bad_personnel_number", table.place(row, column), heading=table.heading(column), found=shown(value))


def _without_a_row(reading: Reading, owners: Sequence[int]) -> list[str]:
    """Return the numbers that a mistyped one may mean: where everybody has one row, those without a row."""
    table, who = reading.table, reading.who
    if table.long or table.role not in ("plan", "actuals"):
        return who.ordered
    present = {who.payees[owner].id for owner in owners if owner >= 0}
    return [number for number in who.ordered if number not in present]


def months_of(reading: Reading) -> list[Month | None]:
    """Return the month of every row of a table with a Period column; a cell that is no month is an issue.

    A number or a month's name beside a column of years is a month too.
    """
    table = reading.table
    column, year = table.fields["period"], table.fields.get("year")
    faults = faults_of(table.sheet, column)
    known: dict[tuple[Raw, Raw], Month | None] = {}
    months: list[Month | None] = []
    for row in reading.rows:
        value = table.cell(row, column)
        beside = None if year is None else table.cell(row, year)
        month = known.get((value, beside))
        if month is None:
            month = known[value, beside] = month_in(value, beside)
        if month is None:
            if row in faults:
                reading.issues.append(fault_issue(table, row, column, faults[row]))
            else:
                code = "month_blank" if is_blank(value) else "not_a_month"
                reading.tell(code, row, column, heading=table.heading(column), found=shown(value))
        months.append(month)
    return months


def of_month(reading: Reading, months: Sequence[Month | None], period: str) -> Reading:
    """Return the reading with the rows of the period; the others are counted, unless all are (an error already)."""
    table = reading.table
    known = {month: period_of(month, period) for month in set(months) if month}
    periods = [known[month] if month else None for month in months]
    kept = [row for row, month in zip(reading.rows, periods, strict=True) if month == period]
    others = [month for month in periods if month is not None and month != period]
    if others and (kept or table.role == "adjustments"):
        facts = {"sheet": table.sheet.name, "count": len(others), "period": period}
        reading.tell("other_months", table.head, table.fields["period"], **facts, months=sorted(set(others)))
    return replace(reading, rows=kept, other_months=len(others))
