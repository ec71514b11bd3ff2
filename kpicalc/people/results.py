"""A person's results: every indicator that the pay depends on, with its plan, its actual and the attainment."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.goals import stated_goals
from kpicalc.engine.groups.everybody import group_of
from kpicalc.engine.probing.missing import statement_of
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.sources import Actual, OfTeam, Plan
from kpicalc.model.money import exact_context
from kpicalc.model.record import record
from kpicalc.planning.figures import Figures, kpi_figures, with_due_plans


@record
class Result:
    """One indicator of a person: the plan or goal, the actual (None if unknown), and the attainment.

    `limit` marks an indicator where less is better: its attainment is plan / actual.
    """

    kpi: str
    title: str
    unit: Unit
    of_team: bool
    plan: Decimal | None
    actual: Decimal | None
    share: Decimal | None
    limit: bool


class Results:
    """The results of a month's people; a computed indicator is computed once for all of them."""

    def __init__(self, payroll: Payroll) -> None:
        self.payroll = payroll
        self._inputs = with_due_plans(payroll)
        self._figures = cache(self._read)
        self._teams = {(team.kpi, team.over, team.department): team.actual for team in payroll.teams}

    def of(self, index: int) -> list[Result]:
        """Return a person's indicators in the order of the scheme file."""
        payroll, statement = self.payroll, statement_of(self.payroll, index)
        if statement is None:
            return []
        sources = [figure.source for figure in statement.given()]
        used = {source.kpi for source in sources if isinstance(source, Actual | Plan)}
        used |= {figure.role.kpi for figure in statement.figures if isinstance(figure.role, Actual)}
        teams = {source.kpi: source.over for source in sources if isinstance(source, OfTeam)}
        goals = stated_goals(statement)
        results = []
        for kpi in payroll.book.kpis:
            if kpi in used:
                stated = goals.get(kpi)
                plan = self._figures(Plan(kpi))[index]
                goal = plan if plan is not None else max(stated) if stated else None
                results.append(self._result(kpi, goal, self._figures(Actual(kpi))[index], of_team=False))
            if kpi in teams:
                group = group_of(payroll.inputs, index, teams[kpi])
                level = payroll.inputs.team_plan.get((kpi, group), {}).get("norm")
                actual = self._teams.get((kpi, teams[kpi], group))
                results.append(self._result(kpi, level.value if level else None, actual, of_team=True))
        return results

    def _result(self, kpi: str, plan: Decimal | None, actual: Decimal | None, *, of_team: bool) -> Result:
        entry = self.payroll.book.kpis[kpi]
        limit = entry.better == "lower"
        of = self.payroll.book.kpis[entry.of] if entry.of and not entry.unit else entry
        top, bottom = (plan, actual) if limit else (actual, plan)
        share = None
        if top is not None and bottom:
            with exact_context():
                share = top / bottom
        return Result(kpi, self.payroll.book.kpi_title(kpi), unit_of_kpi(of), of_team, plan, actual, share, limit)

    def _read(self, source: Actual | Plan) -> Figures:
        if self.payroll.book.kpis[source.kpi].team:
            nobody: Sequence[None] = [None] * len(self.payroll.inputs.payees)
            return nobody
        return kpi_figures(self.payroll.book, self._inputs, source)
