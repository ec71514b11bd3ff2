"""Own lines multiplied by the department's result."""

from typing import ClassVar, Literal

from pydantic import Field

from kpicalc.engine.component import Component
from kpicalc.engine.terms.levels import highest_reached
from kpicalc.engine.terms.standing import taken_from
from kpicalc.engine.tree.formula import ONE, ZERO, Arith, Choose, Minus, Node, compare
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import NonNegative


class MultiplierLevel(Entry):
    """At this level of the department's plan, this multiplier."""

    reach: Literal["minimum", "norm", "maximum"]
    pays: NonNegative


class TeamMultiplier(Component):
    """Own lines multiplied by the department's result."""

    name: ClassVar[str] = "team_multiplier"
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = (
        "team_multiplier: {of: [commission], on: department_sales, levels: [{reach: norm, pays: 1.2}]}"
    )

    of: list[str] = Field(min_length=1)
    on: str
    levels: list[MultiplierLevel] = Field(min_length=1)

    def acts_on(self) -> tuple[str, ...]:
        """Return the ids of the multiplied lines."""
        return tuple(self.of)

    def compose(self, desk: Workings) -> Node:
        """Compose lines x (multiplier - 1)."""
        node = highest_reached(desk, self.on, self.levels, "number", ONE)
        heading = desk.say("multiplier_heading")
        multiplier = desk.figure("multiplier", desk.say("multiplier"), node, "number", heading=heading)
        standing = desk.standing(self.of, "of")
        gain = desk.rounded(Arith("*", standing, Arith("-", multiplier, ONE)), desk.rules.money, "money")
        if any(level.pays < 1 for level in self.levels):
            # Below 1 a multiplier takes away and, like a penalty, never takes more than there is.
            taken = taken_from(desk, Arith("*", standing, Arith("-", ONE, multiplier)), standing)
            gain = Choose(compare("<", multiplier, ONE), Minus(taken), gain)
        return Choose(compare(">", standing, ZERO), gain, ZERO)
