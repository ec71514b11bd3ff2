"""A month with every result at its plan: the starting point from which incentives are probed.

A result without a plan stays as it is. The month is taken as the last one of its quarter, half-year and year, with the
earlier months at their plans too: otherwise only a real last month could show what moves a quarter's pay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.groups.rankings import STANDING, places_of
from kpicalc.engine.lint.indicators import results_of
from kpicalc.engine.probing.other_figures import Dependents, with_figures
from kpicalc.engine.result import CommonFigure, Payroll, Placed, SchemePay, Shared
from kpicalc.engine.terms.whole_periods import SINCE_START
from kpicalc.engine.tree.sources import Actual, EarlierSum, OfPool, OfRanking, StatedPlan, key_of
from kpicalc.model.period import MONTHS_IN

_ZERO = Decimal(0)
Changed = dict[str, list[Decimal]]


def at_plan(payroll: Payroll) -> tuple[Payroll, dict[int, str]]:
    """Return the month with results at their plans and the common figures that follow. Call inside `exact_context()`.

    Sums of groups stand at their norms and do not change with any member's own result. A payee whose month cannot be
    computed at plan keeps the figures of the month, and is returned with the title of what cannot be computed.
    """
    stated, common = _Everybody(payroll.schemes), []
    as_is: dict[int, str] = {}
    pays = tuple(_with(pay, _planned(pay), as_is) for pay in payroll.schemes)
    for one in payroll.common:
        if isinstance(one, Shared | Placed):
            level, figures = _levelled(one, stated, _Everybody(pays))
            common.append(level)
            pays = tuple(_with(pay, _placed(pay, figures), as_is) for pay in pays)
    return replace(payroll, schemes=pays, common=tuple(common)), as_is


class _Everybody:
    """A look-up of any payee's figures in the columns of all schemes."""

    def __init__(self, pays: Sequence[SchemePay]) -> None:
        self._places = {payee: (pay, row) for pay in pays for row, payee in enumerate(pay.payees)}

    def figure(self, payee: int, key: str) -> Decimal | None:
        """Return a payee's figure; None where the payee or the figure is absent."""
        pay, row = self._places.get(payee, (None, 0))
        return pay.columns[key][row] if pay and key in pay.columns else None

    def part(self, payee: int, common: Shared | Placed) -> Decimal | None:
        """Return the payee's coefficient in a pool, or the payee's result in a ranking; None without one."""
        pay, _ = self._places.get(payee, (None, 0))
        if pay is None:
            return None
        if isinstance(common, Shared):
            keys = [pool.coefficient for pool in pay.statement.pools if pool.id == common.pool.id]
        else:
            keys = [ranking.figure for ranking in pay.statement.rankings if ranking.id == common.ranking.id]
        return self.figure(payee, keys[0]) if keys else None


def at_period_end(payroll: Payroll) -> Payroll:
    """Return the month as the last of its quarter, half-year and year, with its own results standing for the whole."""
    pays = (_with(pay, _at_end(pay, {}, at_plan=False), {}) for pay in payroll.schemes)
    return replace(payroll, schemes=tuple(pays))


def _with(pay: SchemePay, changed: Mapping[str, Sequence[Decimal]], as_is: dict[int, str]) -> SchemePay:
    """Return the pay with other figures; rows that cannot be computed with them stay, and are added to `as_is`."""
    if not changed:
        return pay
    columns, faulty = with_figures(pay, changed, range(len(pay.payees)), Dependents(pay.statement))
    as_is |= {pay.payees[row]: title for row, title in faulty.items()}
    result = {key: list(columns[key]) for key in pay.columns}
    for key, values in result.items():
        for row in faulty:
            values[row] = pay.columns[key][row]
    return replace(pay, columns=result)


def _planned(pay: SchemePay) -> Changed:
    """Return every result at its plan: people's own at the plan for the days that count, a group's at its norm."""
    changed: Changed = {}
    for kpi, keys in results_of(pay.statement).items():
        has_own = keys[0] == key_of(Actual(kpi))
        for key in keys:
            norm = key.replace(f"team.{kpi}:actual", f"team.{kpi}:norm", 1)
            plan = pay.columns.get(norm) if key != norm else None
            if plan is None and (key == keys[0] or not has_own):
                plan = _plan_of(pay, kpi)
            if plan is not None:
                changed[key] = list(plan)
    return changed | _at_end(pay, changed, at_plan=True)


def _plan_of(pay: SchemePay, kpi: str) -> Sequence[Decimal] | None:
    """Return everybody's plan of a KPI for the month: for the days that count, seasonal, or as it is stated."""
    names = (f"plan_due.{kpi}", f"plan_season.{kpi}", f"plan.{kpi}")
    return next((pay.columns[name] for name in names if name in pay.columns), None)


def _at_end(pay: SchemePay, changed: Changed, *, at_plan: bool) -> Changed:
    """Return the figures of quarters, half-years and years with this month taken as the last one.

    With `at_plan` the earlier months stand at their plans, as this one does.
    """
    figures: Changed = {}
    for over, length in MONTHS_IN.items():
        last = f"last_month.{over}"
        if last not in pay.columns:
            continue
        month = pay.columns["employee.month"]
        is_last = [number == value for number, value in zip(month, pay.columns[last], strict=True)]
        figures[last] = list(month)

        def either(key: str, values: Sequence[Decimal], is_last: Sequence[bool] = is_last) -> list[Decimal]:
            known = zip(pay.columns[key], values, is_last, strict=True)
            return [current if at_end else value for current, value, at_end in known]

        for kpi, keys in results_of(pay.statement).items():
            whole = SINCE_START[over]
            results, plans = key_of(EarlierSum(kpi, whole)), key_of(EarlierSum(kpi, whole, "plan"))
            stated = key_of(StatedPlan(kpi, whole))
            if results not in pay.columns:
                continue
            level = changed.get(keys[0], list(pay.columns[keys[0]]))
            plan = _plan_of(pay, kpi) or level
            months = length if at_plan else 1
            if stated in pay.columns:
                figures[stated] = either(stated, [value * months for value in plan])
            if not at_plan:
                continue
            figures[results] = [value * (length - 1) for value in level]
            if plans in pay.columns:
                figures[results] = figures[plans] = either(plans, [value * (length - 1) for value in plan])
            if stated in pay.columns:
                figures[keys[0]] = [value / length for value in figures[stated]]
                figures[results] = [value - value / length for value in figures[stated]]
    return figures


def _levelled(
    common: Shared | Placed, stated: _Everybody, level: _Everybody
) -> tuple[CommonFigure, dict[int, dict[str, Decimal]]]:
    """Return a pool or a ranking recomputed at plan, and the figures of it that each payee has."""
    figures: dict[int, dict[str, Decimal]] = {}
    if isinstance(common, Placed):
        results = {}
        for payee, (value, day) in common.results.items():
            coefficient = level.part(payee, common)
            results[payee] = (value if coefficient is None else coefficient, day)
        for payee, standing in places_of(common.ranking, results).items():
            parts = zip(STANDING, standing, strict=True)
            figures[payee] = {key_of(OfRanking(common.ranking.id, part)): value for part, value in parts}
        return replace(common, results=results), figures
    shares, more, so_far, pool = [], _ZERO, _ZERO, common.pool
    key = key_of(pool.of) if pool.of else ""
    for payee, share in common.shares:
        coefficient = level.part(payee, common)
        shares.append((payee, share if coefficient is None else coefficient))
        more += (level.figure(payee, key) or _ZERO) - (stated.figure(payee, key) or _ZERO)
    whole = sum((share for _, share in shares), _ZERO)
    for payee, share in shares:
        figures[payee] = {key_of(OfPool(pool.id, "all")): whole, key_of(OfPool(pool.id, "before")): so_far}
        if (result := level.figure(payee, key_of(OfPool(pool.id, "result")))) is not None:
            figures[payee][key_of(OfPool(pool.id, "result"))] = result + more
        so_far += share
    return replace(common, shares=tuple(shares)), figures


def _placed(pay: SchemePay, figures: Mapping[int, Mapping[str, Decimal]]) -> Changed:
    """Return the columns of a scheme with these figures put in for its payees."""
    changed: Changed = {}
    for row, payee in enumerate(pay.payees):
        for key, value in figures.get(payee, {}).items():
            if key in pay.columns:
                changed.setdefault(key, list(pay.columns[key]))[row] = value
    return changed
