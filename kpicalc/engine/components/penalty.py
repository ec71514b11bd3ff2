"""Money taken from variable pay for an indicator: complaints, overdue payments, defects."""

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.terms.standing import taken_from
from kpicalc.engine.tree.formula import ZERO, Arith, Both, Choose, Least, Minus, Node, compare
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Amount, NonNegative


class Penalty(Component):
    """Money taken from variable pay for an indicator."""

    name: ClassVar[str] = "penalty"
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = "penalty: {on: complaints, per_unit: 500, of: [kpi_bonus], limit: 30%}"

    on: str
    of: list[str] = Field(min_length=1)
    rate: Annotated[NonNegative | None, Option("percent")] = None
    per_unit: Annotated[Amount | None, Option("money")] = None
    limit: Annotated[NonNegative, Field(le=1), Option("percent")] = Decimal(1)

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.rate is None) == (self.per_unit is None):
            raise refuse("penalty_measure")
        return self

    def acts_on(self) -> tuple[str, ...]:
        """Return the ids of the lines that it is taken from."""
        return tuple(self.of)

    def compose(self, desk: Workings) -> Node:
        """Compose -(KPI x rate), limited by a share of what the lines stand at."""
        measure = desk.param("rate" if self.rate is not None else "per_unit")
        kpi, standing = desk.kpi(self.on, "on"), desk.standing(self.of, "of")
        limit: Node = standing if self.limit == 1 else Arith("*", standing, desk.param("limit"))
        taken = Least((Arith("*", kpi, measure), limit))
        due = Both((compare(">", kpi, ZERO), compare(">", standing, ZERO)))
        return Choose(due, Minus(taken_from(desk, taken, standing)), ZERO)
