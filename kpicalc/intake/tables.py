"""A workbook of raw cells -> one month of typed inputs. Start here: every step is one module of this room."""

from collections.abc import Mapping
from dataclasses import replace

from kpicalc.intake.calendar import month_of
from kpicalc.intake.details import read_details
from kpicalc.intake.facts.figures import FactFigures, read_facts
from kpicalc.intake.history import read_history
from kpicalc.intake.months import choose_period
from kpicalc.intake.sheets.changes import read_changes, with_changes
from kpicalc.intake.sheets.employees import read_employees
from kpicalc.intake.sheets.employment import read_employment
from kpicalc.intake.sheets.figures import read_figures
from kpicalc.intake.sheets.headings import Table, kpi_finder, locate
from kpicalc.intake.sheets.names import ROLES, Role
from kpicalc.intake.sheets.people import People
from kpicalc.intake.sheets.rows import data_rows, months_of, payees_of, rows_of_month
from kpicalc.intake.sheets.sheets import find_sheets
from kpicalc.intake.sheets.team import TeamPlan, read_adjustments, read_team_plan
from kpicalc.intake.time_norms import with_calendar
from kpicalc.lang import severity
from kpicalc.model.book import Book, column_letter
from kpicalc.model.inputs import Adjustment, Change, Inputs, Series
from kpicalc.model.issue import Issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import name_key

_CALCULATION: Mapping[Role, str] = {
    "employees": "employee", "plan": "plan", "actuals": "actual", "team_plan": "team", "adjustments": "adjustments",
    "history": "history", "changes": "changes",
}  # fmt: skip
"""What calculations call the sheets."""
_FIGURE_ERRORS = frozenset(
    {
        "not_a_number",
        "none_not_number",
        "ambiguous_number",
        "error_cell",
        "formula_without_value",
        "date_not_number",
        "time_not_number",
    }
    | {"logical_not_number", "number_too_large"}
)
"""Errors of single figures, beside which the rest of the workbook can be judged."""


def read_inputs(
    book: Book, schemes: SchemeBook, period: str | None, earlier: Mapping[str, set[str]] | None = None
) -> tuple[Inputs | None, list[Issue]]:
    """Return the month's inputs and everything that was found; None where they cannot even be judged.

    Inputs with an error among the issues must not be paid from; they serve to find what else is wrong.

    `period` is the month asked for (2026-10); None: the workbook says it. `earlier` are the months for which a KPI is
    needed: from facts they are computed, like the month itself.
    """
    issues: list[Issue] = []
    finder = kpi_finder(schemes)
    found = find_sheets(book, schemes, issues)
    if not found:
        return None, issues
    tables: dict[Role, Table] = {}
    for role in ROLES:
        if role in found and (table := locate(role, found[role], book.file, schemes, finder, issues)):
            tables[role] = table

    rows: dict[Role, list[int]] = {}
    months: dict[Role, list[str | None]] = {}
    for role, table in tables.items():
        if role not in ("employees", "history"):
            rows[role] = data_rows(table, table.fields.get("id"), issues)
            if "period" in table.fields:
                months[role] = months_of(table, rows[role], issues)
    month = choose_period(book.file, period, tables, months, issues)
    for role, its_months in months.items():
        if month is not None:
            rows[role] = rows_of_month(tables[role], rows[role], its_months, month, issues)

    # Without a list of people every number on the other sheets would be unknown: one error says enough.
    # Without a month, rows of two months would look like duplicates.
    if "employees" not in tables:
        return None, issues
    who, employee, departments = read_employees(tables["employees"], schemes, issues)
    employed = read_employment(tables["employees"], who.payees, schemes.language, issues)
    ready = [role for role in rows if month is not None or role not in months]
    series: dict[Role, dict[str, Series]] = {"plan": {}, "actuals": {}}
    team_plan: TeamPlan = {}
    adjustments: dict[int, list[Adjustment]] = {}
    changes: dict[int, Change] = {}
    for role in ready:
        table = tables[role]
        if role == "team_plan":
            team_plan = read_team_plan(table, rows[role], departments, schemes, finder, issues)
            continue
        owners = payees_of(table, rows[role], who, issues)
        if role == "changes":
            changes = read_changes(table, rows[role], owners, who, month, schemes, issues) if month else {}
        elif role == "adjustments":
            adjustments = read_adjustments(table, rows[role], owners, who, schemes, issues)
        else:
            series[role] = read_figures(table, rows[role], owners, who, schemes, finder, issues)
    history = read_history(tables["history"], month, who, schemes, finder, issues) if "history" in tables else {}
    facts = read_facts(book, schemes, month, who, earlier or {}, issues) if month and schemes.facts else FactFigures()
    series["actuals"] |= facts.actual
    history |= facts.history
    errors = [item for item in issues if severity(item) == "error"]
    # A figure that could not be read hides nothing else: what is blank beside it is told in the same run.
    people = tables["employees"].sheet.name
    if month is None or any(not _of_a_figure(item) or item.place.sheet == people for item in errors):
        return None, issues
    inputs = _inputs(book, month, tables, who, series, history, employee, team_plan, adjustments)
    inputs = replace(inputs, unread_sheets=_unread_sheets(book, schemes, tables), facts=tuple(facts.sources))
    unread = frozenset(item.place for item in errors) | facts.unread
    calendar = month_of(schemes.calendar, month) if schemes.calendar else None
    inputs = with_calendar(replace(inputs, employed=employed, unread=unread), schemes, calendar, issues)
    return with_changes(inputs, changes, calendar, schemes, issues), issues


def _of_a_figure(item: Issue) -> bool:
    """Tell whether an error is one of single figures, beside which the rest of the workbook can be judged."""
    return item.code in _FIGURE_ERRORS or item.code.startswith("fact_")


def _inputs(
    book: Book,
    month: str,
    tables: Mapping[Role, Table],
    who: People,
    series: dict[Role, dict[str, Series]],
    history: dict[tuple[str, int], Series],
    employee: dict[str, Series],
    team_plan: TeamPlan,
    adjustments: dict[int, list[Adjustment]],
) -> Inputs:
    return Inputs(
        file=book.file,
        sha256=book.sha256,
        period=month,
        payees=who.payees,
        plan=series["plan"],
        actual=series["actuals"],
        employee=employee,
        history=history,
        team_plan=team_plan,
        adjustments=adjustments,
        blanks_are_sure=book.blanks_are_sure,
        sheets={_CALCULATION[role]: table.sheet.name for role, table in tables.items()},
        details=read_details(tables["employees"], who.payees),
        columns={field: column_letter(column) for field, column in tables["employees"].fields.items()},
    )


def _unread_sheets(book: Book, schemes: SchemeBook, tables: Mapping[Role, Table]) -> tuple[str, ...]:
    """Return the names of the sheets that play no part, empty ones left out."""
    facts = {name_key(table.from_) for table in schemes.facts.values() if isinstance(table.from_, str)}
    read = [id(table.sheet) for table in tables.values()]
    return tuple(
        sheet.name
        for sheet in book.sheets
        if sheet.rows and id(sheet) not in read and name_key(sheet.name) not in facts
    )
