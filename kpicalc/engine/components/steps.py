"""Amounts for the value of a KPI: every step that is reached, or the highest one."""

from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.formula import ZERO, Choose, Node, total
from kpicalc.engine.own import OwnAmount, amount_of_row
from kpicalc.engine.tiers import FromRow, ascending, excluded, from_first, passed
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import PerCent
from kpicalc.model.scheme import Kpi


class StepRow(FromRow):
    """From this value on, this amount."""

    amount: OwnAmount


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

    def compose(self, w: Workings) -> Node:
        """Compose the amount of the highest step that is reached, or the sum of all of them."""
        value = w.kpi(self.on, "on")
        for number, row in enumerate(self.at):
            w.bound(self.on, row.bound, "at", number, "from" if row.above is None else "above")
        unit = unit_of_kpi(w.book.kpis.get(self.on) or Kpi())
        bound_title, amount_title = w.say("ступень", "step"), w.say("сумма ступени", "amount of the step")
        fixed = [(row.bound, row.amount) for row in self.at if isinstance(row.amount, Decimal)]
        if self.pays == "highest" and len(fixed) == len(self.at):
            title = w.say("сумма достигнутой ступени", "amount of the step reached")
            shut = excluded(self.at)
            return from_first(w, value, w.table("at", title, fixed, (unit, "money"), bands=True, excluded=shut))
        rungs = []
        for number, row in enumerate(self.at):
            bound = w.term(f"at.{number}.bound", bound_title, row.bound, unit)
            amount = amount_of_row(w, row.amount, f"at.{number}.amount", amount_title, "at", number, "amount")
            rungs.append((passed(value, bound, above=row.above is not None), amount))
        if self.pays == "sum":
            return total(tuple(Choose(reached, amount, ZERO) for reached, amount in rungs))
        node: Node = ZERO
        for reached, amount in rungs:
            node = Choose(reached, amount, node)
        return node
