"""A share of a result: of sales, of margin, of money collected."""

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.terms.own import OwnRate, own_rate
from kpicalc.engine.terms.tiers import Tier, ascending, below_zero, excluded, nothing_below
from kpicalc.engine.terms.whole_periods import Over, PlanOf, WholePeriod, check_period
from kpicalc.engine.tree.formula import ZERO, Arith, Band, Choose, Node, Slices, Table, Unit, compare, compared
from kpicalc.engine.workings import Workings
from kpicalc.model.deals import BelowZero
from kpicalc.model.scheme import NonNegative

_BY = re.compile(r"attainment(?:\(\s*(\w+)\s*\))?")


class Commission(Component):
    """A share of a result."""

    name: ClassVar[str] = "commission"
    example: ClassVar[str] = "commission: {on: sales, threshold: 15000, pays_on: excess, rate: 20%}"

    on: str
    rate: Annotated[OwnRate | None, Option("percent")] = None
    by: str | None = None
    threshold: Annotated[NonNegative | None, Option("money")] = None
    pays_on: Literal["excess", "whole"] | None = None
    tiers: Literal["marginal", "whole"] | None = None
    rates: list[Tier] | None = Field(default=None, min_length=1)
    below_zero: BelowZero | None = None
    over: Over = "month"
    plan: PlanOf | None = None
    paid: Literal["last_month"] | None = None
    less: list[str] | None = Field(default=None, min_length=1)

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
            ascending(self.rates, "rates", ZERO.value, percent=self.by is not None)
        elif self.tiers is not None:
            raise refuse("choice_idle", at=("tiers",), found="tiers", needs="rates")
        elif self.below_zero is not None:
            raise refuse("choice_idle", at=("below_zero",), found="below_zero", needs="rates")
        return self

    @model_validator(mode="after")
    def _looked_up_by(self) -> Self:
        if self.by is None:
            return self
        if not _BY.fullmatch(self.by):
            raise refuse("by_form", at=("by",), found=self.by)
        if self.rates is None and self.threshold is None:
            raise refuse("choice_idle", at=("by",), found="by", needs="rates, threshold")
        if self.measured != self.on and self.tiers == "marginal":
            raise refuse("by_other", at=("tiers",), found="tiers: marginal", by=self.by, allowed="tiers: whole")
        if self.measured != self.on and self.pays_on == "excess":
            raise refuse("by_other", at=("pays_on",), found="pays_on: excess", by=self.by, allowed="pays_on: whole")
        return self

    @model_validator(mode="after")
    def _of_a_period(self) -> Self:
        check_period(self.over, by_plan=self.by is not None, plan=self.plan, paid=self.paid, less=self.less)
        return self

    @property
    def period(self) -> WholePeriod | None:
        """Return the quarter, half-year or year over which results are added up."""
        return None if self.over == "month" else WholePeriod(self.over, self.plan or "sum")

    @property
    def measured(self) -> str:
        """Return the KPI by which tiers and threshold are looked up."""
        named = _BY.fullmatch(self.by or "")
        return (named[1] if named else None) or self.on

    def compose(self, desk: Workings) -> Node:
        """Compose (amount - threshold) x rate, or the sum of tiers; of a longer period less what was paid in it."""
        period = self.period
        if period is None:
            return self._pay(desk, desk.kpi(self.on, "on"))
        pay = self._pay(desk, period.value(desk, self.on, "on"))
        for index, line_id in enumerate(self.less or ()):
            pay = Arith("-", pay, self._already(desk, period, line_id, index))
        return period.paid_last(desk, pay)

    def _already(self, desk: Workings, period: WholePeriod, line_id: str, index: int) -> Node:
        known = [line.id for line in desk.draft.lines]
        if line_id in known:
            return period.paid_by(desk, line_id)
        if line_id not in desk.draft.unread:
            desk.refuse_name("unknown_line", line_id, known, "less", index)
        return ZERO

    def _pay(self, desk: Workings, base: Node) -> Node:
        table = self._table(desk) if self.rates is not None else None
        pay = self._tiered(desk, base, table) if table else Arith("*", base, own_rate(desk))
        if self.threshold is not None:
            measure, threshold, critical = self._critical(desk, base)
            if self.pays_on == "excess":
                pay = Arith("*", Arith("-", base, critical), own_rate(desk))
            pay = Choose(compare(">", measure, threshold), pay, ZERO)
        if table is None:
            return pay
        below = below_zero(self.below_zero, base, table)
        if below is None and self.by is not None:
            # The tiers of the amount itself refuse a value below zero.
            below = nothing_below(desk, base, desk.say("from_zero"))
        return pay if below is None else Choose(compare(">=", base, ZERO), pay, below)

    def _table(self, desk: Workings) -> Table:
        rates = self.rates or []
        if self.by is None:
            for index, tier in enumerate(rates):
                desk.bound(self.on, tier.bound, "rates", index, tier.bound_key)
        rows = [(tier.bound, tier.rate) for tier in rates]
        title = desk.say("rate")
        unit: Unit = "money" if self.by is None else "percent"
        bands = self.tiers == "whole"
        return desk.table("rates", title, rows, (unit, "percent"), bands=bands, excluded=excluded(rates))

    def _tiered(self, desk: Workings, base: Node, table: Table) -> Node:
        measure = base if self.by is None else self._attained(desk)
        whole = Arith("*", base, Band(compared(measure), table))
        if self.tiers == "whole":
            return whole
        if self.by is None:
            return Slices(base, table)
        kpi = desk.book.kpis.get(self.on)
        if kpi and (kpi.better == "lower" or kpi.attainment == "relative"):
            desk.refuse("by_slices", "tiers", found=desk.kpi_title(self.on))
        plan = self._planned(desk)
        slices = Slices(base, table, plan)
        # At a plan of zero there are no attainments to slice by; the rules decide, and one rate counts.
        return slices if desk.rules.zero_plan in (None, "error") else Choose(compare("=", plan, ZERO), whole, slices)

    def _critical(self, desk: Workings, base: Node) -> tuple[Node, Node, Node]:
        """Return the figure compared with the threshold, the threshold, and the amount in money that it equals."""
        assert self.threshold is not None  # only called where there is one
        if self.by is None:
            desk.bound(self.on, self.threshold, "threshold")
            term = desk.param("threshold")
            return base, term, term
        title = desk.say("threshold")
        term = desk.term("threshold", title, self.threshold, "percent")
        critical = Arith("*", self._planned(desk), term) if self.pays_on == "excess" else term
        return self._attained(desk), term, critical

    def _attained(self, desk: Workings) -> Node:
        period = self.period
        return desk.attainment(self.measured, "by") if period is None else period.attainment(desk, self.measured, "by")

    def _planned(self, desk: Workings) -> Node:
        return desk.plan(self.on, "by") if self.period is None else self.period.planned(desk, self.on, "by")
