"""Points for results, exchanged for rewards that are not money."""

from typing import Annotated, ClassVar

from pydantic import Field

from kpicalc.engine.component import Component
from kpicalc.engine.terms.balance import balance, tally
from kpicalc.engine.tree.formula import ONE, ZERO, Arith, Greatest, Node, Round, Sum, total
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Exact, Rounding


class Points(Component):
    """Points for results, exchanged for rewards that are not money."""

    name: ClassVar[str] = "points"
    example: ClassVar[str] = "points: {on: {cold_calls: 1, payments: 50}, rewards: {Day off: 300}}"

    on: dict[str, Exact] = Field(min_length=1)
    rewards: dict[str, Annotated[Exact, Field(gt=0)]] = Field(default_factory=dict)
    rounding: Rounding | None = None

    def compose(self, desk: Workings) -> None:
        """Return None, as points are not paid in money."""

    def keep(self, desk: Workings) -> None:
        """Lay out the points earned, the balance, and the reward that it is enough for."""
        opening = balance(desk, "points_balance", "number", desk.say("at_start"), absent="zero")
        earned = desk.figure(
            "earned",
            desk.say("earned"),
            self._earned(desk),
            "number",
            heading=desk.say("earned_heading"),
        )
        spent = balance(desk, "points_spent", "number", desk.say("spent"), absent="none")
        closing = desk.figure(
            "balance",
            desk.say("left_at_end"),
            Arith("-", Sum((opening, earned)), spent),
            "number",
            heading=desk.say("at_end"),
        )
        tally(desk, "points", earned)
        tally(desk, "points", closing, "_balance", "points_balance")
        for number, (reward, price) in enumerate(self.rewards.items(), 1):
            cost = desk.term(f"reward.{number}", desk.say("price", reward=reward), price, "number")
            enough = Greatest((Round(Arith("/", closing, cost), ONE.value, "down"), ZERO))
            title = desk.say("enough", reward=reward)
            heading = desk.say("enough_heading", reward=reward)
            desk.figure(f"enough.{number}", title, enough, "number", heading=heading)

    def _earned(self, desk: Workings) -> Node:
        """Compose the sum of points x units."""
        parts = []
        for key, points in self.on.items():
            title = desk.say("points_for", kpi=desk.kpi_title(key))
            parts.append(Arith("*", desk.kpi(key, "on", key), desk.term(f"on.{key}", title, points, "number")))
        earned = total(tuple(parts))
        return desk.rounded(earned, self.rounding, "points") if self.rounding else earned
