"""Each KPI's share of pay, probed around the plan; personal plans against the financial plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.components.kpi_bonus import KpiBonus
from kpicalc.engine.lint.incentives import dead
from kpicalc.engine.lint.indicators import paid_by, results_of
from kpicalc.engine.probing.at_plan import at_period_end, at_plan
from kpicalc.engine.probing.probe import Outcome, Prober
from kpicalc.engine.probing.spread import Changes
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.sources import Actual, OfLines, PaidByRow, key_of
from kpicalc.model.balance import Balance, Mover, RoleBalance, Target, Whose
from kpicalc.model.inputs import Inputs
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook
from kpicalc.planning.example_month import example_month
from kpicalc.planning.funnel_norms import funnel_norms

_AROUND = Decimal("0.1")
_ZERO = Decimal(0)


def balance_of(book: SchemeBook, statements: Mapping[str, Statement], payroll: Payroll | None) -> Balance:
    """Return what each KPI moves in each role: over a month's people, or over the worked example of an empty role."""
    with exact_context():
        paid = {pay.statement.scheme.key for pay in payroll.schemes if pay.payees} if payroll else set()
        lacking = {key: statement for key, statement in statements.items() if key not in paid}
        roles = {role.scheme: role for role in _roles(book, example_month(book, lacking), example=True)}
        if payroll:
            roles |= {role.scheme: role for role in _roles(book, payroll) if role.scheme in paid}
        ordered = tuple(roles[key] for key in statements if key in roles)
        inputs = payroll.inputs if payroll else None
        return Balance(ordered, tuple(_targets(book, inputs)), tuple(funnel_norms(book, inputs)))


def _roles(book: SchemeBook, payroll: Payroll, *, example: bool = False) -> Iterator[RoleBalance]:
    planned, as_is = at_plan(payroll)
    level, stated = Prober(planned), None if example else Prober(at_period_end(payroll))
    for pay in payroll.schemes:
        yield _role(book, pay, level, stated, as_is)


def _role(
    book: SchemeBook, stated: SchemePay, level: Prober, prober: Prober | None, as_is: Mapping[int, str]
) -> RoleBalance:
    statement = stated.statement
    pay = next(paid for paid in level.payroll.schemes if paid.statement.scheme.key == statement.scheme.key)
    keys = results_of(statement)
    movers = []
    for kpi in [kpi for kpi in paid_by(statement) if kpi in keys]:
        entry = book.kpis[kpi]
        stuck = dead(prober, stated, kpi, book) if prober else {}
        where_stuck = _whose(level, {pay.payees[row]: why for row, why in stuck.items()})
        moves, unknown = _moves(level, pay, kpi, keys[kpi])
        weight = _weight(statement, kpi)
        title = book.kpi_title(kpi)
        movers.append(
            Mover(kpi, title, entry.kind, entry.level, entry.source, weight, moves, None, where_stuck, unknown)
        )
    for name, title, key in _not_kpis(statement):
        moves, unknown = _moves(level, pay, "", (key,))
        movers.append(Mover(name, title, None, None, None, None, moves, None, (), unknown))
    whole = sum((mover.moves for mover in movers), _ZERO)
    shared = tuple(replace(mover, share=mover.moves / whole if whole else None) for mover in movers)
    left_as_is = _whose(level, {payee: as_is[payee] for payee in pay.payees if payee in as_is})
    return RoleBalance(
        statement.scheme.key, statement.scheme.title, len(pay.payees) if prober else 0, shared, left_as_is
    )


def _whose(level: Prober, why: Mapping[int, str]) -> tuple[Whose, ...]:
    people = level.payroll.inputs.payees
    return tuple(Whose(people[payee].id, people[payee].name, title) for payee, title in why.items())


def _not_kpis(statement: Statement) -> Iterator[tuple[str, str, str]]:
    """Yield title and figure of causes of pay that are no KPI: rows that are paid one by one, others' lines."""
    for figure in statement.figures:
        match figure.source:
            case PaidByRow(line):
                yield line, figure.title, figure.key
            case OfLines(lines):
                yield "+".join(lines), figure.title, figure.key


def _moves(level: Prober, pay: SchemePay, kpi: str, keys: Sequence[str]) -> tuple[Decimal, tuple[Whose, ...]]:
    """Return by how much pay differs between 90 % and 110 % of a result, including the held back part.

    A payee whose pay cannot be computed is left out of it, and returned with the figure that cannot be computed.
    """
    # Other results stay where they are, even those computed from this one.
    standing = [key for others in results_of(pay.statement).values() for key in others]
    ends: list[list[Outcome | None]] = []
    unknown: dict[int, str] = {}
    for factor in (-_AROUND, _AROUND):
        changed: list[tuple[int, Changes | None]] = []
        for row, payee in enumerate(pay.payees):
            figures = {key: pay.columns[key][row] for key in standing}
            figures |= {key: pay.columns[key][row] * (1 + factor) for key in keys}
            result = key_of(Actual(kpi))
            shared = level.changed(payee, kpi, pay.columns[result][row] * factor) if result in keys else {}
            changed.append((payee, None if shared is None else {**shared, **figures}))
        ends.append(level.with_figures(changed))
        for (payee, changes), outcome in zip(changed, ends[-1], strict=True):
            if outcome is None and payee not in unknown:
                unknown[payee] = level.hindered_by(payee, changes)
    moved = (abs(high.worth - low.worth) for low, high in zip(*ends, strict=True) if low and high)
    return sum(moved, _ZERO), _whose(level, unknown)


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
