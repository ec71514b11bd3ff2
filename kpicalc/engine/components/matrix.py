"""A target bonus by two results at once: one decides the row, the other the column."""

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, in_order, refuse
from kpicalc.engine.terms.own import OwnAmount, own_amount
from kpicalc.engine.terms.payouts import By, Measured, measured
from kpicalc.engine.terms.time_worked import Prorate, for_time_worked
from kpicalc.engine.tree.formula import ZERO, Arith, Band, Choose, Comparison, Node, Unit, compare, compared
from kpicalc.engine.tree.words import show
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry, PerCent
from kpicalc.model.scheme import NonNegative, ResultBound

_PERCENT: Unit = "percent"


class Above(Entry):
    """A bound that is excluded: it belongs to the row or column before."""

    above: ResultBound


class Side(Entry):
    """One side of the matrix: whose result decides, and where each row or column begins."""

    kpi: str
    by: By = "attainment"
    from_: list[ResultBound | Above] = Field(alias="from", min_length=1)

    @model_validator(mode="after")
    def _bounds_ascend(self) -> Self:
        first = ZERO.value if self.by == "attainment" else None
        if first is not None and isinstance(self.from_[0], Above):
            raise refuse("table_start_above", at=("from", 0, "above"), found=self.from_[0].above)
        names = ["above" if isinstance(bound, Above) else "" for bound in self.from_]
        percent = self.by == "attainment" or any(isinstance(bound, PerCent) for bound in self.bounds)
        in_order(self.bounds, first, rows="from", bounds_are=names, percent=percent)
        return self

    @property
    def bounds(self) -> list[Decimal]:
        """Return the bounds of the rows or columns."""
        return [bound.above if isinstance(bound, Above) else bound for bound in self.from_]

    @property
    def excluded(self) -> list[int]:
        """Return the numbers of the rows or columns that begin above their bound."""
        return [number for number, bound in enumerate(self.from_) if isinstance(bound, Above)]


class Matrix(Component):
    """A target bonus by two results at once."""

    name: ClassVar[str] = "matrix"
    example: ClassVar[str] = (
        "matrix: {target: 30000, rows: {kpi: sales, from: [0%, 90%]}, columns: {kpi: margin, from: [0%, 100%]}, "
        "pays: [[0, 0.2], [0.5, 1]]}"
    )

    target: Annotated[OwnAmount, Option("money")]
    prorate: Prorate = "none"
    rows: Side
    columns: Side
    pays: list[list[NonNegative]]

    @model_validator(mode="after")
    def _is_a_matrix(self) -> Self:
        shape = {len(row) for row in self.pays}
        if len(self.pays) != len(self.rows.from_) or shape != {len(self.columns.from_)}:
            shape_text = f"{len(self.pays)} x {'/'.join(map(str, sorted(shape)))}"
            raise refuse("matrix_shape", at=("pays",), found=shape_text, allowed=self._shape())
        return self

    def _shape(self) -> str:
        return f"{len(self.rows.from_)} x {len(self.columns.from_)}"

    def compose(self, desk: Workings) -> Node:
        """Compose target x share(row, column)."""
        row, column = self._measured(desk, "rows", self.rows), self._measured(desk, "columns", self.columns)
        node = row.below
        for number, shares in enumerate(self.pays):
            paid = self._paid(desk, row, column, number, shares)
            title = self._row_title(desk, row, number)
            bound = desk.term(f"row{number}.bound", desk.say("bound", title=title), self.rows.bounds[number], row.unit)
            # Below the first row no share is defined: a table with that row's bound alone refuses the value.
            node = Choose(
                compare(_passes(self.rows, number), row.result, bound), paid, node or self._nothing_below(desk, row)
            )
        assert node is not None  # a matrix has at least one row
        share = desk.figure("share", desk.say("share"), node, "percent",
                         heading=desk.say("share_heading"))  # fmt: skip
        return Arith("*", for_time_worked(desk, own_amount(desk, "target"), self.prorate, "ignore"), share)

    @staticmethod
    def _measured(desk: Workings, option: str, side: Side) -> Measured:
        if side.by == "value":
            for index, bound in enumerate(side.bounds):
                desk.bound(side.kpi, bound, option, "from", index)
        return measured(desk, side.kpi, side.by, option, "kpi")

    def _paid(self, desk: Workings, row: Measured, column: Measured, number: int, shares: list[Decimal]) -> Node:
        """Return the share of a row by its column; below the first column of a `by: value` side it is 0."""
        cells, shut = list(zip(self.columns.bounds, shares, strict=True)), self.columns.excluded
        title, units = self._row_title(desk, row, number), (column.unit, _PERCENT)
        table = desk.table(f"row{number}", title, cells, units, bands=True, bounds="columns", excluded=shut)
        paid = Band(compared(column.result), table)
        if column.below is None:
            return paid
        return Choose(compare(_passes(self.columns, 0), column.result, table.steps[0].bound), paid, column.below)

    def _row_title(self, desk: Workings, row: Measured, number: int) -> str:
        name, start = desk.kpi_title(self.rows.kpi), self.rows.bounds[number]
        shown = _percent(start) if row.below is None else show(start, row.unit, desk.language)
        if number in self.rows.excluded:
            return desk.say("row_above", kpi=name, shown=shown)
        return desk.say("row", kpi=name, shown=shown)

    @staticmethod
    def _nothing_below(desk: Workings, row: Measured) -> Node:
        title = desk.say("rows")
        table = desk.table("rows", title, [(ZERO.value, ZERO.value)], (_PERCENT, _PERCENT), bands=True)
        return Band(compared(row.result), table)


def _passes(side: Side, number: int) -> Comparison:
    return ">" if number in side.excluded else ">="


def _percent(value: Decimal) -> str:
    return f"{(value * 100).normalize():f}%"
