"""The Employees sheet: who is paid, by which scheme, their figures, and what files for 1C and banks need of them."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.draft import unit_stated
from kpicalc.engine.words import show
from kpicalc.intake.alphabets import look, wrong_alphabet
from kpicalc.intake.sheets.cells import is_blank, personnel_number, read_numbers, read_text, shown
from kpicalc.intake.sheets.names import clean, currency_words, name_key, nearest, spelling_key, words
from kpicalc.intake.sheets.people import people
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.rows import bad_number, data_rows
from kpicalc.lang import severity
from kpicalc.model.book import cell_name, column_letter
from kpicalc.model.fields import DetailField, InputField, employee_fields
from kpicalc.model.inputs import Payee, Series
from kpicalc.model.issue import Issue, issue
from kpicalc.model.paid import DETAILS
from kpicalc.model.scheme import SchemeBook

_MOST_SHARE = Decimal(2)
"""A personal rate or share above it is a per cent that lost its sign."""


def read_employees(reading: Reading) -> tuple[Reading, dict[str, str]]:
    """Return the reading with the payees in the order of the sheet, and the departments' spellings by key."""
    table, schemes, issues = reading.table, reading.schemes, reading.issues
    before = len(issues)
    found = _numbered(reading)
    unreadable = any(severity(item) == "error" for item in issues[before:])
    schemes_by_name = _scheme_names(schemes)
    texts: dict[tuple[int, object], str] = {}
    payees: list[Payee] = []
    rows: list[int] = []
    left_out: dict[str, str] = {}
    refusals: dict[str, str] = {}
    departments: dict[str, tuple[str, str]] = {}
    spelled: set[str] = set()
    id_column = table.fields["id"]
    not_paid = words("not_paid")

    def text(row: int, field: str) -> str:
        column = table.fields.get(field)
        if column is None:
            return ""
        # A few departments and positions repeat for thousands of people.
        value = table.cell(row, column)
        known = texts.get((column, value)) if type(value) is str else None
        if known is None:
            known = read_text(reading, row, column)
            if known and type(value) is str:
                texts[column, value] = known
        return known

    for row, number in found:
        asked = text(row, "scheme")
        unpaid = bool(asked) and asked.casefold() in not_paid
        name = _name(reading, row, unread=unpaid)
        if unpaid:
            left_out[number], refusals[number] = name, asked
            reading.tell("not_paid_here", row, table.fields["scheme"], number=number, name=name, found=asked)
            continue
        scheme = schemes_by_name.get(asked.casefold(), "") if asked else ""
        if asked and not scheme:
            issues.append(_unknown_scheme(reading, row, asked))
        department = text(row, "department")
        if not department:
            column = table.fields["department"]
            if (row, column) not in table.sheet.faults:
                reading.tell("blank_department", row, column, number=number, name=name)
        elif department not in spelled:
            spelled.add(department)
            _watch_spelling(reading, row, department, departments)
        place = table.place(row, id_column)
        payees.append(Payee(number, name, department, text(row, "position"), scheme, place))
        rows.append(row)
    if not payees and not left_out and not unreadable:
        reading.tell("nobody_to_pay", table.head, id_column, sheet=table.sheet.name)
    spellings = {spelling_key(spelling): spelling for spelling, _ in departments.values()}
    who = people(payees, left_out, refusals)
    return replace(reading, rows=rows, owners=range(len(rows)), who=who), spellings


def read_terms(reading: Reading) -> dict[str, Series]:
    """Return the figures of the payees: salary, rate, days, hours, balances, by field."""
    sheet_rows = [row + 1 for row in reading.rows]
    figures: dict[str, Series] = {}
    for field in employee_fields("pay", "balances", "withholding", figures=True):
        column = reading.table.fields.get(field.key)
        if column is None:
            continue
        units: Collection[str] = currency_words(reading.schemes.currency) if field.kind == "money" else ()
        values = read_numbers(reading, column, reading.rows, units)
        figures[field.key] = reading.table.series(values, column, sheet_rows)
    return figures | _declared(reading, sheet_rows)


def _declared(reading: Reading, sheet_rows: list[int]) -> dict[str, Series]:
    """Return the figures of the columns that the scheme file declares; which of them are needed is not known here."""
    table, schemes, figures = reading.table, reading.schemes, {}
    mapped = schemes.workbook.columns.get("employees", {})
    for key, own in schemes.employees.items():
        names = {name_key(mapped[key])} if key in mapped else {name_key(key), name_key(own.title or key)}
        width = range(len(table.sheet.rows[table.head]))
        columns = [column for column in width if name_key(table.heading(column)) in names]
        for column in columns[1:]:
            first = cell_name(table.head, columns[0])
            facts = {"heading": table.heading(column), "first": table.heading(columns[0]), "cell": first}
            reading.tell("heading_twice", table.head, column, **facts)
        for column in columns[:1]:
            unit = unit_stated(own.unit)
            units: Collection[str] = currency_words(schemes.currency) if unit == "money" else ()
            values = read_numbers(reading, column, reading.rows, units)
            figures[key] = table.series(values, column, sheet_rows)
            for row, value in zip(reading.rows, values, strict=True):
                if unit == "percent" and value is not None and value > _MOST_SHARE:
                    facts = {"heading": table.heading(column), "found": f"{value.normalize():f}"}
                    reading.tell("own_per_cent", row, column, **facts, shown=show(value, unit, schemes.language))
    return figures


def read_details(reading: Reading) -> dict[DetailField, list[str]]:
    """Return the columns that files for 1C and banks need, aligned with the payees; a blank is an empty text.

    They are read as text and not judged here: whether they are in order matters only to the file that uses them.
    """
    fields = {field.key: field for field in employee_fields("files")}
    return {
        key: [_detail(reading, row, column, fields[key]) for row in reading.rows]
        for key in DETAILS
        if (column := reading.table.fields.get(key)) is not None
    }


def _detail(reading: Reading, row: int, column: int, field: InputField) -> str:
    if fault := reading.table.sheet.faults.get((row, column)):
        return fault
    value = reading.table.cell(row, column)
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    text = shown(value)
    # A number typed as a number has lost its leading zeros; where the length is fixed they are known.
    return text.zfill(field.length) if text.isdigit() else text


def _numbered(reading: Reading) -> list[tuple[int, str]]:
    """Return rows with their personnel numbers; the same number twice is an error that names both cells."""
    table = reading.table
    column = table.fields["id"]
    found: list[tuple[int, str]] = []
    first: dict[str, int] = {}
    numeric: list[int] = []
    for row in data_rows(reading, column):
        number, kind = personnel_number(table.cell(row, column))
        if kind == "bad":
            reading.issues.append(bad_number(table, row, column))
            continue
        if kind == "number":
            numeric.append(row)
        if number in first:
            cell = cell_name(first[number], column)
            reading.tell("duplicate_payee", row, column, number=number, first=cell, row=row + 1)
            continue
        first[number] = row
        found.append((row, number))
    if numeric:
        facts = {"heading": table.heading(column), "column": column_letter(column), "count": len(numeric)}
        reading.tell("numeric_personnel_number", numeric[0], column, **facts)
    return found


def _name(reading: Reading, row: int, *, unread: bool) -> str:
    table = reading.table
    column = table.fields["name"]
    value = table.cell(row, column)
    text = clean(value) if type(value) is str and value[:1] != "#" else read_text(reading, row, column)
    if is_blank(value) and (row, column) not in table.sheet.faults and not unread:
        reading.tell("blank_name", row, column, row=row + 1)
    return text


def _scheme_names(schemes: SchemeBook) -> dict[str, str]:
    """Return schemes by key and title, whatever the case; a key wins over another scheme's title."""
    titles = {clean(scheme.title).casefold(): key for key, scheme in schemes.schemes.items() if scheme.title}
    return titles | {key.casefold(): key for key in schemes.schemes}


def _unknown_scheme(reading: Reading, row: int, asked: str) -> Issue:
    known = [scheme.title or key for key, scheme in reading.schemes.schemes.items()]
    both = [*known, *reading.schemes.schemes]
    place = reading.table.place(row, reading.table.fields["scheme"])
    facts = {"found": shown(asked), "nearest": nearest(asked, both), "known": known}
    return wrong_alphabet(place, asked, both) or issue("payee_unknown_scheme", place, **facts)


def _watch_spelling(reading: Reading, row: int, department: str, departments: dict[str, tuple[str, str]]) -> None:
    """Report a second spelling of one department: it would be a second department."""
    column = reading.table.fields["department"]
    first, cell = departments.setdefault(look(spelling_key(department)), (department, cell_name(row, column)))
    if first != department:
        place = reading.table.place(row, column)
        facts = {"found": department, "first": first, "cell": cell}
        reading.issues.append(
            wrong_alphabet(place, department, [first]) or issue("department_spelling", place, **facts)
        )
