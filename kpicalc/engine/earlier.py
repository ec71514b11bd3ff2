"""The earlier months of a year or quarter: what stood on the History sheet before the month that is paid."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.formula import ZERO, Node
from kpicalc.model.period import months_before_in

if TYPE_CHECKING:
    from kpicalc.engine.workings import Workings

Since = Literal["year", "quarter"]


def since_start(w: "Workings", key: str, since: Since, *path: str | int) -> Node:
    """Return a KPI's sum over the earlier months of the year or quarter; in the first one it is 0."""
    kpi = w.book.kpis.get(key)
    if kpi is None:
        w.refuse_name("unknown_kpi", key, list(w.book.kpis), *path)
        return ZERO
    heading = w.word(f"figure.earlier_{since}")
    title = w.word("figure.previous_of", kpi=w.book.kpi_title(key), when=heading)
    blank = kpi.missing if w.component.rules is None or w.component.rules.missing is None else None
    return w.draft.given(
        "history",
        f"{key}:{since}",
        (title, heading, w.book.kpi_title(key)),
        unit_of_kpi(kpi),
        blank or w.rules.missing or "error",
    )


def months_of_sum(name: str, period: str) -> Mapping[int, str] | None:
    """Return the months behind a figure of the History sheet, `2026-07` by how many months ago, the first one first.

    `name` is `kpi:year` or `kpi:quarter`; None for a figure of a single month.
    """
    _, _, since = name.rpartition(":")
    return months_before_in(since, period) if since in ("year", "quarter") else None
