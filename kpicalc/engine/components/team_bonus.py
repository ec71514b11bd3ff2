"""A fixed amount for the department's result."""

from typing import ClassVar, Literal

from pydantic import Field

from kpicalc.engine.component import Component
from kpicalc.engine.terms.levels import highest_reached
from kpicalc.engine.tree.formula import ZERO, Node
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Amount


class BonusLevel(Entry):
    """At this level of the department's plan, this amount."""

    reach: Literal["minimum", "norm", "maximum"]
    pays: Amount


class TeamBonus(Component):
    """A fixed amount for the department's result."""

    name: ClassVar[str] = "team_bonus"
    example: ClassVar[str] = (
        "team_bonus: {on: department_sales, levels: [{reach: norm, pays: 5000}, {reach: maximum, pays: 9000}]}"
    )

    on: str
    levels: list[BonusLevel] = Field(min_length=1)

    def compose(self, desk: Workings) -> Node:
        """Compose the amount of the highest level reached."""
        return highest_reached(desk, self.on, self.levels, "money", ZERO)
