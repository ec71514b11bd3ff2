"""A team's progress for other programs: one JSON object, figures and money as decimal strings."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kpicalc import __version__
from kpicalc.engine.result import Payroll
from kpicalc.lang import Language
from kpicalc.model.issue import Issue
from kpicalc.model.progress import Days, Forecast, Goal, Range
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.team_progress import TeamProgress
from kpicalc.screen.data.json import issue_data, money_text

_PLACES = 10


def progress_json(
    payroll: Payroll | None, team: TeamProgress | None, issues: Iterable[Issue], language: Language
) -> str:
    """Return everybody's progress and the forecast pay; a month that cannot be read has no payees."""
    known = team is not None and payroll is not None
    data = {
        "kpicalc": __version__,
        "period": payroll.inputs.period if payroll else None,
        "on": team.on.isoformat() if team else None,
        "days": _days(team.days) if team else None,
        "payees": _payees(payroll, team) if payroll and team else [],
        "totals": _pay(team.totals) if known and team else None,
        "issues": [issue_data(item, language) for item in issues],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _payees(payroll: Payroll, team: TeamProgress) -> list[dict[str, Any]]:
    people = payroll.inputs.payees
    return [
        {
            "id": people[person.payee].id,
            "name": people[person.payee].name,
            "goals": [_goal(goal, payroll.book) for goal in person.progress.goals],
            "pay": _pay(person.pay),
        }
        for person in team.people
    ]


def _days(days: Days) -> dict[str, str]:
    return {"passed": _text(days.passed) or "0", "all": _text(days.whole) or "0"}


def _goal(goal: Goal, book: SchemeBook) -> dict[str, Any]:
    left = goal.missing if goal.missing is None else max(goal.missing, Decimal(0))
    return {
        "kpi": goal.kpi,
        "title": book.kpi_title(goal.kpi),
        "done": _text(goal.actual),
        "goal": _text(goal.goal),
        "left": _text(left),
        "per_day": _text(goal.per_day),
    }


def _pay(pay: Forecast) -> dict[str, Any]:
    return {"now": _range(pay.now), "pace": _range(pay.pace), "plan": _range(pay.plan)}


def _range(sums: Range | None) -> Any:
    """Return a sum; if a figure is missing, the two sums between which it lies; null if that is unknown."""
    if sums is None:
        return None
    if sums.low == sums.high:
        return money_text(sums.low)
    return {"low": money_text(sums.low), "high": money_text(sums.high)}


def _text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = f"{round(value, _PLACES):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
