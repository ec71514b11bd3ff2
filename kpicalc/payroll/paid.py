"""The table of what a payroll pays, made from a fresh computation."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import repeat

from kpicalc.engine.positions.positions import adds_up
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import DEPARTMENT
from kpicalc.model.money import exact_context
from kpicalc.model.paid import DETAILS, Count, Indicator, Paid, People
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

        def column(figures: Iterable[Sequence[Decimal] | None]) -> list[Decimal]:
            return [_ZERO if amount is None else amount for amount in payroll.by_person(figures)]

        folded = [_folded(pay) for pay in payroll.schemes]
        accruals = [column(own.get((line.id, line.title)) for own in folded) for line in lines]
        shown = [at for at, line in enumerate(lines) if not line.acts_on or any(accruals[at])]
        sums = column(map(_gross, payroll.schemes))
        totals = column(pay.columns[pay.statement.total] for pay in payroll.schemes)
        taken = [column(pay.columns.get(pay.figure_of(line) or "") for pay in payroll.schemes) for line in withheld]
    order = payroll.persons
    persons = [inputs.person(index) for index in order]
    table = People(
        ids=[payee.id for payee in persons],
        names=[payee.name for payee in persons],
        departments=[payee.department for payee in persons],
        positions=[payee.position for payee in persons],
        accruals=[accruals[at] for at in shown],
        withheld=taken,
        totals=totals,
        details={name: [inputs.details[name][index] for index in order] for name in DETAILS if name in inputs.details},
        places=[payee.place for payee in persons],
    )
    return Paid(
        file=inputs.file,
        sha256=inputs.sha256,
        period=inputs.period,
        currency=payroll.book.currency,
        language=payroll.book.language,
        lines=tuple(lines[at].title for at in shown),
        withheld=tuple(line.title for line in withheld),
        table=table,
        accrued=Count(sum(map(bool, sums)), sum(sums, _ZERO)),
        paid=Count(sum(map(bool, totals)), sum(totals, _ZERO)),
        held=tuple(str(inputs.payees[index]) for index in payroll.held),
        columns=inputs.columns,
        indicators=lambda: tuple(_indicators(payroll)),
    )


def _folded(pay: SchemePay) -> dict[tuple[str, str], Sequence[Decimal]]:
    """Return the folded accruals of a scheme's people, column by column."""
    accruing = [line for line in pay.statement.lines if not line.withheld]
    fold, columns = folding(accruing), [list(pay.columns[line.figure]) for line in accruing]
    # Only who has an amount below 0 has something to fold.
    for row in sorted({row for column in columns for row, amount in enumerate(column) if amount < 0}):
        for column, part in zip(columns, fold([column[row] for column in columns]), strict=True):
            column[row] = part
    return {(line.id, line.title): column for line, column in zip(accruing, columns, strict=True)}


def _gross(pay: SchemePay) -> list[Decimal]:
    """Return what each person of a scheme has earned, before withholdings."""
    columns = [pay.columns[line.figure] for line in pay.statement.lines if not line.withheld]
    return [sum(row, _ZERO) for row in (zip(*columns, strict=True) if columns else repeat((), len(pay.payees)))]


def _indicators(payroll: Payroll) -> Iterator[Indicator]:
    """Yield the actuals of every KPI: typed for people, added up for departments."""
    inputs, at = payroll.inputs, {index: row for row, index in enumerate(payroll.persons)}
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
