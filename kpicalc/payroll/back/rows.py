"""The rows of a payroll's sheets, as they are read for the proof."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kpicalc.model.paid_month import PaidFigure
from kpicalc.model.record import record
from kpicalc.payroll.layout import Columns

_ZERO = Decimal(0)
_UNMARKED = ("kpicalc 0.1.", "kpicalc 0.2.")


@record
class Shown:
    """A row of the Payroll sheet: number, name, department and position, then every figure from the first column on."""

    row: int
    texts: tuple[str, str, str, str]
    figures: tuple[PaidFigure, ...]
    columns: Columns
    first: int
    """The column of the first figure, from 0."""
    repeated: PaidFigure | None = None
    """The total that is repeated beside the name, if the sheet repeats it."""

    @property
    def number(self) -> str:
        """Return the personnel number."""
        return self.texts[0]

    @property
    def name(self) -> str:
        """Return the name."""
        return self.texts[1]

    def figure(self, column: int) -> PaidFigure:
        """Return the figure of a column of the sheet."""
        return self.figures[column - self.first]

    def amount(self, column: int) -> Decimal:
        """Return a figure's amount; 0 for a line that the person does not have."""
        return self.figure(column).value or _ZERO

    @property
    def accrued(self) -> PaidFigure:
        """Return what was earned."""
        return self.figure(self.columns.accrued)

    @property
    def total(self) -> PaidFigure:
        """Return what was paid."""
        return self.figure(self.columns.total)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


@record
class Computed:
    """A row of a Calculation sheet: the lines and balances by title, and the total."""

    number: str
    name: str
    lines: Mapping[str, Sequence[Decimal]]
    total: PaidFigure


@record
class Control:
    """The control figures of the Run sheet, its marks, and the program with its version."""

    people: PaidFigure
    held: PaidFigure
    total: PaidFigure
    loaded: PaidFigure
    difference: PaidFigure
    to_pay: PaidFigure
    digest: str
    results: str
    program: str

    @property
    def unmarked(self) -> bool:
        """Tell whether an earlier version wrote the payroll, which knew neither a digest nor marks of results."""
        return not self.digest and self.program.startswith(_UNMARKED)
