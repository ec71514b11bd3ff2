"""What a replayed month takes from the replayed months before it: balances, earlier figures, pay of lines.

Under the current scheme, typed figures of the workbook count, because the month was paid by them; blanks are filled
from earlier months. The other scheme starts from the same figures plus the differences of its own earlier months. So a
scheme replayed against itself has no differences, and a change in January still counts in March.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.tree.sources import PAID, PLANNED
from kpicalc.model.fields import BalanceField
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.issue import Place
from kpicalc.model.period import month_back, months_back
from kpicalc.planning.replay.sides import Paid, Run

_ZERO = Decimal(0)
_NEVER_BELOW_ZERO: tuple[BalanceField, ...] = ("draw_balance", "holdback_balance")


def opened(run: Run, inputs: Inputs) -> tuple[Inputs, tuple[BalanceField, ...]]:
    """Return a month's inputs with the figures of the run's earlier months, and the balances that begin at 0."""
    if not run.side.carries and not run.side.earlier:
        return inputs, ()
    employee, begun = _balances(run, inputs)
    history = _history(run, inputs)
    return replace(inputs, employee=employee, history=history), begun


def _balances(run: Run, inputs: Inputs) -> tuple[dict[str, Series], tuple[BalanceField, ...]]:
    employee, begun = dict(inputs.employee), []
    before = run.months.get(month_back(inputs.period, 1))
    stated = run.stated.months.get(inputs.period) if run.stated else None
    for name in run.side.carries:
        typed = stated.inputs.employee.get(name) if stated and _same_people(stated.inputs, inputs) else None
        typed = typed or inputs.employee.get(name)
        if typed is None and not (before and before.payroll):
            begun.append(name)
        closed = before.closing(name) if before else {}
        moved = _moved(run, before, lambda paid, name=name: paid.closing(name))  # type: ignore[misc]
        values = _filled(inputs, typed, closed, moved)
        if typed is None:
            # A person held in the earlier month has no closing balance: what they owe is unknown.
            here = before.here if before and before.payroll else frozenset()
            pairs = zip(inputs.payees, values, strict=True)
            values = [_ZERO if value is None and payee.id not in here else value for payee, value in pairs]
        if name in _NEVER_BELOW_ZERO and run.stated is not None:
            values = [value if value is None else max(value, _ZERO) for value in values]
        employee[name] = _series(inputs, typed, values, before)
    return employee, tuple(begun)


def _same_people(inputs: Inputs, other: Inputs) -> bool:
    return inputs is other or [payee.id for payee in inputs.payees] == [payee.id for payee in other.payees]


def _history(run: Run, inputs: Inputs) -> dict[tuple[str, int], Series]:
    history = dict(inputs.history)
    for kpi, spans in run.side.earlier.items():
        ids = (kpi.removesuffix(PAID),) if kpi.endswith(PAID) else run.side.paid_lines.get(kpi, ())
        for back in sorted({back for span in spans for back in months_back(span, inputs.period)}):
            before = run.months.get(month_back(inputs.period, back))
            # A month that is not paid pays no line; what was reached and planned in it is known all the same.
            if before is None or (ids and before.payroll is None):
                continue
            typed = inputs.history.get((kpi, back))
            moved = _moved(run, before, lambda paid, ids=ids: paid.line(ids)) if ids else {}  # type: ignore[misc]
            known = before.line(ids) if ids else _known(run, before, kpi)
            if typed is not None or known:
                history[kpi, back] = _series(inputs, typed, _filled(inputs, typed, known, moved), before)
    return history


def _known(run: Run, before: Paid, name: str) -> Mapping[str, Decimal]:
    """Return each payee's figure of an earlier month by its name: an actual or a plan.

    A plan for the days that count is computed with the pay, so it is unknown in a month that is not paid.
    """
    if not name.endswith(PLANNED):
        return before.actual(name, run.side.book)
    kpi = name.removesuffix(PLANNED)
    return {} if before.payroll is None and run.side.adjusts_plan(kpi) else before.plan(kpi, run.side.book)


def _moved(run: Run, before: Paid | None, figure: Callable[[Paid], Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Return by how much an earlier figure under the other scheme differs from that under the current one."""
    stated = run.stated.months.get(before.period) if run.stated and before else None
    if before is None or stated is None or before.payroll is None or stated.payroll is None:
        return {}
    new, old = figure(before), figure(stated)
    return {number: new[number] - old[number] for number in new.keys() & old.keys()}


def _filled(
    inputs: Inputs, column: Series | None, known: Mapping[str, Decimal], moved: Mapping[str, Decimal]
) -> list[Decimal | None]:
    """Return each payee's figure: the workbook's plus the difference so far, else that of the earlier month."""
    values: list[Decimal | None] = []
    for index, payee in enumerate(inputs.payees):
        typed = column.values[index] if column else None
        unread = column is not None and column.place(index) in inputs.unread
        values.append(known.get(payee.id) if typed is None and not unread else _plus(typed, moved.get(payee.id)))
    return values


def _plus(typed: Decimal | None, moved: Decimal | None) -> Decimal | None:
    return typed if typed is None or not moved else typed + moved


def _series(inputs: Inputs, column: Series | None, values: list[Decimal | None], before: Paid | None) -> Series:
    if column is None:
        place = Place(before.inputs.file if before else inputs.file, inputs.sheets.get("employee", ""))
        return Series(values, place.file, place.sheet, "", [0] * len(values))
    return replace(column, values=values)
