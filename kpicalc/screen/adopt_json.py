"""An adopted workbook for other programs: one JSON object, figures and money as decimal strings."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kpicalc import __version__
from kpicalc.lang import Language
from kpicalc.model.adopted import Adopted, Member
from kpicalc.model.issue import Issue
from kpicalc.screen.json import issue_data, money_text


def adopt_json(found: Adopted | None, files: Sequence[str], issues: Iterable[Issue], language: Language) -> str:
    """Return what was understood as JSON; for a refused workbook it holds only the issues."""
    data: dict[str, Any] = {
        "kpicalc": __version__,
        "period": found.period if found else None,
        "people": [_member(one) for one in found.people] if found else [],
        "questions": [
            {"about": one.about, "place": one.place, "candidates": list(one.candidates)} for one in found.questions
        ]
        if found
        else [],
        "unread": list(found.unread) if found else [],
        "files": list(files),
        "issues": [issue_data(one, language) for one in issues],
    }
    if found and found.pay:
        data["differences"] = [
            {
                "id": one.id,
                "name": one.who,
                "line": one.line,
                "old": money_text(one.old),
                "new": money_text(one.new),
                "class": one.kind,
                "place": one.place,
            }
            for one in found.pay.differences
        ]
    return json.dumps(data, ensure_ascii=False, indent=2)


def _member(one: Member) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "department": one.department or None,
        "position": one.position or None,
        "figures": {
            title: {"plan": _text(both.plan), "actual": _text(both.actual)} for title, both in one.figures.items()
        },
        "paid": _text(one.paid),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
