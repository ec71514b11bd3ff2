"""A workbook of raw cells -> one month of typed inputs. Start here: every step is one module of this room."""

from collections.abc import Mapping
from dataclasses import replace

from kpicalc.intake.calendar import month_of
from kpicalc.intake.facts.figures import FactFigures, read_facts
from kpicalc.intake.months import choose_period
from kpicalc.intake.sheets.changes import read_changes, with_changes
from kpicalc.intake.sheets.employees import read_details, read_employees, read_terms
from kpicalc.intake.sheets.employment import read_employment
from kpicalc.intake.sheets.figures import read_figures, read_history
from kpicalc.intake.sheets.headings import kpi_finder, locate
from kpicalc.intake.sheets.names import name_key
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.rows import data_rows, months_of, of_month, owned
from kpicalc.intake.sheets.sheets import find_sheets
from kpicalc.intake.sheets.table import Table
from kpicalc.intake.sheets.team import TeamPlan, read_adjustments, read_team_plan
from kpicalc.intake.time_norms import with_calendar
from kpicalc.lang import severity
from kpicalc.model.book import Book, column_letter
from kpicalc.model.fields import ROLES, SHEETS, SheetRole
from kpicalc.model.inputs import Adjustment, Change, Inputs, Series
from kpicalc.model.issue import Issue
from kpicalc.model.scheme import SchemeBook

_FORMER_STAFF = frozenset({"unknown_payee", "unknown_payee_named", "unknown_payee_far"})
"""Who has left since may stand on the History sheet."""
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
    tables: dict[SheetRole, Table] = {}
    for role in ROLES:
        if role in found and (table := locate(role, found[role], book.file, schemes, finder, issues)):
            tables[role] = table

    readings = {role: Reading(table, schemes, issues) for role, table in tables.items()}
    months: dict[SheetRole, list[str | None]] = {}
    for role, reading in readings.items():
        if role not in ("employees", "history"):
            readings[role] = replace(reading, rows=data_rows(reading, reading.table.fields.get("id")))
            if "period" in reading.table.fields:
                months[role] = months_of(readings[role])
    month = choose_period(book.file, period, tables, months, issues)
    for role, its_months in months.items():
        if month is not None:
            readings[role] = of_month(readings[role], its_months, month)

    # Without a list of people every number on the other sheets would be unknown: one error says enough.
    # Without a month, rows of two months would look like duplicates.
    if "employees" not in tables:
        return None, issues
    employees, departments = read_employees(readings.pop("employees"))
    employee, employed, who = read_terms(employees), read_employment(employees), employees.who
    series: dict[SheetRole, dict[str, Series]] = {"plan": {}, "actuals": {}}
    team_plan: TeamPlan = {}
    adjustments: dict[int, list[Adjustment]] = {}
    changes: dict[int, Change] = {}
    history: dict[tuple[str, int], Series] = {}
    for role, empty in readings.items():
        reading = replace(empty, who=who)
        if role == "history":
            history = _history(reading, month)
        elif month is None and role in months:
            continue
        elif role == "team_plan":
            team_plan = read_team_plan(reading, departments)
        elif role == "changes":
            reading = owned(reading)
            changes = read_changes(reading, month) if month else {}
        elif role == "adjustments":
            adjustments = read_adjustments(owned(reading))
        else:
            series[role] = read_figures(owned(reading))
    facts = read_facts(book, schemes, month, who, earlier or {}, issues) if month and schemes.facts else FactFigures()
    series["actuals"] |= facts.actual
    history |= facts.history
    errors = [item for item in issues if severity(item) == "error"]
    # A figure that could not be read hides nothing else: what is blank beside it is told in the same run.
    people = tables["employees"].sheet.name
    if month is None or any(not _of_a_figure(item) or item.place.sheet == people for item in errors):
        return None, issues
    inputs = Inputs(
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
        sheets={SHEETS[role].calculation: table.sheet.name for role, table in tables.items()},
        details=read_details(employees),
        columns={field: column_letter(column) for field, column in tables["employees"].fields.items()},
        unread_sheets=_unread_sheets(book, schemes, tables),
        facts=tuple(facts.sources),
    )
    unread = frozenset(item.place for item in errors) | facts.unread
    calendar = month_of(schemes.calendar, month) if schemes.calendar else None
    inputs = with_calendar(replace(inputs, employed=employed, unread=unread), schemes, calendar, issues)
    return with_changes(inputs, changes, calendar, schemes, issues), issues


def _of_a_figure(item: Issue) -> bool:
    """Tell whether an error is one of single figures, beside which the rest of the workbook can be judged."""
    return item.code in _FIGURE_ERRORS or item.code.startswith("fact_")


def _history(reading: Reading, month: str | None) -> dict[tuple[str, int], Series]:
    """Return the figures of earlier months; of people who have left since nothing is told."""
    issues = reading.issues
    reading = replace(reading, rows=data_rows(reading, reading.table.fields["id"]))
    months = months_of(reading)
    found: list[Issue] = []
    reading = replace(owned(replace(reading, issues=found)), issues=issues)
    issues += [item for item in found if item.code not in _FORMER_STAFF]
    return read_history(reading, months, month)


def _unread_sheets(book: Book, schemes: SchemeBook, tables: Mapping[SheetRole, Table]) -> tuple[str, ...]:
    """Return the names of the sheets that play no part, empty ones left out."""
    facts = {name_key(table.from_) for table in schemes.facts.values() if isinstance(table.from_, str)}
    read = [id(table.sheet) for table in tables.values()]
    return tuple(
        sheet.name
        for sheet in book.sheets
        if sheet.rows and id(sheet) not in read and name_key(sheet.name) not in facts
    )
