"""The scope of a scheme's formulas: the names that they may use, and the place of a mistake in the file."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from kpicalc.engine.desk import Desk
from kpicalc.engine.draft import EMPLOYEE_FIELDS
from kpicalc.engine.tree.expression import Names
from kpicalc.engine.tree.formula import ZERO, Node, Number, Unit
from kpicalc.engine.tree.tokens import FormulaError, title_at
from kpicalc.engine.tree.words import show
from kpicalc.model.days import day_number
from kpicalc.model.fields import EmployeeField
from kpicalc.model.issue import Place
from kpicalc.model.record import record
from kpicalc.model.texts import by_spelling, hint

_Read = TypeVar("_Read")
_TIME: tuple[EmployeeField, ...] = (
    "days_worked", "days_norm", "hours_worked", "hours_norm", "shifts", "month", "months_employed",
    "hired", "month_start", "month_end",
)  # fmt: skip


def read_formula(
    parse: Callable[[str, Names], _Read], text: str, desk: Desk, names: Names, path: tuple[str | int, ...]
) -> _Read | None:
    """Read a formula at a path of the scheme; report a mistake at its very character and return None."""
    try:
        return parse(text, names)
    except FormulaError as mistake:
        error = title_at(text, mistake, names.titles(), names.known())
        source = desk.book.source
        mark = source.marks.get((*desk.path, *path, "="))
        place = source.place(*desk.path, *path)
        if mark:
            place = Place(place.file, line=mark[0], column=mark[1] + error.offset)
        desk.draft.report(error.code, place, **error.facts)
        return None


class Kpis(Protocol):
    """The figures of the scheme's KPIs."""

    def kpi(self, key: str, *path: str | int) -> Node:
        """Return the actual of a KPI."""

    def plan(self, key: str, *path: str | int) -> Node:
        """Return the plan of a KPI."""

    def attainment(self, key: str, *path: str | int) -> Node:
        """Return the attainment of a KPI."""

    def team(self, key: str, *path: str | int) -> Node:
        """Return the department's figure of a KPI."""

    def previous(self, key: str, months: int) -> Node:
        """Return a KPI's figure of an earlier month."""


@record
class Scope:
    """The names that a formula may use: KPIs, the columns that the scheme file declares, the month and the time worked.

    With `lines` also the lines above and the employee's other figures.
    """

    desk: Desk
    kpis: Kpis
    path: tuple[str | int, ...]
    lines: bool

    def name(self, name: str, offset: int) -> Node:
        """Return the figure of that name."""
        if name in self.desk.book.kpis:
            return self.kpis.kpi(name, *self.path)
        if name in self.desk.book.employees:
            return self.desk.own_column(name)
        if self.lines:
            for line in self.desk.draft.lines:
                if line.id == name:
                    return self.desk.line(line.id)
            if name in self.desk.draft.unread:
                return ZERO
            if any(tally.id == name for tally in self.desk.draft.tallies):
                raise FormulaError(offset, "not_money", found=name)
            if name in EMPLOYEE_FIELDS:
                if name in ("salary", "fte"):
                    self.desk.assume("changed", ZERO.value, "changes_unused")
                return self.desk.employee(name)
        elif name in _TIME:
            return self.desk.employee(name)
        raise self._unknown(offset, "unknown_name", name, self.known())

    def kpi_function(self, function: str, kpi: str, offset: int) -> Node:
        """Return plan(kpi), attainment(kpi) or team(kpi)."""
        if kpi not in self.desk.book.kpis:
            raise self._unknown(offset, "unknown_kpi", kpi, list(self.desk.book.kpis))
        method: Any = {"plan": self.kpis.plan, "attainment": self.kpis.attainment, "team": self.kpis.team}[function]
        node: Node = method(kpi, *self.path)
        return node

    def previous(self, kpi: str, months: int, offset: int) -> Node:
        """Return a KPI's figure of an earlier month."""
        if kpi not in self.desk.book.kpis:
            raise self._unknown(offset, "unknown_kpi", kpi, list(self.desk.book.kpis))
        return self.kpis.previous(kpi, months)

    def literal(self, value: Decimal, text: str) -> Node:
        """Return a number: 0 and 1 are part of the rule's form, any other is a parameter with a cell of its own."""
        if value in (0, 1) and not text.endswith("%"):
            return Number(value)
        unit: Unit = "percent" if text.endswith("%") else "number"
        title = show(value, unit, self.desk.language)
        same = [param for param in self.desk.params.values() if param.title == title and param.value == value]
        return same[0] if same else self.desk.term(f"number{len(self.desk.params) + 1}", title, value, unit)

    def day(self, value: date) -> Node:
        """Return a day written in the formula: a parameter with a cell of its own."""
        number = day_number(value)
        title = show(number, "day", self.desk.language)
        same = [param for param in self.desk.params.values() if param.title == title and param.unit == "day"]
        return same[0] if same else self.desk.term(f"day{len(self.desk.params) + 1}", title, number, "day")

    def known(self) -> list[str]:
        """Return the names that the formula may use."""
        names = [line.id for line in self.desk.draft.lines] + list(EMPLOYEE_FIELDS) if self.lines else list(_TIME)
        return [*self.desk.book.kpis, *self.desk.book.employees, *names]

    def titles(self) -> Mapping[str, str]:
        """Return the keys of KPIs, columns and lines by the spelling of their titles."""
        lines = {line.id: line.title for line in self.desk.draft.lines} if self.lines else {}
        columns = {key: column.title or key for key, column in self.desk.book.employees.items()}
        return {**by_spelling(lines), **by_spelling(columns), **self.desk.book.titles}

    def _unknown(self, offset: int, code: str, name: str, known: list[str]) -> FormulaError:
        code, facts = hint(code, name, known, self.titles())
        return FormulaError(offset, code, **facts)
