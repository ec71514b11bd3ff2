"""The worked examples of a scheme, run before every payroll: a scheme that fails its own example pays nobody."""

from decimal import Decimal
from typing import get_args

from kpicalc.engine.compile import TOTAL
from kpicalc.engine.faults import fault_issue
from kpicalc.engine.statement import ACCRUED, Given, Statement
from kpicalc.engine.values import Rows, numbers
from kpicalc.engine.words import show, tell
from kpicalc.model.fields import BalanceField
from kpicalc.model.issue import Issue, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import Example, SchemeBook

_FULL_NORM = ("fte", "days_worked", "days_norm", "hours_worked", "hours_norm", "days_employed")
_BALANCES = get_args(BalanceField)


def run_examples(statement: Statement, book: SchemeBook) -> list[Issue]:
    """Run a scheme's examples and return what does not come out as written."""
    issues: list[Issue] = []
    for number, example in enumerate(statement.scheme.examples):
        path = ("schemes", statement.scheme.key, "examples", number)
        issues += _run(statement, example, book, path)
    return issues


def _run(statement: Statement, example: Example, book: SchemeBook, path: tuple[str | int, ...]) -> list[Issue]:
    title = example.title or f"№ {int(path[-1]) + 1}"
    place = book.source.place(*path)
    issues: list[Issue] = []
    columns: dict[str, list[Decimal]] = {}
    for figure in statement.given():
        if not isinstance(figure.source, Given):
            continue
        value = _stated(example, figure.source)
        if value is None:
            issues.append(issue("example_lacks", place, title=title, found=figure.title))
        columns[figure.key] = [value or Decimal(0)]
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
        for figure in statement.figures:
            if not isinstance(figure.source, Given):
                rows = Rows(columns, 1)
                columns[figure.key] = list(numbers(figure.source, rows))
                issues += [fault_issue(fault, figure, title, place, book, columns) for fault in rows.faults]
    if issues:
        return issues
    # The total of a wrong line is wrong too: that says nothing more.
    failed = 0
    for name, expected in sorted(example.pays.items(), key=lambda item: item[0] == TOTAL):
        if name == TOTAL and failed:
            continue
        figure = statement.figure(known[name])
        found = columns[figure.key][0]
        if found != expected and not isinstance(figure.source, Given):
            failed += 1
            issues.append(
                issue(
                    "example_failed",
                    book.source.place(*path, "pays", name),
                    title=title,
                    line=figure.title,
                    allowed=show(expected, figure.unit, book.language),
                    found=show(found, figure.unit, book.language),
                    words=tell(figure.source, figure.unit, columns, 0, book.language).sentence(figure.title),
                )
            )
    return issues


def _stated(example: Example, source: Given) -> Decimal | None:
    match source.sheet:
        case "actual":
            return example.actual.get(source.name)
        case "plan":
            return example.plan.get(source.name)
        case "history":
            kpi, _, months = source.name.partition(":")
            if months in ("year", "quarter"):
                return example.earlier.get(kpi)
            return example.previous.get(kpi if months == "1" else source.name)
        case "adjustments":
            return example.adjustments or Decimal(0)
        case "employee":
            stated = example.employee.get(source.name)  # type: ignore[call-overload]
            if stated is None and source.name in _BALANCES:
                return Decimal(0)
            if stated is None and source.name.endswith("_after"):
                return _unchanged(example, source.name)
            # Unless an example says otherwise, the whole norm was worked at a full rate, and nothing was carried over.
            return Decimal(1) if stated is None and source.name in _FULL_NORM else stated
        case "pool":
            pool_id, _, part = source.name.rpartition(":")
            pool = example.pool.get(pool_id)
            return getattr(pool, part) if pool else None
        case "team":
            kpi, _, part = source.name.partition(":")
            team = example.team.get(kpi)
            value: Decimal | None = getattr(team, part) if team else None
            return value


def _unchanged(example: Example, name: str) -> Decimal | None:
    """Return what counts after a change that an example does not state: salary and rate as they were, no day."""
    before = name.removesuffix("_after")
    if before in ("days", "hours"):
        return Decimal(0)
    return _stated(example, Given("employee", before))
