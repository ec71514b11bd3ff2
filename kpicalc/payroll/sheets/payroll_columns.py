"""The columns of the Payroll sheet (person, lines, totals, balances) and their widths on paper.

There is one person per row and no other row among them, so the table can be sorted, filtered and read by programs.
Where a payroll is too wide for a page of A4 in readable type, its total is repeated beside the name, and both are
repeated on every further page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from textwrap import wrap
from typing import Literal

from kpicalc.engine.components.adjustments import Adjustments
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Line, Tally
from kpicalc.engine.tree.formula import Unit
from kpicalc.lang import word
from kpicalc.model.book import column_letter
from kpicalc.model.inputs import Inputs
from kpicalc.model.record import record
from kpicalc.payroll.layout import (
    CALCULATION,
    LISTED,
    SIGNED,
    WIDE,
    Lead,
    identity_headings,
    sum_headings,
)
from kpicalc.payroll.sheets.calculation_sheet import Laid, text_width
from kpicalc.payroll.sheets.grid import quoted
from kpicalc.payroll.style import printed_scale

MOST_SIGNED = 2000
"""With more payees the payroll is a list for programs, without signatures."""
_NUMBER_WIDTH, _SIGNATURE_WIDTH, _LEAST_WIDTH = 5.0, 13.0, 8.0
_SIGN, _BOLD_SIGN, _DIGIT, _EDGE = 1.0, 1.03, 0.96, 1.2
"""The width of a letter, of a bold letter, of a sign of an amount, and of a cell's edges, in digits."""
_INDENT = 1.0
_MOST_TEXT, _MOST_WORD = 26, 15
_LINE_HEIGHT, _LEAST_HEIGHT, _MOST_LINES = 13, 26, 4


@record
class Entry:
    """A row of the Payroll sheet: the payee, and the Calculation sheet and row of the payee."""

    payee: int
    laid: Laid
    at: int
    more: tuple["Entry", ...] = ()
    """Further Calculation rows of the same person; the Payroll row shows the sums of all."""

    @property
    def row(self) -> int:
        """Return the row number (from 1) on the Calculation sheet."""
        return CALCULATION.first + self.at + 1

    @property
    def parts(self) -> tuple["Entry", ...]:
        """Return all Calculation rows that this row adds up, its own first."""
        return (replace(self, more=()), *self.more) if self.more else (self,)

    def amount(self, column: "Column") -> Decimal | None:
        """Return the figure of a column, or None if no scheme of the person has such a line."""
        amounts = [row.laid.pay.columns[key][row.at] for row in self.parts if (key := column.figure(row.laid.pay))]
        return sum(amounts, Decimal(0)) if amounts else None

    def sum_of(self, key: Callable[[SchemePay], str | None]) -> str:
        """Return the formula that adds up a figure over all rows, each by its cell on a Calculation sheet."""
        cells = [(row, figure) for row in self.parts if (figure := key(row.laid.pay))]
        return "+".join(f"{quoted(row.laid.name)}!${row.laid.letters[figure]}${row.row}" for row, figure in cells)


@record
class Column:
    """A column of amounts: its heading, its sum, and the line, total or balance that it shows.

    `values` are the greatest values that its number format must show.
    """

    heading: str
    amount: Decimal
    shows: Line | Tally | Literal["accrued", "total"]
    unit: Unit = "money"
    values: Sequence[Decimal] = ()

    def figure(self, pay: SchemePay) -> str | None:
        """Return the key of its figure in a scheme, or None if the scheme has no such line."""
        match self.shows:
            case "accrued":
                return pay.statement.accrued
            case "total":
                return pay.statement.total
            case line:
                return pay.figure_of(line)


@record
class Shape:
    """The layout of a Payroll sheet: columns before the figures, the figures, all widths, the height of a row."""

    lead: Lead
    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    height: float | None

    def at(self, shows: Line | Literal["accrued", "total"]) -> int:
        """Return the column of a line or a sum, from 0; the accrued sum is the total if nothing is withheld."""
        shown = [column.shows for column in self.columns]
        return self.lead.first + shown.index(shows if shows in shown else "total")

    def letter(self, shows: Literal["accrued", "total"]) -> str:
        """Return the letter of a column of sums."""
        return column_letter(self.at(shows))

    @property
    def end(self) -> int:
        """Return the column after the last figure."""
        return self.lead.first + len(self.columns)

    @property
    def repeated(self) -> int:
        """Return how many columns are repeated on further pages."""
        return max(self.lead.identity[1], self.lead.repeated or 0) + 1

    @property
    def across(self) -> int:
        """Return the last column that a text below the table may cover without being cut between two pages."""
        return self.repeated - 1 if self.lead is WIDE else len(self.widths) - 1

    def headings(self, payroll: Payroll) -> list[str]:
        """Return the headings of the whole sheet."""
        language = payroll.book.language
        heads = dict(zip(self.lead.identity, identity_headings(language), strict=True))
        total = self.columns[self.at("total") - self.lead.first].heading
        texts = [word("sheets.payroll.row", language), *[total] * (self.lead.first - 1)]
        headings = [heads.get(at, texts[at]) for at in range(self.lead.first)]
        headings += [column.heading for column in self.columns]
        return [*headings, word("sheets.payroll.signature", language)] if self.lead.numbered else headings


def entries(sheets: Sequence[Laid], inputs: Inputs) -> list[Entry]:
    """Return the rows of the payroll in the order of the Employees sheet: one for each person."""
    rows = [Entry(payee, laid, at) for laid in sheets for at, payee in enumerate(laid.pay.payees)]
    rows.sort(key=lambda entry: entry.payee)
    if not inputs.further:
        return rows
    more: dict[int, list[Entry]] = {}
    for entry in rows:
        if entry.payee in inputs.further:
            more.setdefault(inputs.further[entry.payee], []).append(entry)
    return [
        replace(entry, more=tuple(more.get(entry.payee, ()))) for entry in rows if entry.payee not in inputs.further
    ]


def columns_of_payroll(payroll: Payroll) -> tuple[Column, ...]:
    """Return the columns of amounts: earned (adjustments last), withheld, paid; balances stand right of the total."""
    accrued, to_pay, total = sum_headings(payroll.book.language)
    earned = sorted(payroll.earned, key=lambda line: line.component == Adjustments.name)
    columns = [Column(line.title, payroll.by_line[line.id, line.title], line) for line in earned]
    if payroll.withheld:
        columns.append(Column(accrued, payroll.accrued(), "accrued"))
        columns += [Column(line.title, payroll.by_line[line.id, line.title], line) for line in payroll.withheld]
    columns.append(Column(to_pay if payroll.withheld else total, payroll.total(), "total"))
    for tally in payroll.tallies:
        values = payroll.tallied(tally)
        unit: Unit = "money" if tally.kind != "points" else "number"
        columns.append(Column(tally.title, sum(values, Decimal(0)), tally, unit, values))
    return tuple(columns)


def shape_of(payroll: Payroll, rows: Sequence[Entry]) -> Shape:
    """Return the layout of the sheet for these people."""
    columns = columns_of_payroll(payroll)
    amounts = [_amount_width(payroll, column) for column in columns]
    people = [payroll.inputs.person(entry.payee) for entry in rows]
    texts = [
        [payee.id for payee in people],
        [payee.name for payee in people],
        [payee.department for payee in people],
        [payee.position for payee in people],
    ]
    if len(payroll.inputs.payees) > MOST_SIGNED:
        return Shape(LISTED, columns, (12.0, *map(text_width, texts[1:]), *amounts), None)
    heads = identity_headings(payroll.book.language)
    number, name, *where = (_wrapped_width(cells, head) for cells, head in zip(texts, heads, strict=True))
    lines = max(
        (
            _lines(text, width)
            for cells, width in zip(texts, (number, name, *where), strict=True)
            for text in dict.fromkeys(cells)
        ),
        default=1,
    )
    height = float(max(_LEAST_HEIGHT, _LINE_HEIGHT * min(lines, _MOST_LINES)))
    total = amounts[[column.shows for column in columns].index("total")]
    narrow = (_NUMBER_WIDTH, number, name, *where, *amounts, _SIGNATURE_WIDTH)
    if printed_scale(narrow) is not None:
        return Shape(SIGNED, columns, narrow, height)
    return Shape(WIDE, columns, (*narrow[:3], total, *narrow[3:]), height)


def heading_lines(headings: Sequence[str], widths: Sequence[float]) -> int:
    """Return the number of lines of the highest heading."""
    return max(
        len(wrap(head, max(int((width - _EDGE) / _BOLD_SIGN), 1))) for head, width in zip(headings, widths, strict=True)
    )


def _lines(text: str, width: float) -> int:
    return len(wrap(text, max(int((width - _INDENT - _EDGE) / _SIGN), 1)))


def _word_width(texts: Iterable[str], sign: float) -> float:
    """Return the width of the longest word, up to a limit: a longer word is broken."""
    longest = max((len(word_) for text in texts for word_ in text.split()), default=0)
    return min(longest, _MOST_WORD) * sign + _EDGE


def _wrapped_width(texts: Sequence[str], heading: str) -> float:
    """Return the width at which the longest text takes two lines without breaking a word."""
    halves = min(max(map(_longer_half, dict.fromkeys(texts)), default=0), _MOST_TEXT) * _SIGN + _EDGE
    words = max(_word_width(texts, _SIGN), _word_width([heading], _BOLD_SIGN))
    return max(_LEAST_WIDTH, max(words, halves) + _INDENT)


def _longer_half(text: str) -> int:
    """Return the least length, in signs, of the longer of two lines."""
    words = text.split()
    return min(
        (max(len(" ".join(words[:at])), len(" ".join(words[at:]))) for at in range(1, len(words))), default=len(text)
    )


def _amount_width(payroll: Payroll, column: Column) -> float:
    """Return the width that shows the longest amount of a column, its sum, and each word of its heading."""
    series = (pay.columns[key] for pay in payroll.schemes if (key := column.figure(pay)) is not None)
    ends = [end for values in series if values for end in (min(values), max(values))]
    digits = max(len(f"{value:,.2f}") for value in (column.amount, *ends))
    return max(_LEAST_WIDTH, digits * _DIGIT + _EDGE, _word_width([column.heading], _BOLD_SIGN))
