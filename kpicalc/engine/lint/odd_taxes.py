"""Income and tax since the start of the year that do not belong together, and tax that is to be given back.

The tax before this month is reported if it is more than a tenth and 100 roubles away from the tax of the income, with
the known deductions and without them.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.result import SchemePay
from kpicalc.engine.terms.ndfl import BRACKETS, Rates, tax_of
from kpicalc.engine.tree.sources import Personal, key_of
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, word
from kpicalc.model.inputs import Inputs

_FAR, _AT_LEAST = Decimal("0.1"), Decimal(100)
_ZERO = Decimal(0)
_INCOME, _TAX, _DEDUCTIONS = (key_of(Personal(name)) for name in ("income_before", "tax_before", "tax_deductions"))


def _find(subject: Subject) -> Iterator[Remark]:
    payroll = subject.payroll
    for pay in payroll.schemes if payroll else ():
        for item in pay.statement.scheme.pay:
            component = item.component
            if payroll and item.name == "withholding" and component.tax is not None:
                brackets = component.rates
                rates = [(bracket.from_, bracket.rate) for bracket in brackets] if brackets else list(BRACKETS)
                yield from _far(pay, rates, payroll.inputs, subject.book.language)
                yield from _overpaid(pay, component.id or item.name, payroll.inputs, subject.book.language)


def _far(pay: SchemePay, rates: Rates, inputs: Inputs, language: Language) -> Iterator[Remark]:
    nothing = [_ZERO] * len(pay.payees)
    odd = []
    figures = zip(
        pay.payees, pay.columns[_INCOME], pay.columns[_TAX], pay.columns.get(_DEDUCTIONS, nothing), strict=True
    )
    for payee, income, tax, deductions in figures:
        least, most = tax_of(income - deductions, rates), tax_of(income, rates)
        away = max(least - tax, tax - most)
        if away > most * _FAR + _AT_LEAST:
            shown = {"found": show(tax, "money", language), "due": show(most, "money", language)}
            odd.append(Odd(payee, away, word("words.bounds.instead", language).format(**shown)))
    if odd:
        place = inputs.employee["tax_before"].place(odd[0].payee)
        facts = {"scheme": pay.statement.scheme.title} | people(odd, inputs)
        yield remark("odd_taxes", place, of_scheme(pay.statement.scheme.key), **facts)


def _overpaid(pay: SchemePay, line: str, inputs: Inputs, language: Language) -> Iterator[Remark]:
    of_year = pay.columns.get(f"{line}.of_year")
    if of_year is None:
        return
    odd = [
        Odd(payee, before - due, show(before - due, "money", language))
        for payee, due, before in zip(pay.payees, of_year, pay.columns[_TAX], strict=True)
        if due < before
    ]
    if odd:
        place = inputs.employee["tax_before"].place(odd[0].payee)
        facts = {"scheme": pay.statement.scheme.title} | people(odd, inputs)
        yield remark("tax_overpaid", place, of_scheme(pay.statement.scheme.key), **facts)


_CODES = ("odd_taxes", "tax_overpaid")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
