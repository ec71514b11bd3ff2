"""People with several rows in a month: figures that belong to the person count once, or are refused.

Each row is computed by its own scheme on its own days. A figure that all rows of a person read from one cell (an actual
of the month, an earlier month, a balance, the adjustments) counts in the one row whose scheme uses it. If several do,
its parts are unknown and it is refused.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import get_args

from kpicalc.engine.audience import schemes_of
from kpicalc.engine.compile import earlier_title
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.groups.everybody import group_of
from kpicalc.engine.positions.position_limits import Rows, limits
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.sources import PLANNED, Actual, Adjusted, EarlierSum, MonthAgo, Personal, Plan, StatedPlan
from kpicalc.engine.tree.words import show
from kpicalc.lang import number, word
from kpicalc.model.fields import BalanceField, WithheldField
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.issue import Issue, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import Kpi, SchemeBook

_ZERO = Decimal(0)
_OF_PERSON: tuple[WithheldField, ...] = ("income_before", "tax_before", "tax_deductions", "writ_share")
"""The same in all rows of a person: the tax base is one, and `one_person` joins it."""


def settled(book: SchemeBook, statements: Mapping[str, Statement], inputs: Inputs) -> tuple[Inputs, list[Issue]]:
    """Return the inputs with each figure of a person in one row, and issues about figures that cannot be assigned."""
    people = []
    for person in inputs.persons():
        keys = [(row, schemes_of(book, inputs.payees[row])) for row in person]
        # A row that no scheme fits, or several do, is reported elsewhere.
        rows = [(row, statements[key[0]]) for row, key in keys if len(key) == 1 and key[0] in statements]
        if len(rows) > 1:
            people.append(rows)
    return _Settling(book, statements, inputs).of(people) if people else (inputs, [])


def adds_up(kpi: Kpi) -> bool:
    """Tell whether the results of several positions add up to one result; a share or an average does not."""
    others = (kpi.average, kpi.share, kpi.min, kpi.max, kpi.formula)
    return unit_of_kpi(kpi) != "percent" and all(part is None for part in others)


def added_titles(book: SchemeBook) -> list[str]:
    """Return the titles of the KPIs and plans that add up so, as headed in earlier payrolls."""
    kpis = [key for key, kpi in book.kpis.items() if adds_up(kpi)]
    return [earlier_title(book, f"{key}{ending}") for key in kpis for ending in ("", PLANNED)]


@record(frozen=False)
class _Settling:
    book: SchemeBook
    statements: Mapping[str, Statement]
    inputs: Inputs
    issues: list[Issue] = field(default_factory=list)

    def of(self, people: Sequence[Rows]) -> tuple[Inputs, list[Issue]]:
        inputs = self.inputs
        groupings: dict[str, set[str]] = {}
        for statement in self.statements.values():
            for team in statement.teams:
                groupings.setdefault(team.of, set()).add(team.over)
        actual, plan, employee = dict(inputs.actual), dict(inputs.plan), dict(inputs.employee)
        adjustments = dict(inputs.adjustments)
        for rows in people:
            for kpi, series in list(actual.items()):
                actual[kpi] = self._actual(kpi, series, rows, groupings.get(kpi, set()))
            plan |= {kpi: _plan(kpi, series, rows) for kpi, series in plan.items()}
            self._earlier(rows)
            self.issues += limits(self.book, self.inputs, rows)
            for name in (*get_args(BalanceField), *_OF_PERSON):
                if name in employee:
                    employee[name] = self._balance(name, employee[name], rows)
            owed = [adjustment for row, _ in rows for adjustment in adjustments.pop(row, [])]
            if owed:
                adjustments[self._adjusted(rows)] = owed
        return replace(inputs, actual=actual, plan=plan, employee=employee, adjustments=adjustments), self.issues

    # -- figures of the person --------------------------------------------------------------------------------------

    def _actual(self, kpi: str, series: Series, rows: Rows, summed_over: Collection[str]) -> Series:
        """Return an actual of the month, counted in one row if all rows read one cell.

        It is refused too where rows belong to different groups whose sums it would count in.
        """
        places = {series.place(row) for row, _ in rows}
        shared = kpi in self.inputs.whole or (len(places) == 1 and places.pop().cell != "")
        known = next((value for row, _ in rows if (value := series.values[row]) is not None), None)
        if not shared or known is None:
            return series
        users = [row for row, statement in rows if _uses(statement, Actual(kpi))]
        # A computed KPI that a group's sum needs is computed of each row.
        users = users or [row for row, statement in rows if _needs_apart(statement, kpi)]
        if not users and any(len({group_of(self.inputs, row, over) for row, _ in rows}) > 1 for over in summed_over):
            users = [row for row, _ in rows]
        if len(users) > 1:
            title = self.book.kpi_title(kpi)
            facts = {"title": title, "found": show(known, unit_of_kpi(self.book.kpis[kpi]), self.book.language)}
            code = "position_facts_open" if kpi in self.inputs.whole else "position_actual_open"
            self._report(code, users[-1], series, **facts)
            return series
        counts = users[0] if users else rows[0][0]
        others: dict[int, Decimal | None] = {row: _ZERO if summed_over else None for row, _ in rows if row != counts}
        return _with(series, {counts: known} | others)

    def _earlier(self, rows: Rows) -> None:
        """Refuse figures of earlier months and plans of longer periods that several rows use: they are the person's."""
        rows_by_name: dict[str, list[int]] = {}
        for row, statement in rows:
            sources = [figure.source for figure in statement.given()]
            used = {source.name for source in sources if isinstance(source, EarlierSum)}
            used |= {source.kpi for source in sources if isinstance(source, MonthAgo | StatedPlan)}
            for name in used:
                rows_by_name.setdefault(name, []).append(row)
        for name, users in sorted(rows_by_name.items()):
            if len(users) > 1:
                self._report("position_earlier_open", users[-1], None, title=earlier_title(self.book, name))

    def _balance(self, name: BalanceField | WithheldField, series: Series, rows: Rows) -> Series:
        """Return a balance that is the same in all rows; a carried one counts in the first row that uses it."""
        known = [(row, value) for row, _ in rows if (value := series.values[row]) is not None]
        if not known:
            return series
        carried = name not in _OF_PERSON
        differ = [(row, value) for row, value in known if value != known[0][1] and (value or not carried)]
        if differ:
            row, value = differ[0]
            shown = [number(balance, self.book.language) for balance in (value, known[0][1])]
            title = word(f"headings.employee.{name}", self.book.language)
            facts = {"title": title, "found": shown[0], "other": shown[1], "first": series.place(known[0][0]).cell}
            self._report("position_balances_differ", row, series, **facts)
            return series
        users = [row for row, statement in rows if _uses(statement, Personal(name))] or [rows[0][0]]
        values = {row: known[0][1] if not carried or row == users[0] else _ZERO for row, _ in rows}
        return _with(series, values)

    @staticmethod
    def _adjusted(rows: Rows) -> int:
        """Return the row that pays the person's adjustments: the first whose scheme has them."""
        return next((row for row, statement in rows if _uses(statement, Adjusted())), rows[0][0])

    def _report(self, code: str, row: int, series: Series | None, **facts: object) -> None:
        place = series.place(row) if series is not None else self.inputs.place_of(row, "from")
        self.issues.append(issue(code, place, payee=self.inputs.payees[row], **facts))


def _plan(kpi: str, series: Series, rows: Rows) -> Series:
    """Return a plan only in the rows that use it, where each takes it by its days."""
    if len({series.place(row) for row, _ in rows}) > 1:
        return series
    users = [row for row, statement in rows if _uses(statement, Plan(kpi))] or [rows[0][0]]
    return _with(series, {row: None for row, _ in rows if row not in users})


def _uses(statement: Statement, source: object) -> bool:
    return any(figure.source == source for figure in statement.given())


def _needs_apart(statement: Statement, kpi: str) -> bool:
    return any(figure.source == Actual(kpi) for apart in statement.apart.values() for figure in apart.figures)


def _with(series: Series, values: Mapping[int, Decimal | None]) -> Series:
    column = list(series.values)
    for row, value in values.items():
        column[row] = value
    return replace(series, values=column)
