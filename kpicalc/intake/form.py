"""The workbook to fill in for a scheme: its sheets and headings, and an example row that pays as the scheme's example.

What stands on it follows from the compiled scheme, so it asks for just what the scheme needs, under names that the
reader knows: it reads its own form.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from kpicalc.engine.draft import EMPLOYEE_FIELDS, LEVELS, unit_of_kpi
from kpicalc.engine.statement import Given, Statement
from kpicalc.intake.names import field_title, sheet_title
from kpicalc.lang import word
from kpicalc.model.inputs import BalanceField, WithheldField
from kpicalc.model.scheme import Example, SchemeBook

_BALANCES: tuple[BalanceField, ...] = get_args(BalanceField)
_ROWS = 500
"""Rows that may be filled in; the headings above them are protected."""
_FORMATS = {"money": "#,##0.00", "percent": "0.00%", "number": "General"}

_DAY = "dd.mm.yyyy"
_FOLLOWS_DATES = frozenset({"days_employed", "salary_after", "fte_after", "days_after", "hours_after"})
"""What nobody types on the Employees sheet: it follows from the dates there and on the Changes sheet."""


@dataclass
class _Sheet:
    """A sheet of the form: its headings with their number formats, and the rows of the example."""

    title: str
    headings: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[object]] = field(default_factory=list)


def write_form(book: SchemeBook, statements: dict[str, Statement], path: Path) -> None:
    """Write the workbook to fill in."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    form = _Form(book, list(statements.values()))
    for sheet in form.sheets():
        _write(workbook.create_sheet(sheet.title), sheet)
    positions = form.positions()
    if positions:
        _choices(workbook.worksheets[0], "D", positions)
    workbook.save(path)


@dataclass(frozen=True)
class _Form:
    book: SchemeBook
    statements: Sequence[Statement]

    def sheets(self) -> list[_Sheet]:
        """Return the sheets that the schemes need, in the order in which people fill them in."""
        found = [self.employees(), self.kpis("plan", "plan"), self.kpis("actual", "actuals"), self.team_plan()]
        if any(line.component == "adjustments" for statement in self.statements for line in statement.lines):
            found.append(self.table("adjustments", ("id", "amount", "reason")))
        if any(self.needs(item, "employee", "days_after") for item in self.statements):
            found.append(self.table("changes", ("id", "from", "salary", "fte", "days_after")))
        return [sheet for sheet in found if sheet is not None]

    def positions(self) -> list[str]:
        """Return the positions that the schemes are for."""
        found: list[str] = []
        for statement in self.statements:
            position = statement.scheme.audience.position
            found += [position] if isinstance(position, str) else position or []
        return found

    def table(self, role: Any, fields: tuple[str, ...]) -> _Sheet:
        """Return a sheet with fields of its own and no rows."""
        titles = [(field_title(role, name, self.book.language), "@" if name == "id" else "General") for name in fields]
        return _Sheet(sheet_title(role, self.book.language), titles)

    def people(self) -> list[tuple[str, Statement, Example | None]]:
        """Return the example's people: one per scheme, with the scheme's first worked example."""
        return [
            (f"{number:05}", statement, next(iter(statement.scheme.examples), None))
            for number, statement in enumerate(self.statements, 1)
        ]

    def employees(self) -> _Sheet:
        """Return the list of people, with the figures of theirs that the schemes need."""
        sheet = self.table("employees", ("id", "name", "department", "position"))
        fields = (*EMPLOYEE_FIELDS, *get_args(WithheldField), *_BALANCES)
        taken = [name for name in fields if any(self.needs(item, "employee", name) for item in self.statements)]
        needed = [name for name in taken if name not in _FOLLOWS_DATES]
        sheet.headings += [(field_title("employees", name, self.book.language), "General") for name in needed]
        if "days_employed" in taken:
            days = (field_title("employees", name, self.book.language) for name in ("hired", "dismissed"))
            sheet.headings += [(title, _DAY) for title in days]
        person, department = self.word("person"), self.word("department")
        for number, statement, example in self.people():
            position = statement.scheme.audience.position
            first = position if isinstance(position, str) else (position or [""])[0]
            # Who starts today carries nothing over.
            stated = dict.fromkeys(_BALANCES, Decimal(0)) | (example.employee if example else {})
            figures = [stated.get(name) if self.needs(statement, "employee", name) else None for name in needed]
            sheet.rows.append([number, f"{person} {int(number)}", department, first, *figures])
        return sheet

    def kpis(self, source: str, role: Any) -> _Sheet | None:
        """Return a sheet with a column per KPI that some scheme takes from it."""
        keys = [key for key in self.book.kpis if any(self.needs(item, source, key) for item in self.statements)]
        keys += [of for of in self.summed() if source == "actual" and of not in keys]
        if not keys:
            return None
        sheet = self.table(role, ("id",))
        sheet.headings.append((field_title("employees", "name", self.book.language), "General"))
        for key in keys:
            sheet.headings.append((self.book.kpi_title(key), _FORMATS[unit_of_kpi(self.book.kpis[key])]))
        for number, _, example in self.people():
            stated = (example.plan if source == "plan" else example.actual) if example else {}
            name = f"{self.word('person')} {int(number)}"
            sheet.rows.append([number, name, *(stated.get(key) for key in keys)])
        return sheet

    def team_plan(self) -> _Sheet | None:
        """Return the plan of the departments, if a scheme looks at one."""
        kpis = {team.kpi for statement in self.statements for team in statement.teams}
        planned = [key for key in self.book.kpis if key in kpis]
        if not planned:
            return None
        sheet = self.table("team_plan", ("department", "kpi", *LEVELS))
        for key in planned:
            example = next((item.team[key] for _, _, item in self.people() if item and key in item.team), None)
            levels = [getattr(example, level) if example else None for level in LEVELS]
            sheet.rows.append([self.word("department"), self.book.kpi_title(key), *levels])
        return sheet

    def summed(self) -> list[str]:
        """Return the KPIs that are summed over a department."""
        return [team.of for statement in self.statements for team in statement.teams]

    @staticmethod
    def needs(statement: Statement, source: str, name: str) -> bool:
        """Tell whether a scheme takes a figure from a sheet."""
        return any(figure.source == Given(source, name) for figure in statement.given())  # type: ignore[arg-type]

    def word(self, name: str) -> str:
        """Return a word of the example in the language of the scheme."""
        return word(f"terminal.init.{name}", self.book.language)


def _write(sheet: Any, content: _Sheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter

    line = Side(style="thin", color="BFBFBF")
    for index, (heading, number_format) in enumerate(content.headings, 1):
        cell = sheet.cell(1, index, heading)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.border = Border(left=line, right=line, top=line, bottom=line)
        sheet.column_dimensions[get_column_letter(index)].width = max(14, min(len(heading) + 4, 34))
        for row in range(2, _ROWS + 2):
            entry = sheet.cell(row, index)
            entry.number_format, entry.protection = number_format, Protection(locked=False)
    for at, values in enumerate(content.rows, 2):
        for index, value in enumerate(values, 1):
            cell = sheet.cell(at, index)
            cell.value = float(value) if isinstance(value, Decimal) else value
            cell.font = Font(italic=True, color="7F7F7F")
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "C2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.sort = False


def _choices(sheet: Any, column: str, values: Sequence[str]) -> None:
    """Offer a list in a column; other values stay possible, for people of other schemes."""
    from openpyxl.worksheet.datavalidation import DataValidation

    text = ",".join(value.replace('"', "'") for value in values)
    if "," in "".join(values) or len(text) > 250:
        return
    rule = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(rule)
    rule.add(f"{column}2:{column}{_ROWS + 1}")
