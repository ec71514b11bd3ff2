"""Points and debts: more points spent than there were, and a balance that no scheme carries on."""

from collections.abc import Iterator
from typing import get_args

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.tree.sources import Personal, key_of
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, word
from kpicalc.model.fields import BalanceField


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    if payroll is None:
        return
    for pay in payroll.schemes:
        yield from _overspent(payroll, pay, language)
    for name in get_args(BalanceField):
        yield from _left_out(payroll, name, language)


def _overspent(payroll: Payroll, pay: SchemePay, language: Language) -> Iterator[Remark]:
    for tally in pay.statement.tallies:
        if tally.carried != "points_balance":
            continue
        for row, index in enumerate(pay.payees):
            left = pay.columns[tally.figure][row]
            if left < 0:
                payee = payroll.inputs.payees[index]
                place = payroll.inputs.place_of(index, "points_spent")
                facts = {"payee": payee, "found": show(left, "number", language)}
                yield remark("points_overspent", place, of_scheme(pay.statement.scheme.key), **facts)


def _left_out(payroll: Payroll, name: BalanceField, language: Language) -> Iterator[Remark]:
    series = payroll.inputs.employee.get(name)
    if series is None:
        return
    title = word(f"headings.employee.{name}", language)
    for pay in payroll.schemes:
        if key_of(Personal(name)) in pay.columns:
            continue
        scheme = pay.statement.scheme
        for index in pay.payees:
            value = series.values[index]
            if value:
                payee = payroll.inputs.payees[index]
                facts = {"payee": payee, "title": title, "scheme": scheme.title}
                facts["found"] = show(value, "number", language)
                yield remark("balance_left_out", series.place(index), of_scheme(scheme.key), **facts)


_CODES = ("points_overspent", "balance_left_out")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
