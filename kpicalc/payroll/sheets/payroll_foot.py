"""The text below the table of the Payroll sheet: the sum in words, the meaning of a dash, signatures."""

from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, money, word
from kpicalc.payroll.layout import sheet_name
from kpicalc.payroll.sheets.grid import write_formula
from kpicalc.payroll.sheets.payroll_columns import MOST_SIGNED, Shape
from kpicalc.payroll.style import Styles

if TYPE_CHECKING:
    from kpicalc.model.organisation import Organisation, Signatory

_SIGN, _LINE, _SPACE = 1.03, 13, 2
_SIGNATURE_SPACE = 11
_BLANK = "_" * 16


def write_foot(
    sheet: Any, payroll: Payroll, shape: Shape, organisation: "Organisation | None", styles: Styles, totals: int
) -> float:
    """Write the text below the row of totals (from 0), and return its height in points."""
    foot = _Foot(sheet, payroll, shape, styles, totals + 2)
    if shape.lead.numbered:
        foot.in_words(f"{shape.letter('total')}{totals + 1}")
    foot.held()
    foot.across(foot.word("dash"), styles.soft_wrapped)
    if not shape.lead.numbered:
        foot.across(foot.word("unsigned", count=MOST_SIGNED), styles.soft_wrapped)
        return foot.high
    stated = organisation.data.signatures if organisation else None
    for name in ("composed", "approved"):
        foot.signature(name, getattr(stated, name, None))
    return foot.high


class _Foot:
    """The text below the table, written row by row."""

    def __init__(self, sheet: Any, payroll: Payroll, shape: Shape, styles: Styles, row: int) -> None:
        self.sheet, self.payroll, self.shape, self.styles, self.row = sheet, payroll, shape, styles, row
        self.language: Language = payroll.book.language
        self.high = 0.0

    def word(self, name: str, **facts: object) -> str:
        return word(f"sheets.payroll.{name}", self.language).format(**facts)

    def across(self, text: str, style: Any, formula: str | None = None, space: float = _SPACE) -> None:
        """Write a text over the columns that stay together on every page, in as many lines as it needs."""
        last = self.shape.across
        signs = int(sum(self.shape.widths[: last + 1]) / _SIGN)
        lines = sum(max(len(wrap(part, max(signs, 20))), 1) for part in text.split("\n"))
        self.sheet.set_row(self.row, _LINE * lines + space)
        self.high += _LINE * lines + space
        self.sheet.merge_range(self.row, 0, self.row, last, "", style)
        if formula is None:
            self.sheet.write_string(self.row, 0, text, style)
        else:
            write_formula(self.sheet, self.row, 0, formula, style, text)
        self.row += 1

    def in_words(self, total: str) -> None:
        """Write the sum in words; a formula replaces it if the total is changed."""
        paid = self.payroll.total()
        name = "words" if self.payroll.withheld else "words_before_tax"
        sentence = self.word(name, sum=in_words(paid, self.payroll.book.currency, self.language))
        was = self.word("was", sum=money(paid, self.language))
        texts = [text.replace('"', '""') for text in (sentence, was)]
        formula = f'=IF(ABS({total}-{paid:f})<0.005,"{texts[0]}","{texts[1]}")'
        self.across(sentence, self.styles.said, formula)

    def held(self) -> None:
        if self.payroll.held:
            count, run = len(self.payroll.held), sheet_name("run", self.language)
            self.across(self.word("held", count=count, sheet=run), self.styles.alarm_wrapped)

    def signature(self, name: str, signatory: "Signatory | None") -> None:
        post, person = (signatory.post, signatory.name) if signatory else (_BLANK, _BLANK)
        text = f"{self.word(name)}: {post}\n{_BLANK} / {person} /"
        self.across(text, self.styles.plain_wrapped, space=_SIGNATURE_SPACE)


def in_words(amount: Decimal, currency: str, language: Language) -> str:
    """Write a sum in words: сорок семь тысяч рублей, 00 копеек.

    A currency without such words is named by its code. In a language that the library lacks, the sum stays in figures.
    """
    from num2words import CONVERTER_CLASSES, num2words

    if language not in CONVERTER_CLASSES:
        return f"{money(amount, language)} {currency}"
    try:
        text = num2words(amount, lang=language, to="currency", currency=currency, cents=False)
    except NotImplementedError:
        whole = int(amount)
        text = f"{num2words(whole, lang=language)} {currency} {abs(amount - whole) * 100:02.0f}"
    capitalised: str = text[:1].upper() + text[1:]
    return capitalised
