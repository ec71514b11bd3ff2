"""The Employees sheet: who is paid, by which scheme, and their figures: salary, rate, days, hours."""

from collections.abc import Collection
from typing import get_args

from kpicalc.intake.sheets.cells import is_blank, personnel_number, read_numbers, read_text, shown
from kpicalc.intake.sheets.headings import Table
from kpicalc.intake.sheets.names import currency_words, words
from kpicalc.intake.sheets.people import People, people
from kpicalc.intake.sheets.rows import bad_number, data_rows
from kpicalc.lang import severity
from kpicalc.model.book import cell_name, column_letter
from kpicalc.model.inputs import BalanceField, EmployeeField, Payee, Series, WithheldField
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import by_spelling, clean, look, spelling_key, unknown, wrong_alphabet

_FIELDS: tuple[EmployeeField | BalanceField | WithheldField, ...] = (
    *get_args(EmployeeField),
    *get_args(BalanceField),
    *get_args(WithheldField),
)
_MONEY = frozenset({"salary", "draw_balance", "income_before", "tax_before", "tax_deductions", "writ_amount"})


def read_employees(
    table: Table, schemes: SchemeBook, issues: list[Issue]
) -> tuple[People, dict[str, Series], dict[str, str]]:
    """Return the payees in the order of the sheet, their figures by field, and the departments' spellings by key."""
    before = len(issues)
    found = _numbered(table, issues)
    unreadable = any(severity(item) == "error" for item in issues[before:])
    schemes_by_name = by_spelling({key: scheme.title or key for key, scheme in schemes.schemes.items()})
    texts: dict[tuple[int, object], str] = {}
    payees: list[Payee] = []
    rows: list[int] = []
    left_out: dict[str, str] = {}
    refusals: dict[str, str] = {}
    departments: dict[str, tuple[str, str]] = {}
    spelled: set[str] = set()
    id_column = table.fields["id"]
    letter = column_letter(id_column)
    not_paid = words("not_paid")

    def text(row: int, field: str) -> str:
        column = table.fields.get(field)
        if column is None:
            return ""
        # A few departments and positions repeat for thousands of people.
        value = table.cell(row, column)
        known = texts.get((column, value)) if type(value) is str else None
        if known is None:
            known = read_text(table, row, column, issues)
            if known and type(value) is str:
                texts[column, value] = known
        return known

    for row, number in found:
        asked = text(row, "scheme")
        unpaid = bool(asked) and asked.casefold() in not_paid
        name = _name(table, row, issues, unread=unpaid)
        if unpaid:
            left_out[number], refusals[number] = name, asked
            place = table.place(row, table.fields["scheme"])
            issues.append(issue("not_paid_here", place, number=number, name=name, found=asked))
            continue
        scheme = schemes_by_name.get(spelling_key(asked), "") if asked else ""
        if asked and not scheme:
            issues.append(_unknown_scheme(table, row, asked, schemes))
        department = text(row, "department")
        if not department:
            column = table.fields["department"]
            if (row, column) not in table.sheet.faults:
                issues.append(issue("blank_department", table.place(row, column), number=number, name=name))
        elif department not in spelled:
            spelled.add(department)
            _watch_spelling(table, row, department, departments, issues)
        place = Place(table.file, table.sheet.name, f"{letter}{row + 1}")
        payees.append(Payee(number, name, department, text(row, "position"), scheme, place))
        rows.append(row)
    if not payees and not left_out and not unreadable:
        issues.append(issue("nobody_to_pay", table.place(table.head, id_column), sheet=table.sheet.name))
    figures = _figures(table, rows, schemes, issues)
    spellings = {spelling_key(spelling): spelling for spelling, _ in departments.values()}
    return people(payees, left_out, refusals), figures, spellings


def _numbered(table: Table, issues: list[Issue]) -> list[tuple[int, str]]:
    """Return rows with their personnel numbers; the same number twice is an error that names both cells."""
    column = table.fields["id"]
    found: list[tuple[int, str]] = []
    first: dict[str, int] = {}
    numeric: list[int] = []
    for row in data_rows(table, column, issues):
        number, kind = personnel_number(table.cell(row, column))
        if kind == "bad":
            issues.append(bad_number(table, row, column))
            continue
        if kind == "number":
            numeric.append(row)
        if number in first:
            cell = cell_name(first[number], column)
            issues.append(issue("duplicate_payee", table.place(row, column), number=number, first=cell, row=row + 1))
            continue
        first[number] = row
        found.append((row, number))
    if numeric:
        place = table.place(numeric[0], column)
        facts = {"heading": table.heading(column), "column": column_letter(column), "count": len(numeric)}
        issues.append(issue("numeric_personnel_number", place, **facts))
    return found


def _name(table: Table, row: int, issues: list[Issue], *, unread: bool) -> str:
    column = table.fields["name"]
    value = table.cell(row, column)
    text = clean(value) if type(value) is str and value[:1] != "#" else read_text(table, row, column, issues)
    if is_blank(value) and (row, column) not in table.sheet.faults and not unread:
        issues.append(issue("blank_name", table.place(row, column), row=row + 1))
    return text


def _unknown_scheme(table: Table, row: int, asked: str, schemes: SchemeBook) -> Issue:
    titles = {spelling_key(key): scheme.title or key for key, scheme in schemes.schemes.items()}
    place = table.place(row, table.fields["scheme"])
    return unknown("payee_unknown_scheme", place, shown(asked), titles.values(), titles)


def _watch_spelling(
    table: Table, row: int, department: str, departments: dict[str, tuple[str, str]], issues: list[Issue]
) -> None:
    """Report a second spelling of one department: it would be a second department."""
    column = table.fields["department"]
    first, cell = departments.setdefault(look(spelling_key(department)), (department, cell_name(row, column)))
    if first != department:
        place = table.place(row, column)
        facts = {"found": department, "first": first, "cell": cell}
        issues.append(wrong_alphabet(place, department, [first]) or issue("department_spelling", place, **facts))


def _figures(table: Table, rows: list[int], schemes: SchemeBook, issues: list[Issue]) -> dict[str, Series]:
    sheet_rows = [row + 1 for row in rows]
    figures: dict[str, Series] = {}
    for field in _FIELDS:
        column = table.fields.get(field)
        if column is None:
            continue
        units: Collection[str] = currency_words(schemes.currency) if field in _MONEY else ()
        values = read_numbers(table, column, rows, units, schemes.language, issues)
        figures[field] = Series(values, table.file, table.sheet.name, column_letter(column), sheet_rows)
    return figures
