"""A month's pay: who is paid by which scheme, what is known of them, and every figure of their calculation.

Nobody is paid from a guess: a figure that is needed and blank stops the run, holds the person or counts as zero, as the
scheme states; a figure that cannot be computed stops the run and names the person.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.audience import fits
from kpicalc.engine.faults import fault_issue, origin
from kpicalc.engine.result import Columns, Payroll, SchemePay, Team
from kpicalc.engine.statement import Figure, Given, Statement
from kpicalc.engine.values import Rows, numbers
from kpicalc.engine.words import show
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook

_ZERO = Decimal(0)
_PATTERN = re.compile(r"^[<>=]|[*?~]")
"""Names that a spreadsheet's SUMIFS and MATCH would take for a pattern."""
_LARGE = Decimal(10) ** 12
"""A spreadsheet keeps 15 digits: above this an amount in kopecks has no digit left to round by."""


def compute(book: SchemeBook, statements: Mapping[str, Statement], inputs: Inputs) -> Payroll:
    """Compute a month's pay. The result's issues say whether it may be paid."""
    with exact_context():
        return _Month(book, statements, inputs).payroll()


class _Month:
    """The steps of a month's computation and what they find."""

    def __init__(self, book: SchemeBook, statements: Mapping[str, Statement], inputs: Inputs) -> None:
        self.book = book
        self.statements = statements
        self.inputs = inputs
        self.issues: list[Issue] = []
        self.held: set[int] = set()

    def payroll(self) -> Payroll:
        groups = self._assigned()
        given = {key: self._given(self.statements[key], payees) for key, payees in groups.items()}
        self._unpaid_adjustments(groups)
        self._assumed(groups)
        teams = self._teams(groups, given)
        schemes = []
        for key, payees in groups.items():
            statement = self.statements[key]
            columns = {name: list(values) for name, values in given[key].items()}
            self._place_teams(statement, payees, columns, teams)
            # Who lacks a figure is not computed: one finding is enough.
            unknown = {at for values in columns.values() for at, value in enumerate(values) if value is None}
            kept = [at for at, payee in enumerate(payees) if payee not in self.held and at not in unknown]
            known = {
                name: [value for at in kept if (value := values[at]) is not None] for name, values in columns.items()
            }
            paid = tuple(payees[at] for at in kept)
            schemes.append(SchemePay(statement, paid, self._figures(statement, paid, known)))
        placed = tuple(self._team_rows(teams, schemes))
        return Payroll(
            self.book, self.inputs, tuple(schemes), tuple(sorted(self.held)), placed, tuple(dict.fromkeys(self.issues))
        )

    # -- who is paid by what ------------------------------------------------------------------------------------

    def _assigned(self) -> dict[str, tuple[int, ...]]:
        groups: dict[str, list[int]] = {key: [] for key in self.book.schemes}
        for index, payee in enumerate(self.inputs.payees):
            if payee.scheme:
                groups[payee.scheme].append(index)
                continue
            fitting = [
                key for key, scheme in self.book.schemes.items() if fits(scheme, payee.position, payee.department)
            ]
            if len(fitting) == 1:
                groups[fitting[0]].append(index)
            else:
                code = "two_schemes" if fitting else "no_scheme"
                found = payee.position or "—"
                allowed = fitting or list(self.book.schemes)
                self._report(code, payee.place, payee=f"{payee.id} {payee.name}", found=found, allowed=allowed)
        return {key: tuple(payees) for key, payees in groups.items() if payees}

    def _unpaid_adjustments(self, groups: Mapping[str, tuple[int, ...]]) -> None:
        for key, payees in groups.items():
            if not any(line.component == "adjustments" for line in self.statements[key].lines):
                for index in payees:
                    for adjustment in self.inputs.adjustments.get(index, ()):
                        payee = self.inputs.payees[index]
                        self._report("adjustment_unpaid", adjustment.place, payee=f"{payee.id} {payee.name}", found=key)

    def _assumed(self, groups: Mapping[str, tuple[int, ...]]) -> None:
        for key, payees in groups.items():
            for assumption in self.statements[key].assumptions:
                series = self.inputs.employee.get(assumption.employee)
                for index in payees if series else ():
                    value = series.values[index] if series else None
                    if value is not None and value != assumption.value:
                        payee = self.inputs.payees[index]
                        self._report(assumption.code, assumption.place, payee=f"{payee.id} {payee.name}",
                                     found=show(value, "number", self.book.language))  # fmt: skip

    # -- what is known of them ----------------------------------------------------------------------------------

    def _given(self, statement: Statement, payees: tuple[int, ...]) -> dict[str, list[Decimal | None]]:
        columns: dict[str, list[Decimal | None]] = {}
        for figure in statement.given():
            match figure.source:
                case Given("adjustments", _):
                    columns[figure.key] = [
                        sum((item.amount for item in self.inputs.adjustments.get(index, ())), _ZERO) for index in payees
                    ]
                case Given("team", _):
                    pass
                case Given(sheet, name):
                    series = self.inputs.table(sheet).get(name)
                    columns[figure.key] = self._from_series(statement, figure, series, payees, sheet, name)
        return columns

    def _from_series(
        self,
        statement: Statement,
        figure: Figure,
        series: Series | None,
        payees: tuple[int, ...],
        sheet: str,
        name: str,
    ) -> list[Decimal | None]:
        if series is None:
            self._report(
                f"no_{sheet}_column",
                Place(self.inputs.file),
                found=name,
                title=figure.group if sheet != "employee" else figure.title,
                scheme=statement.scheme.title,
            )
            return [None] * len(payees)
        values = [series.values[index] for index in payees]
        for at, value in enumerate(values):
            if value is None:
                values[at] = self._blank(statement, figure, payees[at], series.place(payees[at]))
            elif value < 0 and sheet in ("plan", "employee"):
                payee = self.inputs.payees[payees[at]]
                self._report(
                    "negative_input",
                    series.place(payees[at]),
                    payee=f"{payee.id} {payee.name}",
                    title=figure.title,
                    found=show(value, figure.unit, self.book.language),
                )
        return values

    def _blank(self, statement: Statement, figure: Figure, index: int, place: Place) -> Decimal | None:
        payee = self.inputs.payees[index]
        facts = {"payee": f"{payee.id} {payee.name}", "title": figure.title}
        blank = statement.blanks[figure.key]
        if blank == "zero" and not self.inputs.blanks_are_sure:
            self._report("blank_unsure", place, **facts)
            return None
        match blank:
            case "zero":
                self._report("blank_is_zero", place, **facts)
                return _ZERO
            case "hold":
                self._report("blank_holds", place, **facts)
                self.held.add(index)
                return None
            case "error":
                self._report("blank", place, **facts)
                return None

    # -- departments --------------------------------------------------------------------------------------------

    def _teams(
        self, groups: Mapping[str, tuple[int, ...]], given: Mapping[str, Mapping[str, Sequence[Decimal | None]]]
    ) -> dict[tuple[str, str], Decimal | None]:
        """Return a department's figure by (KPI, department); None where a member's own figure is not known."""
        wanted = {team.kpi: team.of for key in groups for team in self.statements[key].teams}
        result: dict[tuple[str, str], Decimal | None] = {}
        for kpi, of in wanted.items():
            series = self.inputs.actual.get(of)
            if series is None:
                self._report("no_actual_column", Place(self.inputs.file), found=of, title=self.book.kpi_title(of),
                             scheme=self.book.kpi_title(kpi))  # fmt: skip
                continue
            figures: list[Decimal | None] = list(series.values)
            unknown: set[str] = set()
            for key, payees in groups.items():
                for index, value in zip(payees, given[key].get(f"actual.{of}", ()), strict=False):
                    figures[index] = value
                    if value is None:
                        unknown.add(self.inputs.payees[index].department)
            for name in {payee.department for payee in self.inputs.payees}:
                if _PATTERN.search(name):
                    self._report("department_pattern", Place(self.inputs.file), found=name)
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for payee, value in zip(self.inputs.payees, figures, strict=True):
                sums[payee.department] += value or _ZERO
            result |= {(kpi, name): None if name in unknown else found for name, found in sums.items()}
        return result

    def _place_teams(
        self,
        statement: Statement,
        payees: tuple[int, ...],
        columns: dict[str, list[Decimal | None]],
        teams: Mapping[tuple[str, str], Decimal | None],
    ) -> None:
        for figure in statement.given():
            if not isinstance(figure.source, Given) or figure.source.sheet != "team":
                continue
            kpi, _, part = figure.source.name.partition(":")
            values: list[Decimal | None] = []
            for index in payees:
                department = self.inputs.payees[index].department
                if not department:
                    payee = self.inputs.payees[index]
                    self._report("team_of_nobody", payee.place, payee=f"{payee.id} {payee.name}")
                    value = None
                elif part == "actual":
                    value = teams.get((kpi, department))
                    if value is None:
                        self._unknown_team(statement, figure, index)
                else:
                    levels = self.inputs.team_plan.get((kpi, department), {})
                    level = levels.get(part)  # type: ignore[call-overload]
                    value = level.value if level else None
                    if value is None:
                        self._no_level(statement, figure, index, level.place if level else Place(self.inputs.file))
                values.append(value)
            columns[figure.key] = values

    def _unknown_team(self, statement: Statement, figure: Figure, index: int) -> None:
        """Hold everybody whose pay depends on a department's figure that is not known as a whole."""
        payee = self.inputs.payees[index]
        if statement.blanks[figure.key] == "hold" and index not in self.held:
            self.held.add(index)
            self._report("team_holds", payee.place, payee=f"{payee.id} {payee.name}", title=figure.title,
                         department=payee.department)  # fmt: skip

    def _no_level(self, statement: Statement, figure: Figure, index: int, place: Place) -> None:
        payee = self.inputs.payees[index]
        hold = statement.blanks[figure.key] == "hold"
        if hold:
            self.held.add(index)
        self._report("no_team_plan_holds" if hold else "no_team_plan", place, title=figure.title,
                     department=payee.department)  # fmt: skip

    def _team_rows(
        self, teams: Mapping[tuple[str, str], Decimal | None], schemes: Sequence[SchemePay]
    ) -> Iterable[Team]:
        wanted = {team.kpi: team.of for pay in schemes for team in pay.statement.teams}
        for (kpi, department), actual in teams.items():
            of = wanted.get(kpi)
            if of is None:
                continue
            inside = _ZERO
            for pay in schemes:
                if f"actual.{of}" in pay.columns:
                    for index, value in zip(pay.payees, pay.columns[f"actual.{of}"], strict=True):
                        if self.inputs.payees[index].department == department:
                            inside += value
            yield Team(kpi, of, department, actual, (actual - inside) if actual is not None else _ZERO)

    # -- figures ------------------------------------------------------------------------------------------------

    def _figures(self, statement: Statement, payees: tuple[int, ...], known: dict[str, list[Decimal]]) -> Columns:
        columns: dict[str, Sequence[Decimal]] = dict(known)
        for figure in statement.figures:
            if isinstance(figure.source, Given):
                continue
            rows = Rows(columns, len(payees))
            columns[figure.key] = numbers(figure.source, rows)
            for fault in rows.faults:
                payee = self.inputs.payees[payees[fault.row]]
                origin(statement, fault.node, payees[fault.row], self.inputs) or payee.place
                self.issues.append(
                    fault_issue(fault, figure, f"{payee.id} {payee.name}", payee.place, self.book, columns)
                )
        for line in statement.lines:
            largest = max(map(abs, columns[line.figure]), default=_ZERO)
            if largest >= _LARGE:
                shown = show(largest, "money", self.book.language)
                self._report("large_amount", Place(self.inputs.file), title=line.title, found=shown)
        return columns

    def _report(self, code: str, place: Place, **facts: object) -> None:
        self.issues.append(issue(code, place, **facts))
