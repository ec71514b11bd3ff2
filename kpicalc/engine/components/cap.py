"""The most that lines may pay together."""

from typing import Annotated, ClassVar

from pydantic import Field

from kpicalc.engine.component import Component, Option
from kpicalc.engine.terms.own import OwnAmount, own_amount
from kpicalc.engine.terms.standing import taken_from
from kpicalc.engine.tree.formula import ZERO, Arith, Choose, Minus, Node, compare
from kpicalc.engine.workings import Workings


class Cap(Component):
    """The most that lines may pay together."""

    name: ClassVar[str] = "cap"
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = "cap: {of: [commission, kpi_bonus], at: 200000}"

    of: list[str] = Field(min_length=1)
    at: Annotated[OwnAmount, Option("money")]

    def acts_on(self) -> tuple[str, ...]:
        """Return the ids of the capped lines."""
        return tuple(self.of)

    def compose(self, desk: Workings) -> Node:
        """Compose -(lines - cap) where the lines stand above the cap."""
        standing, cap = desk.standing(self.of, "of"), own_amount(desk, "at")
        return Choose(compare(">", standing, cap), Minus(taken_from(desk, Arith("-", standing, cap), standing)), ZERO)
