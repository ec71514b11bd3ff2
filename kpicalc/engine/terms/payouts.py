"""How a result turns into a share: by bands, or by linear interpolation between points.

The result is a KPI's attainment or, `by: value`, the figure itself, which needs no plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import in_order, refuse
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.terms.tiers import FromRow, ascending, excluded
from kpicalc.engine.terms.whole_periods import WholePeriod
from kpicalc.engine.tree.formula import (
    ZERO,
    Band,
    Choose,
    Comparison,
    Curve,
    Greatest,
    Node,
    Param,
    Unit,
    compare,
    compared,
)
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry, PerCent
from kpicalc.model.record import record
from kpicalc.model.scheme import Kpi, NonNegative, ResultBound

Proportional = Literal["attainment", "index"]
By = Literal["attainment", "value"]


class BandRow(FromRow):
    """From this result on, this share of the target. `to` is read only to explain why it cannot be."""

    from_: ResultBound | None = Field(default=None, alias="from")
    above: ResultBound | None = None
    to: ResultBound | None = None
    pays: NonNegative | Proportional


class Bands(Entry):
    """Payout by bands of the result."""

    bands: list[BandRow] = Field(min_length=1)

    @model_validator(mode="after")
    def _bands_ascend(self) -> Self:
        if any(row.to is not None for row in self.bands):
            raise _as_printed(self.bands)
        ascending(self.bands, "bands", None, percent=any(isinstance(row.bound, PerCent) for row in self.bands))
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
        percent = any(isinstance(row.at, PerCent) for row in self.points)
        in_order([row.at for row in self.points], None, rows="points", bounds_are=names, percent=percent)
        return self


def fits(payout: Proportional | Bands | Points, by: By) -> None:
    """Refuse a payout that does not suit its result: a gap below an attainment, a value that is no share."""
    rows = payout.bands if isinstance(payout, Bands) else []
    if by == "attainment" and rows:
        first = rows[0]
        if first.above is not None:
            raise refuse("table_start_above", at=("payout", "bands", 0, "above"), found=first.bound)
        if first.bound:
            shown = f"{(first.bound * 100).normalize():f}%"
            raise refuse("table_start", at=("payout", "bands", 0, "from"), found=shown, allowed="0%")
    if by == "value" and isinstance(payout, str):
        raise refuse("value_is_no_share", at=("payout",), found=f"payout: {payout}")
    for row, band in enumerate(rows):
        if by == "value" and not isinstance(band.pays, Decimal):
            raise refuse("value_is_no_share", at=("payout", "bands", row, "pays"), found=f"pays: {band.pays}")


def paid_by(payout: Proportional | Bands | Points) -> Iterator[tuple[tuple[str | int, ...], Decimal]]:
    """Yield the shares that a payout states, each with the path of its row."""
    match payout:
        case Bands(bands=bands):
            yield from ((("bands", row), band.pays) for row, band in enumerate(bands) if isinstance(band.pays, Decimal))
        case Points(points=points):
            yield from ((("points", row), point.pays) for row, point in enumerate(points))


@record
class Measured:
    """The result that a payout is looked up by, the unit of its bounds, and the share below the first one, if any."""

    result: Node
    unit: Unit
    below: Node | None


def measured(desk: Workings, kpi: str, by: By, *path: str | int, period: WholePeriod | None = None) -> Measured:
    """Return a KPI's attainment, which needs a band, or its value, which gives 0 below the first band.

    `period` is the quarter or year over which results are added up; None for the month.
    """
    if by == "attainment":
        result = desk.attainment(kpi, *path) if period is None else period.attainment(desk, kpi, *path)
        return Measured(result, "percent", None)
    value = desk.kpi(kpi, *path) if period is None else period.value(desk, kpi, *path)
    return Measured(value, unit_of_kpi(desk.book.kpis.get(kpi) or Kpi()), ZERO)


def watch_bounds(desk: Workings, kpi: str, payout: Proportional | Bands | Points, *path: str | int) -> None:
    """Refuse per cents as bounds of a KPI's value that is no share."""
    match payout:
        case Bands(bands=bands):
            for row, band in enumerate(bands):
                desk.bound(kpi, band.bound, *path, "bands", row, band.bound_key)
        case Points(points=points):
            for row, point in enumerate(points):
                desk.bound(kpi, point.at, *path, "points", row, "at")


def scaled(desk: Workings, payout: Proportional | Bands | Points, by: Measured, name: str, title: str) -> Node:
    """Compose the share that a payout gives; `name` begins the keys of its tables, `title` names them."""
    match payout:
        case Points(points=points):
            rows = [(row.at, row.pays) for row in points]
            return Curve(by.result, desk.table(f"{name}points", title, rows, (by.unit, "percent")))
        case Bands(bands=bands):
            return _banded(desk, by, bands, name, title)
        case _:
            return Greatest((by.result, ZERO))


def _banded(desk: Workings, by: Measured, bands: Sequence[BandRow], name: str, title: str) -> Node:
    """Compose runs of fixed bands as tables, and runs that pay the result itself, from the lowest up."""
    node, result = by.below, by.result
    runs = groupby(bands, key=lambda row: isinstance(row.pays, Decimal))
    for number, (is_fixed, members) in enumerate(runs):
        run = list(members)
        start = run[0].bound
        key = f"{name}bands{number}"
        if is_fixed:
            rows = [(row.bound, row.pays) for row in run if isinstance(row.pays, Decimal)]
            table = desk.table(key, title, rows, (by.unit, "percent"), bands=True, excluded=excluded(run))
            paid: Node = Band(compared(result), table)
            bound: Param | None = table.steps[0].bound
            if by.below is not None:
                bound = replace(table.steps[0].bound, title=desk.word("figure.first_band"))
        else:
            paid = result if node else Greatest((result, ZERO))
            shown = desk.word("figure.pays_from")
            bound = desk.term(f"{key}.bound", shown, start, "percent") if node else None
        passes: Comparison = ">=" if run[0].above is None else ">"
        node = paid if node is None or bound is None else Choose(compare(passes, result, bound), paid, node)
    assert node is not None  # a payout has at least one band
    return node


def _as_printed(rows: list[BandRow]) -> Exception:
    """Explain a table printed as "70-80, 80-89, over 110": which results are in two bands, and which in none."""
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
