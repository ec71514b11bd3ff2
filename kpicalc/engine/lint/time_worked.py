"""More days or hours worked than the month has, or hardly any, by which somebody is paid.

Less than half a day, half a shift or two and a half hours is a month's figure whose decimal point has moved; what is
less than a quarter of one cannot be, and is refused.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpicalc.engine.bounds import LEAST
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.sources import Personal, key_of
from kpicalc.engine.words import show
from kpicalc.lang import word
from kpicalc.model.fields import EmployeeField

WORKED: Mapping[EmployeeField, EmployeeField] = {"days_worked": "days_norm", "hours_worked": "hours_norm"}

_HARDLY: Mapping[EmployeeField, Decimal] = {
    "days_worked": Decimal("0.5"), "shifts": Decimal("0.5"), "hours_worked": Decimal("2.5"),
}  # fmt: skip


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    if payroll is None:
        return
    for worked, norm in WORKED.items():
        odd = [
            Odd(payee, done / most, f"{show(done, 'number', language)} > {show(most, 'number', language)}")
            for pay in payroll.schemes
            for payee, done, most in zip(
                pay.payees,
                pay.columns.get(key_of(Personal(worked)), ()),
                pay.columns.get(key_of(Personal(norm)), ()),
                strict=False,
            )
            if done > most > 0
        ]
        if odd:
            odd.sort(key=lambda item: item.payee)
            title = word(f"headings.employee.{worked}", language)
            place = payroll.inputs.employee[worked].place(odd[0].payee)
            yield remark("above_norm", place, title=title, **people(odd, payroll.inputs))
    for worked, least in _HARDLY.items():
        little = [
            Odd(payee, least - done, show(done, "number", language))
            for pay in payroll.schemes
            for payee, done in zip(pay.payees, pay.columns.get(key_of(Personal(worked)), ()), strict=False)
            if LEAST <= done < least
        ]
        if little:
            little.sort(key=lambda item: item.payee)
            title = word(f"headings.employee.{worked}", language)
            place = payroll.inputs.employee[worked].place(little[0].payee)
            yield remark("hardly_worked", place, title=title, **people(little, payroll.inputs))


_CODES = ("above_norm", "hardly_worked")
RULE = Rule(_CODES, _find, told="always", monthly=_CODES)
