"""What looks wrong in points and debts: more spent than there was, a balance that nobody's scheme carries on."""

from collections.abc import Iterator
from typing import get_args

from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.words import show
from kpicalc.lang import word
from kpicalc.model.inputs import BalanceField
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import SchemeBook


def balance_doubts(book: SchemeBook, payroll: Payroll) -> Iterator[Issue]:
    """Yield what looks wrong; none of it changes what is paid."""
    for pay in payroll.schemes:
        yield from _overspent(book, payroll, pay)
    for name in get_args(BalanceField):
        yield from _left_out(book, payroll, name)


def _overspent(book: SchemeBook, payroll: Payroll, pay: SchemePay) -> Iterator[Issue]:
    for tally in pay.statement.tallies:
        if tally.carried != "points_balance":
            continue
        for at, index in enumerate(pay.payees):
            left = pay.columns[tally.figure][at]
            if left < 0:
                payee = payroll.inputs.payees[index]
                found = show(left, "number", book.language)
                place = payroll.inputs.place_of(index, "points_spent")
                yield issue("points_overspent", place, payee=f"{payee.id} {payee.name}", found=found)


def _left_out(book: SchemeBook, payroll: Payroll, name: BalanceField) -> Iterator[Issue]:
    series = payroll.inputs.employee.get(name)
    if series is None:
        return
    title = word(f"headings.employee.{name}", book.language)
    for pay in payroll.schemes:
        if f"employee.{name}" in pay.columns:
            continue
        for index in pay.payees:
            value = series.values[index]
            if value:
                payee = payroll.inputs.payees[index]
                facts = {"payee": f"{payee.id} {payee.name}", "title": title, "scheme": pay.statement.scheme.title}
                found = show(value, "number", book.language)
                yield issue("balance_left_out", series.place(index), found=found, **facts)
