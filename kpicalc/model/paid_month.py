"""The contents of an existing payroll workbook: who was paid what, and what was carried to the next month."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from kpicalc.model.book import cell_name
from kpicalc.model.issue import Place
from kpicalc.model.languages import Language
from kpicalc.model.paid import Paid
from kpicalc.model.record import record


class PaidFigure(NamedTuple):
    """A figure of a payroll and its cell (row and column from 0); None where the person has none."""

    value: Decimal | None
    sheet: Place
    row: int | None = None
    column: int = 0

    @property
    def place(self) -> Place:
        """Return its cell; for a person who is not on the sheet, the sheet."""
        if self.row is None:
            return self.sheet
        return Place(self.sheet.file, self.sheet.sheet, cell_name(self.row, self.column))


@record
class PaidPerson:
    """A row of the Payroll sheet: the lines of pay by title, their total, and the figures beside the pay."""

    id: str
    name: str
    lines: Mapping[str, PaidFigure]
    total: PaidFigure
    beside: Mapping[str, PaidFigure]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


@record
class PaidMonth:
    """A payroll as read. People are by personnel number, in the order of the sheet.

    withheld: the lines that are taken out of what has been earned, and that 1C computes itself: tax, a writ. results:
    by KPI title as requested, the actuals of the people who have such a column in their calculation. table: the For 1C
    sheet, for files made from it. held: how many people wait for data. digest: of all this as it stands now; see
    `payroll/digest.py`.
    """

    file: str
    sha256: str
    period: str
    language: Language
    sheet: Place
    lines: tuple[str, ...]
    withheld: frozenset[str]
    beside: tuple[str, ...]
    people: Mapping[str, PaidPerson]
    results: Mapping[str, Mapping[str, PaidFigure]]
    table: Paid
    held: int
    digest: str

    def total(self) -> Decimal:
        """Return the amount that the whole payroll paid."""
        return sum((person.total.value or Decimal(0) for person in self.people.values()), Decimal(0))


@record
class Taken:
    """The figures that a later month takes from a payroll. People are by personnel number, in the order of the sheet.

    sheet: the Payroll sheet. totals: what people were paid, as cells hold it. balances and lines: by heading, for
    people who have a row. results: as in `PaidMonth`.
    """

    file: str
    sha256: str
    period: str
    language: Language
    sheet: Place
    names: Mapping[str, str]
    totals: Mapping[str, float]
    balances: Mapping[str, Mapping[str, PaidFigure]]
    lines: Mapping[str, Mapping[str, PaidFigure]]
    results: Mapping[str, Mapping[str, PaidFigure]]
