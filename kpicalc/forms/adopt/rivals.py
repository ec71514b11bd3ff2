"""Columns of one table that may hold the same figure, or be derived from others: they are asked about, not read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kpicalc.forms.adopt.draft import Draft, Found
from kpicalc.model.adopted import Side
from kpicalc.model.book import column_letter

NEAR = 0.011
"""The greatest difference between a per cent of a plan, rounded by hand, and actual / plan."""


def each_once(kpis: list[Found], draft: Draft) -> list[Found]:
    """Ask about two columns of a table for one figure; read neither."""
    groups: dict[tuple[str, Side], list[Found]] = defaultdict(list)
    for kpi in kpis:
        groups[kpi.same, kpi.side].append(kpi)
    kept: list[Found] = []
    for alike in groups.values():
        if len(alike) == 1:
            kept += alike
        else:
            letters = [f"{kpi.place} ({column_letter(kpi.at)}: {kpi.heading})" for kpi in alike]
            draft.ask("twice", alike[0].place, letters, title=alike[0].title, side=draft.reason(alike[0].side))
    return kept


def without_rivals(kpis: list[Found], qualified: Sequence[tuple[Side | None, str]], draft: Draft) -> list[Found]:
    """Ask about a bare plan or actual beside a qualified one, «Факт» and «Факт (корр.)»; read neither."""
    kept = []
    for kpi in kpis:
        others = [] if kpi.named else [place for side, place in qualified if side == kpi.side]
        if others:
            own = f"{kpi.place} ({kpi.heading})"
            draft.ask("twice", kpi.place, [own, *others], title=kpi.title, side=draft.reason(kpi.side))
        else:
            kept.append(kpi)
    return kept


def without_results(kpis: list[Found], draft: Draft) -> list[Found]:
    """Ask about figures that equal another KPI's actual / plan, or the difference of the two, for all people."""
    pairs = [(dict(plan.figures), dict(actual.figures)) for plan in kpis if plan.side == "plan"
             for actual in kpis if actual.side == "actual" and actual.same == plan.same]  # fmt: skip
    planned = {kpi.same for kpi in kpis if kpi.side == "plan"}
    kept = []
    for kpi in kpis:
        if kpi.side == "actual" and kpi.same not in planned and any(_is_result(kpi, *pair) for pair in pairs):
            draft.ask("unknown", kpi.place, [draft.reason("kpi_or_attainment")], heading=kpi.heading)
        else:
            kept.append(kpi)
    return kept


def _is_result(kpi: Found, plan: Mapping[str, float], actual: Mapping[str, float]) -> bool:
    rows = [(plan.get(person), actual.get(person), value) for person, value in kpi.figures]
    if len(rows) < 2 or not all(p and a is not None for p, a, _ in rows):
        return False
    shares = [min(abs(a / p - v), abs(a / p * 100 - v) / 100) for p, a, v in rows if p and a is not None]
    between = [abs(abs(a - p) - abs(v)) for p, a, v in rows if p and a is not None]
    return max(shares) < NEAR or max(between) < NEAR
