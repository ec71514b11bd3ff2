"""The share of money that each KPI really moves, probed around the plan; personal plans against the financial plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.components.kpi_bonus import KpiBonus
from kpicalc.engine.examples import worked_example
from kpicalc.engine.lint.incentives import dead
from kpicalc.engine.lint.indicators import paid_by
from kpicalc.engine.moved import probed, results_of
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Statement
from kpicalc.model.balance import Balance, Mover, RoleBalance, Stuck, Target
from kpicalc.model.inputs import Inputs
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook

_AROUND = Decimal("0.1")
_ZERO = Decimal(0)


def balance_of(book: SchemeBook, statements: Mapping[str, Statement], payroll: Payroll | None) -> Balance:
    """Return what each KPI moves in each role: of a month's people, or without a month of the first worked example."""
    with exact_context():
        roles = []
        paid = {pay.statement.scheme.key: pay for pay in payroll.schemes} if payroll else {}
        for key, statement in statements.items():
            pay = paid.get(key) or _example(statement)
            if pay is not None:
                roles.append(_role(book, pay, payroll.inputs if key in paid and payroll else None))
        return Balance(tuple(roles), tuple(_targets(book, payroll.inputs if payroll else None)))


def _example(statement: Statement) -> SchemePay | None:
    columns = worked_example(statement)
    return None if columns is None else SchemePay(statement, (0,), columns)


def _role(book: SchemeBook, pay: SchemePay, inputs: Inputs | None) -> RoleBalance:
    statement = pay.statement
    keys = results_of(statement)
    kpis = [kpi for kpi in paid_by(statement) if kpi in keys]
    planned = {keys[kpi]: plan for kpi in kpis if (plan := _plan(pay, kpi)) is not None}
    level = {**pay.columns, **planned}
    movers = []
    for kpi in kpis:
        middle = level[keys[kpi]]
        ends = []
        for factor in (1 - _AROUND, 1 + _AROUND):
            moved = {**planned, keys[kpi]: [value * factor for value in middle]}
            ends.append(probed(pay, moved)[statement.accrued])
        moves = sum((abs(high - low) for low, high in zip(*ends, strict=True)), _ZERO)
        entry = book.kpis[kpi]
        stuck = dead(pay, kpi, book) if inputs is not None else {}
        people = inputs.payees if inputs else []
        who = tuple(Stuck(people[pay.payees[row]].id, people[pay.payees[row]].name, why) for row, why in stuck.items())
        movers.append(
            Mover(
                kpi,
                book.kpi_title(kpi),
                entry.kind,
                entry.level,
                entry.source,
                _weight(statement, kpi),
                moves,
                None,
                who,
            )
        )
    whole = sum((one.moves for one in movers), _ZERO)
    shared = tuple(replace(one, share=one.moves / whole if whole else None) for one in movers)
    return RoleBalance(statement.scheme.key, statement.scheme.title, len(pay.payees) if inputs else 0, shared)


def _plan(pay: SchemePay, kpi: str) -> Sequence[Decimal] | None:
    """Return everybody's plan of a KPI: their own for the days that count, or the department's norm."""
    for key in (f"plan_due.{kpi}", f"plan_season.{kpi}", f"plan.{kpi}", f"team.{kpi}:norm"):
        if key in pay.columns:
            return pay.columns[key]
    return None


def _weight(statement: Statement, kpi: str) -> Decimal | None:
    weights = [
        item.component.shares[kpi]
        for item in statement.scheme.pay
        if isinstance(item.component, KpiBonus) and kpi in item.component.shares
    ]
    return sum(weights, _ZERO) if weights else None


def _targets(book: SchemeBook, inputs: Inputs | None) -> Iterator[Target]:
    for kpi, target in book.targets.items():
        series = inputs.plan.get(kpi) if inputs else None
        away = inputs.away if inputs else frozenset()
        known = (
            [value for index, value in enumerate(series.values) if value is not None and index not in away]
            if series
            else []
        )
        yield Target(kpi, book.kpi_title(kpi), target, sum(known, _ZERO) if known else None, len(known))
