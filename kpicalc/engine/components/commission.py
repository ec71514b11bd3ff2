"""A share of a result: of sales, of margin, of money collected."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, in_order, refuse
from kpicalc.engine.formula import ZERO, Arith, Band, Choose, Node, Slices, compare, compared
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Exact, NonNegative


class Tier(Entry):
    """From this amount on, this rate."""

    from_: NonNegative = Field(alias="from")
    rate: Exact


class Commission(Component):
    """A share of a result."""

    name: ClassVar[str] = "commission"
    example: ClassVar[str] = "commission: {on: sales, threshold: 15000, pays_on: excess, rate: 20%}"

    on: str
    rate: Annotated[Exact | None, Option("percent")] = None
    threshold: Annotated[NonNegative | None, Option("money")] = None
    pays_on: Literal["excess", "whole"] | None = None
    tiers: Literal["marginal", "whole"] | None = None
    rates: list[Tier] | None = Field(default=None, min_length=1)

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
            rows = [(tier.from_, tier.rate) for tier in self.rates]
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
        return Choose(compare(">", base, w.param("threshold")), pay, ZERO)
