"""Amounts for the value of a KPI: every step that is reached, or the highest one."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.terms.amount_steps import StepRow, all_steps, highest_step
from kpicalc.engine.terms.tiers import ascending
from kpicalc.engine.tree.formula import Node
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import PerCent
from kpicalc.model.scheme import Kpi


class Steps(Component):
    """Amounts for the value of a KPI."""

    name: ClassVar[str] = "steps"
    example: ClassVar[str] = (
        "steps: {on: sales, pays: highest, at: [{from: 1000000, amount: 20000}, {above: 1500000, amount: 35000}]}"
    )

    on: str
    pays: Literal["highest", "sum"]
    at: list[StepRow] = Field(min_length=1)

    @model_validator(mode="after")
    def _steps_ascend(self) -> Self:
        ascending(self.at, "at", None, percent=any(isinstance(row.bound, PerCent) for row in self.at))
        return self

    def compose(self, desk: Workings) -> Node:
        """Compose the amount of the highest step reached, or the sum of all of them."""
        value = desk.kpi(self.on, "on")
        for number, row in enumerate(self.at):
            desk.bound(self.on, row.bound, "at", number, row.bound_key)
        unit = unit_of_kpi(desk.book.kpis.get(self.on) or Kpi())
        return (highest_step if self.pays == "highest" else all_steps)(desk, value, self.at, unit)
