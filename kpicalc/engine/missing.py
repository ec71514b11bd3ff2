"""Whose pay is not known yet: the figures that are missing, and between which sums the pay lies when they come.

A missing figure is no zero. What it may be worth is the pay computed twice by the whole engine: with nothing in place
of every missing result, and with the plan.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.audience import schemes_of
from kpicalc.engine.closure import results_behind
from kpicalc.engine.goals import stated_goals
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import Payroll
from kpicalc.engine.season import plans_of
from kpicalc.engine.sources import Actual, Given, Personal, series_of
from kpicalc.engine.statement import Statement
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Place
from kpicalc.model.record import record

_ZERO = Decimal(0)


@record
class Missing:
    """A figure that somebody's pay needs and that is blank or doubtful, with its cell.

    A department's figure is missing by the blanks of its people.
    """

    source: Given
    title: str
    place: Place
    doubtful: bool = False


@record
class Worth:
    """Between which sums somebody's pay lies while figures are missing; None where that cannot be told yet.

    Where there is no plan for a missing figure, the pay with nothing done is known and the other end is not.
    """

    low: Decimal | None
    high: Decimal | None


def statement_of(payroll: Payroll, index: int) -> Statement | None:
    """Return the scheme by which a payee is paid, or would be if nothing were missing."""
    keys = schemes_of(payroll.book, payroll.inputs.payees[index])
    found = (pay.statement for pay in payroll.schemes if [pay.statement.scheme.key] == keys)
    return next(found, None)


def missing_of(payroll: Payroll, index: int) -> list[Missing]:
    """Return the payee's own figures that are needed and blank, in the order of the calculation, or to be confirmed."""
    statement, inputs = statement_of(payroll, index), payroll.inputs
    found = [
        Missing(one.source, f"{one.title}: {one.shown}", one.place(inputs), doubtful=True)
        for one in payroll.doubtful
        if one.payee == index
    ]
    for figure in statement.given() if statement else ():
        source = figure.source
        if statement is None or statement.blanks.get(figure.key) == "zero" or not isinstance(source, Given):
            continue
        if isinstance(source, Personal) and (source.absent == "none" or source.name.endswith("_after")):
            continue
        series = series_of(source, inputs)
        if series is not None and series.values[index] is None:
            found.append(Missing(source, figure.title, series.place(index)))
    return found


def worth_of_missing(payroll: Payroll) -> dict[int, Worth]:
    """Return by payee between which sums the pay of everybody who is not computed lies.

    Results that are missing are taken as nothing and as the plan, for all people together, for a department's figure is
    made of theirs. Whoever lacks anything else (a plan, a salary) has no such sums.
    """
    paid = {index for pay in payroll.schemes for index in pay.payees}
    waiting = [at for at in range(len(payroll.inputs.payees)) if at not in paid and at not in payroll.inputs.away]
    if not waiting:
        return {}
    blanks: dict[str, list[int]] = {}
    # Somebody who is paid may lack a figure that only a department's sum needs: there it is missing all the same.
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
    goals = {(kpi, at): _goal(payroll, kpi, at) for kpi, people in blanks.items() for at in people}
    nothing = paid_totals(computed_anew(payroll, _filled(payroll.inputs, dict.fromkeys(goals, _ZERO))))
    known = {place: _ZERO if goal is None else goal for place, goal in goals.items()}
    planned = paid_totals(computed_anew(payroll, _filled(payroll.inputs, known)))
    unplanned = {at for (_, at), goal in goals.items() if goal is None}
    found = {}
    for index in waiting:
        low, high = nothing.get(index), planned.get(index)
        if low is None or high is None:
            found[index] = Worth(None, None)
        else:
            found[index] = Worth(low, None) if index in unplanned else Worth(min(low, high), max(low, high))
    return found


def _goal(payroll: Payroll, kpi: str, index: int) -> Decimal | None:
    """Return what somebody is to reach: the plan, or the highest goal that the scheme states."""
    plans, statement = plans_of(payroll.book, payroll.inputs, kpi), statement_of(payroll, index)
    planned = plans[index] if plans else None
    stated = stated_goals(statement).get(kpi) if statement else None
    return planned if planned is not None else max(stated, default=None) if stated else None


def computed_anew(payroll: Payroll, inputs: Inputs) -> Payroll:
    """Compute the same people by the same schemes from other figures."""
    statements = {pay.statement.scheme.key: pay.statement for pay in payroll.schemes}
    return compute(payroll.book, statements, inputs, imagined=True)


def paid_totals(payroll: Payroll) -> dict[int, Decimal]:
    """Return by payee what is paid; whoever is held, or has a figure that cannot be computed, is not among them."""
    named = {found.fact("payee") for found in payroll.issues if found.code in _FAULTS}
    return {
        index: total
        for pay in payroll.schemes
        for index, total in zip(pay.payees, pay.columns[pay.statement.total], strict=True)
        if str(payroll.inputs.payees[index]) not in named
    }


_FAULTS = frozenset({"below_first_band", "zero_actual", "zero_plan", "zero_norm", "division_by_zero"})
"""Issues of people whose figures could not be computed, though they stand among the others."""


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
