"""Headings of the History sheet beside actuals: the plan of a KPI, and what a line of pay has paid."""

from kpicalc.engine.draft import line_titles
from kpicalc.engine.tree.sources import PAID, PLANNED
from kpicalc.intake.sheets.kpis import KpiFinder
from kpicalc.intake.sheets.scales import unit_at_end, without_unit
from kpicalc.lang import LANGUAGES, word
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import name_key, spelling_key

_PLAN, _PAID = (
    frozenset(name_key(word(f"headings.figure.{name}", language)) for language in LANGUAGES)
    for name in ("plan", "paid")
)


def earlier_name(title: str, finder: KpiFinder, schemes: SchemeBook) -> str | None:
    """Return the name of an earlier figure that a heading means: «Продажи / План» or (план), «Аванс / Выплачено»."""
    group, joint, below = title.rpartition("/")
    if not joint and name_key(joint := unit_at_end(title)) in _PLAN:
        group, below = without_unit(title), joint
    kind = name_key(below)
    if joint and kind in _PLAN and (kpi := finder(group.strip())[0]):
        return f"{kpi}{PLANNED}"
    if joint and kind in _PAID:
        titled = spelling_key(group)
        for line, titles in line_titles(schemes).items():
            if titled in map(spelling_key, (line, *titles)):
                return f"{line}{PAID}"
    return None
