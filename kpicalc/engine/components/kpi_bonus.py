"""A target bonus by results: one KPI's attainment or value, or the weighted index of several."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.terms.own import OwnAmount, own_amount
from kpicalc.engine.terms.payouts import Bands, By, Measured, Points, Proportional, fits, measured, scaled, watch_bounds
from kpicalc.engine.terms.time_worked import Prorate, for_time_worked
from kpicalc.engine.terms.whole_periods import Over, PlanOf, WholePeriod, check_period
from kpicalc.engine.tree.formula import ZERO, Arith, Choose, Least, Node, Unit, compare, total
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.money import Ties
from kpicalc.model.scheme import Exact, NonNegative, ResultBound, Rounding


class IndexRounding(Entry):
    """Rounding inside the index."""

    round_parts: Exact | None = None
    round: Exact | None = None
    ties: Ties | None = None

    @model_validator(mode="after")
    def _manner_is_stated(self) -> Self:
        for key, step in (("round_parts", self.round_parts), ("round", self.round)):
            if step is not None and (step <= 0 or step.normalize().as_tuple().digits != (1,)):
                raise refuse("bad_step", at=(key,), found=step)
            if step is not None and self.ties is None:
                raise refuse("choice_open", at=(key,), found="ties", allowed="half_up, half_even, down, up")
        return self


class Weighted(Entry):
    """A KPI of the index with a scale of its own: what the scale gives counts with this weight."""

    weight: NonNegative
    by: By = "attainment"
    payout: Proportional | Bands | Points

    @model_validator(mode="after")
    def _scale_fits(self) -> Self:
        fits(self.payout, self.by)
        return self


class KpiBonus(Component):
    """A target bonus by results."""

    name: ClassVar[str] = "kpi_bonus"
    example: ClassVar[str] = "kpi_bonus: {kpi: sales, target: 10000, threshold: 60%, cap: 150%, payout: attainment}"

    target: Annotated[OwnAmount, Option("money")]
    prorate: Prorate = "none"
    kpi: str | None = None
    by: By = "attainment"
    over: Over = "month"
    plan: PlanOf | None = None
    paid: Literal["last_month"] | None = None
    weights: dict[str, NonNegative | Weighted] | None = Field(default=None, min_length=1)
    index: IndexRounding | None = None
    threshold: Annotated[ResultBound | None, Option("percent")] = None
    cap: Annotated[ResultBound | None, Option("percent")] = None
    payout: Proportional | Bands | Points

    @model_validator(mode="after")
    def _one_result(self) -> Self:
        if (self.kpi is None) == (self.weights is None):
            raise refuse("bonus_result")
        if self.index is not None and self.weights is None:
            raise refuse("choice_idle", at=("index",), found="index", needs="weights")
        if self.by == "value" and self.weights is not None:
            raise refuse("choice_idle", at=("by",), found="by: value", needs="kpi")
        fits(self.payout, self.by)
        check_period(self.over, by_plan=self.by == "attainment", plan=self.plan, paid=self.paid)
        return self

    @property
    def period(self) -> WholePeriod | None:
        """Return the quarter, half-year or year over which results are added up."""
        return None if self.over == "month" else WholePeriod(self.over, self.plan or "sum")

    @property
    def shares(self) -> dict[str, Decimal]:
        """Return the weight of every KPI of the index."""
        return {key: item.weight if isinstance(item, Weighted) else item for key, item in (self.weights or {}).items()}

    def payouts(self) -> Iterator[tuple[tuple[str, ...], Proportional | Bands | Points]]:
        """Yield every payout with its path: those of single KPIs in the index, and the one of the whole index."""
        for key, entry in (self.weights or {}).items():
            if isinstance(entry, Weighted):
                yield ("weights", key, "payout"), entry.payout
        yield ("payout",), self.payout

    def compose(self, desk: Workings) -> Node:
        """Compose target x payout(result)."""
        if self.kpi:
            by = measured(desk, self.kpi, self.by, "kpi", period=self.period)
        else:
            by = Measured(self._index(desk), "percent", None)
        if self.kpi and self.by == "value":
            watch_bounds(desk, self.kpi, self.payout, "payout")
        counted = by
        if self.cap is not None:
            counted = replace(by, result=Least((by.result, self._limit(desk, "cap", self.cap, by.unit))))
        pay: Node = Arith(
            "*", for_time_worked(desk, own_amount(desk, "target"), self.prorate, "ignore"), self._share(desk, counted)
        )
        if self.threshold is not None:
            pay = Choose(compare("<", by.result, self._limit(desk, "threshold", self.threshold, by.unit)), ZERO, pay)
        return pay if self.period is None else self.period.paid_last(desk, pay)

    def _limit(self, desk: Workings, option: str, value: Decimal, unit: Unit) -> Node:
        """Return the cap or the threshold as a parameter, in the unit of what it is compared with."""
        if self.by == "value" and self.kpi:
            desk.bound(self.kpi, value, option)
        return desk.term(option, self.term(option, desk.language), value, unit)

    def _share(self, desk: Workings, by: Measured) -> Node:
        share = scaled(desk, self.payout, by, "", desk.say("curve"))
        if isinstance(self.payout, str):
            return share
        name = desk.say("share")
        return desk.figure("share", name, share, "percent", heading=desk.say("share_heading"))

    def _index(self, desk: Workings) -> Node:
        rounding = self.index or IndexRounding()
        weight_sum = sum(self.shares.values(), ZERO.value)
        if round(weight_sum, _SHOWN) != 1:
            # A deviation from 100 % that rounding would hide is shown in full.
            short = round(weight_sum, 6)
            desk.refuse("weights_sum", "weights", found=_percent(weight_sum if short == 1 else short))
        parts = []
        for key, weight in self.shares.items():
            result = self._result(desk, key)
            kpi_title = desk.kpi_title(key)
            term = desk.term(f"weight.{key}", desk.say("weight", kpi=kpi_title), weight, "percent")
            shown = desk.figure(
                f"weight.{key}", term.title, term, "percent", group=kpi_title, heading=desk.say("weight_heading")
            )
            part = self._rounded(desk, Arith("*", shown, result), rounding.round_parts, rounding)
            title = desk.say("part", kpi=kpi_title)
            heading = desk.say("part_heading")
            parts.append(desk.figure(f"part.{key}", title, part, "percent", group=kpi_title, heading=heading))
        index = self._rounded(desk, total(tuple(parts)), rounding.round, rounding)
        return desk.figure("index", desk.say("index"), index, "percent")

    def _result(self, desk: Workings, key: str) -> Node:
        """Return what a KPI adds to the index: its attainment, or the share that its own payout gives."""
        weighted = (self.weights or {})[key]
        if not isinstance(weighted, Weighted) or isinstance(weighted.payout, str):
            return measured(desk, key, "attainment", "weights", key, period=self.period).result
        if weighted.by == "value":
            watch_bounds(desk, key, weighted.payout, "weights", key, "payout")
        name = desk.kpi_title(key)
        by = measured(desk, key, weighted.by, "weights", key, period=self.period)
        share = scaled(desk, weighted.payout, by, f"weights.{key}.", desk.say("scale", kpi=name))
        title = desk.say("by_scale", kpi=name)
        heading = desk.say("by_scale_heading")
        return desk.figure(f"scaled.{key}", title, share, "percent", group=name, heading=heading)

    @staticmethod
    def _rounded(desk: Workings, node: Node, step: Decimal | None, rounding: IndexRounding) -> Node:
        return node if step is None else desk.rounded(node, Rounding(round=step, ties=rounding.ties), "index")


_SHOWN = 20
"""Weights must add up to 1 to this many places, so that three weights of 1/3 do."""


def _percent(value: Decimal) -> str:
    return f"{(value * 100).normalize():f}%"
