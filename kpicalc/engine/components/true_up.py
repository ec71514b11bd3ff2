"""Tiers on the amount since the start of the year or quarter, less what the months before have come to.

The tiers of a commission are applied to the sum of the KPI since the start of the year (or quarter), and to the same
sum without this month; the line is the difference. So a step that is reached in autumn counts from where it stands in
the year, and a month in which the sum falls takes back what it had earned: the line may fall below zero.

The earlier months come from the History sheet or, with `--history`, from their payrolls; a month that is not there
follows the `missing` rule (enter 0 for the months before somebody came). `against: rule` subtracts what the tiers give
for the earlier months; both amounts are rounded, so that the months add up to the year. `against: paid` subtracts what
was really paid: `paid` names the KPI in which the History sheet keeps it.

`tiers: marginal` pays each slice at its own rate; `whole` the whole sum at the rate reached, so that reaching a step
pays for all the earlier months too. Tiers start at 0; a sum below 0 has no tier and is refused.
"""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Titles, refuse
from kpicalc.engine.formula import ZERO, Arith, Band, Column, Node, Slices, Table, compared
from kpicalc.engine.sources import Since
from kpicalc.engine.tiers import Tier, ascending, excluded
from kpicalc.engine.workings import Workings

_IN = {"year": ("с начала года", "year to date"), "quarter": ("с начала квартала", "quarter to date")}
_BEFORE = {
    "year": ("с начала года до этого месяца", "earlier months of the year"),
    "quarter": ("с начала квартала до этого месяца", "earlier months of the quarter"),
}


class TrueUp(Component):
    """Tiers on the amount since the start of the year or quarter, less what the months before have come to."""

    name: ClassVar[str] = "true_up"
    titles: ClassVar[Titles] = {"ru": "Комиссия нарастающим итогом", "en": "Cumulative commission"}
    example: ClassVar[str] = (
        "true_up: {on: sales, since: year, against: rule, tiers: marginal, "
        "rates: [{from: 0, rate: 5%}, {from: 1000000, rate: 7%}]}"
    )

    on: str = Field(description="the KPI whose amount is summed")
    since: Since = Field(description="sum it since the start of the calendar year or quarter")
    tiers: Literal["marginal", "whole"] = Field(
        description="each slice of the sum at its own rate, or the whole sum at the rate reached"
    )
    rates: list[Tier] = Field(description="tiers, ascending from 0", min_length=1)
    against: Literal["rule", "paid"] = Field(
        description="what is subtracted: what the tiers give for the earlier months, or what was paid for them"
    )
    paid: str | None = Field(
        default=None, description="with `against: paid`: the KPI in which the History sheet keeps what was paid"
    )

    @model_validator(mode="after")
    def _choices_are_stated(self) -> Self:
        if self.against == "paid" and self.paid is None:
            raise refuse("choice_idle", at=("against",), found="against: paid", needs="paid")
        if self.against == "rule" and self.paid is not None:
            raise refuse("choice_idle", at=("paid",), found="paid", needs="against: paid")
        ascending(self.rates, "rates", ZERO.value)
        return self

    def compose(self, w: Workings) -> Node:
        """Compose tiers(sum so far) - tiers(sum before), or less what was paid."""
        now = w.kpi(self.on, "on")
        before = w.since_start(self.on, self.since, "on")
        title = w.say("ставка по ступеням", "rate by tiers")
        marginal = self.tiers == "marginal"
        rows = [(w.bound(self.on, t.bound, "rates", at, "from"), t.rate) for at, t in enumerate(self.rates)]
        table = w.table("rates", title, rows, ("money", "percent"), bands=not marginal, excluded=excluded(self.rates))
        ru, en = _IN[self.since]
        name = w.kpi_title(self.on)
        whole = w.figure("sum", w.say(f"{name} {ru}", f"{name}, {en}"), Arith("+", before, now), "money")
        due = self._due(w, "due", w.say(f"начислено {ru}", f"earned {en}"), whole, table)
        if self.paid is not None:
            return Arith("-", due, w.since_start(self.paid, self.since, "paid"))
        ru, en = _BEFORE[self.since]
        return Arith("-", due, self._due(w, "due_before", w.say(f"начислено {ru}", f"earned in {en}"), before, table))

    def _due(self, w: Workings, name: str, title: str, base: Node, table: Table) -> Column:
        """Return what the tiers give for a sum, rounded as money."""
        pay: Node = Slices(base, table)
        if self.tiers == "whole":
            pay = Arith("*", base, Band(compared(base), table))
        heading = title[0].upper() + title[1:]
        return w.figure(name, title, w.rounded(pay, w.rules.money, "money"), "money", heading=heading)
