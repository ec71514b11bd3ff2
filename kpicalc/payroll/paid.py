"""The table of what a payroll pays, made from a fresh computation."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import repeat

from kpicalc.engine.positions import adds_up
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import DEPARTMENT, Line
from kpicalc.model.money import exact_context
from kpicalc.model.paid import DETAILS, Count, Indicator, Paid, Person
from kpicalc.payroll.folding import folding

_ZERO = Decimal(0)


def paid_from(payroll: Payroll) -> Paid:
    """Return what a payroll pays, in the order of the Employees sheet.

    A line that only reduces others (a cap, a gate) has no column: it is folded into the lines that it acts on.
    """
    inputs = payroll.inputs
    with exact_context():
        lines = [line for line, _ in payroll.lines if not line.withheld]
        withheld = [line for line, _ in payroll.lines if line.withheld]
        accruals = dict(row for pay in payroll.schemes for row in _accruals(pay, lines))
        order = sorted(index for index in accruals if index not in inputs.further)
        shown = [at for at, line in enumerate(lines) if not line.acts_on or any(row[at] for row in accruals.values())]
        people = dict(row for pay in payroll.schemes for row in _people(payroll, pay, accruals, shown, withheld))
        for index in inputs.further:
            if index in people:
                first = inputs.person_of(index)
                people[first] = _together(people[first], people.pop(index))
        sums = _of_persons(payroll, _gross)
        totals = _of_persons(payroll, lambda pay: pay.columns[pay.statement.total])
    return Paid(
        file=inputs.file,
        sha256=inputs.sha256,
        period=inputs.period,
        currency=payroll.book.currency,
        language=payroll.book.language,
        lines=tuple(lines[at].title for at in shown),
        withheld=tuple(line.title for line in withheld),
        people=tuple(people[index] for index in order),
        accrued=Count(sum(map(bool, sums)), sum(sums, _ZERO)),
        paid=Count(sum(map(bool, totals)), sum(totals, _ZERO)),
        held=tuple(str(inputs.payees[index]) for index in payroll.held),
        columns=inputs.columns,
        indicators=tuple(_indicators(payroll, {index: at for at, index in enumerate(order)})),
    )


def _accruals(pay: SchemePay, lines: Sequence[Line]) -> Iterator[tuple[int, list[Decimal]]]:
    """Yield the folded accruals of each person of a scheme, by the columns of the whole payroll."""
    accruing = [line for line in pay.statement.lines if not line.withheld]
    fold = folding(accruing)
    at_line = {(line.id, line.title): at for at, line in enumerate(accruing)}
    places = [at_line.get((line.id, line.title)) for line in lines]
    columns = [pay.columns[line.figure] for line in accruing]
    # A scheme of points alone has no line of pay.
    amounts = zip(*columns, strict=True) if columns else repeat((), len(pay.payees))
    for index, row in zip(pay.payees, amounts, strict=True):
        parts = fold(row)
        yield index, [_ZERO if place is None else parts[place] for place in places]


def _people(
    payroll: Payroll,
    pay: SchemePay,
    accruals: dict[int, list[Decimal]],
    shown: Sequence[int],
    withheld: Sequence[Line],
) -> Iterator[tuple[int, Person]]:
    """Yield the people of a scheme by index, with the accruals that have a column; each accrual is made once."""
    figures = [pay.figure_of(line) for line in withheld]
    totals = pay.columns[pay.statement.total]
    details = payroll.inputs.details
    known = [name for name in DETAILS if name in details]
    none: Mapping[str, str] = {}
    for at, index in enumerate(pay.payees):
        payee, row = payroll.inputs.person(index), accruals[index]
        yield (
            index,
            Person(
                id=payee.id,
                name=payee.name,
                department=payee.department,
                position=payee.position,
                accruals=tuple([row[column] for column in shown]),
                withheld=tuple(pay.columns[key][at] if key else _ZERO for key in figures),
                total=totals[at],
                details={name: details[name][index] for name in known} if known else none,
                place=payee.place,
            ),
        )


def _together(person: Person, other: Person) -> Person:
    """Return one person with the amounts of two rows added up."""
    return replace(
        person,
        accruals=tuple(left + right for left, right in zip(person.accruals, other.accruals, strict=True)),
        withheld=tuple(left + right for left, right in zip(person.withheld, other.withheld, strict=True)),
        total=person.total + other.total,
    )


def _of_persons(payroll: Payroll, amounts: Callable[[SchemePay], Sequence[Decimal]]) -> list[Decimal]:
    """Return an amount of all paid people; those of a person's several rows are added up."""
    sums: dict[int, Decimal] = {}
    for pay in payroll.schemes:
        for index, amount in zip(pay.payees, amounts(pay), strict=True):
            person = payroll.inputs.person_of(index)
            sums[person] = sums.get(person, _ZERO) + amount
    return list(sums.values())


def _gross(pay: SchemePay) -> list[Decimal]:
    """Return what each person of a scheme has earned, before withholdings."""
    columns = [pay.columns[line.figure] for line in pay.statement.lines if not line.withheld]
    return [sum((column[at] for column in columns), _ZERO) for at in range(len(pay.payees))]


def _indicators(payroll: Payroll, at: dict[int, int]) -> Iterator[Indicator]:
    """Yield the actuals of every KPI: typed for people, added up for departments."""
    inputs = payroll.inputs
    for key, series in inputs.actual.items():
        known = [
            (at[person], value)
            for index, value in enumerate(series.values)
            if value is not None and (person := inputs.person_of(index)) in at
        ]
        if inputs.further and adds_up(payroll.book.kpis[key]):
            sums: dict[int, Decimal] = {}
            for person, value in known:
                sums[person] = sums.get(person, _ZERO) + value
            known = list(sums.items())
        if known:
            yield Indicator(key, payroll.book.kpi_title(key), of_people=tuple(known))
    for kpi in dict.fromkeys(team.kpi for team in payroll.teams):
        if (entry := payroll.book.kpis.get(kpi)) and entry.team:
            of_departments = tuple(
                (team.department, team.actual)
                for team in payroll.teams
                if team.kpi == kpi and team.over == DEPARTMENT and team.actual is not None
            )
            if not of_departments:
                continue
            yield Indicator(kpi, payroll.book.kpi_title(kpi), of_departments=of_departments)
