"""The sheets beside the figures of people: plans of departments, and adjustments with their reasons."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from kpicalc.intake.sheets.cells import is_blank, personnel_number, read_numbers, read_text
from kpicalc.intake.sheets.figures import read_kpi, units_of
from kpicalc.intake.sheets.headings import LEVELS, KpiFinder, Table
from kpicalc.intake.sheets.names import currency_words
from kpicalc.intake.sheets.people import People
from kpicalc.intake.sheets.rows import LEFT_OUT
from kpicalc.lang import number
from kpicalc.model.inputs import Adjustment, Level, LevelFigure
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import spelling_key, unknown

TeamPlan = dict[tuple[str, str], Mapping[Level, LevelFigure]]
_LEVELS: tuple[Level, ...] = ("minimum", "norm", "maximum")
assert _LEVELS == LEVELS


def read_team_plan(
    table: Table,
    rows: Sequence[int],
    departments: Mapping[str, str],
    schemes: SchemeBook,
    finder: KpiFinder,
    issues: list[Issue],
) -> TeamPlan:
    """Return the levels by KPI and department, the department spelled as on the Employees sheet."""
    plan: TeamPlan = {}
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        department = _department(table, row, departments, issues)
        key = read_kpi(table, row, schemes, finder, issues)
        if department is None or key is None:
            continue
        if (key, department) in first:
            place = table.place(row, table.fields["kpi"])
            facts = {"sheet": table.sheet.name, "first": first[key, department] + 1, "row": row + 1}
            kpi = schemes.kpi_title(key)
            issues.append(issue("duplicate_team_plan", place, department=department, kpi=kpi, **facts))
            continue
        first[key, department] = row
        plan[key, department] = {}
    # Column by column, so that numbers kept as text are mentioned once for each column.
    for key in dict.fromkeys(key for key, _ in first):
        own = {department: row for (kpi, department), row in first.items() if kpi == key}
        read: dict[str, dict[Level, LevelFigure]] = {department: {} for department in own}
        for level in _LEVELS:
            column = table.fields.get(level)
            if column is None:
                continue
            units = units_of(schemes, key)
            values = read_numbers(table, column, list(own.values()), units, schemes.language, issues)
            for (department, row), value in zip(own.items(), values, strict=True):
                read[department][level] = LevelFigure(value, table.place(row, column))
        for department, levels in read.items():
            plan[key, department] = levels
            _check_order(levels, key, department, schemes, issues)
    return plan


def _department(table: Table, row: int, departments: Mapping[str, str], issues: list[Issue]) -> str | None:
    column = table.fields["department"]
    before = len(issues)
    text = read_text(table, row, column, issues)
    if len(issues) > before:
        return None
    known = departments.get(spelling_key(text)) if text else None
    if known is None:
        place = table.place(row, column)
        if text:
            issues.append(unknown("unknown_department", place, text, departments.values()))
        else:
            issues.append(issue("blank_team_department", place, sheet=table.sheet.name, row=row + 1))
    return known


def _check_order(
    levels: Mapping[Level, LevelFigure], key: str, department: str, schemes: SchemeBook, issues: list[Issue]
) -> None:
    """Report a higher level that asks for less; where less is better, one that asks for more."""
    figures = [(figure.value, figure) for level in _LEVELS if (figure := levels.get(level))]
    given = [(value, figure) for value, figure in figures if value is not None]
    lower = schemes.kpis[key].better == "lower"
    for (one, _), (two, figure) in pairwise(given):
        if (two > one) if lower else (two < one):
            text = " / ".join(number(value, schemes.language) for value, _ in given)
            code = "levels_order_lower" if lower else "levels_order"
            facts = {"department": department, "kpi": schemes.kpi_title(key), "found": text}
            issues.append(issue(code, figure.place, **facts))
            return


def read_adjustments(
    table: Table, rows: Sequence[int], owners: Sequence[int], who: People, schemes: SchemeBook, issues: list[Issue]
) -> dict[int, list[Adjustment]]:
    """Return signed amounts by payee, in the order of the sheet; an amount without a reason is refused."""
    column, reasons = table.fields["amount"], table.fields["reason"]
    amounts = read_numbers(table, column, rows, currency_words(schemes.currency), schemes.language, issues)
    adjustments: dict[int, list[Adjustment]] = {}
    for row, owner, amount in zip(rows, owners, amounts, strict=True):
        reason = _reason(table, row, reasons, issues)
        if is_blank(table.cell(row, column)) and (row, column) not in table.sheet.faults:
            issues.append(issue("blank_amount", table.place(row, column), sheet=table.sheet.name, row=row + 1))
        if owner == LEFT_OUT:
            issues.append(_left_out(table, row, who))
        elif owner >= 0 and amount is not None and reason:
            adjustments.setdefault(owner, []).append(_adjustment(table, row, column, amount, reason))
    return adjustments


def _left_out(table: Table, row: int, who: People) -> Issue:
    column = table.fields["id"]
    text, _ = personnel_number(table.cell(row, column))
    # A number that a spreadsheet keeps without its zeros was matched by what is left of it.
    number = text if text in who.left_out else who.bare[text][0]
    return issue("adjustment_left_out", table.place(row, column), number=number, asked=who.asked[number])


def _reason(table: Table, row: int, column: int, issues: list[Issue]) -> str:
    before = len(issues)
    text = read_text(table, row, column, issues)
    if not text and len(issues) == before:
        issues.append(issue("blank_reason", table.place(row, column), sheet=table.sheet.name, row=row + 1))
    return text


def _adjustment(table: Table, row: int, column: int, amount: Decimal, reason: str) -> Adjustment:
    return Adjustment(amount, reason, table.place(row, column))
