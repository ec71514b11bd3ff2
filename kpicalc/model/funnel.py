"""A funnel: KPIs as stages in the order in which clients pass them, and its figures of a month."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from kpicalc.model.entry import Entry, Exact
from kpicalc.model.record import record


class StageEntry(Entry):
    """A stage of a funnel: its KPI, and the share of the stage above that should reach it."""

    kpi: str = Field(description="the KPI whose figures are this stage's")
    norm: Annotated[Exact, Field(gt=0, le=1)] | None = Field(
        default=None, description="the share of the stage above that should get here, such as 60%; the rest drops out"
    )


class FunnelEntry(Entry):
    """The way from a first contact to a payment, stage by stage."""

    title: str | None = Field(default=None, description="the name that people see")
    stages: list[str | StageEntry] = Field(
        description="KPIs from the first stage to the last; with a norm: `{kpi: offers, norm: 60%}`", min_length=1
    )

    def steps(self) -> tuple[StageEntry, ...]:
        """Return the stages, each as an entry."""
        return tuple(StageEntry(kpi=stage) if isinstance(stage, str) else stage for stage in self.stages)


Absence = Literal["blank", "zero", "above"]
"""Why there is no figure: the stage is blank, the stage to divide by is zero, or that stage has no figure itself."""


@record
class Flow:
    """The ratio of two stages; without a value, the reason."""

    value: Decimal | None
    absence: Absence | None = None


@record
class Stage:
    """A stage of a funnel: the KPI and its norm."""

    kpi: str
    title: str
    norm: Decimal | None


@record
class Passage:
    """The figures of a person, a department or everybody by stage: `actual` and `plan`.

    A figure is None where it is unknown; a group's, where a member's is. `lacking` names those members.
    """

    name: str
    actual: tuple[Decimal | None, ...]
    plan: tuple[Decimal | None, ...]
    lacking: tuple[tuple[str, ...], ...] = ()


@record
class FunnelMonth:
    """A funnel with a month's figures. `people` are indices of payees with any figure in it, with their passages."""

    title: str
    stages: tuple[Stage, ...]
    people: tuple[tuple[int, Passage], ...]
    departments: tuple[Passage, ...]
    total: Passage
