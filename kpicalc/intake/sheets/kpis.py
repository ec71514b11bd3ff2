"""Finds KPIs by the names that people use in headings and cells."""

import re
from collections.abc import Callable
from typing import TypeAlias

from kpicalc.intake.sheets.names import same_unit
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import clean, name_key

KpiFinder: TypeAlias = Callable[[str], tuple[str | None, str]]
"""A heading -> the KPI's key, and the unit in the heading where it is not the KPI's own."""
_WITH_UNIT = re.compile(r"^(.+?)\s*(?:,\s*([^,]+)|\(([^()]+)\))$")


def kpi_finder(schemes: SchemeBook) -> KpiFinder:
    """Return the look-up of KPIs by key or title, with or without the unit: `Продажи, руб`."""
    by_title = {name_key(kpi.title): key for key, kpi in schemes.kpis.items() if kpi.title}
    names = by_title | {name_key(key): key for key in schemes.kpis}

    def find(heading: str) -> tuple[str | None, str]:
        if key := names.get(name_key(heading)):
            return key, ""
        parts = _WITH_UNIT.match(clean(heading))
        if parts and (key := names.get(name_key(parts[1]))):
            unit = parts[2] or parts[3]
            stated = schemes.kpis[key].unit
            return key, "" if stated is None or same_unit(unit, stated) else unit
        return None, ""

    return find


def is_computed(schemes: SchemeBook, key: str) -> bool:
    """Tell whether a KPI's actual is computed from other figures instead of read from the workbook."""
    kpi = schemes.kpis[key]
    return kpi.formula is not None or kpi.team is not None or kpi.from_ is not None
