"""The figures of a KPI by person, whether or not anybody is paid by it; unknown figures stay unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.calculation import calculate
from kpicalc.engine.components.adjustments import Adjustments
from kpicalc.engine.draft import Draft
from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Figure
from kpicalc.engine.terms.season import plans_of, season_of
from kpicalc.engine.tree.sources import Actual, DuePlan, Given, Plan, key_of, series_of
from kpicalc.engine.workings import Workings
from kpicalc.model.inputs import Inputs
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import Rounding, Rules, SchemeBook

Figures = Sequence[Decimal | None]
"""A figure per payee; None is unknown, which is not zero."""


def kpi_figures(book: SchemeBook, inputs: Inputs, source: Actual | Plan) -> Figures:
    """Return a KPI's figures: those of the sheet, or those of its formula if it is computed from other KPIs."""
    if isinstance(source, Actual) and book.kpis[source.kpi].formula is not None:
        return _computed(book, inputs, source.kpi)
    if isinstance(source, Plan):
        return plans_of(book, inputs, source.kpi) or [None] * len(inputs.payees)
    series = series_of(source, inputs)
    return series.values if series else [None] * len(inputs.payees)


def with_due_plans(payroll: Payroll) -> Inputs:
    """Return a month's inputs in which the plans for each payee's days replace those of the whole month."""
    plan = dict(payroll.inputs.plan)
    for pay in payroll.schemes:
        for figure in pay.statement.figures:
            role = figure.role
            if not (isinstance(role, DuePlan) and role.kpi in plan and figure.key == f"plan_due.{role.kpi}"):
                continue
            values = list(plan[role.kpi].values)
            # The season of a plan is applied where the plan is looked up.
            if season_of(payroll.book.kpis[role.kpi], payroll.inputs.period) == 1:
                for index, value in zip(pay.payees, pay.columns[figure.key], strict=True):
                    values[index] = value
            plan[role.kpi] = replace(plan[role.kpi], values=values)
    return replace(payroll.inputs, plan=plan)


def _computed(book: SchemeBook, inputs: Inputs, kpi: str) -> Figures:
    """Compute a formula for each payee with all figures known; a division by zero gives no figure."""
    rules = Rules(attainment=Rounding(round="none"))
    draft = Draft(book, [], rules, frozenset())
    Workings(draft, Adjustments(), kpi, rules, ("kpis", kpi)).kpi(kpi)
    given = [_given(inputs, figure) for figure in draft.figures.values()]
    count = len(inputs.payees)
    known = [at for at in range(count) if all(column is None or column[at] is not None for column in given)]
    typed = {
        key: [value for at in known if (value := column[at]) is not None]
        for key, column in zip(draft.figures, given, strict=True)
        if column is not None
    }
    with exact_context():
        columns, faults = calculate(draft.figures.values(), typed, len(known))
    faulty = {fault.row for _, fault in faults}
    values: Mapping[int, Decimal] = {
        at: columns[key_of(Actual(kpi))][row] for row, at in enumerate(known) if row not in faulty
    }
    return [values.get(at) for at in range(count)]


def _given(inputs: Inputs, figure: Figure) -> Figures | None:
    """Return the workbook's figures for a figure of the formula; None if the formula computes it."""
    if not isinstance(figure.source, Given):
        return None
    series = series_of(figure.source, inputs)
    return series.values if series else [None] * len(inputs.payees)
