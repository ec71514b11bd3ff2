"""The Payroll sheet, which people sign, and the For 1C sheet, which a program reads.

Payroll figures are live absolute references to one row of a Calculation sheet, the name and number too: whichever of the
two sheets somebody sorts, every row still shows one person's own figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpicalc.engine.payroll import Payroll
from kpicalc.engine.statement import Line
from kpicalc.export.calculation_sheet import DEPARTMENT, FIRST_ROW, ID, NAME, Laid, text_width
from kpicalc.export.grid import Column, quoted, write_rows
from kpicalc.export.style import Styles
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.book import column_letter

HEAD_ROW, FIRST_PAYROLL_ROW = 3, 4
_TEXTS = 4
"""Columns before the first line: number, name, department, position."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the payroll: the payee, the sheet and the place in it where their calculation stands."""

    payee: int
    laid: Laid
    at: int

    @property
    def row(self) -> int:
        """Return the row number (from 1) on the Calculation sheet."""
        return FIRST_ROW + self.at + 1


def entries(payroll: Payroll, sheets: Sequence[Laid]) -> list[Entry]:
    """Return the payroll's rows in the order of the Employees sheet."""
    rows = [Entry(payee, laid, at) for laid in sheets for at, payee in enumerate(laid.pay.payees)]
    return sorted(rows, key=lambda entry: entry.payee)


def amount(entry: Entry, line: Line) -> Decimal | None:
    """Return a payee's amount of a line, or None where their scheme has no such line."""
    figure = line_figure(entry.laid, line)
    return entry.laid.pay.columns[figure][entry.at] if figure else None


def line_figure(laid: Laid, line: Line) -> str | None:
    """Return the key of a line's figure on a sheet, or None."""
    for own in laid.pay.statement.lines:
        if (own.id, own.title) == (line.id, line.title):
            return own.figure
    return None


def write_payroll_sheet(sheet: Any, payroll: Payroll, rows: Sequence[Entry], styles: Styles, run_sheet: str) -> None:
    """Write the payroll: a row per payee, a column per line, the total, the totals row, room for signatures."""
    language = payroll.book.language
    month = period.title(payroll.inputs.period, language)
    sheet.write_string(0, 0, word("sheets.payroll.title", language).format(period=month), styles.title)
    sheet.write_string(1, 0, payroll.book.title, styles.note)
    currency = word("sheets.payroll.currency", language).format(currency=payroll.book.currency)
    sheet.write_string(2, 0, currency, styles.note)
    lines = [line for line, _ in payroll.lines]
    widths = _widths(payroll, rows, lines)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    headings = [word(f"sheets.payee.{field}", language) for field in ("id", "name", "department", "position")]
    headings += [line.title for line in lines] + [word("headings.figure.total", language)]
    sheet.set_row(HEAD_ROW, 45)
    for index, heading in enumerate(headings):
        sheet.write_string(HEAD_ROW, index, heading, styles.head)
    _live_rows(sheet, payroll, rows, lines, styles)
    last = FIRST_PAYROLL_ROW + len(rows)
    _totals(sheet, payroll, rows, lines, styles, last)
    _below(sheet, payroll, styles, last + 2, run_sheet)
    sheet.freeze_panes(FIRST_PAYROLL_ROW, 2)
    if rows:
        sheet.autofilter(HEAD_ROW, 0, last - 1, len(headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C" + word("sheets.payroll.page", language))
    sheet.hide_gridlines(2)


def _widths(payroll: Payroll, rows: Sequence[Entry], lines: Sequence[Line]) -> list[float]:
    people = [payroll.inputs.payees[entry.payee] for entry in rows]
    texts = [
        12.0,
        text_width(payee.name for payee in people),
        text_width(payee.department for payee in people),
        text_width(payee.position for payee in people),
    ]
    return [*texts, *(14.0 for _ in lines), 15.0]


def _live_rows(sheet: Any, payroll: Payroll, rows: Sequence[Entry], lines: Sequence[Line], styles: Styles) -> None:
    """Write every row from the template of its Calculation sheet, top down."""
    templates: dict[str, list[str | None]] = {}
    for at, entry in enumerate(rows):
        laid = entry.laid
        if laid.name not in templates:
            templates[laid.name] = _templates(laid, lines)
        payee = payroll.inputs.payees[entry.payee]
        values: list[Decimal | str | None] = [payee.id, payee.name, payee.department, payee.position]
        values += [amount(entry, line) for line in lines]
        values.append(laid.pay.columns[laid.pay.statement.total][entry.at])
        columns = [
            Column("", [value], _style(styles, index, len(values)), 0, template, [entry.row])
            for index, (value, template) in enumerate(zip(values, templates[laid.name], strict=True))
        ]
        write_rows(sheet, FIRST_PAYROLL_ROW + at, columns, 1)


def _style(styles: Styles, index: int, count: int) -> Any:
    if index < _TEXTS:
        return styles.live_text if index < _TEXTS - 1 else styles.text
    return styles.result if index == count - 1 else styles.figure("money")


def _templates(laid: Laid, lines: Sequence[Line]) -> list[str | None]:
    """Return the formula of every column for the payees of one sheet; the position is plain text."""
    reference = f"{quoted(laid.name)}!${{letter}}$\0"
    # A reference to an empty cell gives 0; joined to an empty text it gives the empty text.
    texts = [reference.format(letter=letter) + '&""' for letter in (ID, NAME, DEPARTMENT)]
    figures = [line_figure(laid, line) for line in lines]
    total = reference.format(letter=laid.letters[laid.pay.statement.total])
    return [*texts, None, *(reference.format(letter=laid.letters[key]) if key else None for key in figures), total]


def _totals(
    sheet: Any, payroll: Payroll, rows: Sequence[Entry], lines: Sequence[Line], styles: Styles, row: int
) -> None:
    sheet.write_string(row, 0, word("sheets.payroll.total", payroll.book.language), styles.total_text)
    for index in range(1, _TEXTS):
        sheet.write_blank(row, index, None, styles.total_text)
    amounts = [sum((amount(entry, line) or Decimal(0) for entry in rows), Decimal(0)) for line in lines]
    for index, total in enumerate([*amounts, payroll.total()], _TEXTS):
        letter = column_letter(index)
        if rows:
            area = f"{letter}{FIRST_PAYROLL_ROW + 1}:{letter}{row}"
            sheet.write_formula(row, index, f"=SUM({area})", styles.total(), float(total))
        else:
            sheet.write_number(row, index, 0, styles.total())


def _below(sheet: Any, payroll: Payroll, styles: Styles, row: int, run_sheet: str) -> None:
    language = payroll.book.language
    if payroll.held:
        text = word("sheets.payroll.held", language).format(count=len(payroll.held), sheet=run_sheet)
        sheet.write_string(row, 0, text, styles.make(bold=True, font_color="#C00000"))
        row += 2
    for role in ("made", "checked", "approved"):
        text = word("sheets.payroll.signature", language).format(role=word(f"sheets.payroll.{role}", language))
        sheet.write_string(row, 1, text, styles.make())
        row += 2


def write_1c_sheet(sheet: Any, payroll: Payroll, rows: Sequence[Entry], styles: Styles) -> None:
    """Write plain values for a loader: the header in row 1, personnel numbers as text, amounts as 0.00."""
    language = payroll.book.language
    text, figure = styles.make(num_format="@"), styles.make(num_format="0.00")
    people = [payroll.inputs.payees[entry.payee] for entry in rows]
    first_day = period.first_day(payroll.inputs.period)
    columns = [
        Column(word("sheets.payee.id", language), [payee.id for payee in people], text, 18),
        Column(word("sheets.payee.name", language), [payee.name for payee in people], text, 34),
        Column(word("sheets.payee.department", language), [payee.department for payee in people], text, 26),
        Column(word("sheets.payee.position", language), [payee.position for payee in people], text, 26),
        Column(word("sheets.payee.period", language), [f"{first_day:%d.%m.%Y}"] * len(people), text, 12),
    ]
    columns += [
        Column(line.title, [amount(entry, line) or Decimal(0) for entry in rows], figure, 16)
        for line, _ in payroll.lines
    ]
    totals = [entry.laid.pay.columns[entry.laid.pay.statement.total][entry.at] for entry in rows]
    columns.append(Column(word("headings.figure.total", language), totals, figure, 16))
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.heading, styles.make(bold=True, num_format="@"))
    write_rows(sheet, 1, columns, len(rows))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
