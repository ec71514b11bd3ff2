"""The progress of a payee within a month: the days, and every goal with what is done and what is missing."""

from datetime import date
from decimal import Decimal
from typing import Literal

from kpicalc.model.record import record


@record
class Days:
    """The days of a month at a date; that day counts as passed.

    `by` says which days: working days of the scheme's calendar, Monday to Friday where only a norm is known, or all.
    """

    on: date
    whole: Decimal
    passed: Decimal
    left: int
    by: Literal["calendar", "week", "all"]


@record
class Goal:
    """One KPI of a payee: the goal (the plan, or what the scheme itself requires), and what is done of it.

    `share` is done / goal. `missing` and `per_day` are what is left to do, in total and per remaining day; None without
    a goal, a figure or a day left, and for a KPI that does not add up day by day.
    """

    kpi: str
    goal: Decimal | None
    actual: Decimal | None
    share: Decimal | None
    missing: Decimal | None
    per_day: Decimal | None
    of_team: bool = False
    """True for a goal of the whole department."""


@record
class Progress:
    """A payee's progress at a date."""

    payee: int
    days: Days
    goals: tuple[Goal, ...]


@record
class Range:
    """The bounds of a pay; they are equal where nothing is missing."""

    low: Decimal
    high: Decimal


@record
class Forecast:
    """What a payee will be paid: if nothing more comes, at today's pace, at plan; None where it is unknown."""

    now: Range | None
    pace: Range | None
    plan: Range | None
