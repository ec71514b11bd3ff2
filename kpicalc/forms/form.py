"""The workbook to fill in for a scheme: its sheets and headings, and the rows of the scheme's worked example.

It follows from the compiled scheme, so it asks only for the figures that the scheme needs, under headings that the
reader knows: kpicalc can read its own form.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import get_args

from kpicalc.engine.compile import earlier_months, earlier_title, earlier_unit
from kpicalc.engine.draft import EMPLOYEE_FIELDS, LEVELS, unit_of_kpi, unit_stated
from kpicalc.engine.statement import Statement
from kpicalc.engine.terms.season import season_of
from kpicalc.engine.tree.closure import results_behind
from kpicalc.engine.tree.sources import PAID, PLANNED, Actual, Given, OwnColumn, Personal, Plan, StatedPlan, key_of
from kpicalc.forms.form_facts import fact_sheets, rate_sheets
from kpicalc.forms.form_sheet import Choices, FormSheet, Heading
from kpicalc.intake.sheets.kpis import is_computed
from kpicalc.intake.sheets.names import field_title, sheet_title
from kpicalc.intake.sheets.staff.grouping import grouping_columns
from kpicalc.lang import word
from kpicalc.model.days import day_of_number
from kpicalc.model.fields import SHEETS, BalanceField, SheetRole, WithheldField
from kpicalc.model.period import first_day, month_back, months_back
from kpicalc.model.record import record
from kpicalc.model.scheme import Example, SchemeBook

_BALANCES: tuple[BalanceField, ...] = get_args(BalanceField)
_DATES = ("hired", "dismissed")
FOLLOWS_DATES = frozenset(
    {
        "days_employed",
        "salary_after",
        "fte_after",
        "days_after",
        "hours_after",
        "months_employed",
        "month",
        "hired",
        "month_start",
        "month_end",
    }
)
"""Columns that nobody types on the Employees sheet: they are computed from the month and dates."""


def form_sheets(book: SchemeBook, statements: Mapping[str, Statement], period: str) -> list[FormSheet]:
    """Return the sheets that the schemes need, in the order in which people fill them in."""
    form = _Form(book, list(statements.values()), period)
    sheets = [form.employees(), form.kpis(Plan, "plan"), form.kpis(Actual, "actuals"), form.team_plan()]
    sheets += [*fact_sheets(book, period), *rate_sheets(book), form.adjustments(), form.changes(), form.history()]
    return [sheet for sheet in sheets if sheet is not None]


@record(slots=False)
class _Form:
    book: SchemeBook
    statements: Sequence[Statement]
    period: str

    def people(self) -> list[tuple[str, str, Statement, Example | None]]:
        """Return the example's people: one per scheme, with the scheme's first worked example."""
        person = self.word("person")
        return [
            (f"{number:05}", f"{person} {number}", statement, next(iter(statement.scheme.examples), None))
            for number, statement in enumerate(self.statements, 1)
        ]

    def sheet(self, role: SheetRole, *headings: Heading) -> FormSheet:
        return FormSheet(sheet_title(role, self.book.language), list(headings))

    def heading(
        self, role: SheetRole, name: str, note: str, kind: str = "text", choices: Choices = (), **facts: str
    ) -> Heading:
        """Return a column of a field that the reader knows."""
        return Heading(field_title(role, name, self.book.language), self.word(f"note.{note}", **facts), kind, choices)

    def owner(self, role: SheetRole, note: str = "id") -> Heading:
        """Return the column by which a row finds its person."""
        people = sheet_title("employees", self.book.language)
        return self.heading(role, "id", note, choices="ids", sheet=people)

    def employees(self) -> FormSheet:
        """Return the list of people, with the figures of the Employees sheet that the schemes need."""
        positions = [name for statement in self.statements for name in _positions(statement)]
        listed = ", ".join(positions)
        sheet = self.sheet(
            "employees",
            self.heading("employees", "id", "employees.id"),
            self.heading("employees", "name", "employees.name"),
            self.heading("employees", "department", "employees.department"),
            self.heading("employees", "position", "employees.position", choices=positions, positions=listed),
        )
        fields = (*EMPLOYEE_FIELDS, *get_args(WithheldField), *_BALANCES)
        taken = [name for name in fields if any(_needs(item, Personal(name)) for item in self.statements)]
        needed = [name for name in taken if name not in FOLLOWS_DATES]
        for name in needed:
            kind = SHEETS["employees"].field(name).kind
            note = f"employees.{name}"
            sheet.headings.append(self.heading("employees", name, note, kind, currency=self.book.currency))
        declared = [key for key in self.book.employees if any(_needs(item, OwnColumn(key)) for item in self.statements)]
        grouping = [key for key in self.book.employees if key in grouping_columns(self.book)]
        for key in grouping:
            sheet.headings.append(
                Heading(self.book.employees[key].title or key, self.word("note.employees.group"), "text")
            )
        for key in declared:
            column = self.book.employees[key]
            kind = unit_stated(column.unit)
            note = self.word(
                "note.employees.own", unit=self.word("unit.percent") if kind == "percent" else column.unit or ""
            )
            sheet.headings.append(Heading(column.title or key, note, kind))
        sheet.headings += [self.heading("employees", day, f"employees.{day}", "day") for day in _DATES]
        for number, person, statement, example in self.people():
            # A person hired today carries no balance over.
            stated = dict.fromkeys(_BALANCES, Decimal(0)) | (example.employee if example else {})
            figures: list[object] = [stated.get(name) if _needs(statement, Personal(name)) else None for name in needed]
            figures += [self.word("group") for _ in grouping]
            figures += [stated.get(key) if _needs(statement, OwnColumn(key)) else None for key in declared]
            first = next(iter(_positions(statement)), "")
            blank: list[object] = [None] * (len(sheet.headings) - 4 - len(figures))
            if blank and _needs(statement, Personal("months_employed")) and "months_employed" in stated:
                blank[0] = first_day(month_back(self.period, int(stated["months_employed"]) - 1))
            if blank and _needs(statement, Personal("hired")) and "hired" in stated:
                blank[0] = day_of_number(stated["hired"])
            sheet.rows.append([number, person, self.word("department"), first, *figures, *blank])
        return sheet

    def kpis(self, of: type[Plan] | type[Actual], role: SheetRole) -> FormSheet | None:
        """Return a sheet with a column per KPI that a scheme, or a funnel, takes from it."""
        sources: dict[str, Plan | StatedPlan | Actual] = {key: of(key) for key in self.book.kpis}
        if of is Plan:
            # The plan of a quarter stands in the same column.
            given = [figure.role for item in self.statements for figure in item.given()]
            wholes = {role.kpi: role for role in given if isinstance(role, StatedPlan) and Plan(role.kpi) not in given}
            sources |= wholes
        keys = [key for key in self.book.kpis if any(_needs(item, sources[key]) for item in self.statements)]
        keys += [key for key in self.extra() if of is Actual and key not in keys]
        # Figures from tables of facts are not typed.
        keys = [key for key in keys if of is Plan or not is_computed(self.book, key)]
        if not keys:
            return None
        sheet = self.sheet(role, self.owner(role), self.heading("employees", "name", "name"))
        for key in sorted(keys, key=list(self.book.kpis).index):
            note = self.word(f"note.{role}", unit=self.unit(key), blank=self.blank(sources[key]))
            note += self.takers(sources[key])
            sheet.headings.append(Heading(self.book.kpi_title(key), note, unit_of_kpi(self.book.kpis[key])))
        for number, person, _, example in self.people():
            stated = (example.plan if of is Plan else example.actual) if example else {}
            figures = [stated.get(key) for key in sorted(keys, key=list(self.book.kpis).index)]
            sheet.rows.append([number, person, *figures])
        return sheet

    def extra(self) -> list[str]:
        """Return the KPIs that only a department's sum or a funnel uses."""
        made = {team.of for statement in self.statements for team in statement.teams}
        summed = [kpi for of in made for kpi in results_behind(self.statements, of)]
        stages = [step.kpi for funnel in self.book.funnels for step in funnel.steps()]
        return list(dict.fromkeys([*summed, *stages]))

    def team_plan(self) -> FormSheet | None:
        """Return the sheet of departments' plans, if a scheme uses it."""
        kpis = {team.kpi for statement in self.statements for team in statement.teams}
        planned = [key for key in self.book.kpis if key in kpis]
        if not planned:
            return None
        titles = [self.book.kpi_title(key) for key in planned]
        people = sheet_title("employees", self.book.language)
        sheet = self.sheet(
            "team_plan",
            self.heading("team_plan", "department", "team_plan.department", choices="departments", sheet=people),
            self.heading("team_plan", "kpi", "team_plan.kpi", choices=titles, kpis=", ".join(titles)),
            *(self.heading("team_plan", level, f"team_plan.{level}", "number") for level in LEVELS),
        )
        for key in planned:
            example = next((item.team[key] for *_, item in self.people() if item and key in item.team), None)
            levels = [getattr(example, level) if example else None for level in LEVELS]
            # An example states the seasonal plan; the plan before its season is typed.
            share = season_of(self.book.kpis[key], self.period)
            levels = [level / share if level and self.book.kpis[key].team else level for level in levels]
            over = self.book.over(key) if self.book.kpis[key].team else "department"
            names = {"department": self.word("department"), "all": word("headings.everybody", self.book.language)}
            sheet.rows.append([names.get(over) or self.word("group"), self.book.kpi_title(key), *levels])
        return sheet

    def adjustments(self) -> FormSheet | None:
        """Return the empty sheet of signed amounts, if a scheme pays them."""
        if not any(line.component == "adjustments" for statement in self.statements for line in statement.lines):
            return None
        amount, reason = (("amount", "money"), ("reason", "text"))
        fields = (self.heading("adjustments", name, f"adjustments.{name}", kind) for name, kind in (amount, reason))
        return self.sheet("adjustments", self.owner("adjustments", "adjustments.id"), *fields)

    def changes(self) -> FormSheet | None:
        """Return the sheet of salaries and rates that change within the month, if a scheme uses them."""
        if not any(_needs(item, Personal("days_after")) for item in self.statements):
            return None
        kinds = {"from": "day", "salary": "money", "fte": "number", "days_after": "number"}
        fields = (self.heading("changes", name, f"changes.{name}", kind) for name, kind in kinds.items())
        return self.sheet("changes", self.owner("changes", "changes.id"), *fields)

    def history(self) -> FormSheet | None:
        """Return the sheet of earlier months: as many as formulas and planning need."""
        spans = earlier_months({statement.scheme.key: statement for statement in self.statements})
        keys = set(spans)
        months = [back for spans_of in spans.values() for span in spans_of for back in months_back(span, self.period)]
        if self.book.planning.months:
            months.append(int(self.book.planning.months))
            keys |= {key for key in self.book.kpis if any(_needs(item, Plan(key)) for item in self.statements)}
        ordered = [key for key in self.book.kpis if key in keys and self.book.kpis[key].from_ is None]
        ordered += [f"{key}{PLANNED}" for key in self.book.kpis if f"{key}{PLANNED}" in keys]
        ordered += sorted(key for key in keys if key.endswith(PAID))
        if not ordered or not months:
            return None
        period = self.heading("history", "period", "history.period")
        sheet = self.sheet("history", self.owner("history", "history.id"), period)
        for key in ordered:
            note = self.word("note.history.paid")
            if not key.endswith(PAID):
                kpi = key.removesuffix(PLANNED)
                note = self.word("note.history.plan" if kpi != key else "note.history.kpi", unit=self.unit(kpi))
            sheet.headings.append(Heading(earlier_title(self.book, key), note, earlier_unit(self.book, key)))
        for number, _, _, example in self.people():
            for back in range(max(months), 0, -1):
                figures = [self.earlier(example, key, back) for key in ordered]
                if any(figure is not None for figure in figures):
                    sheet.rows.append([number, month_back(self.period, back), *figures])
        return sheet

    def earlier(self, example: Example | None, key: str, back: int) -> Decimal | None:
        """Return an example's figure of an earlier month; a plan as it is typed, before its season."""
        figure = _earlier(example, key, back)
        if not figure or not key.endswith(PLANNED):
            return figure
        return figure / season_of(self.book.kpis[key.removesuffix(PLANNED)], month_back(self.period, back))

    def unit(self, key: str) -> str:
        """Return how a KPI's figures are written."""
        kpi = self.book.kpis[key]
        if unit_of_kpi(kpi) == "percent":
            return self.word("unit.percent")
        return kpi.unit or self.word("unit.none")

    def takers(self, source: Given) -> str:
        """Return a note on which schemes need a KPI, if others do not."""
        titles = [item.scheme.title for item in self.statements if _needs(item, source)]
        if not titles or len(titles) == len(self.statements):
            return ""
        return " " + self.word("note.takers", schemes=", ".join(titles))

    def blank(self, source: Plan | StatedPlan | Actual) -> str:
        """Return what a blank of a KPI means: of several schemes, the strictest meaning."""
        meanings = {blank for item in self.statements if (blank := item.blanks.get(key_of(source)))}
        if not meanings and source.kpi not in self.extra():
            return self.word("note.blank.idle")
        strictest = next((blank for blank in ("error", "hold", "zero") if blank in meanings), "error")
        return self.word(f"note.blank.{strictest}")

    def word(self, name: str, **blanks: str) -> str:
        """Return a word of the form in the language of the scheme."""
        return word(f"form.{name}", self.book.language).format(**blanks)


def _needs(statement: Statement, source: Given) -> bool:
    """Tell whether a scheme takes a figure from a sheet."""
    return any(figure.role == source for figure in statement.given())


def _positions(statement: Statement) -> list[str]:
    """Return the positions that a scheme is for."""
    position = statement.scheme.audience.position
    return [position] if isinstance(position, str) else position or []


def _earlier(example: Example | None, key: str, back: int) -> Decimal | None:
    """Return an example's figure of an earlier month; the stated sum of several months is put into the last of them."""
    if example is None:
        return None
    stated = example.previous.get(f"{key}:{back}", example.previous.get(key))
    if stated is None and key in example.earlier:
        return example.earlier[key] if back == 1 else Decimal(0)
    return stated
