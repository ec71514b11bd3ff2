"""A share of a result: of sales, of margin, of money collected.

`rate` is one share of the whole amount. `threshold` is the critical value: at or below it nothing is paid; above it
`pays_on: excess` pays on what exceeds it and `pays_on: whole` on the whole amount.

Instead of one rate, `rates` gives tiers: `tiers: marginal` pays each slice at its own rate, `tiers: whole` pays the
whole amount at the rate of the tier reached. Tiers start at 0, the lower bound belongs to the tier; a figure below 0
has no tier and is refused.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, Titles, in_order, refuse
from kpicalc.engine.formula import ZERO, Arith, Band, Choose, Node, Slices, compare, compared
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Exact, NonNegative


class Tier(Entry):
    """From this amount on, this rate."""

    from_: NonNegative = Field(alias="from", description="lower bound, included")
    rate: Exact = Field(description="share of the amount")


class Commission(Component):
    """A share of a result."""

    name: ClassVar[str] = "commission"
    titles: ClassVar[Titles] = {"ru": "Комиссия", "en": "Commission"}
    example: ClassVar[str] = "commission: {on: sales, threshold: 15000, pays_on: excess, rate: 20%}"

    on: str = Field(description="the KPI whose amount is shared")
    rate: Annotated[Exact | None, Option("ставка", "rate", "percent")] = Field(
        default=None, description="share of the amount"
    )
    threshold: Annotated[NonNegative | None, Option("критическое значение", "threshold", "money")] = Field(
        default=None, description="critical value: at or below it nothing is paid"
    )
    pays_on: Literal["excess", "whole"] | None = Field(
        default=None, description="with `threshold`: pay on what exceeds it, or on the whole amount"
    )
    tiers: Literal["marginal", "whole"] | None = Field(
        default=None, description="with `rates`: each slice at its own rate, or the whole at the rate reached"
    )
    rates: list[Tier] | None = Field(default=None, description="tiers, ascending from 0", min_length=1)

    @model_validator(mode="after")
    def _choices_are_stated(self) -> Self:
        if (self.rate is None) == (self.rates is None):
            raise refuse("commission_rate")
        if self.threshold is not None and self.pays_on is None:
            raise refuse("choice_open", at=("threshold",), found="pays_on", allowed="excess, whole")
        if self.threshold is None and self.pays_on is not None:
            raise refuse("choice_idle", at=("pays_on",), found="pays_on", needs="threshold")
        if self.rates is not None:
            if self.tiers is None:
                raise refuse("choice_open", at=("rates",), found="tiers", allowed="marginal, whole")
            if self.pays_on == "excess":
                raise refuse("threshold_with_tiers", at=("pays_on",))
            in_order([tier.from_ for tier in self.rates], ZERO.value, rows="rates")
        elif self.tiers is not None:
            raise refuse("choice_idle", at=("tiers",), found="tiers", needs="rates")
        return self

    def compose(self, w: Workings) -> Node:
        """Compose (amount - threshold) x rate, or the tiers' sum."""
        base = w.kpi(self.on, "on")
        if self.rates is not None:
            marginal = self.tiers == "marginal"
            rows = [(w.bound(self.on, t.from_, "rates", at, "from"), t.rate) for at, t in enumerate(self.rates)]
            title = w.say("ставка по ступеням", "rate by tiers")
            table = w.table("rates", title, rows, ("money", "percent"), bands=not marginal)
            pay: Node = Slices(base, table) if marginal else Arith("*", base, Band(compared(base), table))
        else:
            rate = w.param("rate")
            pay = Arith("*", base, rate)
            if self.pays_on == "excess":
                pay = Arith("*", Arith("-", base, w.param("threshold")), rate)
        if self.threshold is None:
            return pay
        w.bound(self.on, self.threshold, "threshold")
        return Choose(compare(">", base, w.param("threshold")), pay, ZERO)
