"""A payee's progress at a date: how much of the month has passed, how much of each goal is reached, what is missing."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from kpicalc.engine.audience import schemes_of
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.goals import stated_goals
from kpicalc.engine.groups.everybody import group_of
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.sources import Actual, Plan
from kpicalc.model.inputs import Inputs
from kpicalc.model.money import exact_context
from kpicalc.model.period import first_day, month_back
from kpicalc.model.progress import Days, Goal, Progress
from kpicalc.model.scheme import SchemeBook
from kpicalc.planning.figures import kpi_figures

_WEEKEND = 5


def progress_of(
    book: SchemeBook,
    statements: dict[str, Statement],
    inputs: Inputs,
    payee: int,
    on: date,
    working: Sequence[date] = (),
) -> Progress:
    """Return a payee's progress; a date outside the month of the inputs is moved into it.

    `working` are the working days of the scheme's calendar, if it states one.
    """
    with exact_context():
        days = _days(inputs, payee, on, working)
        goals = tuple(
            _goal(book, inputs, payee, kpi, goal, days) for kpi, goal in _goals(book, statements, inputs, payee)
        )
    return Progress(payee, days, goals)


def _days(inputs: Inputs, payee: int, on: date, working: Sequence[date]) -> Days:
    """Count the days: working days by the calendar, or Monday to Friday in proportion to the norm of days."""
    first, after = first_day(inputs.period), first_day(month_back(inputs.period, -1))
    on = min(max(on, first - timedelta(days=1)), after - timedelta(days=1))
    month = [first + timedelta(days=number) for number in range((after - first).days)]
    days_of_row = _of_row(inputs, payee, first, after)
    series = inputs.employee.get("days_norm")
    norm = series.values[payee] if series else None
    by: Literal["calendar", "week", "all"] = "calendar" if working else "week" if norm else "all"
    if working:
        month = list(working)
    elif norm:
        month = [day for day in month if day.weekday() < _WEEKEND]
    whole = norm or Decimal(len(month))
    all_days = len(month)
    month = [day for day in month if day in days_of_row]
    passed = Decimal(sum(day <= on for day in month)) * whole / all_days
    whole = len(month) * whole / all_days
    # A part of a day is no day to work in; on the last day that day still remains.
    left = max(int(whole - passed), 1) if passed < whole else 0
    return Days(on, whole, passed, left, by)


def _of_row(inputs: Inputs, payee: int, first: date, after: date) -> Collection[date]:
    """Return the days of a row, for a person with several rows; else all days of the month."""
    employed = inputs.employed.get(payee) if inputs.is_joint(payee) else None
    begins, ends = (employed.first, employed.last) if employed else (None, None)
    begins, ends = max(begins or first, first), min(ends or after, after - timedelta(days=1))
    return [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]


def _goals(
    book: SchemeBook, statements: dict[str, Statement], inputs: Inputs, payee: int
) -> Iterator[tuple[str, Decimal | None]]:
    """Yield a payee's KPIs with their goals: those of the Plan sheet and those that the scheme states."""
    used: set[str] = set()
    stated: dict[str, list[Decimal]] = {}
    for key in schemes_of(book, inputs.payees[payee]):
        used |= {role.kpi for figure in statements[key].given() if isinstance(role := figure.role, Actual | Plan)}
        for kpi, goals_of_kpi in stated_goals(statements[key]).items():
            stated.setdefault(kpi, []).extend(goals_of_kpi)
    for kpi in book.kpis:
        if book.kpis[kpi].team:
            # A department's goal concerns its head and its members, even those who are not paid by it.
            if any(team.kpi == kpi for key in schemes_of(book, inputs.payees[payee]) for team in statements[key].teams):
                norm = inputs.team_plan.get((kpi, group_of(inputs, payee, book.over(kpi))), {}).get("norm")
                yield kpi, norm.value if norm else None
            continue
        plan = kpi_figures(book, inputs, Plan(kpi))[payee]
        goals = [] if plan is None else [plan]
        goals += [goal for goal in stated.get(kpi, ()) if goal not in goals]
        for goal in goals:
            yield kpi, goal
        if not goals and kpi in used:
            yield kpi, None


def _goal(book: SchemeBook, inputs: Inputs, payee: int, kpi: str, goal: Decimal | None, days: Days) -> Goal:
    of_team = book.kpis[kpi].team is not None
    actual = _of_department(book, inputs, payee, kpi) if of_team else kpi_figures(book, inputs, Actual(kpi))[payee]
    if goal is None or actual is None:
        return Goal(kpi, goal, actual, None, None, None, of_team)
    missing = goal - actual if book.kpis[kpi].better == "higher" else None
    entry = book.kpis[kpi]
    # Per cents and computed figures grow by no even share a day.
    grows_daily = entry.formula is None and unit_of_kpi(entry) != "percent" and entry.pace != "level"
    per_day = missing / days.left if missing is not None and missing > 0 and days.left and grows_daily else None
    return Goal(kpi, goal, actual, actual / goal if goal else None, missing, per_day, of_team)


def _of_department(book: SchemeBook, inputs: Inputs, payee: int, kpi: str) -> Decimal | None:
    """Return the sum of the department's known results."""
    of, over = book.kpis[kpi].of or kpi, book.over(kpi)
    group = group_of(inputs, payee, over)
    if not group:
        return None
    members = enumerate(kpi_figures(book, inputs, Actual(of)))
    known = [value for index, value in members if value is not None and group_of(inputs, index, over) == group]
    return sum(known, Decimal(0)) if known else None
