"""More days or hours worked than the month has, hardly any, or an unusual part of a day, where pay depends on it.

Less than half a day, half a shift or two and a half hours is a month's figure whose decimal point has moved; less than
a quarter of one is impossible and refused; more than twice the norm holds the person. Parts of days and shifts are
counted in eighths: 2.2 is 22.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpicalc.engine.bounds import LEAST
from kpicalc.engine.doubtful import ABOVE_NORM
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.sources import Personal, key_of
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, word
from kpicalc.model.fields import WORKED, EmployeeField
from kpicalc.model.period import last_day

_HARDLY: Mapping[EmployeeField, Decimal] = {
    "days_worked": Decimal("0.5"), "shifts": Decimal("0.5"), "hours_worked": Decimal("2.5"),
}  # fmt: skip
_PARTS = 8
_MOST_OF_DAY: tuple[tuple[str, EmployeeField, int], ...] = (
    ("long_hours", "hours_worked", 12),
    ("many_shifts", "shifts", 1),
)


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
            if done > most > 0 and done <= most * ABOVE_NORM
        ]
        yield from _told("above_norm", worked, odd, payroll, language)
    yield from _all_days_long(payroll, language)
    for worked, least in _HARDLY.items():
        done = [
            (payee, value)
            for pay in payroll.schemes
            for payee, value in zip(pay.payees, pay.columns.get(key_of(Personal(worked)), ()), strict=False)
        ]
        little = [
            Odd(payee, least - value, show(value, "number", language))
            for payee, value in done
            if LEAST <= value < least
        ]
        yield from _told("hardly_worked", worked, little, payroll, language)
        if worked != "hours_worked":
            odd = [
                Odd(payee, value * _PARTS % 1, show(value, "number", language))
                for payee, value in done
                if value >= least and value * _PARTS % 1
            ]
            yield from _told("part_of_day", worked, odd, payroll, language)


def _all_days_long(payroll: Payroll, language: Language) -> Iterator[Remark]:
    """Yield the remarks on hours without a norm, and shifts, that are more than a usual day has on every day."""
    days = last_day(payroll.inputs.period).day
    for code, worked, a_day in _MOST_OF_DAY:
        most = Decimal(a_day * days)
        odd = [
            Odd(payee, done / most, f"{show(done, 'number', language)} > {show(most, 'number', language)}")
            for pay in payroll.schemes
            if worked not in WORKED or key_of(Personal(WORKED[worked])) not in pay.columns
            for payee, done in zip(pay.payees, pay.columns.get(key_of(Personal(worked)), ()), strict=False)
            if done > most
        ]
        yield from _told(code, worked, odd, payroll, language)


def _told(code: str, worked: EmployeeField, odd: list[Odd], payroll: Payroll, language: Language) -> Iterator[Remark]:
    if odd:
        odd.sort(key=lambda item: item.payee)
        place = payroll.inputs.employee[worked].place(odd[0].payee)
        title = word(f"headings.employee.{worked}", language)
        yield remark(code, place, title=title, **people(odd, payroll.inputs))


_CODES = ("above_norm", "long_hours", "many_shifts", "hardly_worked", "part_of_day")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
