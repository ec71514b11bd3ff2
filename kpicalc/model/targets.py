"""How next month's plans follow from earlier months: so many months' average, grown by so much, rounded so."""

from typing import Annotated

from pydantic import Field

from kpicalc.model.entry import Entry, Exact, Rounding

MOST_MONTHS = 24
"""No rule looks further back into the History sheet."""
Growth = Annotated[Exact, Field(gt=-1)]


class KpiPlanning(Entry):
    """How the plan of one KPI follows, where it differs from the others."""

    growth: Growth | None = Field(default=None, description="growth over the average: 10%, or -5% where less is better")
    rounding: Rounding | None = Field(default=None, description="rounding of this KPI's plan")


class Planning(Entry):
    """How `kpicalc plan` makes plans; its options come first."""

    months: Annotated[Exact, Field(ge=1, le=MOST_MONTHS)] | None = Field(
        default=None, description="how many months before the planned one are averaged"
    )
    growth: Growth | None = Field(default=None, description="growth over the average, such as 20%")
    rounding: Rounding | None = Field(default=None, description="rounding of plans, such as {round: 1, ties: half_up}")
    kpis: dict[str, KpiPlanning] = Field(default_factory=dict, description="KPI: its own growth or rounding")
