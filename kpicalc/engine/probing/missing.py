"""Pay that is not known yet: the missing figures, and the range of the pay when they are supplied.

A missing figure is not zero. The range is found by computing the pay twice with the whole engine: with nothing in place
of every missing result, and with its plan.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.audience import schemes_of
from kpicalc.engine.goals import stated_goals
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Statement
from kpicalc.engine.terms.season import plans_of
from kpicalc.engine.tree.closure import results_behind
from kpicalc.engine.tree.sources import Actual, Given, Personal, series_of
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Place
from kpicalc.model.record import record

_ZERO = Decimal(0)


@record
class Missing:
    """A blank or doubtful figure that a payee's pay needs, with its cell.

    A department's figure is missing through the blanks of its people.
    """

    source: Given
    title: str
    place: Place
    doubtful: bool = False


@record
class Worth:
    """The range of a payee's pay while figures are missing; None for an end that cannot be computed yet.

    Where a missing figure has no plan, only the pay with nothing done is known.
    """

    low: Decimal | None
    high: Decimal | None


def statement_of(payroll: Payroll, index: int) -> Statement | None:
    """Return the statement by which a payee is paid, or would be if nothing were missing."""
    keys = schemes_of(payroll.book, payroll.inputs.payees[index])
    statements = (pay.statement for pay in payroll.schemes if [pay.statement.scheme.key] == keys)
    return next(statements, None)


def missing_of(payroll: Payroll, index: int) -> list[Missing]:
    """Return the payee's doubtful figures, then the needed figures that are blank, in the order of the calculation."""
    statement, inputs = statement_of(payroll, index), payroll.inputs
    missing = [
        Missing(doubt.source, f"{doubt.title}: {doubt.shown}", doubt.place(inputs), doubtful=True)
        for doubt in payroll.doubtful
        if doubt.payee == index
    ]
    for figure in statement.given() if statement else ():
        source = figure.source
        if statement is None or statement.blanks.get(figure.key) == "zero" or not isinstance(source, Given):
            continue
        if isinstance(source, Personal) and (source.absent == "none" or source.name.endswith("_after")):
            continue
        series = series_of(source, inputs)
        if series is not None and series.values[index] is None:
            missing.append(Missing(source, figure.title, series.place(index)))
    return missing


def worth_of_missing(payroll: Payroll) -> dict[int, Worth]:
    """Return by payee the range of the pay of everybody who is not computed.

    Missing results are taken as zero and as the plan for all people together, since a department's figure is made of
    theirs. A payee who lacks anything else (a plan, a salary) has no range.
    """
    paid = {index for pay in payroll.schemes for index in pay.payees}
    away = payroll.inputs.away
    waiting = [payee for payee in range(len(payroll.inputs.payees)) if payee not in paid and payee not in away]
    if not waiting:
        return {}
    blanks: dict[str, list[int]] = {}
    # A payee who is paid may still lack a figure that only a department's sum needs: there it counts as missing.
    statements = [pay.statement for pay in payroll.schemes]
    summed = {team.of for statement in statements for team in statement.teams}
    needed = {kpi for of in summed for kpi in results_behind(statements, of)}
    for index in range(len(payroll.inputs.payees)):
        names = {
            item.source.kpi
            for item in missing_of(payroll, index)
            if isinstance(item.source, Actual) and not item.doubtful
        }
        names |= {kpi for kpi in needed if _is_blank(payroll.inputs, kpi, index) and index not in paid}
        for name in names:
            blanks.setdefault(name, []).append(index)
    goals = {(kpi, payee): _goal(payroll, kpi, payee) for kpi, people in blanks.items() for payee in people}
    nothing = paid_totals(computed_anew(payroll, _filled(payroll.inputs, dict.fromkeys(goals, _ZERO))))
    known = {place: _ZERO if goal is None else goal for place, goal in goals.items()}
    planned = paid_totals(computed_anew(payroll, _filled(payroll.inputs, known)))
    unplanned = {payee for (_, payee), goal in goals.items() if goal is None}
    worths = {}
    for index in waiting:
        low, high = nothing.get(index), planned.get(index)
        if low is None or high is None:
            worths[index] = Worth(None, None)
        else:
            worths[index] = Worth(low, None) if index in unplanned else Worth(min(low, high), max(low, high))
    return worths


def _goal(payroll: Payroll, kpi: str, index: int) -> Decimal | None:
    """Return the result that a payee is to reach: the plan, or the highest goal that the scheme states."""
    plans, statement = plans_of(payroll.book, payroll.inputs, kpi), statement_of(payroll, index)
    planned = plans[index] if plans else None
    stated = stated_goals(statement).get(kpi) if statement else None
    return planned if planned is not None else max(stated, default=None) if stated else None


def computed_anew(payroll: Payroll, inputs: Inputs) -> Payroll:
    """Compute the same payees by the same schemes from other inputs."""
    statements = {pay.statement.scheme.key: pay.statement for pay in payroll.schemes}
    return compute(payroll.book, statements, inputs, imagined=True)


def paid_totals(payroll: Payroll) -> dict[int, Decimal]:
    """Return by payee what is paid, without payees who are held or have a figure that cannot be computed."""
    named = {item.fact("payee") for item in payroll.issues if item.code in _FAULTS}
    return {
        index: total
        for pay in payroll.schemes
        for index, total in zip(pay.payees, pay.columns[pay.statement.total], strict=True)
        if str(payroll.inputs.payees[index]) not in named
    }


_FAULTS = frozenset({"below_first_band", "zero_actual", "zero_plan", "zero_norm", "division_by_zero"})
"""Codes of issues about payees whose figures could not be computed; they are not held."""


def _is_blank(inputs: Inputs, kpi: str, index: int) -> bool:
    series = inputs.actual.get(kpi)
    return series is not None and series.values[index] is None


def _filled(inputs: Inputs, figures: Mapping[tuple[str, int], Decimal]) -> Inputs:
    """Return the inputs with these results, by KPI and payee, in place of blanks."""
    actual = dict(inputs.actual)
    for kpi in dict.fromkeys(kpi for kpi, _ in figures):
        values = list(actual[kpi].values)
        for (name, index), value in figures.items():
            if name == kpi:
                values[index] = value
        actual[kpi] = replace(actual[kpi], values=values)
    return replace(inputs, actual=actual)
