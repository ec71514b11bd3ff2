"""A condition on which other pay depends."""

from typing import Annotated, ClassVar

from pydantic import Field

from kpicalc.engine.component import Component, Option
from kpicalc.engine.terms.standing import taken_from
from kpicalc.engine.tree.formula import ONE, ZERO, Arith, Choose, Greatest, Minus, Node
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import NonNegative


class Gate(Component):
    """A condition on which other pay depends."""

    name: ClassVar[str] = "gate"
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = 'gate: {of: [kpi_bonus], unless: "attainment(sales) >= 50%", pays: 0%}'

    of: list[str] = Field(min_length=1)
    unless: str
    pays: Annotated[NonNegative, Field(le=1), Option("percent")]

    def acts_on(self) -> tuple[str, ...]:
        """Return the ids of the lines that depend on the condition."""
        return tuple(self.of)

    def compose(self, desk: Workings) -> Node:
        """Compose 0 where the condition holds, else minus the part of the lines that is not paid."""
        standing = desk.standing(self.of, "of")
        taken = Greatest((Arith("*", standing, Arith("-", ONE, desk.param("pays"))), ZERO))
        return Choose(desk.condition(self.unless, "unless"), ZERO, Minus(taken_from(desk, taken, standing)))
