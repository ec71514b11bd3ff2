"""The For 1C sheet, which programs read: plain values, the header in row 1, one row per person.

Its columns: texts, the period, every accrual and their total; each withholding and the amount to be paid, if something
is withheld; the bank details from the Employees sheet. `kpicalc export` reads it back.
"""

from itertools import repeat
from typing import Any

from kpicalc.lang import Language, word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.fields import DetailField
from kpicalc.model.paid import DETAILS, Paid
from kpicalc.payroll.layout import FIRST_ACCRUAL, FOR_1C, amount_headings, identity_headings
from kpicalc.payroll.sheets.grid import Cell, Rows, reserve, write_headings
from kpicalc.payroll.style import Styles, set_up_print

_WIDTHS = (18, 34, 26, 26, 12)


def details_of(paid: Paid) -> tuple[DetailField, ...]:
    """Return the bank details that have a column."""
    return tuple(name for name in DETAILS if name in paid.table.details and paid.table.ids)


def accrued_column(paid: Paid) -> str:
    """Return the letter of the column of accrued totals."""
    return column_letter(FIRST_ACCRUAL + len(paid.lines))


def headings(paid: Paid) -> list[str]:
    """Return the sheet's headings in order."""
    language = paid.language
    heads = [*identity_headings(language), word("sheets.one_c.period", language)]
    heads += amount_headings(paid.lines, paid.withheld, language)
    return heads + [detail_heading(name, language) for name in details_of(paid)]


def detail_heading(name: DetailField, language: Language) -> str:
    """Return the heading of a bank detail."""
    return word(f"sheets.detail.{name}", language)


def write_1c_sheet(sheet: Any, paid: Paid, styles: Styles) -> Rows:
    """Write the sheet: personnel numbers and accounts as text, amounts as 0.00."""
    text = Cell(styles.make(num_format="@"), "text")
    figure = Cell(styles.make(num_format="0.00"), "number")
    heads, details = headings(paid), details_of(paid)
    write_headings(sheet, FOR_1C.head, heads, styles.make(bold=True, num_format="@"))
    widths = [*_WIDTHS, *(max(16, len(head) + 2) for head in heads[len(_WIDTHS) :])]
    widths[len(heads) - len(details) :] = [24] * len(details)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    first_day = f"{period.first_day(paid.period):%d.%m.%Y}"

    people = paid.table
    days = repeat(first_day, len(people.ids))
    columns = (*people.texts, days, *people.amounts(), *(people.details[name] for name in details))
    shape = [text] * len(_WIDTHS) + [figure] * (len(heads) - len(_WIDTHS) - len(details)) + [text] * len(details)
    rows = Rows(FOR_1C.first, [shape], len(people.ids), ((0, 0, row) for row in zip(*columns, strict=True)))
    reserve(sheet, rows)
    sheet.freeze_panes(FOR_1C.first, 0)
    set_up_print(sheet, widths, paid.language, repeated=2)
    sheet.repeat_rows(FOR_1C.head)
    return rows
