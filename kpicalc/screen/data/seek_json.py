"""A search for other programs: one JSON object, money and values as decimal strings."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kpicalc import __version__
from kpicalc.lang import Language
from kpicalc.model.issue import Issue
from kpicalc.model.seek import Seek, Try
from kpicalc.screen.data.json import issue_data, money_text
from kpicalc.screen.seek_table import reasons


def seek_json(seek: Seek | None, stated: str | None, issues: Iterable[Issue], language: Language) -> str:
    """Return a search as JSON; a refused one has only the issues."""
    data: dict[str, Any] = {"kpicalc": __version__, **(_found(seek, stated, language) if seek else {})}
    data["issues"] = [issue_data(item, language) for item in issues]
    return json.dumps(data, ensure_ascii=False, indent=2)


def _found(seek: Seek, stated: str | None, language: Language) -> dict[str, Any]:
    return {
        "path": seek.path,
        "fund": money_text(seek.amount),
        "months": list(seek.months),
        "stated": {"value": stated, "fund": money_text(seek.stated)},
        "intervals": [
            {
                "from": _value(item.first.value, seek),
                "to": _value(item.last.value, seek),
                "fund_from": money_text(item.first.fund),
                "fund_to": money_text(item.last.fund),
            }
            for item in seek.intervals
        ],
        "least": _try(seek.least, seek),
        "most": _try(seek.most, seek),
        "tries": [_try(item, seek) for item in seek.tries],
        "binding": [
            {
                "id": item.id,
                "title": item.title,
                "change": money_text(item.change),
                "payees": [{"id": who.id, "name": who.name, "change": money_text(who.change)} for who in item.people],
            }
            for item in seek.bounds
        ],
        "fixed": [{"id": item.id, "title": item.title, "amount": money_text(item.amount)} for item in seek.fixed],
        "flat_from": None if seek.flat_from is None else _value(seek.flat_from, seek),
        "why": reasons(seek, language),
        "refused": [_value(value, seek) for value, _ in seek.refused],
        "months_left_out": [{"period": out.period, "file": out.file} for out in seek.months_out],
        "left_out": [{"period": period, "id": item.id, "name": item.name} for period, item in seek.left_out],
    }


def _try(tried: Try, seek: Seek) -> dict[str, str]:
    return {"value": _value(tried.value, seek), "fund": money_text(tried.fund)}


def _value(value: Decimal, seek: Seek) -> str:
    return f"{(value * 100).normalize():f}%" if seek.percent else f"{value.normalize():f}"
