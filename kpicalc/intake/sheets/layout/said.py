"""What a heading says in the place of a unit: «Звонки (план)» are no calls made, «Звонки (год)» not of the month."""

from kpicalc.intake.sheets.names import words
from kpicalc.intake.sheets.scales import unit_at_end
from kpicalc.model.fields import SheetRole
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import name_key

Found = tuple[str | None, str]
"""A KPI by its key, and a unit that is not its own."""


def as_said(found: Found, title: str, role: SheetRole, schemes: SchemeBook) -> Found:
    """Return the KPI of a heading on a sheet, if the figures are those of the sheet."""
    key, unit = found
    if key is None or name_key(title) in (name_key(key), name_key(schemes.kpi_title(key))):
        return found
    said = set(name_key(unit_at_end(title)).split())
    if said & words("plan"):
        return (key, "") if role == "plan" else (None, "")
    if said & words("actual"):
        return (None, "") if role == "plan" else (key, "")
    others = (words("attainment") - words("per_cents")) | words("derived") | words("span")
    return (None, "") if schemes.kpis[key].unit is None and said & others else (key, unit)
