"""The worked examples of a scheme, run before every payroll: a scheme that fails its own example pays nobody."""

from collections.abc import Sequence
from decimal import Decimal
from typing import assert_never, get_args

from kpicalc.engine.calculation import calculate
from kpicalc.engine.compile import TOTAL
from kpicalc.engine.faults import fault_issue
from kpicalc.engine.statement import ACCRUED, Statement
from kpicalc.engine.terms.time_worked import COUNTED
from kpicalc.engine.tree.sources import (
    Actual,
    Adjusted,
    EarlierSum,
    Given,
    MonthAgo,
    OfLines,
    OfPool,
    OfRanking,
    OfTeam,
    OwnColumn,
    PaidByRow,
    Personal,
    PersonalName,
    Plan,
    StatedPlan,
)
from kpicalc.engine.tree.words import show, tell
from kpicalc.model.fields import BalanceField
from kpicalc.model.inputs import FOLLOWS
from kpicalc.model.issue import Issue, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import Example, SchemeBook

_FULL_NORM = ("fte", "days_worked", "days_norm", "hours_worked", "hours_norm")
_BALANCES = get_args(BalanceField)


def run_examples(statement: Statement, book: SchemeBook) -> list[Issue]:
    """Run a scheme's examples and return an issue for each figure that differs from the expected one."""
    issues: list[Issue] = []
    for number, example in enumerate(statement.scheme.examples):
        path = ("schemes", statement.scheme.key, "examples", number)
        issues += _run(statement, example, book, path)
    return issues


def worked_example(statement: Statement) -> dict[str, Sequence[Decimal]] | None:
    """Return all figures of a scheme's first worked example; None without one or where it is incomplete."""
    for example in statement.scheme.examples[:1]:
        stated = {figure.key: _stated(example, figure.source, statement) for figure in statement.given()
                  if isinstance(figure.source, Given)}  # fmt: skip
        given = {key: [value] for key, value in stated.items() if value is not None}
        if len(given) == len(stated):
            with exact_context():
                columns, faults = calculate(statement.figures, given, 1)
            return None if faults else dict(columns)
    return None


def _run(statement: Statement, example: Example, book: SchemeBook, path: tuple[str | int, ...]) -> list[Issue]:
    title = example.title or f"№ {int(path[-1]) + 1}"
    place = book.source.place(*path)
    issues: list[Issue] = []
    given: dict[str, list[Decimal]] = {}
    for figure in statement.given():
        if not isinstance(figure.source, Given):
            continue
        value = _stated(example, figure.source, statement)
        if value is None:
            issues.append(issue("example_lacks", place, title=title, found=figure.title))
        given[figure.key] = [value or Decimal(0)]
    known = {tally.id: tally.figure for tally in statement.tallies}
    known |= {line.id: line.figure for line in statement.lines} | {TOTAL: statement.total}
    if statement.withholds:
        known[ACCRUED] = statement.accrued
    for name in example.pays:
        if name not in known:
            here = book.source.place(*path, "pays", name)
            issues.append(issue("example_unknown_line", here, title=title, found=name, allowed=list(known)))
    if issues:
        return issues
    with exact_context():
        columns, faults = calculate(statement.figures, given, 1)
    if faults:
        return [fault_issue(fault, figure, title, place, statement, book, columns) for figure, fault in faults]
    # A wrong line makes the total wrong too, which need not be reported.
    failed = 0
    for name, expected in sorted(example.pays.items(), key=lambda item: item[0] == TOTAL):
        if name == TOTAL and failed:
            continue
        figure = statement.figure(known[name])
        actual = columns[figure.key][0]
        if actual != expected and not isinstance(figure.source, Given):
            failed += 1
            issues.append(
                issue(
                    "example_failed",
                    book.source.place(*path, "pays", name),
                    title=title,
                    line=figure.title,
                    allowed=show(expected, figure.unit, book.language),
                    found=show(actual, figure.unit, book.language),
                    words=tell(figure.source, figure.unit, columns, 0, book.language).sentence(figure.title),
                )
            )
    return issues


def _stated(example: Example, source: Given, statement: Statement) -> Decimal | None:
    match source:
        case Actual(kpi):
            return example.actual.get(kpi)
        case Plan(kpi) | StatedPlan(kpi):
            return example.plan.get(kpi)
        case MonthAgo(kpi, months):
            return example.previous.get(kpi if months == 1 else f"{kpi}:{months}")
        case EarlierSum():
            return example.earlier.get(source.name)
        case PaidByRow(line):
            return example.rows.get(line)
        case Adjusted():
            return example.adjustments or Decimal(0)
        case Personal(name):
            counted = {COUNTED.get(getattr(item.component, "per", "month")) for item in statement.scheme.pay}
            # Days, hours and shifts of pay per day, hour or shift must be stated.
            return example.employee.get(name) if name in counted else _of_employee(example, name)
        case OwnColumn(name):
            return example.employee.get(name)
        case OfPool(pool, part):
            sums = example.pool.get(pool)
            return getattr(sums, part) if sums else None
        case OfRanking(ranking, part):
            place = example.ranking.get(ranking)
            return getattr(place, part) if place else None
        case OfLines(lines):
            return example.members.get("+".join(lines))
        case OfTeam(kpi, part):
            team = example.team.get(kpi)
            return getattr(team, part) if team else None
        case _:
            assert_never(source)


def _of_employee(example: Example, name: PersonalName) -> Decimal | None:
    """Return an example's figure of the Employees sheet, by default of a full month.

    Unless the example says otherwise, the whole norm was worked at a full rate, nothing was carried over, and pay did
    not change.
    """
    stated = example.employee.get(name)
    if stated is not None:
        return stated
    if name in _FULL_NORM:
        return Decimal(1)
    if name in _BALANCES or name == "leaves" or name in ("days_after", "hours_after"):
        return Decimal(0)
    return _of_employee(example, FOLLOWS[name]) if name in FOLLOWS else None
