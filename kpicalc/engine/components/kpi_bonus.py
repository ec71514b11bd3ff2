"""A target bonus by results: one KPI's attainment, or the weighted index of several."""

from decimal import Decimal
from itertools import groupby, pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, in_order, refuse
from kpicalc.engine.formula import (
    ZERO,
    Arith,
    Band,
    Choose,
    Comparison,
    Curve,
    Greatest,
    Least,
    Node,
    Param,
    Unit,
    compare,
    compared,
    total,
)
from kpicalc.engine.own import OwnAmount, own_amount
from kpicalc.engine.tiers import FromRow, ascending, excluded
from kpicalc.engine.time_worked import Prorate, for_time_worked
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.money import Ties
from kpicalc.model.scheme import Exact, NonNegative, ResultBound, Rounding

_Proportional = Literal["attainment", "index"]


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


class BandRow(FromRow):
    """From this result on, this share of the target. `to` is read only to explain why it cannot be."""

    from_: ResultBound | None = Field(default=None, alias="from")
    above: ResultBound | None = None
    to: ResultBound | None = None
    pays: NonNegative | _Proportional


class Bands(Entry):
    """Payout by bands of the result."""

    bands: list[BandRow] = Field(min_length=1)

    @model_validator(mode="after")
    def _bands_cover_everything(self) -> Self:
        if any(row.to is not None for row in self.bands):
            raise _as_printed(self.bands)
        ascending(self.bands, "bands", ZERO.value, percent=True)
        return self


class PointRow(Entry):
    """At this result, this share of the target."""

    at: ResultBound
    pays: NonNegative


class Points(Entry):
    """Payout by straight lines between points."""

    points: list[PointRow] = Field(min_length=2)

    @model_validator(mode="after")
    def _points_ascend(self) -> Self:
        names = ["at"] * len(self.points)
        in_order([row.at for row in self.points], None, rows="points", bounds_are=names, percent=True)
        return self


class KpiBonus(Component):
    """A target bonus by results."""

    name: ClassVar[str] = "kpi_bonus"
    example: ClassVar[str] = "kpi_bonus: {kpi: sales, target: 10000, threshold: 60%, cap: 150%, payout: attainment}"

    target: Annotated[OwnAmount, Option("money")]
    prorate: Prorate = "none"
    kpi: str | None = None
    weights: dict[str, NonNegative] | None = Field(default=None, min_length=1)
    index: IndexRounding | None = None
    threshold: Annotated[ResultBound | None, Option("percent")] = None
    cap: Annotated[ResultBound | None, Option("percent")] = None
    payout: _Proportional | Bands | Points

    @model_validator(mode="after")
    def _one_result(self) -> Self:
        if (self.kpi is None) == (self.weights is None):
            raise refuse("bonus_result")
        if self.index is not None and self.weights is None:
            raise refuse("choice_idle", at=("index",), found="index", needs="weights")
        return self

    def compose(self, w: Workings) -> Node:
        """Compose target x payout(result)."""
        result = w.attainment(self.kpi, "kpi") if self.kpi is not None else self._index(w)
        counted = Least((result, w.param("cap"))) if self.cap is not None else result
        share = self._share(w, counted)
        pay = Arith("*", for_time_worked(w, own_amount(w, "target"), self.prorate, "ignore"), share)
        if self.threshold is None:
            return pay
        return Choose(compare("<", result, w.param("threshold")), ZERO, pay)

    def _index(self, w: Workings) -> Node:
        rounding = self.index or IndexRounding()
        weight_sum = sum((self.weights or {}).values(), ZERO.value)
        if round(weight_sum, _SHOWN) != 1:
            # Weights that miss 100 % by less than is shown are shown in full.
            short = round(weight_sum, 6)
            w.refuse("weights_sum", "weights", found=_percent(weight_sum if short == 1 else short))
        parts = []
        for key, weight in (self.weights or {}).items():
            attainment = w.attainment(key, "weights", key)
            kpi_title = w.kpi_title(key)
            term = w.term(f"weight.{key}", w.say(f"вес «{kpi_title}»", f"weight of {kpi_title}"), weight, "percent")
            shown = w.figure(
                f"weight.{key}", term.title, term, "percent", group=kpi_title, heading=w.say("Вес", "Weight")
            )
            part = self._rounded(w, Arith("*", shown, attainment), rounding.round_parts, rounding)
            title = w.say(f"часть «{kpi_title}»", f"part of {kpi_title}")
            heading = w.say("Часть", "Part")
            parts.append(w.figure(f"part.{key}", title, part, "percent", group=kpi_title, heading=heading))
        index = self._rounded(w, total(tuple(parts)), rounding.round, rounding)
        return w.figure("index", w.say("индекс KPI", "KPI index"), index, "percent")

    @staticmethod
    def _rounded(w: Workings, node: Node, step: Decimal | None, rounding: IndexRounding) -> Node:
        return node if step is None else w.rounded(node, Rounding(round=step, ties=rounding.ties), "index")

    def _share(self, w: Workings, result: Node) -> Node:
        title = w.say("шкала премии", "payout curve")
        match self.payout:
            case Points(points=points):
                rows = [(row.at, row.pays) for row in points]
                share: Node = Curve(result, w.table("points", title, rows, _UNITS))
            case Bands(bands=bands):
                share = self._banded(w, result, bands, title)
            case _:
                return Greatest((result, ZERO))
        name = w.say("доля плановой премии", "share of the target")
        return w.figure("share", name, share, "percent", heading=w.say("Доля премии", "Share of target"))

    @staticmethod
    def _banded(w: Workings, result: Node, bands: list[BandRow], title: str) -> Node:
        """Compose runs of fixed bands as tables, and the runs that pay the result itself, from the lowest up."""
        node: Node | None = None
        runs = groupby(bands, key=lambda row: isinstance(row.pays, Decimal))
        for number, (is_fixed, members) in enumerate(runs):
            run = list(members)
            start = run[0].bound
            if is_fixed:
                rows = [(row.bound, row.pays) for row in run if isinstance(row.pays, Decimal)]
                table = w.table(f"bands{number}", title, rows, _UNITS, bands=True, excluded=excluded(run))
                paid: Node = Band(compared(result), table)
                bound: Param | None = table.steps[0].bound
            else:
                paid = result if node else Greatest((result, ZERO))
                name = w.say("граница выплаты результата", "bound from which the result itself pays")
                bound = w.term(f"bands{number}.bound", name, start, "percent") if node else None
            passes: Comparison = ">=" if run[0].above is None else ">"
            node = paid if node is None or bound is None else Choose(compare(passes, result, bound), paid, node)
        assert node is not None  # a payout has at least one band
        return node


_SHOWN = 20
"""Places to which weights must add up to 1: three weights of 1/3 do."""
_UNITS: tuple[Unit, Unit] = ("percent", "percent")


def _as_printed(rows: list[BandRow]) -> Exception:
    """Explain a table printed as "70-80, 80-89, over 110": which results stand in two bands, and which in none."""
    twice, nowhere = [], []
    for row, following in pairwise(rows):
        start = following.from_ if following.from_ is not None else following.above
        if row.to is None or start is None:
            continue
        if row.to == start and following.from_ is not None:
            twice.append(_percent(start))
        elif row.to > start:
            twice.append(f"{_percent(start)}–{_percent(row.to)}")
        elif row.to < start:
            nowhere.append(f"{_percent(row.to)}–{_percent(start)}")
            if following.from_ is None:
                nowhere.append(_percent(start))
    return refuse("bands_as_printed", at=("bands",), twice=", ".join(twice) or "—", nowhere=", ".join(nowhere) or "—")


def _percent(value: Decimal) -> str:
    return f"{(value * 100).normalize():f}%"
