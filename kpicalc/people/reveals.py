"""Statements that reveal a colleague's result: a shared figure that is made of two people who both see it."""

from collections.abc import Iterator

from kpicalc.engine.groups.everybody import group_of
from kpicalc.engine.groups.teams import group_name
from kpicalc.engine.result import PaidByLines, Payroll
from kpicalc.engine.tree.sources import Actual
from kpicalc.model.issue import Issue, issue

_TWO = 2


def reveals(payroll: Payroll) -> list[Issue]:
    """Return the shared figures that stand on statements and are made of the results of two people only."""
    return [*_teams(payroll), *_pools(payroll), *_rankings(payroll), *_lines(payroll)]


def _teams(payroll: Payroll) -> Iterator[Issue]:
    inputs = payroll.inputs
    for team in payroll.teams:
        people = dict.fromkeys(
            inputs.person_of(index)
            for index, value in enumerate(payroll.summed(team.kpi, team.over))
            if value is not None and group_of(inputs, index, team.over) == team.department
        )
        members = [inputs.payees[index] for index in people]
        if len(members) == _TWO:
            place = inputs.sheet("actual")
            facts = {
                "title": payroll.book.kpi_title(team.kpi),
                "department": group_name(team.department, payroll.book.language),
            }
            yield issue("statement_reveals", place, **facts, names=[str(payee) for payee in members])


def _pools(payroll: Payroll) -> Iterator[Issue]:
    for shared in payroll.pools:
        # In a pool of two, the colleague's hours and rate follow from one's own share.
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


def _lines(payroll: Payroll) -> Iterator[Issue]:
    """Yield sums of members' pay that are made of two people's lines."""
    inputs, language = payroll.inputs, payroll.book.language
    sums = [shared for shared in payroll.common if isinstance(shared, PaidByLines)]
    for shared in sums:
        groups: dict[str, list[str]] = {}
        for index, value in enumerate(shared.figures):
            if value is not None:
                members = groups.setdefault(group_of(inputs, index, shared.earned.over), [])
                members += [name] if (name := str(inputs.payees[index])) not in members else []
        titles = {line.id: line.title for line, _ in payroll.lines}
        title = ", ".join(titles.get(name, name) for name in shared.earned.lines)
        for group, names in groups.items():
            if len(names) == _TWO:
                facts = {"title": title, "department": group_name(group, language)}
                yield issue("statement_reveals", inputs.sheet("actual"), **facts, names=names)
