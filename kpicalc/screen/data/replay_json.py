"""A replay for other programs: one JSON object, money as decimal strings."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kpicalc import __version__
from kpicalc.lang import Language
from kpicalc.model.issue import Issue
from kpicalc.model.replay import Amounts, Outcomes, Replay
from kpicalc.screen.data.json import issue_data, money_text


def replay_json(replay: Replay | None, issues: Iterable[Issue], files: Sequence[str], language: Language) -> str:
    """Return a replay as JSON; a refused one has only the issues."""
    data: dict[str, Any] = {
        "kpicalc": __version__,
        "months": _months(replay) if replay else [],
        "payees": _payees(replay) if replay else [],
        "lines": _lines(replay) if replay else [],
        "totals": _amounts(replay.total) if replay else None,
        "outcomes": {which: _outcomes(replay.outcomes(which)) for which in ("old", "new")} if replay else None,
        "varied": [{"by": _plain(item.by), **_amounts(item.fund), "base": _base(item.base)} for item in replay.varied]
        if replay
        else [],
        "balances": [{"balance": name, **_amounts(closed)} for name, closed in replay.ends] if replay else [],
        "months_left_out": _months_out(replay, language) if replay else [],
        "examples": [issue_data(each, language) for each in replay.examples] if replay else [],
        "issues": [issue_data(each, language) for each in issues],
        "files": list(files),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _months(replay: Replay) -> list[dict[str, Any]]:
    return [
        {
            "period": month.period,
            **_amounts(month.fund),
            "base": _base(month.base),
            "left_out": [{"id": person.id, "name": person.name, "by": list(person.by)} for person in month.left_out],
            "file": month.file,
        }
        for month in replay.months
    ]


def _payees(replay: Replay) -> list[dict[str, Any]]:
    months: dict[str, list[dict[str, Any]]] = {}
    for (number, period), amounts in replay.by_person_month.items():
        months.setdefault(number, []).append({"period": period, **_amounts(amounts)})
    return [
        {
            "id": number,
            "name": person.name,
            **_amounts(replay.by_person[number]),
            "department": person.department,
            "position": person.position,
            "months": months[number],
        }
        for number, person in replay.people.items()
    ]


def _lines(replay: Replay) -> list[dict[str, str]]:
    return [{"id": line, "title": title, **_amounts(amounts)} for (line, title), amounts in replay.by_line.items()]


def _months_out(replay: Replay, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "period": out.period,
            "file": out.file,
            "by": out.by,
            "issues": [issue_data(item, language) for item in out.issues],
        }
        for out in replay.months_out
    ]


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {
        "old": money_text(amounts.old),
        "new": money_text(amounts.new),
        "difference": money_text(amounts.difference),
    }


def _outcomes(outcomes: Outcomes | None) -> dict[str, str] | None:
    if outcomes is None:
        return None
    return {name: money_text(getattr(outcomes, name)) for name in ("least", "lower", "middle", "upper", "most")}


def _base(base: Decimal | None) -> str | None:
    return None if base is None else money_text(base)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
