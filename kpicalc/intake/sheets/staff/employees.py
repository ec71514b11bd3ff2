"""The Employees sheet: who is paid, by which scheme, their figures, and their details for 1C and banks."""

from array import array
from bisect import bisect
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.draft import unit_stated
from kpicalc.engine.tree.words import show
from kpicalc.intake.sheets.cells import is_blank, personnel_number, read_numbers, read_text, shown
from kpicalc.intake.sheets.layout.rows import bad_number, in_extent
from kpicalc.intake.sheets.names import currency_words, same_unit, words
from kpicalc.intake.sheets.per_cents import as_money, without_per_cents
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.scales import is_scaled, unit_at_end, without_unit
from kpicalc.intake.sheets.staff.grouping import grouping_columns
from kpicalc.intake.sheets.staff.people import people
from kpicalc.intake.sheets.staff.positions import has_days
from kpicalc.lang import severity
from kpicalc.model.book import cell_name, column_letter
from kpicalc.model.fields import WORKED, DetailField, InputField, employee_fields
from kpicalc.model.inputs import Payee, Series
from kpicalc.model.issue import Issue, issue
from kpicalc.model.paid import DETAILS
from kpicalc.model.texts import by_spelling, clean, look, name_key, slips, spelling_key, unknown, wrong_alphabet

_MOST_SHARE = Decimal(2)
"""A larger personal rate or share is a per cent without its sign."""
_COUNTED = frozenset({*WORKED, *WORKED.values(), "shifts", "days_employed", "points_balance", "points_spent"})
"""Days, hours, shifts and points: 100 % of them are as many as nobody knows."""
_TIMES_AS_MANY, _SHOWN = 3, 5


def read_employees(reading: Reading) -> tuple[Reading, dict[str, str]]:
    """Return the reading with the payees in the order of the sheet, and the spellings of departments by key."""
    table, schemes, issues = reading.table, reading.schemes, reading.issues
    before = len(issues)
    reading = in_extent(reading, _departments(reading))
    numbered = _numbered(reading)
    unreadable = any(severity(item) == "error" for item in issues[before:])
    schemes_by_name = by_spelling({key: scheme.title or key for key, scheme in schemes.schemes.items()})
    cells = _Texts(reading)
    payees: list[Payee] = []
    rows: list[int] = []
    left_out: dict[str, str] = {}
    refusals: dict[str, str] = {}
    departments: dict[str, tuple[str, str]] = {}
    spelled: set[str] = set()
    id_column = table.fields["id"]
    not_paid = words("not_paid")
    for row, number in numbered:
        asked = cells.of(row, "scheme")
        unpaid = bool(asked) and asked.casefold() in not_paid
        name = _name(reading, row, unread=unpaid)
        if unpaid:
            left_out[number], refusals[number] = name, asked
            reading.tell(
                "not_paid_here", row, table.fields.get("scheme", id_column), number=number, name=name, found=asked
            )
            continue
        scheme = schemes_by_name.get(spelling_key(asked), "") if asked else ""
        if asked and not scheme:
            issues.append(_unknown_scheme(reading, row, asked))
        department = cells.of(row, "department")
        if department not in spelled and not any(map(str.isalnum, department)):
            # A dash means no department; it must not become a department of its own.
            department = ""
            column = table.fields.get("department", id_column)
            if (row, column) not in table.sheet.faults:
                # By name alone a group with its subtotal looks like a person.
                grouped = reading.schemes.workbook.shape("employees").groups == "department" and number == name
                code = "group_missing" if grouped else "blank_department"
                reading.tell(code, row, column, number=number, name=name)
        elif department not in spelled:
            spelled.add(department)
            _watch_spelling(reading, row, department, departments)
        payees.append(Payee(number, name, department, cells.of(row, "position"), scheme, table.place(row, id_column)))
        rows.append(row)
    if not payees and not left_out and not unreadable:
        reading.tell("nobody_to_pay", table.head, id_column, sheet=table.sheet.name)
    _watch_lone_departments(reading, payees)
    _watch_lengths(reading, payees)
    spellings = {spelling_key(spelling): spelling for spelling, _ in departments.values()}
    who = people(payees, left_out, refusals)
    return replace(reading, rows=rows, owners=range(len(rows)), who=who), spellings


class _Texts:
    """The value of a field for a person: a cell, or a constant of the scheme file, or the group of the row."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.constants = reading.schemes.workbook.constants.get("employees", {})
        self.groups = _by_group(reading)
        self.known: dict[tuple[int, object], str] = {}

    def of(self, row: int, field: str) -> str:
        """Return the text of a field; empty where there is none."""
        column = self.reading.table.fields.get(field)
        text = "" if column is None else self._cell(row, column)
        if not text and field == "department":
            text = self.groups.get(row, "")
        return text or self.constants.get(field, "")

    def _cell(self, row: int, column: int) -> str:
        # A few departments and positions repeat for thousands of people.
        value = self.reading.table.cell(row, column)
        known = self.known.get((column, value)) if type(value) is str else None
        if known is None:
            known = read_text(self.reading, row, column)
            if known and type(value) is str:
                self.known[column, value] = known
        return known


def read_terms(reading: Reading) -> dict[str, Series]:
    """Return the figures of the payees: salary, rate, days, hours, balances, by field."""
    sheet_rows = array("L", (row + 1 for row in reading.rows))
    figures: dict[str, Series] = {}
    for field in employee_fields("pay", "balances", "withholding", figures=True):
        column = reading.table.fields.get(field.key)
        if column is None:
            continue
        units: Collection[str] = currency_words(reading.schemes.currency) if field.kind == "money" else ()
        values = read_numbers(reading, column, reading.rows, units)
        if field.kind == "money":
            values = as_money(reading, column, reading.rows, values)
        elif field.key in _COUNTED:
            values = without_per_cents(reading, column, reading.rows, values)
        figures[field.key] = reading.table.series(values, column, sheet_rows)
    return figures | _declared(reading, sheet_rows)


def _declared(reading: Reading, sheet_rows: Sequence[int]) -> dict[str, Series]:
    """Return the figures of the columns that the scheme file declares; which of them are needed is decided later."""
    table, schemes, figures = reading.table, reading.schemes, {}
    mapped = schemes.workbook.columns.get("employees", {})
    for key, declared in schemes.employees.items():
        if key in grouping_columns(schemes):
            continue
        names = {name_key(mapped[key])} if key in mapped else {name_key(key), name_key(declared.title or key)}
        width = range(len(table.sheet.rows[table.head]))
        columns = [column for column in width if name_key(table.heading(column)) in names]
        columns = columns or [column for column in width if name_key(without_unit(table.heading(column))) in names]
        for column in columns:
            unit_in_heading = unit_at_end(table.heading(column))
            if declared.unit and is_scaled(unit_in_heading) and not same_unit(unit_in_heading, declared.unit):
                facts = {"heading": table.heading(column), "found": unit_in_heading, "unit": declared.unit}
                reading.tell("heading_unit", table.head, column, **facts)
        for column in columns[1:]:
            first = cell_name(table.head, columns[0])
            facts = {"heading": table.heading(column), "first": table.heading(columns[0]), "cell": first}
            reading.tell("heading_twice", table.head, column, **facts)
        for column in columns[:1]:
            unit = unit_stated(declared.unit)
            units: Collection[str] = currency_words(schemes.currency) if unit == "money" else ()
            values = read_numbers(reading, column, reading.rows, units)
            if unit == "money":
                values = as_money(reading, column, reading.rows, values)
            elif declared.unit and unit != "percent":
                values = without_per_cents(reading, column, reading.rows, values)
            figures[key] = table.series(values, column, sheet_rows)
            for row, value in zip(reading.rows, values, strict=True):
                if unit == "percent" and value is not None and value > _MOST_SHARE:
                    facts = {"heading": table.heading(column), "found": f"{value.normalize():f}"}
                    reading.tell("own_per_cent", row, column, **facts, shown=show(value, unit, schemes.language))
    return figures


def read_details(reading: Reading) -> dict[DetailField, list[str]]:
    """Return the columns that files for 1C and banks need, by payee; a blank is an empty text.

    They are read as text and not checked here: their form matters only to the file that uses them.
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
    # A number typed as a number has lost its leading zeros; where the length is fixed they can be restored.
    return text.zfill(field.length) if text.isdigit() else text


def _numbered(reading: Reading) -> list[tuple[int, str]]:
    """Return rows with their personnel numbers.

    A repeated number is an error that names both cells, unless a row states days of its own.
    """
    table = reading.table
    column = table.fields["id"]
    numbered: list[tuple[int, str]] = []
    first: dict[str, int] = {}
    numeric: list[int] = []
    by_name = column == table.fields["name"]
    for row in reading.rows:
        value = table.cell(row, column)
        number, kind = (read_text(reading, row, column), "text") if by_name else personnel_number(value)
        if by_name and not number:
            continue
        if kind == "bad":
            reading.issues.append(bad_number(table, row, column))
            continue
        if kind == "number":
            numeric.append(row)
        if number in first and not any(has_days(reading, each) for each in (first[number], row)):
            cell = cell_name(first[number], column)
            reading.tell("duplicate_payee", row, column, number=number, first=cell, row=row + 1)
            continue
        first.setdefault(number, row)
        numbered.append((row, number))
    if numeric:
        facts = {"heading": table.heading(column), "column": column_letter(column), "count": len(numeric)}
        reading.tell("numeric_personnel_number", numeric[0], column, **facts)
    return numbered


def _departments(reading: Reading) -> frozenset[str]:
    """Return the departments of the column by spelling: a single such text in a row names a group of rows."""
    column = reading.table.fields.get("department")
    if column is None:
        return frozenset()
    cells = {line[column] for line in reading.table.sheet.rows[reading.table.head + 1 :] if column < len(line)}
    return frozenset(spelling_key(cell) for cell in cells if isinstance(cell, str))


def _by_group(reading: Reading) -> dict[int, str]:
    """Return the group of every row, where the scheme file states that groups are departments."""
    if reading.schemes.workbook.shape("employees").groups != "department":
        return {}
    heads = sorted(reading.groups)
    return {row: reading.groups[heads[at - 1]] for row in reading.rows if (at := bisect(heads, row))}


def _name(reading: Reading, row: int, *, unread: bool) -> str:
    table = reading.table
    column = table.fields["name"]
    value = table.cell(row, column)
    text = clean(value) if type(value) is str and value[:1] != "#" else read_text(reading, row, column)
    if not text and is_blank(value) and (row, column) not in table.sheet.faults and not unread:
        reading.tell("blank_name", row, column, row=row + 1)
    return text


def _unknown_scheme(reading: Reading, row: int, asked: str) -> Issue:
    titles = {spelling_key(key): scheme.title or key for key, scheme in reading.schemes.schemes.items()}
    place = reading.table.place(row, reading.table.fields.get("scheme", reading.table.fields["id"]))
    return unknown("payee_unknown_scheme", place, shown(asked), titles.values(), titles)


def _watch_spelling(reading: Reading, row: int, department: str, departments: dict[str, tuple[str, str]]) -> None:
    """Report a second spelling of a department: it would be a second department."""
    column = reading.table.fields.get("department", reading.table.fields["id"])
    first, cell = departments.setdefault(look(department), (department, cell_name(row, column)))
    if first != department:
        place = reading.table.place(row, column)
        facts = {"found": department, "first": first, "cell": cell}
        reading.issues.append(
            wrong_alphabet(place, department, [first]) or issue("department_spelling", place, **facts)
        )


def _watch_lone_departments(reading: Reading, payees: list[Payee]) -> None:
    """Warn of a department with one person whose name is almost that of a larger one: it is counted separately."""
    sizes = Counter(payee.department for payee in payees)
    lone = {payee.department: payee for payee in payees if payee.department and sizes[payee.department] == 1}
    larger = [name for name, size in sizes.items() if size > 1]
    numbered = {name_key(name).rstrip("0123456789 №"): name for name in reversed(larger)}
    lost = {name: numbered[key] for name in lone if (key := name_key(name)) and key in numbered}
    for department, meant in (lost | slips(lone, larger)).items():
        facts = {"found": department, "meant": meant, "count": sizes[meant], "payee": str(lone[department])}
        reading.issues.append(issue("department_near", lone[department].place, **facts))


def _watch_lengths(reading: Reading, payees: list[Payee]) -> None:
    """Warn of a number with a digit more or less than the others, where numbers are filled up with zeros."""
    numbers = [payee for payee in payees if payee.id.isdecimal()]
    lengths = Counter(len(payee.id) for payee in numbers)
    length, count = lengths.most_common(1)[0] if lengths else (0, 0)
    odd = [payee for payee in numbers if len(payee.id) != length]
    filled = any(payee.id.startswith("0") and len(payee.id) == length for payee in numbers)
    if odd and filled and count >= len(odd) * _TIMES_AS_MANY:
        facts = {"found": [str(payee) for payee in odd[:_SHOWN]], "count": len(odd), "length": length}
        reading.issues.append(issue("number_length", odd[0].place, **facts))
