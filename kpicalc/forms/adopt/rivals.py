"""Columns of one table that may hold the same figure, or be derived from others: they are asked about, not read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kpicalc.forms.adopt.draft import Draft, Found
from kpicalc.model.adopted import Side
from kpicalc.model.book import column_letter

NEAR = 0.011
"""The greatest difference between a per cent of a plan, rounded by hand, and actual / plan."""


def each_once(found: list[Found], draft: Draft) -> list[Found]:
    """Ask about two columns of a table for one figure; read neither."""
    groups: dict[tuple[str, Side], list[Found]] = defaultdict(list)
    for one in found:
        groups[one.same, one.side].append(one)
    kept: list[Found] = []
    for own in groups.values():
        if len(own) == 1:
            kept += own
        else:
            letters = [f"{one.place} ({column_letter(one.at)}: {one.heading})" for one in own]
            draft.ask("twice", own[0].place, letters, title=own[0].title, side=draft.reason(own[0].side))
    return kept


def without_rivals(found: list[Found], qualified: Sequence[tuple[Side | None, str]], draft: Draft) -> list[Found]:
    """Ask about a bare plan or actual beside a qualified one, «Факт» and «Факт (корр.)»; read neither."""
    kept = []
    for one in found:
        others = [] if one.named else [place for side, place in qualified if side == one.side]
        if others:
            own = f"{one.place} ({one.heading})"
            draft.ask("twice", one.place, [own, *others], title=one.title, side=draft.reason(one.side))
        else:
            kept.append(one)
    return kept


def without_results(found: list[Found], draft: Draft) -> list[Found]:
    """Ask about figures that equal another KPI's actual / plan, or the difference of the two, for all people."""
    pairs = [(dict(plan.figures), dict(actual.figures)) for plan in found if plan.side == "plan"
             for actual in found if actual.side == "actual" and actual.same == plan.same]  # fmt: skip
    planned = {one.same for one in found if one.side == "plan"}
    kept = []
    for one in found:
        if one.side == "actual" and one.same not in planned and any(_is_result(one, *pair) for pair in pairs):
            draft.ask("unknown", one.place, [draft.reason("kpi_or_attainment")], heading=one.heading)
        else:
            kept.append(one)
    return kept


def _is_result(one: Found, plan: Mapping[str, float], actual: Mapping[str, float]) -> bool:
    rows = [(plan.get(who), actual.get(who), value) for who, value in one.figures]
    if len(rows) < 2 or not all(p and a is not None for p, a, _ in rows):
        return False
    shares = [min(abs(a / p - v), abs(a / p * 100 - v) / 100) for p, a, v in rows if p and a is not None]
    between = [abs(abs(a - p) - abs(v)) for p, a, v in rows if p and a is not None]
    return max(shares) < NEAR or max(between) < NEAR
