"""Tiers on the amount since the start of the year or quarter, less the pay of the months before."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, refuse
from kpicalc.engine.terms.tiers import Tier, ascending, below_zero, excluded
from kpicalc.engine.tree.formula import ZERO, Arith, Band, Choose, Column, Node, Slices, Table, compare, compared
from kpicalc.engine.workings import Workings
from kpicalc.model.deals import BelowZero


class TrueUp(Component):
    """Tiers on the amount since the start of the year or quarter, less what the months before have come to."""

    name: ClassVar[str] = "true_up"
    example: ClassVar[str] = (
        "true_up: {on: sales, since: year, against: rule, tiers: marginal, "
        "rates: [{from: 0, rate: 5%}, {from: 1000000, rate: 7%}]}"
    )

    on: str
    since: Literal["year", "quarter"]
    tiers: Literal["marginal", "whole"]
    rates: list[Tier] = Field(min_length=1)
    against: Literal["rule", "paid"]
    paid: str | None = None
    below_zero: BelowZero | None = None

    @model_validator(mode="after")
    def _choices_are_stated(self) -> Self:
        if self.against == "paid" and self.paid is None:
            raise refuse("choice_idle", at=("against",), found="against: paid", needs="paid")
        if self.against == "rule" and self.paid is not None:
            raise refuse("choice_idle", at=("paid",), found="paid", needs="against: paid")
        ascending(self.rates, "rates", ZERO.value)
        return self

    def compose(self, desk: Workings) -> Node:
        """Compose tiers(sum so far) - tiers(sum before), or tiers(sum so far) - amount paid before."""
        now = desk.kpi(self.on, "on")
        before = desk.since_start(self.on, self.since, "on")
        title = desk.say("rate")
        marginal = self.tiers == "marginal"
        rows = [(desk.bound(self.on, t.bound, "rates", row, t.bound_key), t.rate) for row, t in enumerate(self.rates)]
        table = desk.table(
            "rates", title, rows, ("money", "percent"), bands=not marginal, excluded=excluded(self.rates)
        )
        name = desk.say(f"sum_{self.since}", kpi=desk.kpi_title(self.on))
        whole = desk.figure("sum", name, Arith("+", before, now), "money")
        due = self._due(desk, "due", desk.say(f"due_{self.since}"), whole, table)
        if self.paid is not None:
            return Arith("-", due, desk.since_start(self.paid, self.since, "paid"))
        return Arith("-", due, self._due(desk, "due_before", desk.say(f"before_{self.since}"), before, table))

    def _due(self, desk: Workings, name: str, title: str, base: Node, table: Table) -> Column:
        """Return what the tiers give for a sum, rounded as money."""
        pay: Node = Slices(base, table)
        if self.tiers == "whole":
            pay = Arith("*", base, Band(compared(base), table))
        below = below_zero(self.below_zero, base, table)
        pay = pay if below is None else Choose(compare(">=", base, ZERO), pay, below)
        heading = title[0].upper() + title[1:]
        return desk.figure(name, title, desk.rounded(pay, desk.rules.money, "money"), "money", heading=heading)
