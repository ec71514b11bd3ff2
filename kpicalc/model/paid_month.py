"""What a payroll workbook says that was written before: who was paid what, and what was carried to the next month."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kpicalc.model.issue import Place


@dataclass(frozen=True, slots=True)
class PaidFigure:
    """A figure of a payroll and its cell; None where the person has none."""

    value: Decimal | None
    place: Place


@dataclass(frozen=True, slots=True)
class PaidPerson:
    """A row of the Payroll sheet: the lines of pay by title, their total, and what stands beside the pay."""

    id: str
    name: str
    lines: Mapping[str, PaidFigure]
    total: PaidFigure
    beside: Mapping[str, PaidFigure]


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """A payroll as it was found. People by personnel number, in the order of the sheet.

    results: by KPI title as it was asked for, the actuals of whoever has such a column in their calculation.
    """

    file: str
    sha256: str
    period: str
    language: Literal["ru", "en"]
    sheet: Place
    lines: tuple[str, ...]
    beside: tuple[str, ...]
    people: Mapping[str, PaidPerson]
    results: Mapping[str, Mapping[str, PaidFigure]]

    def total(self) -> Decimal:
        """Return what the whole payroll paid."""
        return sum((person.total.value or Decimal(0) for person in self.people.values()), Decimal(0))
