"""The Payroll sheet, which people sign.

Payroll figures are live absolute references to one row of a Calculation sheet, the name and number too: whichever of
the two sheets somebody sorts, every row still shows one person's own figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from kpicalc.engine.formula import Unit
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Line, Tally
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.payroll.calculation_sheet import DEPARTMENT, ID, NAME, POSITION, Laid, text_width
from kpicalc.payroll.digest import Row
from kpicalc.payroll.grid import SOURCE_ROW, Cell, Rows, Value, quoted, reserve, write_headings
from kpicalc.payroll.layout import (
    CALCULATION,
    CURRENCY_ROW,
    FIRST_FIGURE,
    PAYROLL,
    currency_line,
    identity_headings,
    sum_headings,
    totals_caption,
)
from kpicalc.payroll.style import Styles, set_up_wide_print

MOST_SIGNED = 2000
"""With more payees there is no sheet to be signed: nobody signs such a list, and it would double the workbook."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the payroll: the payee, the sheet and the place in it where their calculation stands."""

    payee: int
    laid: Laid
    at: int

    @property
    def row(self) -> int:
        """Return the row number (from 1) on the Calculation sheet."""
        return CALCULATION.first + self.at + 1


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of amounts: its heading, its sum, and the line, the total or the tally that it shows.

    `values` are what its number format must be able to show.
    """

    heading: str
    amount: Decimal
    shows: Line | Tally | Literal["accrued", "total"]
    unit: Unit = "money"
    values: Sequence[Decimal] = ()

    def figure(self, pay: SchemePay) -> str | None:
        """Return the key of its figure in a scheme, or None where the scheme has no such line."""
        match self.shows:
            case "accrued":
                return pay.statement.accrued
            case "total":
                return pay.statement.total
            case line:
                return pay.figure_of(line)


def entries(sheets: Sequence[Laid]) -> list[Entry]:
    """Return the payroll's rows in the order of the Employees sheet."""
    rows = [Entry(payee, laid, at) for laid in sheets for at, payee in enumerate(laid.pay.payees)]
    return sorted(rows, key=lambda entry: entry.payee)


def total_column(payroll: Payroll) -> str:
    """Return the letter of the Payroll sheet's total."""
    return column_letter(FIRST_FIGURE + [column.shows for column in _columns(payroll)].index("total"))


def accrued_column(payroll: Payroll) -> str:
    """Return the letter of what is earned before anything is withheld: the total, where nothing is."""
    return column_letter(FIRST_FIGURE + len(payroll.earned))


def _columns(payroll: Payroll) -> list[_Column]:
    """Return the columns of amounts: earned, withheld, paid; right of the total what is no pay."""
    language = payroll.book.language
    accrued, to_pay, total = sum_headings(language)
    found = [_Column(line.title, payroll.by_line[line.id, line.title], line) for line in payroll.earned]
    if payroll.withheld:
        found.append(_Column(accrued, payroll.accrued(), "accrued"))
        found += [_Column(line.title, payroll.by_line[line.id, line.title], line) for line in payroll.withheld]
    found.append(_Column(to_pay if payroll.withheld else total, payroll.total(), "total"))
    for tally in payroll.tallies:
        values = payroll.tallied(tally)
        unit: Unit = "money" if tally.kind == "debt" else "number"
        found.append(_Column(tally.title, sum(values, Decimal(0)), tally, unit, values))
    return found


def write_payroll_sheet(sheet: Any, payroll: Payroll, rows: Sequence[Entry], styles: Styles, run_sheet: str) -> Rows:
    """Write the payroll and return its rows: one per payee; a column per line, the total; room for signatures."""
    language = payroll.book.language
    month = period.title(payroll.inputs.period, language)
    sheet.write_string(0, 0, word("sheets.payroll.title", language).format(period=month), styles.title)
    sheet.write_string(1, 0, payroll.book.title, styles.note)
    currency = currency_line(payroll.book.currency, language)
    sheet.write_string(CURRENCY_ROW, 0, currency, styles.note)
    columns = _columns(payroll)
    _changed(sheet, payroll, rows, styles)
    widths = _widths(payroll, rows, columns)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    headings = [*identity_headings(language), *(column.heading for column in columns)]
    sheet.set_row(PAYROLL.head, 45)
    write_headings(sheet, PAYROLL.head, headings, styles.head)
    table = _live_rows(payroll, rows, columns, styles)
    reserve(sheet, table)
    last = PAYROLL.first + len(rows)
    _totals(sheet, payroll, rows, columns, styles, last)
    _below(sheet, payroll, styles, last + 2, run_sheet)
    sheet.freeze_panes(PAYROLL.first, 2)
    if rows:
        sheet.autofilter(PAYROLL.head, 0, last - 1, len(headings) - 1)
    set_up_wide_print(sheet, widths, 2)
    sheet.repeat_rows(PAYROLL.head)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C" + word("sheets.payroll.page", language))
    sheet.hide_gridlines(2)
    return table


def rows_of(payroll: Payroll, rows: Sequence[Entry]) -> tuple[list[str], Iterator[Row]]:
    """Return the headings, and the rows as the digest takes them."""
    columns = _columns(payroll)
    headings = [*identity_headings(payroll.book.language), *(column.heading for column in columns)]

    def table() -> Iterator[Row]:
        sheets = {id(entry.laid): entry.laid for entry in rows}
        figures = {key: [column.figure(laid.pay) for column in columns] for key, laid in sheets.items()}
        for entry in rows:
            payee, own = payroll.inputs.payees[entry.payee], entry.laid.pay.columns
            amounts = [None if key is None else float(own[key][entry.at]) for key in figures[id(entry.laid)]]
            yield "payroll", (payee.id, payee.name, payee.department, payee.position), amounts

    return headings, table()


def _widths(payroll: Payroll, rows: Sequence[Entry], columns: Sequence[_Column]) -> list[float]:
    people = [payroll.inputs.payees[entry.payee] for entry in rows]
    texts = [
        12.0,
        text_width(payee.name for payee in people),
        text_width(payee.department for payee in people),
        text_width(payee.position for payee in people),
    ]
    return [*texts, *(14.0 if isinstance(column.shows, Line | Tally) else 15.0 for column in columns)]


def _live_rows(payroll: Payroll, rows: Sequence[Entry], shown: Sequence[_Column], styles: Styles) -> Rows:
    """Return every row in the shape of its Calculation sheet."""
    sheets = list({id(entry.laid): entry.laid for entry in rows}.values())
    numbers = {id(laid): number for number, laid in enumerate(sheets)}
    figures = [[column.figure(laid.pay) for column in shown] for laid in sheets]
    payees = payroll.inputs.payees

    def table() -> Iterator[tuple[int, int, Sequence[Value]]]:
        for entry in rows:
            number, payee = numbers[id(entry.laid)], payees[entry.payee]
            columns = entry.laid.pay.columns
            amounts = [columns[key][entry.at] for key in figures[number] if key]
            yield number, entry.row, (payee.id, payee.name, payee.department, payee.position, *amounts)

    return Rows(PAYROLL.first, [_shape(laid, shown, styles) for laid in sheets], len(rows), table())


def _shape(laid: Laid, columns: Sequence[_Column], styles: Styles) -> list[Cell]:
    """Return the cells of a payee of one sheet: live references."""
    reference = f"{quoted(laid.name)}!${{letter}}${SOURCE_ROW}"
    # A reference to an empty cell gives 0; joined to an empty text it gives the empty text.
    cells = [
        Cell(styles.live_text, "text", reference.format(letter=letter) + '&""')
        for letter in (ID, NAME, DEPARTMENT, POSITION)
    ]
    for column in columns:
        key = column.figure(laid.pay)
        is_line = isinstance(column.shows, Line | Tally)
        style = styles.figure(column.unit, column.values) if is_line else styles.result
        if key is None:
            cells.append(Cell(style, "blank"))
        else:
            cells.append(Cell(style, "number", reference.format(letter=laid.letters[key])))
    return cells


def _totals(
    sheet: Any, payroll: Payroll, rows: Sequence[Entry], columns: Sequence[_Column], styles: Styles, row: int
) -> None:
    sheet.write_string(row, 0, totals_caption(payroll.book.language), styles.total_text)
    for index in range(1, FIRST_FIGURE):
        sheet.write_blank(row, index, None, styles.total_text)
    for index, column in enumerate(columns, FIRST_FIGURE):
        letter, style = column_letter(index), styles.total(column.unit, column.values)
        if rows:
            area = f"{letter}{PAYROLL.first + 1}:{letter}{row}"
            sheet.write_formula(row, index, f"=SUM({area})", style, float(column.amount))
        else:
            sheet.write_number(row, index, 0, style)


def _changed(sheet: Any, payroll: Payroll, rows: Sequence[Entry], styles: Styles) -> None:
    """Write, by formula, a red line that appears when a rate or a figure was changed after the run."""
    if not rows:
        return
    total = f"{total_column(payroll)}{PAYROLL.first + len(rows) + 1}"
    text = word("sheets.payroll.changed", payroll.book.language).replace('"', '""')
    formula = f'=IF(ABS({total}-{payroll.total():f})<0.005,"","{text} "&ROUND({total}-{payroll.total():f},2))'
    red = styles.make(bold=True, font_color="#C00000")
    sheet.write_formula(CURRENCY_ROW, 2, formula, red, "")


def _below(sheet: Any, payroll: Payroll, styles: Styles, row: int, run_sheet: str) -> None:
    language = payroll.book.language
    if payroll.held:
        text = word("sheets.payroll.held", language).format(count=len(payroll.held), sheet=run_sheet)
        sheet.write_string(row, 0, text, styles.make(bold=True, font_color="#C00000"))
        row += 2
    sheet.write_string(row, 0, word("sheets.payroll.dash", language), styles.note)
    if len(payroll.inputs.payees) > MOST_SIGNED:
        text = word("sheets.payroll.unsigned", language).format(count=MOST_SIGNED)
        sheet.write_string(row + 1, 0, text, styles.note)
