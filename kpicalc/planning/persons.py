"""The progress of a person who has several rows on the Employees sheet, each with days of its own."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.model.progress import Days, Forecast, Goal, Range
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.team_progress import PersonProgress
from kpicalc.planning.pace import pace_of


def as_one(rows: Sequence[PersonProgress], book: SchemeBook) -> PersonProgress:
    """Return a person's progress: a flow as one goal, a level once for each row, and the pay of all rows."""
    first = rows[0]
    if len(rows) == 1:
        return first
    days = _days([row.progress.days for row in rows])
    goals: list[Goal] = []
    flows: dict[tuple[str, bool], list[Goal]] = {}
    for row in rows:
        for goal in row.progress.goals:
            if goal.of_team or pace_of(book.kpis[goal.kpi], book.kpi_title(goal.kpi)) != "flow":
                goals.append(goal)
            else:
                flows.setdefault((goal.kpi, goal.of_team), []).append(goal)
    goals = [*(_together(parts, days) for parts in flows.values()), *goals]
    pay = Forecast(*(_sum([getattr(row.pay, name) for row in rows]) for name in ("now", "pace", "plan")))
    return replace(first, progress=replace(first.progress, days=days, goals=tuple(goals)), pay=pay)


def _days(parts: Sequence[Days]) -> Days:
    whole, passed = (sum((getattr(part, name) for part in parts), Decimal(0)) for name in ("whole", "passed"))
    return replace(parts[0], whole=whole, passed=passed, left=sum(part.left for part in parts))


def _together(parts: Sequence[Goal], days: Days) -> Goal:
    """Return the goals of several rows as one; a row without a goal adds nothing to it."""
    planned = [goal.goal for goal in parts if goal.goal is not None]
    done = [goal.actual for goal in parts if goal.actual is not None]
    wanted = sum(planned, Decimal(0)) if planned else None
    actual = sum((goal.actual for goal in parts if goal.goal is not None and goal.actual is not None), Decimal(0))
    if wanted is None or not done:
        return replace(parts[0], goal=wanted, actual=sum(done, Decimal(0)) if done else None, share=None, missing=None,
                       per_day=None)  # fmt: skip
    missing = sum((goal.missing for goal in parts if goal.missing is not None), Decimal(0))
    per_day = missing / days.left if missing > 0 and days.left else None
    return replace(parts[0], goal=wanted, actual=actual, share=actual / wanted if wanted else None, missing=missing,
                   per_day=per_day)  # fmt: skip


def _sum(ranges: Sequence[Range | None]) -> Range | None:
    """Return the pay of all rows; None if that of any row is unknown."""
    known = [part for part in ranges if part is not None]
    if len(known) < len(ranges):
        return None
    return Range(sum((part.low for part in known), Decimal(0)), sum((part.high for part in known), Decimal(0)))
