"""A month's pay: who is paid by which scheme, what is known of them, and every figure of their calculation.

Nobody is paid from a guess: a figure that is needed and blank stops the run, holds the person or counts as zero, as the
scheme states; a figure that cannot be computed stops the run and names the person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.audience import audiences, schemes_of
from kpicalc.engine.calculation import calculate
from kpicalc.engine.faults import fault_issue, origin
from kpicalc.engine.given import GivenFigures
from kpicalc.engine.pools import pool_columns
from kpicalc.engine.result import Columns, Payroll, SchemePay, Team
from kpicalc.engine.sources import Actual, OfTeam, key_of
from kpicalc.engine.statement import Figure, Statement
from kpicalc.engine.withheld import withheld_issues
from kpicalc.engine.words import show
from kpicalc.lang import severity
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook

_ZERO = Decimal(0)
_MOST_NAMES = 10
_LARGE: Mapping[str, Decimal] = {
    "half_up": Decimal(10) ** 12,
    "half_even": Decimal(10) ** 12,
    "down": Decimal(10) ** 9,
    "up": Decimal(10) ** 9,
}
"""A spreadsheet keeps 15 digits, and cuts off by 12 in some programs: from here a recalculated kopeck is not sure."""


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
        # Who does not work here in this month is not paid by accident.
        self.held: set[int] = set(inputs.away)
        self.given = GivenFigures(book, inputs, self.issues, self.held)

    def payroll(self) -> Payroll:
        groups = self._assigned()
        given = {key: self.given.columns(self.statements[key], payees) for key, payees in groups.items()}
        self._unpaid_adjustments(groups)
        self._assumed(groups)
        teams = self._teams(groups, given)
        pools, shared = pool_columns(self.given, self.statements, groups, given)
        self.given.report_absent()
        schemes = []
        for key, payees in groups.items():
            statement = self.statements[key]
            columns = {name: list(values) for name, values in given[key].items()} | pools[key]
            self._place_teams(statement, payees, columns, teams)
            # Who lacks a figure is not computed: one finding is enough.
            unknown = {at for values in columns.values() for at, value in enumerate(values) if value is None}
            kept = [at for at, payee in enumerate(payees) if payee not in self.held and at not in unknown]
            known = {
                name: [value for at in kept if (value := values[at]) is not None] for name, values in columns.items()
            }
            paid = tuple(payees[at] for at in kept)
            schemes.append(SchemePay(statement, paid, self._figures(statement, paid, known)))
        self._nobody_is_lost(groups, schemes)
        self.issues += withheld_issues(schemes, self.inputs, self.book)
        placed = tuple(self._team_rows(teams, schemes))
        issues = tuple(dict.fromkeys(self.issues))
        return Payroll(self.book, self.inputs, tuple(schemes), tuple(sorted(self.held)), placed, issues, shared)

    def _nobody_is_lost(self, groups: Mapping[str, tuple[int, ...]], schemes: Sequence[SchemePay]) -> None:
        """Make sure that everybody is paid, held, or the run refused: whoever is none of these was forgotten by us."""
        assigned = {index for payees in groups.values() for index in payees}
        lost = assigned - self.held - {index for pay in schemes for index in pay.payees}
        if lost and not self._refused():
            names = ", ".join(str(self.inputs.payees[index]) for index in sorted(lost))
            raise RuntimeError(f"neither paid nor held nor refused: {names}")

    def _refused(self) -> bool:
        """Tell whether something forbids paying already, here or in the cells that could not be read."""
        return bool(self.inputs.unread) or any(severity(found) == "error" for found in self.issues)

    # -- who is paid by what ------------------------------------------------------------------------------------

    def _assigned(self) -> dict[str, tuple[int, ...]]:
        groups: dict[str, list[int]] = {key: [] for key in self.book.schemes}
        decided: dict[tuple[str, str, str], list[str]] = {}
        for index, payee in enumerate(self.inputs.payees):
            if index in self.inputs.away:
                continue
            by = (payee.scheme, payee.position, payee.department)
            if by not in decided:
                decided[by] = schemes_of(self.book, payee)
            fitting = decided[by]
            if len(fitting) == 1:
                groups[fitting[0]].append(index)
            else:
                code = "two_schemes" if fitting else "no_scheme"
                found = payee.position or "—"
                allowed = fitting or list(self.book.schemes)
                place = self.inputs.place_of(index, "position")
                facts = {"payee": self.inputs.payees[index], "found": found, "allowed": allowed}
                if not fitting:
                    facts["positions"] = audiences(self.book)
                self._report(code, place, **facts)
        return {key: tuple(payees) for key, payees in groups.items() if payees}

    def _unpaid_adjustments(self, groups: Mapping[str, tuple[int, ...]]) -> None:
        for key, payees in groups.items():
            if not any(line.component == "adjustments" for line in self.statements[key].lines):
                for index in payees:
                    for adjustment in self.inputs.adjustments.get(index, ()):
                        self._report("adjustment_unpaid", adjustment.place, payee=self.inputs.payees[index], found=key)

    def _assumed(self, groups: Mapping[str, tuple[int, ...]]) -> None:
        for key, payees in groups.items():
            for assumption in self.statements[key].assumptions:
                series = self.inputs.employee.get(assumption.employee)
                others = [
                    (index, value)
                    for index in (payees if series else ())
                    if series and (value := series.values[index]) is not None and value != assumption.value
                ]
                if others:
                    index, value = others[0]
                    found = show(value, "number", self.book.language)
                    facts = {
                        "payee": self.inputs.payees[index],
                        "found": found,
                        "count": len(others),
                        "title": assumption.title,
                    }
                    self._report(assumption.code, assumption.place, **facts)

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
                self._no_team_actual(kpi, of)
                continue
            figures: list[Decimal | None] = list(series.values)
            unknown: set[str] = set()
            departments, nothing_owed = self._departments(groups, kpi), []
            for key, payees in groups.items():
                members: Sequence[int] = payees
                known = given[key].get(key_of(Actual(of)))
                if known is None:
                    members = [index for index in payees if self.inputs.payees[index].department in departments]
                    # Where a colleague paid alike has a figure, everybody must.
                    if all(figures[index] is None for index in payees):
                        nothing_owed += members
                        continue
                    known = self.given.of_members(self.statements[key], of, series, members)
                for index, value in zip(members, known, strict=True):
                    figures[index] = value
                    if value is None:
                        unknown.add(self.inputs.payees[index].department)
            if nothing_owed:
                names = [str(self.inputs.payees[index]) for index in nothing_owed]
                facts = {"title": self.book.kpi_title(kpi), "of": self.book.kpi_title(of), "count": len(names)}
                self._report("team_without", series.place(nothing_owed[0]), **facts, found=names[:_MOST_NAMES])
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for payee, value in zip(self.inputs.payees, figures, strict=True):
                sums[payee.department] += value or _ZERO
            result |= {(kpi, name): None if name in unknown else found for name, found in sums.items()}
        return result

    def _departments(self, groups: Mapping[str, tuple[int, ...]], kpi: str) -> set[str]:
        """Return the departments whose figure of a KPI somebody's pay depends on."""
        takers = [key for key in groups if any(team.kpi == kpi for team in self.statements[key].teams)]
        return {self.inputs.payees[index].department for key in takers for index in groups[key]}

    def _no_team_actual(self, kpi: str, of: str) -> None:
        title = self.book.kpi_title(of)
        place = self.inputs.sheet("actual")
        if place.sheet:
            self._report(
                "no_team_actual", place, sheet=place.sheet, found=of, title=title, kpi=self.book.kpi_title(kpi)
            )
        else:
            self.given.no_sheet("actual", title)

    def _place_teams(
        self,
        statement: Statement,
        payees: tuple[int, ...],
        columns: dict[str, list[Decimal | None]],
        teams: Mapping[tuple[str, str], Decimal | None],
    ) -> None:
        for figure in statement.given():
            if not isinstance(figure.source, OfTeam):
                continue
            kpi, part = figure.source.kpi, figure.source.part
            values: list[Decimal | None] = []
            for index in payees:
                department = self.inputs.payees[index].department
                if not department:
                    place = self.inputs.place_of(index, "department")
                    self._report("team_of_nobody", place, payee=self.inputs.payees[index])
                    value = None
                elif part == "actual":
                    value = teams.get((kpi, department))
                    if value is None:
                        self._unknown_team(statement, figure, index)
                else:
                    levels = self.inputs.team_plan.get((kpi, department), {})
                    level = levels.get(part)
                    value = level.value if level else None
                    if value is None:
                        self._no_level(statement, figure, index, level.place if level else self.inputs.sheet("team"))
                values.append(value)
            columns[figure.key] = values

    def _unknown_team(self, statement: Statement, figure: Figure, index: int) -> None:
        """Hold everybody whose pay depends on a department's figure that is not known as a whole.

        A scheme that stops at a blank stops here too; where a member's own blank stops the run already, it says enough.
        """
        payee = self.inputs.payees[index]
        facts = {"payee": payee, "title": figure.title, "department": payee.department}
        if statement.blanks[figure.key] != "error":
            if index not in self.held:
                self.held.add(index)
                self._report("team_holds", payee.place, **facts)
        elif not self._refused():
            self._report("team_unknown", payee.place, **facts)

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
        inside: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for summed in set(wanted.values()):
            for pay in schemes:
                for index, value in zip(pay.payees, pay.columns.get(key_of(Actual(summed)), ()), strict=False):
                    inside[summed, self.inputs.payees[index].department] += value
        for (kpi, department), actual in teams.items():
            if (of := wanted.get(kpi)) is not None:
                outside = _ZERO if actual is None else actual - inside[of, department]
                yield Team(kpi, of, department, actual, outside)

    # -- figures ------------------------------------------------------------------------------------------------

    def _figures(self, statement: Statement, payees: tuple[int, ...], known: dict[str, list[Decimal]]) -> Columns:
        columns, faults = calculate(statement.figures, known, len(payees))
        for figure, fault in faults:
            index = payees[fault.row]
            payee = self.inputs.payees[index]
            place = origin(statement, fault.node, index, self.inputs) or payee.place
            self.issues.append(fault_issue(fault, figure, str(payee), place, statement, self.book, columns))
        money = statement.scheme.rules.money
        limit = _LARGE[(money.ties if money else None) or "half_up"]
        # A part of a pool is made of running totals as large as the pool.
        rounded = [(line.title, line.figure) for line in statement.lines]
        rounded += [(pool.title, f"{pool.id}.whole") for pool in statement.pools]
        for title, key in rounded:
            largest = max(map(abs, columns[key]), default=_ZERO)
            if largest >= limit:
                shown = show(largest, "money", self.book.language)
                self._report("large_amount", Place(self.inputs.file), title=title, found=shown)
        return columns

    def _report(self, code: str, place: Place, **facts: object) -> None:
        self.issues.append(issue(code, place, **facts))
