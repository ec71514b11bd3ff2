"""The sheets beside the figures of people: plans of departments, and adjustments with their reasons."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import get_args

from kpicalc.engine.terms.season import season_of
from kpicalc.intake.sheets.cells import is_blank, personnel_number, read_numbers, read_text
from kpicalc.intake.sheets.figures import read_kpi, units_of
from kpicalc.intake.sheets.layout.rows import LEFT_OUT
from kpicalc.intake.sheets.names import currency_words
from kpicalc.intake.sheets.per_cents import as_money, as_shares
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.scales import other_unit, unit_column
from kpicalc.intake.sheets.staff.grouping import Groups
from kpicalc.lang import LANGUAGES, number, word
from kpicalc.model.book import cell_name
from kpicalc.model.fields import Level
from kpicalc.model.inputs import Adjustment, LevelFigure
from kpicalc.model.issue import Issue, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import spelling_key, unknown

TeamPlan = dict[tuple[str, str], Mapping[Level, LevelFigure]]
_LEVELS: tuple[Level, ...] = get_args(Level)
_WHOLE = Decimal(1)


def read_team_plan(reading: Reading, departments: Mapping[str, str], groups: Groups) -> TeamPlan:
    """Return the levels by KPI and department, or another group, spelled as on the Employees sheet."""
    table, schemes = reading.table, reading.schemes
    plan: TeamPlan = {}
    units = unit_column(table.sheet.rows[table.head])
    first: dict[tuple[str, str], int] = {}
    for row in reading.rows:
        key = read_kpi(reading, row)
        department = _department(reading, row, _known(schemes, key, departments, groups))
        if department is None or key is None:
            continue
        if (key, department) in first:
            facts = {"sheet": table.sheet.name, "first": first[key, department] + 1, "row": row + 1}
            kpi = schemes.kpi_title(key)
            reading.tell("duplicate_team_plan", row, table.fields["kpi"], department=department, kpi=kpi, **facts)
            continue
        first[key, department] = row
        plan[key, department] = {}
        if units is not None:
            place, title = table.place(row, units), schemes.kpi_title(key)
            other = other_unit(schemes, key, table.cell(row, units), place, title)
            reading.issues.extend([other] if other else [])
    # The loop goes by column, so that numbers stored as text are mentioned once for each column.
    for key in dict.fromkeys(key for key, _ in first):
        rows_of = {department: row for (kpi, department), row in first.items() if kpi == key}
        read: dict[str, dict[Level, LevelFigure]] = {department: {} for department in rows_of}
        for level in _LEVELS:
            column = table.fields.get(level)
            if column is None:
                continue
            values = read_numbers(reading, column, list(rows_of.values()), units_of(schemes, key))
            values = as_shares(reading, key, column, list(rows_of.values()), values)
            for (department, row), value in zip(rows_of.items(), values, strict=True):
                read[department][level] = LevelFigure(value, table.place(row, column))
        for department, levels in read.items():
            plan[key, department] = levels
            _check_order(reading, levels, key, department)
    return plan


def in_season(plan: TeamPlan, schemes: SchemeBook, period: str | None) -> TeamPlan:
    """Return the levels adjusted by the season of their KPI, as the plans of people are."""
    adjusted: TeamPlan = {}
    for (key, group), levels in plan.items():
        kpi = schemes.kpis[key]
        share = season_of(kpi, period) if kpi.team and period else _WHOLE
        adjusted[key, group] = levels if share == 1 else {level: _times(one, share) for level, one in levels.items()}
    return adjusted


def _times(level: LevelFigure, share: Decimal) -> LevelFigure:
    with exact_context():
        return level if level.value is None else replace(level, value=level.value * share, typed=level.value)


def _known(schemes: SchemeBook, key: str | None, departments: Mapping[str, str], groups: Groups) -> Mapping[str, str]:
    """Return the names of the groups over which a KPI is summed, by their spellings."""
    over = schemes.over(key) if key and schemes.kpis[key].team else "department"
    if over == "all":
        return {spelling_key(word("headings.everybody", language)): "all" for language in LANGUAGES} | {"all": "all"}
    return (
        departments
        if over == "department"
        else {spelling_key(text): text for text in groups.texts.get(over, ()) if text}
    )


def _department(reading: Reading, row: int, departments: Mapping[str, str]) -> str | None:
    table, issues = reading.table, reading.issues
    column = table.fields["department"]
    before = len(issues)
    text = read_text(reading, row, column)
    if len(issues) > before:
        return None
    known = departments.get(spelling_key(text)) if text else None
    if known is None:
        if text:
            issues.append(unknown("unknown_department", table.place(row, column), text, departments.values()))
        else:
            reading.tell("blank_team_department", row, column, sheet=table.sheet.name, row=row + 1)
    return known


def _check_order(reading: Reading, levels: Mapping[Level, LevelFigure], key: str, department: str) -> None:
    """Report a higher level with a lower figure; for a KPI where less is better, one with a higher figure."""
    schemes = reading.schemes
    figures = [(figure.value, figure) for level in _LEVELS if (figure := levels.get(level))]
    given = [(value, figure) for value, figure in figures if value is not None]
    lower = schemes.kpis[key].better == "lower"
    for (one, _), (two, figure) in pairwise(given):
        if (two > one) if lower else (two < one):
            text = " / ".join(number(value, schemes.language) for value, _ in given)
            code = "levels_order_lower" if lower else "levels_order"
            facts = {"department": department, "kpi": schemes.kpi_title(key), "found": text}
            reading.issues.append(issue(code, figure.place, **facts))
            return


def read_adjustments(reading: Reading) -> dict[int, list[Adjustment]]:
    """Return signed amounts by payee, in the order of the sheet; an amount without a reason is refused."""
    table, issues = reading.table, reading.issues
    column, reasons = table.fields["amount"], table.fields["reason"]
    amounts = read_numbers(reading, column, reading.rows, currency_words(reading.schemes.currency))
    amounts = as_money(reading, column, reading.rows, amounts)
    adjustments: dict[int, list[Adjustment]] = {}
    first: dict[tuple[int, Decimal, str], int] = {}
    for row, owner, amount in zip(reading.rows, reading.owners, amounts, strict=True):
        reason = _reason(reading, row, reasons)
        if is_blank(table.cell(row, column)) and (row, column) not in table.sheet.faults:
            reading.tell("blank_amount", row, column, sheet=table.sheet.name, row=row + 1)
        if owner == LEFT_OUT:
            issues.append(_left_out(reading, row))
        elif owner >= 0 and amount is not None and reason:
            adjustments.setdefault(owner, []).append(Adjustment(amount, reason, table.place(row, column)))
            earlier = first.setdefault((owner, amount, spelling_key(reason)), row)
            if earlier != row:
                facts = {
                    "payee": reading.who.payees[owner],
                    "found": number(amount, reading.language),
                    "reason": reason,
                }
                reading.tell("adjustment_twice", row, column, **facts, first=cell_name(earlier, column))
    return adjustments


def _left_out(reading: Reading, row: int) -> Issue:
    table, who = reading.table, reading.who
    column = table.fields["id"]
    text, _ = personnel_number(table.cell(row, column))
    # A number that a spreadsheet stores without its zeros was matched by the rest of its digits.
    number = text if text in who.left_out else who.bare[text][0]
    return issue("adjustment_left_out", table.place(row, column), number=number, asked=who.asked[number])


def _reason(reading: Reading, row: int, column: int) -> str:
    before = len(reading.issues)
    text = read_text(reading, row, column)
    if not text and len(reading.issues) == before:
        reading.tell("blank_reason", row, column, sheet=reading.table.sheet.name, row=row + 1)
    return text
