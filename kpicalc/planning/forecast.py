"""The forecast pay of a month: if nothing more is achieved, at today's pace, and at plan; each by the whole engine."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.goals import stated_goals
from kpicalc.engine.probing.missing import computed_anew, paid_totals, statement_of, worth_of_missing
from kpicalc.engine.result import Payroll
from kpicalc.engine.terms.season import plans_of
from kpicalc.model.inputs import Inputs
from kpicalc.model.money import exact_context, rounder
from kpicalc.model.progress import Days, Forecast, Range
from kpicalc.planning.figures import with_due_plans
from kpicalc.planning.pace import pace_of

_ZERO = Decimal(0)
_nine_places = rounder(Decimal("1e-9"), "half_up")
Figure = Callable[[str, int, Decimal | None], Decimal | None]
"""Another figure in place of the present one of a KPI and payee."""


def forecasts(payroll: Payroll, days: Mapping[int, Days]) -> dict[int, Forecast]:
    """Return everybody's forecast pay; `days` say how much of the month has passed for each payee."""
    due = with_due_plans(payroll)
    levels = {kpi for kpi, one in payroll.book.kpis.items() if pace_of(one, payroll.book.kpi_title(kpi)) != "flow"}

    def at_pace(kpi: str, payee: int, actual: Decimal | None) -> Decimal | None:
        so_far = days[payee]
        if actual is None or kpi in levels or so_far.passed >= so_far.whole:
            return actual
        # Before the first day there is no pace.
        return _nine_places(actual * so_far.whole / so_far.passed) if so_far.passed else None

    def as_planned(kpi: str, payee: int, actual: Decimal | None) -> Decimal | None:
        goal = _goal(payroll, due, kpi, payee)
        if goal is None:
            return at_pace(kpi, payee, actual)
        # A flow never falls below what is achieved already; a level reaches its plan.
        return goal if actual is None or kpi in levels else max(goal, actual)

    def rows_at_pace(payee: int, value: Decimal | None) -> Decimal | None:
        so_far = days[payee]
        return value if value is None or not so_far.passed else _nine_places(value * so_far.whole / so_far.passed)

    with exact_context():
        pace, plan = (_varied(payroll.inputs, figure, rows_at_pace) for figure in (at_pace, as_planned))
    now, pace_pay, plan_pay = (
        _ranges(one) for one in (payroll, *(computed_anew(payroll, one) for one in (pace, plan)))
    )
    people = range(len(payroll.inputs.payees))
    return {index: Forecast(now.get(index), pace_pay.get(index), plan_pay.get(index)) for index in people}


def _ranges(payroll: Payroll) -> dict[int, Range]:
    """Return the pay by payee; for a payee with a missing figure, the two sums between which it lies."""
    ranges = {index: Range(total, total) for index, total in paid_totals(payroll).items()}
    for index, worth in worth_of_missing(payroll).items():
        if index not in ranges and worth.low is not None and worth.high is not None:
            ranges[index] = Range(worth.low, worth.high)
    return ranges


def _varied(inputs: Inputs, figure: Figure, rows: Callable[[int, Decimal | None], Decimal | None]) -> Inputs:
    """Return the inputs with other figures of KPIs; pay by rows has no plan, and continues at its pace."""
    actual = {
        kpi: replace(series, values=[figure(kpi, index, value) for index, value in enumerate(series.values)])
        for kpi, series in inputs.actual.items()
    }
    row_pay = {
        rule: replace(series, values=[rows(index, value) for index, value in enumerate(series.values)])
        for rule, series in inputs.row_pay.items()
    }
    return replace(inputs, actual=actual, row_pay=row_pay)


def _goal(payroll: Payroll, due: Inputs, kpi: str, payee: int) -> Decimal | None:
    plans, statement = plans_of(payroll.book, due, kpi), statement_of(payroll, payee)
    planned = plans[payee] if plans else None
    stated = stated_goals(statement).get(kpi) if statement else None
    return planned if planned is not None else max(stated) if stated else None
