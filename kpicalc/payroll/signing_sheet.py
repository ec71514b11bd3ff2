"""The sheet that is signed: people by department with a place for each signature, on pages of A4.

Names and sums are live references to the Calculation sheets, as on the Payroll sheet; subtotals and the total are sums
over them. The sum in words stands only while the total is what was computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, money, word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.organisation import Organisation, Signatory
from kpicalc.payroll.calculation_sheet import ID, NAME
from kpicalc.payroll.grid import quoted
from kpicalc.payroll.payroll_sheet import Entry
from kpicalc.payroll.style import Styles, set_up_print

_HEAD = 5
_WIDTHS = (5.0, 12.0, 33.0, 14.0, 13.0, 14.0, 18.0)
_ROW_HEIGHT = 21
_MOST_ADDED = 250
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Sums:
    """The columns of sums (from 0) and whether what is withheld stands among them."""

    withholds: bool

    @property
    def columns(self) -> tuple[int, ...]:
        return (3, 4, 5) if self.withholds else (5,)


def write_signing_sheet(
    sheet: Any, payroll: Payroll, rows: Sequence[Entry], organisation: Organisation | None, styles: Styles
) -> None:
    """Write the list to be signed, with subtotals by department, the total in words, and who composed and approved."""
    _Writer(sheet, payroll, organisation, styles).write(rows)


class _Writer:
    """The sheet while it is written, row by row."""

    def __init__(self, sheet: Any, payroll: Payroll, organisation: Organisation | None, styles: Styles) -> None:
        self.sheet, self.payroll, self.organisation, self.styles = sheet, payroll, organisation, styles
        self.language: Language = payroll.book.language
        self.sums = _Sums(bool(payroll.withheld))
        self.amounts = _amounts(payroll)
        self.row = _HEAD + 1
        self.subtotals: list[int] = []

    def word(self, name: str, **blanks: object) -> str:
        return word(f"sheets.signing.{name}", self.language).format(**blanks)

    def write(self, rows: Sequence[Entry]) -> None:
        self.top()
        numbers = {entry.payee: number for number, entry in enumerate(_by_department(self.payroll, rows), 1)}
        department, first = None, self.row
        for entry in _by_department(self.payroll, rows):
            own = self.payroll.inputs.payees[entry.payee].department
            if own != department:
                self.subtotal(department, first)
                department = own
                self.caption(own)
                first = self.row
            self.person(numbers[entry.payee], entry)
        self.subtotal(department, first)
        self.total()
        self.bottom()
        self.sheet.print_area(0, 0, self.row, len(_WIDTHS) - 1)
        set_up_print(self.sheet, upright=True)
        self.sheet.set_margins(left=0.4, right=0.3, top=0.5, bottom=0.6)
        self.sheet.repeat_rows(_HEAD)
        self.sheet.set_footer("&C" + word("sheets.payroll.page", self.language))
        self.sheet.hide_gridlines(2)

    def top(self) -> None:
        book, month = self.payroll.book, period.title(self.payroll.inputs.period, self.language)
        name = self.organisation.data.name if self.organisation else book.title
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        if not self.sums.withholds:
            self.sheet.set_column(3, 4, None, None, {"hidden": True})
            self.sheet.set_column(6, 6, 30)
        self.sheet.write_string(0, 0, name, self.styles.make(bold=True))
        self.sheet.write_string(1, 0, self.word("title", period=month), self.styles.title)
        self.sheet.write_string(2, 0, self.word("currency", currency=book.currency), self.styles.note)
        heads = [self.word("row"), self.word("number"), self.word("name")]
        heads += [self.word("accrued"), self.word("withheld")] if self.sums.withholds else ["", ""]
        self.sheet.set_row(_HEAD, 30)
        for column, head in enumerate([*heads, self.word("to_pay"), self.word("signature")]):
            self.sheet.write_string(_HEAD, column, head, self.styles.head)

    def caption(self, department: str) -> None:
        if not department:
            return
        bold = self.styles.make(bold=True, top=1, top_color="#BFBFBF")
        self.sheet.write_string(self.row, 0, department, bold)
        self.row += 1

    def person(self, number: int, entry: Entry) -> None:
        payee, pay = self.payroll.inputs.payees[entry.payee], entry.laid.pay
        sheet, row = quoted(entry.laid.name), entry.row
        total, accrued = pay.columns[pay.statement.total][entry.at], pay.columns[pay.statement.accrued][entry.at]
        money_style, text = self.styles.figure("money"), self.styles.live_text
        self.sheet.set_row(self.row, _ROW_HEIGHT)
        counted = self.styles.make(border=1, border_color="#BFBFBF", align="center")
        self.sheet.write_number(self.row, 0, number, counted)
        for column, letter, value in ((1, ID, payee.id), (2, NAME, payee.name)):
            self.sheet.write_formula(self.row, column, f'={sheet}!${letter}${row}&""', text, value)
        letters = entry.laid.letters
        if self.sums.withholds:
            of = f"={sheet}!${letters[pay.statement.accrued]}${row}"
            self.sheet.write_formula(self.row, 3, of, money_style, float(accrued))
            line = self.row + 1
            self.sheet.write_formula(self.row, 4, f"=D{line}-F{line}", money_style, float(accrued - total))
        else:
            for column in (3, 4):
                self.sheet.write_blank(self.row, column, None, text)
        to_pay = f"={sheet}!${letters[pay.statement.total]}${row}"
        self.sheet.write_formula(self.row, 5, to_pay, self.styles.result, float(total))
        self.sheet.write_blank(self.row, 6, None, text)
        self.row += 1

    def subtotal(self, department: str | None, first: int) -> None:
        if department is None:
            return
        title = self.word("subtotal", department=department) if department else self.word("subtotal_none")
        self.subtotals.append(self.row)
        self.sum_row(title, [f"SUM({{letter}}{first + 1}:{{letter}}{self.row})"], department)

    def total(self) -> None:
        formulas = ["+".join(f"{{letter}}{row + 1}" for row in self.subtotals) or "0"]
        if len(self.subtotals) > _MOST_ADDED:
            # A formula has room for so many: everybody stands here once, and once more in a subtotal.
            formulas = [f"SUM({{letter}}{_HEAD + 2}:{{letter}}{self.row})/2"]
        self.sum_row(self.word("total"), formulas, None)

    def sum_row(self, title: str, formulas: Sequence[str], department: str | None) -> None:
        accrued, paid = self.amounts[department]
        values = {3: accrued, 4: accrued - paid, 5: paid}
        for column in range(len(_WIDTHS)):
            self.sheet.write_blank(self.row, column, None, self.styles.total_text)
        self.sheet.write_string(self.row, 0, title, self.styles.total_text)
        for column in self.sums.columns:
            formula = formulas[0].replace("{letter}", column_letter(column))
            self.sheet.write_formula(self.row, column, f"={formula}", self.styles.total(), float(values[column]))
        self.row += 1

    def bottom(self) -> None:
        """Write the sum in words, and who composed and approved the payroll."""
        _, paid = self.amounts[None]
        total = f"F{self.row}"
        said = self.word("words", sum=in_words(paid, self.payroll.book.currency, self.language))
        changed = self.word("changed", sum=money(paid, self.language))
        texts = [text.replace('"', '""') for text in (said, changed)]
        formula = f'=IF(ABS({total}-{paid:f})<0.005,"{texts[0]}","{texts[1]}")'
        self.row += 1
        self.sheet.write_formula(self.row, 0, formula, self.styles.make(italic=True), said)
        self.row += 2
        stated = self.organisation.data.signatures if self.organisation else None
        for name in ("composed", "approved"):
            self.signature(name, getattr(stated, name, None))
        if self.payroll.held:
            red = self.styles.make(bold=True, font_color="#C00000")
            self.sheet.write_string(self.row, 0, self.word("held", count=len(self.payroll.held)), red)
            self.row += 1

    def signature(self, name: str, who: Signatory | None) -> None:
        plain = self.styles.make()
        post, person = (who.post, who.name) if who else ("____________________", "____________________")
        self.sheet.write_string(self.row, 0, f"{self.word(name)}: {post}", plain)
        self.sheet.write_string(self.row, 5, "____________________", plain)
        self.sheet.write_string(self.row, 6, f"/ {person} /", plain)
        self.row += 2


def in_words(amount: Decimal, currency: str, language: Language) -> str:
    """Write a sum in words: сорок семь тысяч рублей, 00 копеек; of a currency without such words, with its code."""
    from num2words import num2words

    try:
        text = num2words(amount, lang=language, to="currency", currency=currency, cents=False)
    except NotImplementedError:
        whole = int(amount)
        text = f"{num2words(whole, lang=language)} {currency} {abs(amount - whole) * 100:02.0f}"
    found: str = text[:1].upper() + text[1:]
    return found


def _by_department(payroll: Payroll, rows: Sequence[Entry]) -> list[Entry]:
    """Return the rows department by department, in the order in which the departments come first."""
    payees = payroll.inputs.payees
    order = {name: at for at, name in enumerate(dict.fromkeys(payees[entry.payee].department for entry in rows))}
    return sorted(rows, key=lambda entry: (order[payees[entry.payee].department], entry.payee))


def _amounts(payroll: Payroll) -> dict[str | None, tuple[Decimal, Decimal]]:
    """Return what each department accrues and pays; None: the whole payroll."""
    found: dict[str | None, tuple[Decimal, Decimal]] = {None: (_ZERO, _ZERO)}
    for pay in payroll.schemes:
        columns = zip(pay.payees, pay.columns[pay.statement.accrued], pay.columns[pay.statement.total], strict=True)
        for index, earned, total in columns:
            for department in (payroll.inputs.payees[index].department, None):
                accrued, paid = found.get(department, (_ZERO, _ZERO))
                found[department] = accrued + earned, paid + total
    return found
