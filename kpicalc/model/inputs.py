"""The contents of one month's workbook, typed: every figure is exact and knows its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from string import ascii_uppercase
from typing import Literal

from kpicalc.model.deals import PaidRows, RowRule
from kpicalc.model.fields import DetailField, EmployeeField, Level
from kpicalc.model.issue import Place
from kpicalc.model.record import record

FOLLOWS: Mapping[str, EmployeeField] = {"days_employed": "days_norm", "salary_after": "salary", "fte_after": "fte"}
"""Figures that equal others unless a person works a part of the month, or pay changes inside it."""
Mark = Literal["part_month", "changed", "leaves"]
"""Conditions of a payee's month that are no figures of a calculation: 1 where true, 0 where not."""


JOINED = " / "
"""The separator between the departments, or the positions, of a person who has several."""


@record
class Payee:
    """A payee. `id` is the personnel number, always text, so leading zeros survive; without a number it is the name."""

    id: str
    name: str
    department: str
    position: str
    scheme: str
    """Key of the scheme, from the Scheme column; blank: the position decides."""
    place: Place

    @property
    def has_number(self) -> bool:
        """Tell whether there is a personnel number."""
        return not self.id.startswith(self.name)

    def __str__(self) -> str:
        return f"{self.id} {self.name}" if self.has_number else self.id


@record
class Series:
    """One column of figures, aligned with the payees; None is a blank, which is not zero.

    `rows` are spreadsheet rows (from 1; 0 where the payee has no row), `column` the letter: every figure knows its cell
    without a million stored addresses.
    """

    values: list[Decimal | None]
    file: str
    sheet: str
    column: str
    rows: Sequence[int]
    origins: Mapping[int, Place] = field(default_factory=dict)
    """The sources of figures that are not in the column: the production calendar, an earlier payroll."""

    def place(self, index: int) -> Place:
        """Return the cell of a payee's figure, or the sheet where the payee has no row."""
        if index in self.origins:
            return self.origins[index]
        row = self.rows[index]
        return Place(self.file, self.sheet, f"{self.column}{row}" if row else "")


@record
class LevelFigure:
    """One level of a department's plan and its cell."""

    value: Decimal | None
    place: Place
    typed: Decimal | None = None
    """The value in the cell, where the season of the KPI adjusts the plan."""


@record
class Adjustment:
    """A signed amount with its reason."""

    amount: Decimal
    reason: str
    place: Place


@record
class Employment:
    """The days of employment (first and last working day) and the cell that states them.

    `begins` and `ends` are the days of the row itself: those in this position, at this salary.
    """

    hired: date | None
    dismissed: date | None
    place: Place
    begins: date | None = None
    ends: date | None = None

    @property
    def first(self) -> date | None:
        """Return the first day that counts; None where none is stated."""
        return max((day for day in (self.hired, self.begins) if day), default=None)

    @property
    def last(self) -> date | None:
        """Return the last day that counts; None where none is stated."""
        return min((day for day in (self.dismissed, self.ends) if day), default=None)

    @property
    def of_row(self) -> bool:
        """Tell whether the row has days of its own."""
        return self.begins is not None or self.ends is not None


@record
class Change:
    """Another salary or rate from a day on, with the days or hours worked since then where they are stated.

    `new` and `cells` are by field; `place` is the cell of the day.
    """

    day: date
    new: Mapping[EmployeeField, Decimal | None]
    cells: Mapping[EmployeeField, Place]
    place: Place


@record
class FactSource:
    """A table of facts behind figures: the name that people see, and the SHA-256 of its file, if any."""

    title: str
    sha256: str


SkipRule = Literal["total", "group", "note", "where", "undated", "unowned", "others", "left_out", "unused"]
"""Why a row is not counted.

A totals row; a row that names a group; a note below the table; the table's `where`; no date; no payee, or one who is
not on the Employees sheet, where the scheme says to skip such rows; a person whom this scheme file does not pay; a row
that no KPI counts.
"""


@record
class TableCount:
    """What became of the rows of one table: rows = counted + skipped + those of other months.

    `title` is the table's name for people; `skipped` holds the rules that left rows out, in their order.
    """

    title: str
    rows: int
    counted: int
    skipped: Mapping[SkipRule, int] = field(default_factory=dict)
    other_months: int = 0


@record
class EarlierPayroll:
    """A payroll of an earlier month that figures were taken from: its path, its month, the SHA-256 of its bytes."""

    file: str
    period: str
    sha256: str


@record
class Inputs:
    """A month of plans and actuals.

    plan, actual: by KPI key. employee: by field of the Employees sheet. team_plan: by (KPI key, department).
    adjustments: by the payee's index. For messages: `sheets` are the names of the sheets found, by their names in
    calculations (plan, actual, employee, team); `columns` the letters of the Employees sheet's columns, by field.
    """

    file: str
    sha256: str
    period: str
    payees: list[Payee]
    plan: Mapping[str, Series]
    actual: Mapping[str, Series]
    employee: Mapping[str, Series]
    team_plan: Mapping[tuple[str, str], Mapping[Level, LevelFigure]] = field(default_factory=dict)
    adjustments: Mapping[int, list[Adjustment]] = field(default_factory=dict)
    blanks_are_sure: bool = True
    unread: frozenset[Place] = frozenset()
    """Cells whose figures could not be read: they have an issue already, and are not blank."""
    history: Mapping[tuple[str, int], Series] = field(default_factory=dict)
    """Figures of earlier months by KPI and how many months ago."""
    retyped: Mapping[str, Series] = field(default_factory=dict)
    """Figures of the month itself on the History sheet, by KPI: they are not used, and should be those that are."""
    details: Mapping[DetailField, Sequence[str]] = field(default_factory=dict)
    """Bank details and the like, by column of the Employees sheet, aligned with the payees."""
    row_pay: Mapping[RowRule, Series] = field(default_factory=dict)
    """The pay of every payee for rows of facts, by the rule that pays them."""
    paid_rows: Mapping[RowRule, PaidRows] = field(default_factory=dict)
    """The rows themselves."""
    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    norms: Mapping[EmployeeField, Decimal] = field(default_factory=dict)
    """Days and hours of the whole month by the production calendar, where there is one."""
    employed: Mapping[int, Employment] = field(default_factory=dict)
    """By the payee's index, for those whose days are stated."""
    away: frozenset[int] = frozenset()
    """People who do not work in this month: hired later or dismissed earlier."""
    unread_sheets: tuple[str, ...] = ()
    """Names of the sheets without a role, except empty ones."""
    facts: tuple[FactSource, ...] = ()
    """The tables of facts that figures were computed from, beside the sheets of the workbook."""
    called: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The payees' names in a CRM: heading of a column of the Employees sheet ('': «Имя в CRM») -> a text each."""
    tables: tuple[TableCount, ...] = ()
    """What became of the rows of every table that was read."""
    books: tuple[FactSource, ...] = ()
    """The workbooks, where there are several: their names, and the SHA-256 of each."""
    grouped: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Texts of the Employees sheet that group people: column's key -> a text each, '' where blank."""
    reached: Mapping[str, Sequence[date | None]] = field(default_factory=dict)
    """By KPI from facts, where it decides a tie: the day of each payee's last row that counts."""
    payrolls: tuple[EarlierPayroll, ...] = ()
    """The payrolls of earlier months that figures were taken from, the latest first."""
    paid_before: Mapping[str, float] = field(default_factory=dict)
    """About what last month's payroll paid people, by number, where it is known."""
    whole: frozenset[str] = frozenset()
    """KPIs from facts that count rows of more than one month: each row of a person has the figure of all."""
    further: Mapping[int, int] = field(default_factory=dict)
    """For people with several rows (two positions, two salaries in a month): every row but the first -> the first one.

    The rows of one person are paid together.
    """

    def person_of(self, index: int) -> int:
        """Return the first row of the person whose row this is."""
        return self.further.get(index, index)

    def rows_of(self, index: int) -> tuple[int, ...]:
        """Return all rows of the person whose row this is, in the order of the sheet."""
        first = self.person_of(index)
        return (first, *(row for row, head in self.further.items() if head == first))

    def is_joint(self, index: int) -> bool:
        """Tell whether the person whose row this is has other rows too."""
        return bool(self.further) and (index in self.further or index in self.further.values())

    def person(self, index: int) -> Payee:
        """Return a payee as one person: with all departments and positions of several rows, each once."""
        if not self.is_joint(index):
            return self.payees[index]
        rows = [self.payees[row] for row in self.rows_of(index)]
        departments, positions = (
            JOINED.join(dict.fromkeys(text for text in texts if text))
            for texts in ([row.department for row in rows], [row.position for row in rows])
        )
        return replace(rows[0], department=departments, position=positions)

    def persons(self) -> tuple[tuple[int, ...], ...]:
        """Return the rows of all people who have several."""
        return tuple(self.rows_of(first) for first in dict.fromkeys(self.further.values()))

    def place_of(self, index: int, name: str) -> Place:
        """Return the cell of a payee's field; without such a column, the cell of the personnel number."""
        place = self.payees[index].place
        letter = self.columns.get(name)
        return replace(place, cell=letter + place.cell.lstrip(ascii_uppercase)) if letter else place

    def sheet(self, name: str) -> Place:
        """Return a sheet by its name in calculations, or the workbook where it has no such sheet."""
        return Place(self.file, self.sheets.get(name, ""))

    def lacks_row(self, sheet: str, index: int) -> bool:
        """Tell whether a payee has no row at all on a sheet."""
        tables = {"plan": self.plan, "actual": self.actual, "employee": self.employee}
        return not any(series.rows[index] for series in tables.get(sheet, {}).values())
