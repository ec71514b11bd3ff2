"""Points for results, exchanged for rewards that are not money."""

from typing import Annotated, ClassVar

from pydantic import Field

from kpicalc.engine.balance import balance, tally
from kpicalc.engine.component import Component
from kpicalc.engine.formula import ONE, ZERO, Arith, Greatest, Node, Round, Sum, total
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Exact, Rounding


class Points(Component):
    """Points for results, exchanged for rewards that are not money."""

    name: ClassVar[str] = "points"
    example: ClassVar[str] = "points: {on: {cold_calls: 1, payments: 50}, rewards: {Day off: 300}}"

    on: dict[str, Exact] = Field(min_length=1)
    rewards: dict[str, Annotated[Exact, Field(gt=0)]] = Field(default_factory=dict)
    rounding: Rounding | None = None

    def compose(self, w: Workings) -> None:
        """Pay nothing."""

    def keep(self, w: Workings) -> None:
        """Lay out points earned, the balance, and what it is enough for."""
        opening = balance(w, "points_balance", "number", w.say("at_start"), absent="zero")
        earned = w.figure(
            "earned",
            w.say("earned"),
            self._earned(w),
            "number",
            heading=w.say("earned_heading"),
        )
        spent = balance(w, "points_spent", "number", w.say("spent"), absent="none")
        closing = w.figure(
            "balance",
            w.say("left_at_end"),
            Arith("-", Sum((opening, earned)), spent),
            "number",
            heading=w.say("at_end"),
        )
        tally(w, "points", earned)
        tally(w, "points", closing, "_balance", "points_balance")
        for number, (reward, price) in enumerate(self.rewards.items(), 1):
            cost = w.term(f"reward.{number}", w.say("price", reward=reward), price, "number")
            enough = Greatest((Round(Arith("/", closing, cost), ONE.value, "down"), ZERO))
            title = w.say("enough", reward=reward)
            heading = w.say("enough_heading", reward=reward)
            w.figure(f"enough.{number}", title, enough, "number", heading=heading)

    def _earned(self, w: Workings) -> Node:
        """Compose the sum of points x units."""
        parts = []
        for key, points in self.on.items():
            title = w.say("points_for", kpi=w.kpi_title(key))
            parts.append(Arith("*", w.kpi(key, "on", key), w.term(f"on.{key}", title, points, "number")))
        earned = total(tuple(parts))
        return w.rounded(earned, self.rounding, "points") if self.rounding else earned
