"""Points for results, exchanged for rewards that are not money.

Every unit of a KPI in `on` earns its number of points; a negative number takes points. Points are never money: they
join neither the total nor what other components act on, and stand in columns of their own beside the pay.

The balance is what it was at the beginning of the month + points earned - points spent. The first comes from the column
Points balance of the Employees sheet, and is 0 for everybody, with a warning, while there is no such column; the last
from the column Points spent, where a blank says that nothing was spent.

`rewards` is a catalogue: what may be had for points, and its price. The calculation shows how many of each the balance
is enough for.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from kpicalc.engine.balance import balance, tally
from kpicalc.engine.component import Component, Titles
from kpicalc.engine.formula import ONE, ZERO, Arith, Column, Greatest, Node, Round, total
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Exact, Rounding

_NOT_FREE = Field(gt=0)


class Points(Component):
    """Points for results, exchanged for rewards that are not money."""

    name: ClassVar[str] = "points"
    titles: ClassVar[Titles] = {"ru": "Баллы", "en": "Points"}
    example: ClassVar[str] = "points: {on: {cold_calls: 1, payments: 50}, rewards: {Day off: 300}}"

    on: dict[str, Exact] = Field(description="KPI: points for each of its units", min_length=1)
    rewards: dict[str, Annotated[Exact, _NOT_FREE]] = Field(
        default_factory=dict, description="what points are exchanged for: its price in points"
    )
    rounding: Rounding | None = Field(
        default=None, description="how the points earned in a month are rounded; exact unless stated"
    )

    def compose(self, w: Workings) -> None:
        """Pay nothing."""

    def keep(self, w: Workings) -> None:
        """Lay out points earned, the balance, and what it is enough for."""
        parts: list[Node] = []
        for key, points in self.on.items():
            title = w.say(f"баллы за «{w.kpi_title(key)}»", f"points for {w.kpi_title(key)}")
            parts.append(Arith("*", w.kpi(key, "on", key), w.term(f"on.{key}", title, points, "number")))
        earned = self._figure(w, "earned", "Начислено баллов", "Points earned", self._rounded(w, total(tuple(parts))))
        opening = balance(w, "points_balance", "number", absent="zero")
        spent = balance(w, "points_spent", "number", absent="none")
        left = Arith("-", Arith("+", opening, earned), spent)
        closing = self._figure(w, "balance", "Остаток баллов на конец месяца", "Points left", left)
        tally(w, "points", earned)
        tally(w, "points", closing, "_balance", "points_balance")
        for number, (reward, price) in enumerate(self.rewards.items(), 1):
            title = w.say(f"цена «{reward}»", f"price of {reward}")
            whole = Round(Arith("/", closing, w.term(f"reward.{number}", title, price, "number")), ONE.value, "down")
            self._figure(
                w, f"enough.{number}", f"Баллов хватает: {reward}", f"Enough points for: {reward}",
                Greatest((whole, ZERO)),
            )  # fmt: skip

    def _rounded(self, w: Workings, node: Node) -> Node:
        return w.rounded(node, self.rounding, "points") if self.rounding else node

    @staticmethod
    def _figure(w: Workings, name: str, ru: str, en: str, node: Node) -> Column:
        return w.figure(name, w.say(ru, en), node, "number")
