"""Pay for every row of a table of facts by a rate of its own: for deals, payments, shipments."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.terms.tiers import Tier, ascending, excluded
from kpicalc.engine.tree.formula import ZERO, Node, Unit
from kpicalc.engine.tree.sources import PaidByRow
from kpicalc.engine.workings import Workings
from kpicalc.model.deals import BelowZero, RowRule, RowStep
from kpicalc.model.entry import Exact, PerCent, written
from kpicalc.model.money import places

_MOST_PLACES = 6


class DealCommission(Component):
    """Pay for every row by a rate of its own."""

    name: ClassVar[str] = "deal_commission"
    example: ClassVar[str] = "deal_commission: {on: deals, amount: amount, rates: by_product, round_rows: 0.01}"

    on: str
    amount: str
    where: str | None = None
    rates: str | Annotated[list[Tier], Field(min_length=1)]
    tiers: Literal["marginal", "whole"] | None = None
    by: str | None = None
    below_zero: BelowZero | None = None
    round_rows: Annotated[Exact | Literal["none"] | None, Option("number")] = None

    @model_validator(mode="after")
    def _choices_are_stated(self) -> Self:
        if self.round_rows is None:
            raise refuse("choice_open", found="round_rows", allowed="0.01, 1, none")
        if not isinstance(self.round_rows, str):
            step = self.round_rows
            if step <= 0 or step.normalize().as_tuple().digits != (1,) or not 0 <= places(step) <= _MOST_PLACES:
                raise refuse("row_step", at=("round_rows",), found=written(step))
        if isinstance(self.rates, str):
            for name in ("tiers", "by", "below_zero"):
                if getattr(self, name) is not None:
                    raise refuse("choice_idle", at=(name,), found=name, needs="rates: […]")
            return self
        if self.tiers is None:
            raise refuse("choice_open", at=("rates",), found="tiers", allowed="marginal, whole")
        if self.by is not None and self.tiers == "marginal":
            raise refuse("by_other", at=("tiers",), found="tiers: marginal", by=self.by, allowed="tiers: whole")
        ascending(self.rates, "rates", ZERO.value)
        for index, tier in enumerate(self.rates):
            if self.by is None and isinstance(tier.bound, PerCent):
                raise refuse("amount_per_cent", at=("rates", index, tier.bound_key), found=written(tier.bound))
            if places(tier.rate) > _MOST_PLACES:
                raise refuse("rate_too_fine", at=("rates", index, "rate"), found=f"{tier.rate:f}"[:20])
        return self

    def rule(self, title: str) -> RowRule:
        """Return the rule by which a row is paid."""
        rates: str | tuple[RowStep, ...]
        if isinstance(self.rates, str):
            rates = self.rates
        else:
            rates = tuple(RowStep(tier.bound, tier.rate, tier.above is not None) for tier in self.rates)
        step = None if self.round_rows is None or isinstance(self.round_rows, str) else places(self.round_rows)
        below = self.below_zero or "error"
        return RowRule(self.on, self.amount, rates, self.where, self.by, self.tiers, below, step, title)

    def compose(self, desk: Workings) -> Node:
        """Compose the sum paid for all rows; a sheet of the payroll shows each row with its rate."""
        if not isinstance(self.rates, str):
            rows = [(tier.bound, tier.rate) for tier in self.rates]
            shares = any(isinstance(tier.bound, PerCent) for tier in self.rates)
            unit: Unit = "money" if self.by is None else "percent" if shares else "number"
            title = desk.say("rate")
            desk.table(
                "rates", title, rows, (unit, "percent"), bands=self.tiers == "whole", excluded=excluded(self.rates)
            )
        heading = desk.word("figure.by_rows")
        names = (f"{desk.title}, {heading}", heading, desk.title)
        return desk.draft.given(PaidByRow(desk.id, self.rule(desk.title)), names, "money", "zero")
