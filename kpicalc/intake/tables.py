"""From a workbook of raw cells to one month of typed inputs. Start here: every step is one module of this room."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from kpicalc.intake.calendar import month_of
from kpicalc.intake.facts.owners import read_called
from kpicalc.intake.months import check_constants, choose_period, prove_month, prove_rates, stated_period
from kpicalc.intake.several import Part, joined
from kpicalc.intake.sheets.figures import read_figures, read_history
from kpicalc.intake.sheets.layout.headings import locate
from kpicalc.intake.sheets.layout.merged import blank_cells, tell_merged
from kpicalc.intake.sheets.layout.patterns import PAYEE, is_pattern
from kpicalc.intake.sheets.layout.rows import count_of, in_extent, months_of, of_month, owned
from kpicalc.intake.sheets.layout.sheets import RoleSheets, find_sheets, sheets_of
from kpicalc.intake.sheets.layout.table import Table, hidden_in_use
from kpicalc.intake.sheets.layout.turned import of_columns, of_sheets
from kpicalc.intake.sheets.longer_spans import prove_spans
from kpicalc.intake.sheets.month_words import Month
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.scales import scaled_facts, scaled_steps, scaled_tables
from kpicalc.intake.sheets.staff.changes import read_changes, with_changes
from kpicalc.intake.sheets.staff.employees import read_details, read_employees, read_terms
from kpicalc.intake.sheets.staff.employment import read_employment
from kpicalc.intake.sheets.staff.grouping import read_groups
from kpicalc.intake.sheets.staff.people import People, no_people
from kpicalc.intake.sheets.staff.positions import as_persons, with_rows
from kpicalc.intake.sheets.team import TeamPlan, in_season, read_adjustments, read_team_plan
from kpicalc.intake.sheets.workbook import Workbook
from kpicalc.intake.time_norms import with_calendar
from kpicalc.lang import about, severity
from kpicalc.model.book import Book, column_letter
from kpicalc.model.deals import sheets_of_rows
from kpicalc.model.fields import ROLES, SHEETS, SheetRole
from kpicalc.model.inputs import Adjustment, Change, Inputs, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import name_key


def read_inputs(
    book: Book | Sequence[Book],
    schemes: SchemeBook,
    period: str | None,
    earlier: Mapping[str, set[str]] | None = None,
    until: date | None = None,
) -> tuple[Inputs | None, list[Issue]]:
    """Return the month's inputs and all issues; None where the workbook cannot be checked at all.

    Inputs with an error among the issues must not be paid from; they serve to find further errors. Several workbooks of
    one month make one payroll. `period` is the month asked for (2026-10); None: the workbook states it. `earlier` are
    the months for which a KPI is needed: those from facts are computed, like the month itself. `until` is the last day
    whose facts count.
    """
    issues: list[Issue] = []
    books = [book] if isinstance(book, Book) else list(book)
    parts: list[Part] = []
    for one in books:
        if part := read_sheets(one, schemes, period, issues):
            parts.append(part)
            period = period or part.inputs.period
    if len(parts) < len(books):
        return None, issues
    part = parts[0] if len(parts) == 1 else joined(parts, issues)
    month = part.inputs.period
    calendar = month_of(schemes.calendar, month) if schemes.calendar else None
    inputs = as_persons(part.inputs, schemes, calendar, issues)
    source = with_facts(books, schemes, issues)
    untold: set[Place] = set()
    if schemes.facts:
        from kpicalc.intake.facts.figures import read_facts

        issues.extend((*scaled_facts(source, schemes), *scaled_steps(schemes)))
        facts = read_facts(source, schemes, month, part.who, earlier or {}, issues, until)
        actual, history = {**inputs.actual, **facts.actual}, {**inputs.history, **facts.history}
        inputs = replace(inputs, actual=actual, history=history, row_pay=facts.row_pay, paid_rows=facts.paid_rows,
                         facts=tuple(facts.sources), tables=(*inputs.tables, *facts.tables),
                         reached=facts.reached, whole=frozenset(facts.whole))  # fmt: skip
        untold = facts.unread
    errors = [item for item in issues if severity(item) == "error"]
    # A figure that could not be read hides no other error: blanks beside it are reported in the same run.
    people = {(one.inputs.file, one.inputs.sheets["employee"]) for one in parts}
    if any(about(item) != "figure" or (item.place.file, item.place.sheet) in people for item in errors):
        return None, issues
    unread = frozenset(item.place for item in errors) | untold
    inputs = with_calendar(replace(inputs, unread=unread), schemes, calendar, issues)
    return with_changes(inputs, part.changes, calendar, schemes, issues), issues


def read_sheets(book: Book, schemes: SchemeBook, period: str | None, issues: list[Issue]) -> Part | None:
    """Return the contents of a workbook's sheets; None, with issues, without people or without a month."""
    workbook = Workbook(book, schemes, stated_period(book.file, period, schemes.language, issues), issues)
    if workbook.period is None and _needs_month(workbook):
        issues.append(issue("period_unknown", Place(book.file)))
        return None
    if workbook.map.shape("employees").people != "rows":
        issues.append(issue("people_list_turned", schemes.source.place("workbook", "tables", "employees", "people")))
        return None
    by_role = find_sheets(workbook)
    if not by_role:
        return None
    people = locate("employees", by_role["employees"].sheet, workbook) if "employees" in by_role else None
    departments: dict[str, str] = {}
    employees: Reading | None = None
    if people is not None:
        _mention_hidden(workbook, people)
        employees, departments = read_employees(Reading(people, schemes, issues, formats=workbook.look))
    who = employees.who if employees else no_people()
    tables: dict[SheetRole, Table] = {"employees": people} if people else {}
    for role in ROLES:
        if role in by_role and role != "employees" and (table := _table(role, by_role[role], workbook, who)):
            tables[role] = table
    month, readings = _of_the_month(workbook, period, tables, who, departments)

    # Without a list of people every number on the other sheets would be unknown: one error is enough.
    if employees is None or people is None:
        return None
    if month is not None and all(one.table.sheet is not people.sheet for one, _ in readings.values()):
        issues.extend(prove_spans([employees], month))
    employee, employed, groups = read_terms(employees), read_employment(employees), read_groups(employees)
    series: dict[SheetRole, dict[str, Series]] = {"plan": {}, "actuals": {}}
    team_plan: TeamPlan = {}
    adjustments: dict[int, list[Adjustment]] = {}
    changes: dict[int, Change] = {}
    history: dict[tuple[str, int], Series] = {}
    counts = [count_of(employees)]
    who = with_rows(who, employed)
    for role, (unowned, months) in readings.items():
        if role != "history" and month is None and months is not None:
            # Without a month, rows of two months would look like duplicates.
            continue
        reading = _with_owners(role, replace(unowned, who=who))
        counts.append(count_of(reading))
        if role == "history":
            history = read_history(reading, months or [], month)
        elif role == "team_plan":
            team_plan = in_season(read_team_plan(reading, departments, groups), schemes, month)
        elif role == "changes":
            changes = read_changes(reading, month, employee) if month else {}
        elif role == "adjustments":
            adjustments = read_adjustments(reading)
        else:
            series[role] = read_figures(reading)
    who = replace(who, called=read_called(employees, details := read_details(employees)))
    if month is None:
        return None
    raised = [item for item in issues if item.place.file == book.file]
    blanks = blank_cells(raised, [*series["plan"].values(), *series["actuals"].values()])
    workbook.issues.extend(tell_merged(workbook.look, blanks))
    inputs = Inputs(
        file=book.file,
        sha256=book.sha256,
        period=month,
        payees=who.payees,
        plan=series["plan"],
        actual=series["actuals"],
        employee=employee,
        history={name: column for name, column in history.items() if name[1]},
        retyped={kpi: column for (kpi, back), column in history.items() if not back},
        team_plan=team_plan,
        adjustments=adjustments,
        blanks_are_sure=book.blanks_are_sure,
        sheets={SHEETS[role].calculation: table.sheet.name for role, table in tables.items()},
        details=details,
        called=who.called,
        columns={field: column_letter(column) for field, column in people.fields.items()} | groups.letters,
        grouped=groups.texts,
        employed=employed,
        unread_sheets=_unread_sheets(book, schemes, by_role),
        tables=tuple(counts),
    )
    return Part(inputs, who, changes)


def with_facts(books: Sequence[Book], schemes: SchemeBook, issues: list[Issue]) -> Book:
    """Return one workbook with all sheets, for tables of facts; such a sheet may occur in one workbook only."""
    if len(books) == 1:
        return books[0]
    names = {name_key(name): name for name in sheets_of_rows(schemes.facts, schemes.rates)}
    owners = {key: [book for book in books if any(name_key(s.name) == key for s in book.sheets)] for key in names}
    for key, homes in owners.items():
        if len(homes) > 1:
            facts = {"sheet": names[key], "files": [PurePath(book.file).name for book in homes]}
            issues.append(issue("fact_sheet_several", Place(homes[1].file, names[key]), **facts))
    home = next((homes[0] for homes in owners.values() if homes), books[0])
    others = [sheet for book in books if book is not home for sheet in book.sheets if name_key(sheet.name) in names]
    return replace(home, sheets=(*home.sheets, *others))


def _of_the_month(
    workbook: Workbook, asked: str | None, tables: Mapping[SheetRole, Table], who: People, departments: dict[str, str]
) -> tuple[str | None, dict[SheetRole, tuple[Reading, list[Month | None] | None]]]:
    """Return the month that is paid, and the rows of it by sheet, with their months where a column states them."""
    readings: dict[SheetRole, Reading] = {}
    months: dict[SheetRole, list[Month | None]] = {}
    for role, table in tables.items():
        if role != "employees":
            _mention_hidden(workbook, table)
            reading = Reading(table, workbook.schemes, workbook.issues, who=who, formats=workbook.look)
            readings[role] = in_extent(reading, departments)
            if "period" in table.fields:
                months[role] = months_of(readings[role])
    month = choose_period(workbook, asked, tables, months)
    check_constants(workbook)
    if month is not None:
        prove_month(workbook, tables, months, month)
        prove_rates(workbook, month)
        workbook.issues.extend(scaled_tables(workbook, tables))
        for role, its_months in months.items():
            if role != "history":
                readings[role] = of_month(readings[role], its_months, month)
        workbook.issues.extend(prove_spans(readings.values(), month))
    return month, {role: (reading, months.get(role)) for role, reading in readings.items()}


def _needs_month(workbook: Workbook) -> bool:
    """Tell whether sheets or headings are named after the month."""
    names = [*workbook.map.sheets.values(), *(text for own in workbook.map.columns.values() for text in own.values())]
    return any(map(is_pattern, names))


def _table(role: SheetRole, role_sheets: RoleSheets, workbook: Workbook, who: People) -> Table | None:
    """Return the table of a sheet, in any layout."""
    if workbook.map.shape(role).people == "columns":
        return of_columns(role, role_sheets.sheet, workbook, list(who.names.values()))
    if workbook.map.shape(role).people == "sheets" or PAYEE in workbook.map.sheets.get(role, "") or role_sheets.more:
        return of_sheets(role, role_sheets, workbook)
    return locate(role, role_sheets.sheet, workbook)


def _mention_hidden(workbook: Workbook, table: Table) -> None:
    if not table.places:
        workbook.issues.extend(hidden_in_use(table, workbook.hidden(table.sheet.name)))


def _with_owners(role: SheetRole, reading: Reading) -> Reading:
    """Return the reading with the owners of its rows; on the History sheet people may stand who have left since."""
    if role == "team_plan":
        return reading
    if role != "history":
        return owned(reading)
    raised: list[Issue] = []
    issues = reading.issues
    reading = replace(owned(replace(reading, issues=raised)), issues=issues)
    issues += [item for item in raised if about(item) != "owner"]
    return reading


def _unread_sheets(book: Book, schemes: SchemeBook, by_role: Mapping[SheetRole, RoleSheets]) -> tuple[str, ...]:
    """Return the names of the sheets without a role, except empty ones."""
    facts = {name_key(name) for name in sheets_of_rows(schemes.facts, schemes.rates)}
    read = [id(sheet) for sheet in sheets_of(by_role)]
    return tuple(
        sheet.name
        for sheet in book.sheets
        if sheet.rows and id(sheet) not in read and name_key(sheet.name) not in facts
    )
