"""More days or hours worked than the month has, by which somebody is paid."""

from collections.abc import Iterator, Mapping

from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.sources import Personal, key_of
from kpicalc.engine.words import show
from kpicalc.lang import word
from kpicalc.model.fields import EmployeeField

WORKED: Mapping[EmployeeField, EmployeeField] = {"days_worked": "days_norm", "hours_worked": "hours_norm"}


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


_CODES = ("above_norm",)
RULE = Rule(_CODES, _find, told="always", monthly=_CODES)
