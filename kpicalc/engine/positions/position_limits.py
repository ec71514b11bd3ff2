"""Issues about several rows of one person: what they cannot have together, and what each of them has in full."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal

from kpicalc.engine.groups.everybody import group_of
from kpicalc.engine.groups.group_pay import TIME, group_pay
from kpicalc.engine.positions.month_bounds import with_bounds
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.sources import Actual, DuePlan, OfLines, OfTeam, Personal, Plan
from kpicalc.lang import number, word
from kpicalc.model.fields import WORKED, EmployeeField
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.issue import Issue, issue
from kpicalc.model.period import first_day, last_day
from kpicalc.model.record import record
from kpicalc.model.row_days import span_of
from kpicalc.model.scheme import SchemeBook

_ZERO = Decimal(0)
_WEEKDAY_HOURS = 10
"""Without a norm: a quarter above the usual eight hours on each Monday to Friday of the month."""
_DAY_HOURS = 12
"""The longest usual shift, on every day of the rows: it limits whoever was employed for a few days only."""
_WEEKEND, _WEEK = 5, 7
Rows = Sequence[tuple[int, Statement]]
"""The rows of one person with the statements that pay them."""


def limits(book: SchemeBook, inputs: Inputs, rows: Rows) -> list[Issue]:
    """Return the issues about the rows of one person."""
    judged = _Limits(book, inputs)
    judged.withheld(rows)
    judged.joint(rows)
    judged.grouped(rows)
    judged.time(rows)
    judged.in_full(rows)
    return judged.issues


@record(frozen=False)
class _Limits:
    book: SchemeBook
    inputs: Inputs
    issues: list[Issue] = field(default_factory=list)

    def withheld(self, rows: Rows) -> None:
        """Refuse a fixed amount withheld in several rows, and a tax that only some rows pay."""
        fixed: dict[str, list[int]] = {}
        taxed: list[int] = []
        for row, statement in rows:
            for item in statement.scheme.pay:
                component = item.component
                if item.name == "withholding" and component.amount is not None:
                    due = self.inputs.employee.get("writ_amount") if component.amount == "writ_amount" else None
                    if due is None or due.values[row]:
                        title = component.called(self.book.language)
                        fixed.setdefault(title, []).append(row)
                if item.name == "withholding" and component.tax is not None and row not in taxed:
                    taxed.append(row)
        for title, users in fixed.items():
            if len(users) > 1:
                self._report("position_withheld_twice", users[-1], None, title=title)
        if taxed and len(taxed) < len(rows):
            row, statement = next((row, statement) for row, statement in rows if row not in taxed)
            self._report("position_untaxed", row, None, scheme=statement.scheme.title)

    def joint(self, rows: Rows) -> None:
        """Refuse rankings and shares of colleagues' lines in which the person would count twice."""
        seen: dict[str, int] = {}
        for row, statement in rows:
            for ranking in statement.rankings:
                if seen.setdefault(ranking.id, row) != row:
                    self._report("position_joint", row, None, title=ranking.title)
            for figure in statement.given():
                source = figure.source
                if isinstance(source, OfLines) and source.own == "exclude":
                    group = group_of(self.inputs, row, source.over)
                    others = [
                        other for other, theirs in rows
                        if other != row and source.lines in theirs.earned
                        and group_of(self.inputs, other, source.over) == group
                    ]  # fmt: skip
                    if others:
                        self._report("position_joint", row, None, title=figure.title)

    def grouped(self, rows: Rows) -> None:
        """Refuse a group's result paid in several rows, and a result of "the others" that includes the person's own."""
        seen: dict[tuple[str, str, str], int] = {}
        groups: dict[str, set[str]] = {}
        for row, statement in rows:
            for line, figure, of in group_pay(statement):
                group = group_of(self.inputs, row, of.over)
                name = "/".join(of.lines) if isinstance(of, OfLines) else self._summed(of)
                groups.setdefault(line.title, set()).add(f"{row}/{group}")
                if group and seen.setdefault((name, of.over, group), row) != row:
                    self._report("position_group_twice", row, None, title=line.title, found=figure.title)
            for item in statement.scheme.pay:
                if item.name == "override" and item.component.own == "exclude":
                    self._left_out(row, statement, item.component.on, rows)
        whole = [title for title, places in groups.items() if len(places) > 1]
        if whole and not any(item.code == "position_group_twice" for item in self.issues):
            self._report("position_in_full", rows[0][0], None, found=whole)

    def _summed(self, of: OfTeam) -> str:
        return self.book.kpis[of.kpi].of or of.kpi

    def _left_out(self, row: int, statement: Statement, kpi: str | None, rows: Rows) -> None:
        """Refuse a result of the others that includes the person's result in another row."""
        for figure in statement.given():
            of = figure.source
            if isinstance(of, OfTeam) and (of.kpi, of.part) == (kpi, "actual"):
                known = self.inputs.actual.get(self._summed(of))
                group = group_of(self.inputs, row, of.over)
                if any(
                    other != row
                    and group_of(self.inputs, other, of.over) == group
                    and (known is None or known.values[other])
                    for other, _ in rows
                ):
                    self._report("position_joint", row, None, title=figure.title)

    def time(self, rows: Rows) -> None:
        """Refuse more days or hours in all rows together than the norm of the month or, without one, than is likely.

        Refuse more days than a row has. Hours and shifts that fit into the month but hardly into the row are a warning.
        """
        employee = self.inputs.employee
        for worked in (*WORKED, "shifts"):
            done, due = employee.get(worked), employee.get(WORKED.get(worked, ""))
            if done is None:
                continue
            total = sum((done.values[row] or _ZERO for row, _ in rows), _ZERO)
            stated = max((due.values[row] or _ZERO for row, _ in rows), default=_ZERO) if due else _ZERO
            most = stated or self._likely(worked, rows)
            title = word(f"headings.employee.{worked}", self.book.language)
            if worked in WORKED and total > most:
                code = "position_days_above" if stated else "position_time_unlikely"
                shown = {"found": number(total, self.book.language), "limit": number(most, self.book.language)}
                self._report(code, rows[-1][0], done, title=title, **shown)
            elif row := self._of_whole_month(worked, done, rows):
                code = "position_row_days" if worked == "days_worked" else "position_time_whole"
                self._report(code, row[0], done, title=title, found=row[1])

    def _of_whole_month(self, worked: EmployeeField, done: Series, rows: Rows) -> tuple[int, str] | None:
        """Return a row that seems to have what was worked in the whole month, and what all rows have.

        It has more than its days allow, or all rows have the same number of shifts, in sum more than one per weekday.
        """
        values = {row: done.values[row] or _ZERO for row, _ in rows}
        above = [row for row, statement in rows if values[row] > self._likely(worked, [(row, statement)])]
        equal = worked == "shifts" and len(set(values.values())) == 1
        if equal and sum(values.values()) > _weekdays(self._days(rows)):
            above = [rows[-1][0]]
        if not above:
            return None
        days = {row: len(self._days([(row, statement)])) for row, statement in rows}
        phrase, language = word("words.bounds.of_row", self.book.language), self.book.language
        texts = [phrase.format(found=number(values[row], language), days=days[row]) for row in values]
        return above[0], ", ".join(texts)

    def _likely(self, worked: EmployeeField, rows: Rows) -> Decimal:
        """Return the most days, hours or shifts that rows without a norm may have together."""
        days, month = self._days(rows), _between(first_day(self.inputs.period), last_day(self.inputs.period))
        if worked != "hours_worked":
            return Decimal(len(days))
        if len(rows) == 1 and len(days) <= _WEEK:
            return Decimal(_DAY_HOURS * len(days))
        weekdays = _weekdays(days if len(rows) == 1 else month)
        return Decimal(min(_WEEKDAY_HOURS * weekdays, _DAY_HOURS * len(days)))

    def _days(self, rows: Rows) -> set[date]:
        """Return the days of the month that rows have."""
        return {day for row, _ in rows for day in _between(*span_of(self.inputs, row))}

    def in_full(self, rows: Rows) -> None:
        """Report amounts, plans and bounds that each of several rows has in full, whatever its days."""
        rows_of: dict[str, list[int]] = {}
        plan = word("headings.figure.plan", self.book.language)
        for row, statement in rows:
            lines = {line.id: line.title for line in statement.lines}
            for pool in statement.pools:
                # A coefficient without results or days in it would count in full in each row.
                names = {factor.name for factor in pool.by if isinstance(factor, Personal)}
                if not names & TIME and not all(isinstance(factor, Actual) for factor in pool.by):
                    rows_of.setdefault(pool.title, []).append(row)
            for item in statement.scheme.pay:
                component = item.component
                if getattr(component, "prorate", None) == "none" and getattr(component, "per", "month") == "month":
                    rows_of.setdefault(lines.get(component.id or item.name, item.name), []).append(row)
            due = {figure.role.kpi for figure in statement.figures if isinstance(figure.role, DuePlan)}
            for figure in statement.given():
                if isinstance(figure.source, Plan) and figure.source.kpi not in due:
                    rows_of.setdefault(f"{self.book.kpi_title(figure.source.kpi)} / {plan}", []).append(row)
        titles = [title for title, users in rows_of.items() if len(users) > 1]
        if titles:
            self._report("position_in_full", rows[0][0], None, found=titles)
        bounds = [line.title for _, statement in rows for line in with_bounds(statement)]
        twice = [title for title in dict.fromkeys(bounds) if bounds.count(title) > 1 and title not in titles]
        if twice:
            self._report("position_bounds", rows[0][0], None, found=twice)

    def _report(self, code: str, row: int, series: Series | None, **facts: object) -> None:
        place = series.place(row) if series is not None else self.inputs.place_of(row, "from")
        self.issues.append(issue(code, place, payee=self.inputs.payees[row], **facts))


def _between(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def _weekdays(days: Iterable[date]) -> int:
    return sum(day.weekday() < _WEEKEND for day in days)
