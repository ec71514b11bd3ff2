"""A fixed amount for the department's result.

The highest level of the department's plan (minimum, norm, maximum on the Team plan sheet) that is reached decides how
much every member gets; below all levels nothing.
"""

from typing import ClassVar, Literal

from pydantic import Field

from kpicalc.engine.component import Component, Titles
from kpicalc.engine.draft import LEVELS
from kpicalc.engine.formula import ZERO, Choose, Node
from kpicalc.engine.workings import Workings
from kpicalc.model.inputs import Level
from kpicalc.model.scheme import Entry, NonNegative


class BonusLevel(Entry):
    """At this level of the department's plan, this amount."""

    reach: Literal["minimum", "norm", "maximum"] = Field(description="level of the department's plan")
    pays: NonNegative = Field(description="the amount for every member")


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
        node: Node = ZERO
        actual = w.team(self.on, "on")
        pays = {level.reach: level.pays for level in self.levels}
        if len(pays) < len(self.levels):
            w.refuse("level_twice", "levels")
        for level in LEVELS:
            if level in pays:
                term = w.term(f"level.{level}", self._title(w, level), pays[level], "money")
                node = Choose(w.reached(self.on, actual, w.level(self.on, level, "on")), term, node)
        return node

    @staticmethod
    def _title(w: Workings, level: Level) -> str:
        name = w.word(f"figure.{level}")
        return w.say(f"премия за уровень «{name}»", f"bonus at the {name}")
