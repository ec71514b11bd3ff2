"""A fixed amount for the department's result.

The highest level of the department's plan (minimum, norm, maximum on the Team plan sheet) that is reached decides how
much every member gets; below all levels nothing.
"""

from typing import ClassVar, Literal

from pydantic import Field

from kpicalc.engine.component import Component, Titles
from kpicalc.engine.formula import ZERO, Node
from kpicalc.engine.levels import highest_reached
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Amount


class BonusLevel(Entry):
    """At this level of the department's plan, this amount."""

    reach: Literal["minimum", "norm", "maximum"] = Field(description="level of the department's plan")
    pays: Amount = Field(description="the amount for every member")


class TeamBonus(Component):
    """A fixed amount for the department's result."""

    name: ClassVar[str] = "team_bonus"
    titles: ClassVar[Titles] = {"ru": "Премия за план отдела", "en": "Team bonus"}
    example: ClassVar[str] = (
        "team_bonus: {on: department_sales, levels: [{reach: norm, pays: 5000}, {reach: maximum, pays: 9000}]}"
    )

    on: str = Field(description="the team KPI")
    levels: list[BonusLevel] = Field(description="what each level pays", min_length=1)

    def compose(self, w: Workings) -> Node:
        """Compose the amount of the highest level reached."""
        titles = ("премия за уровень «{level}»", "bonus at the {level}")
        return highest_reached(w, self.on, self.levels, titles, "money", ZERO)
