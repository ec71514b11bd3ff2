"""Where a statement lets somebody else's result be computed: two people behind one figure that both of them see."""

from collections.abc import Iterator

from kpicalc.engine.everybody import group_of
from kpicalc.engine.result import Payroll
from kpicalc.engine.sources import Actual
from kpicalc.engine.teams import group_name
from kpicalc.model.issue import Issue, issue

_TWO = 2


def reveals(payroll: Payroll) -> list[Issue]:
    """Return the common figures that stand on statements and consist of the results of two people only."""
    return [*_teams(payroll), *_pools(payroll), *_rankings(payroll)]


def _teams(payroll: Payroll) -> Iterator[Issue]:
    inputs = payroll.inputs
    for team in payroll.teams:
        members = [
            inputs.payees[index]
            for index, value in enumerate(payroll.summed(team.kpi, team.over))
            if value is not None and group_of(inputs, index, team.over) == team.department
        ]
        if len(members) == _TWO:
            place = inputs.sheet("actual")
            facts = {
                "title": payroll.book.kpi_title(team.kpi),
                "department": group_name(team.department, payroll.book.language),
            }
            yield issue("statement_reveals", place, **facts, names=[str(payee) for payee in members])


def _pools(payroll: Payroll) -> Iterator[Issue]:
    for shared in payroll.pools:
        # Hours and rates of others in a pool of two follow from one's own part, whatever they are.
        if len(shared.shares) == _TWO and any(
            isinstance(source, Actual) for source in (*shared.pool.by, shared.pool.of)
        ):
            members = [payroll.inputs.payees[index] for index, _ in shared.shares]
            facts = {"title": shared.pool.title, "department": members[0].department}
            place = payroll.inputs.sheet("actual")
            yield issue("statement_reveals", place, **facts, names=[str(payee) for payee in members])


def _rankings(payroll: Payroll) -> Iterator[Issue]:
    for placed in payroll.rankings:
        if len(placed.results) == _TWO:
            members = [payroll.inputs.payees[index] for index in placed.results]
            facts = {"title": placed.ranking.title, "names": [str(payee) for payee in members]}
            yield issue("ranking_reveals", payroll.inputs.sheet("actual"), **facts)
