"""Funnels for other programs: one JSON object, figures as decimal strings, ratios to ten places."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kpicalc import __version__
from kpicalc.engine.funnel import Target, conversions, flow, narrowest, takes
from kpicalc.lang import Language
from kpicalc.model.funnel import FunnelMonth, Passage
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue
from kpicalc.screen.data.json import issue_data

_PLACES = 10


def funnel_json(
    months: Sequence[FunnelMonth],
    inputs: Inputs | None,
    payee: int | None,
    targets: Sequence[Target | None],
    issues: Iterable[Issue],
    language: Language,
) -> str:
    """Return the funnels of all people, or of one payee, as JSON; a refused workbook has none."""
    data = {
        "kpicalc": __version__,
        "period": inputs.period if inputs else None,
        "funnels": [_funnel(*pair, inputs, payee) for pair in zip(months, targets, strict=True)] if inputs else [],
        "issues": [issue_data(item, language) for item in issues],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _funnel(month: FunnelMonth, target: Target | None, inputs: Inputs, payee: int | None) -> dict[str, Any]:
    people = [(index, passage) for index, passage in month.people if payee in (None, index)]
    data: dict[str, Any] = {
        "title": month.title,
        "stages": [{"kpi": item.kpi, "title": item.title, "norm": _ratio(item.norm)} for item in month.stages],
        "people": [
            {
                "id": inputs.payees[index].id,
                "name": passage.name,
                "department": inputs.payees[index].department,
                **_passage(month, passage, target if payee is not None else None),
            }
            for index, passage in people
        ],
    }
    if payee is None:
        data["departments"] = [{"name": item.name, **_passage(month, item, None)} for item in month.departments]
        data["total"] = _passage(month, month.total, target)
    return data


def _passage(month: FunnelMonth, passage: Passage, target: Target | None) -> dict[str, Any]:
    shares = conversions(passage.actual)
    at = narrowest(passage.actual)
    data: dict[str, Any] = {
        "stages": [
            {
                "kpi": stage.kpi,
                "actual": _figure(passage.actual[number]),
                "plan": _figure(passage.plan[number]),
                "conversion": _ratio(share.value) if share else None,
                "dropout": None if share is None or share.value is None else _ratio(1 - share.value),
                "overall": _ratio(flow(passage.actual, number, 0).value) if number else None,
                "unknown": share.absence if share else "blank" if passage.actual[number] is None else None,
            }
            for number, (stage, share) in enumerate(zip(month.stages, shares, strict=True))
        ],
        "narrowest": None if at is None else month.stages[at].kpi,
    }
    if target:
        by = {name: dict(zip((item.kpi for item in month.stages), counts, strict=True))
              for name, counts in takes(month.stages, passage, target).items()}  # fmt: skip
        data["target"] = {"kpi": month.stages[target.stage].kpi, "amount": _figure(target.amount), "takes": by}
    return data


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _ratio(value: Decimal | None) -> str | None:
    return None if value is None else f"{round(value, _PLACES).normalize():f}"
