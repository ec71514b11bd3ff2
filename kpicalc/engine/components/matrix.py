"""A target bonus by two results at once: one decides the row, the other the column."""

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, in_order, refuse
from kpicalc.engine.formula import ZERO, Arith, Band, Choose, Node, Unit, compare, compared
from kpicalc.engine.own import OwnAmount, own_amount
from kpicalc.engine.time_worked import Prorate, for_time_worked
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import NonNegative, ResultBound

_UNITS: tuple[Unit, Unit] = ("percent", "percent")


class Side(Entry):
    """One side of the matrix: whose attainment decides, and where each row or column begins."""

    kpi: str
    from_: list[ResultBound] = Field(alias="from", min_length=1)

    @model_validator(mode="after")
    def _bounds_ascend(self) -> Self:
        in_order(self.from_, ZERO.value, rows="from", percent=True)
        return self


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
            found = f"{len(self.pays)} x {'/'.join(map(str, sorted(shape)))}"
            raise refuse("matrix_shape", at=("pays",), found=found, allowed=self._shape())
        return self

    def _shape(self) -> str:
        return f"{len(self.rows.from_)} x {len(self.columns.from_)}"

    def compose(self, w: Workings) -> Node:
        """Compose target x share(row, column)."""
        row, column = w.attainment(self.rows.kpi, "rows", "kpi"), w.attainment(self.columns.kpi, "columns", "kpi")
        name = w.kpi_title(self.rows.kpi)
        node: Node | None = None
        for number, (start, shares) in enumerate(zip(self.rows.from_, self.pays, strict=True)):
            title = w.say(f"строка «{name}» от {self._percent(start)}", f"row of {name} from {self._percent(start)}")
            table = w.table(f"row{number}", title, self._cells(shares), _UNITS, bands=True, bounds="columns")
            paid = Band(compared(column), table)
            bound = w.term(f"row{number}.bound", w.say(f"{title}: граница", f"{title}: bound"), start, "percent")
            # Below the first row there is no answer: that row's own table of one bound says so.
            node = Choose(compare(">=", row, bound), paid, node or self._nothing_below(w, row))
        assert node is not None  # a matrix has at least one row
        share = w.figure("share", w.say("доля плановой премии", "share of the target"), node, "percent",
                         heading=w.say("Доля премии", "Share of target"))  # fmt: skip
        return Arith("*", for_time_worked(w, own_amount(w, "target"), self.prorate, "ignore"), share)

    def _cells(self, shares: list[Decimal]) -> list[tuple[Decimal, Decimal]]:
        return list(zip(self.columns.from_, shares, strict=True))

    @staticmethod
    def _nothing_below(w: Workings, row: Node) -> Node:
        title = w.say("строки матрицы", "rows of the matrix")
        return Band(compared(row), w.table("rows", title, [(ZERO.value, ZERO.value)], _UNITS, bands=True))

    @staticmethod
    def _percent(value: Decimal) -> str:
        return f"{(value * 100).normalize():f}%"
