"""How next month's plans follow from earlier months: the average of some months, increased and rounded."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from kpicalc.model.entry import Entry, Exact, Rounding
from kpicalc.model.record import record

MOST_MONTHS = 24
"""No rule uses older months of the History sheet."""


def _believable(value: Decimal) -> Decimal:
    if value > MOST_GROWTH:
        raise PydanticCustomError("planning_growth", "planning_growth", {"found": str(value)})
    return value


MOST_GROWTH = 10
"""A growth of 1 000 %: above it the per cent sign was forgotten; 20 would plan twenty-one times as much."""
Growth = Annotated[Exact, Field(gt=-1), AfterValidator(_believable)]


class KpiPlanning(Entry):
    """How the plan of one KPI is made, where it differs from the others."""

    growth: Growth | None = Field(default=None, description="growth over the average: 10%, or -5% where less is better")
    rounding: Rounding | None = Field(default=None, description="rounding of this KPI's plan")


class Planning(Entry):
    """How `kpicalc plan` makes plans; its options have priority."""

    months: Annotated[Exact, Field(ge=1, le=MOST_MONTHS)] | None = Field(
        default=None, description="how many months before the planned one are averaged"
    )
    growth: Growth | None = Field(default=None, description="growth over the average, such as 20%")
    rounding: Rounding | None = Field(default=None, description="rounding of plans, such as {round: 1, ties: half_up}")
    kpis: dict[str, KpiPlanning] = Field(default_factory=dict, description="KPI: its own growth or rounding")


@record
class Terms:
    """How plans follow from earlier months; `kpis` states where one differs. `available`: fewer months are enough."""

    months: int
    growth: Decimal
    rounding: Rounding
    kpis: Mapping[str, KpiPlanning]
    available: bool = False

    def growth_of(self, kpi: str) -> Decimal:
        """Return the growth of a KPI: its own, or the common one."""
        target = self.kpis.get(kpi)
        return self.growth if target is None or target.growth is None else target.growth

    def rounding_of(self, kpi: str) -> Rounding:
        """Return the rounding of a KPI's plan: its own, or the common one."""
        target = self.kpis.get(kpi)
        return self.rounding if target is None or target.rounding is None else target.rounding


@record
class Planned:
    """One payee's plan of one KPI: the figures behind it, the oldest first, and the results.

    `average` and `plan` are None where months are missing and fewer are not allowed.
    """

    payee: int
    kpi: str
    months: tuple[Decimal | None, ...]
    growth: Decimal
    average: Decimal | None
    plan: Decimal | None


@record
class PlanFromHistory:
    """Plans for a month: the months they are made from, the oldest first, the KPIs, everybody's figures."""

    terms: Terms
    months: tuple[str, ...]
    kpis: tuple[str, ...]
    figures: tuple[Planned, ...]
