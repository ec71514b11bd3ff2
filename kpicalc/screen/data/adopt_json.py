"""An adopted workbook for other programs: one JSON object, figures and money as decimal strings."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kpicalc import __version__
from kpicalc.lang import Language
from kpicalc.model.adopted import Adopted, Member
from kpicalc.model.issue import Issue
from kpicalc.screen.data.json import issue_data, money_text


def adopt_json(result: Adopted | None, files: Sequence[str], issues: Iterable[Issue], language: Language) -> str:
    """Return what was understood as JSON; for a refused workbook it holds only the issues."""
    data: dict[str, Any] = {
        "kpicalc": __version__,
        "period": result.period if result else None,
        "people": [_member(item) for item in result.people] if result else [],
        "questions": [
            {"about": item.about, "place": item.place, "candidates": list(item.candidates)} for item in result.questions
        ]
        if result
        else [],
        "unread": list(result.unread) if result else [],
        "files": list(files),
        "issues": [issue_data(item, language) for item in issues],
    }
    if result and result.pay:
        data["differences"] = [
            {
                "id": item.id,
                "name": item.who,
                "line": item.line,
                "old": money_text(item.old),
                "new": money_text(item.new),
                "class": item.kind,
                "place": item.place,
            }
            for item in result.pay.differences
        ]
    return json.dumps(data, ensure_ascii=False, indent=2)


def _member(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "name": member.name,
        "department": member.department or None,
        "position": member.position or None,
        "figures": {
            title: {"plan": _text(both.plan), "actual": _text(both.actual)} for title, both in member.figures.items()
        },
        "paid": _text(member.paid),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
