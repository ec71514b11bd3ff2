"""Pay row by row: how every row of a table of facts is paid, rate sheets, and the rows that were paid."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Literal

from pydantic import Field

from kpicalc.model.entry import Entry, no_items
from kpicalc.model.facts import FactTable, FactType
from kpicalc.model.issue import Place
from kpicalc.model.record import record
from kpicalc.model.texts import name_key

Unknown = Literal["error", "zero"]
BelowZero = Literal["zero", "first_rate", "error"]
RATE_PLACES = 6
"""Decimal places of a rate: 0.0001 % is the finest."""
MATCHED: tuple[FactType, ...] = ("text", "number", "yes_no")
"""What a case may match by."""
MOST_LISTED = 20_000
"""Up to this number of rows the payroll has a sheet of them; above it, amounts stand as figures per person."""
SHOWN_OF_ONE = 15
"""The number of rows of one person that are listed where a month has more than that."""


class RatesFile(Entry):
    """A rate sheet in a file of its own beside the workbook."""

    file: str = Field(
        description="an xlsx, xlsm, xls, xlsb or ods file; its name is literal, a relative path starts from the "
        "workbook's folder"
    )
    sheet: str | None = Field(default=None, description="the sheet of that file; stated where it has several")


class RateSheet(Entry):
    """Rates for rows of facts: a sheet of the workbook, or rows in the scheme file; each row is a case and its rate."""

    from_: str | RatesFile | None = Field(
        default=None, alias="from", description="the sheet of the workbook, or of a file beside it"
    )
    rows: list[dict[str, str]] = Field(
        default_factory=no_items, description="in place of a sheet: rows as {heading: what stands there}"
    )
    match: dict[str, str] = Field(
        default_factory=dict,
        description="column or expression of the row: the heading under which the same text, number, yes or no stands; "
        "case and spaces do not matter",
    )
    steps: dict[str, str] = Field(
        default_factory=dict,
        description="column or expression of the row: the heading of lower bounds, each of which counts from itself to "
        "the next; of several the first one decides first",
    )
    rate: str = Field(description="the heading of the rates")
    unknown: Unknown = Field(
        default="error",
        description="rows of which no rate is known, a step below the first too: an error, or paid nothing and told",
    )
    example: list[dict[str, str]] = Field(
        default_factory=no_items, description="rows with which `init` begins the sheet, {heading: text}"
    )

    @property
    def own_sheet(self) -> str:
        """Return the sheet of the workbook in which it stands; empty where it stands elsewhere."""
        return self.from_ if isinstance(self.from_, str) else ""

    @property
    def called(self) -> str:
        """Return the sheet's name that people know: its own, or its file's; empty where the scheme holds the rows."""
        if isinstance(self.from_, RatesFile):
            return self.from_.sheet or self.from_.file
        return self.from_ or ""


def sheets_of_rows(facts: Mapping[str, FactTable], rates: Mapping[str, RateSheet]) -> list[str]:
    """Return the sheets of the workbook that hold tables of facts or rates."""
    sheets = [name for table in facts.values() if (name := table.own_sheet())]
    return sheets + [sheet.own_sheet for sheet in rates.values() if sheet.own_sheet]


def heading_twice(spec: RateSheet) -> str:
    """Return a heading that a rate sheet states for two of its columns; empty where there is none."""
    headings = [*spec.match.values(), *spec.steps.values(), spec.rate]
    keys = [name_key(heading) for heading in headings]
    return next((heading for number, heading in enumerate(headings) if keys[number] in keys[:number]), "")


@record
class RowStep:
    """A tier for rows: the rate from this bound on, or above it where the bound is excluded."""

    bound: Decimal
    rate: Decimal
    excluded: bool = False


@record
class RowRule:
    """How every row of a table is paid: which rows, their amount, the rate, and the rounding of the row's pay.

    `rates` name a rate sheet, or are tiers of the amount or of `by`. Two lines with the same rule share their rows.
    """

    facts: str
    amount: str
    rates: str | tuple[RowStep, ...]
    where: str | None = None
    by: str | None = None
    tiers: Literal["marginal", "whole"] | None = None
    below_zero: BelowZero = "error"
    places: int | None = None
    """Decimal places of the row's pay; None: it stays exact."""
    title: str = field(default="", compare=False)


@record
class RateRow:
    """One case of a rate sheet: what must match, the beginning and end (None: no end) of its steps, its rate."""

    match: tuple[str, ...]
    bounds: tuple[Decimal, ...]
    ends: tuple[Decimal | None, ...]
    rate: Decimal
    place: Place


@record
class RateTable:
    """A rate sheet as it was read: the headings of its columns, and its cases."""

    title: str
    match: tuple[str, ...]
    steps: tuple[str, ...]
    rate: str
    rows: tuple[RateRow, ...]


@record
class PaidRow:
    """A row of facts that was paid: its place, its payee, its names, what decided its rate, and its pay.

    `decided` are the figures and texts by which the rate was found, texts as the rate sheet writes them; `rate` is None
    where each slice has its own. `share` holds the shares of the payees before, and up to, this one in a shared row.
    """

    payee: int
    place: Place
    cells: tuple[object, ...]
    amount: Decimal
    decided: tuple[object, ...]
    rate: Decimal | None
    pay: Decimal
    share: tuple[Decimal, Decimal] | None = None


@record
class PaidRows:
    """The rows that a rule paid: for each payee `counts` of them, all of them `listed` unless there are too many.

    `names` are headings: of the cells that name a row; `amount` that of the amount, `decisive` those of what decided.
    """

    names: tuple[str, ...]
    amount: str
    decisive: tuple[str, ...]
    rates: RateTable | None
    rows: Sequence[PaidRow]
    counts: Mapping[int, int]
    listed: bool
    shared: int | None = None
    """Decimal places of the parts of shared rows; None where rows are not shared."""

    def of(self, payee: int) -> list[PaidRow]:
        """Return the listed rows of a payee."""
        return [row for row in self.rows if row.payee == payee]
