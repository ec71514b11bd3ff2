"""A salary of a twentieth of a low monthly wage or less, or fifty times it or more: thousands or kopecks for roubles.

It is found even where a whole column is typed so, or one person has no colleagues to compare with. What is paid for an
hour, a day or a shift is compared with such a part of the wage; a month's pay for an hour holds the person. In a
currency without a known wage nothing is compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpicalc.engine.components.base_salary import BaseSalary
from kpicalc.engine.doubtful import least_of_month
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.statement import Statement
from kpicalc.engine.terms.own import ShareOf
from kpicalc.engine.terms.time_worked import Per
from kpicalc.engine.tree.sources import OwnColumn, Personal, series_of
from kpicalc.engine.tree.words import show

_PART, TIMES_LEAST = 20, 50
_IN_MONTH: Mapping[Per, int] = {"month": 1, "day": 22, "shift": 22, "hour": 176}


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    least = least_of_month(book)
    if payroll is None or least is None:
        return
    odd: dict[Personal | OwnColumn, dict[int, Odd]] = defaultdict(dict)
    titles: dict[Personal | OwnColumn, str] = {}
    for pay in payroll.schemes:
        due_by_name = _due(pay.statement, least)
        for figure in pay.statement.given():
            source = figure.source
            if not isinstance(source, Personal | OwnColumn) or (due := due_by_name.get(_base(source))) is None:
                continue
            titles[source] = figure.title
            for payee, value in zip(pay.payees, pay.columns[figure.key], strict=True):
                if 0 < value * _PART <= due or value >= least * TIMES_LEAST:
                    shown = show(value, "money", book.language)
                    odd[source][payee] = Odd(payee, max(due / value, value / least), shown)
    for source, by_payee in odd.items():
        # Without a change of pay the salary after it is the salary before, which is told already.
        told = odd.get(Personal("salary"), {}) if source == Personal("salary_after") else {}
        persons = [by_payee[payee] for payee in sorted(by_payee) if payee not in told]
        if persons and (series := series_of(source, payroll.inputs)):
            facts = {"title": titles[source]} | people(persons, payroll.inputs)
            yield remark("unlikely_salary", series.place(persons[0].payee), **facts)


def _base(source: Personal | OwnColumn) -> str:
    return source.name.removesuffix("_after")


def _due(statement: Statement, least: Decimal) -> Mapping[str, Decimal]:
    """Return the least usual amount by column: for a month, an hour, a day or a shift, as it is paid.

    Of several uses that by the longest time counts; of a share, which may be any part, only where there is no other.
    """
    due: dict[bool, dict[str, Decimal]] = {True: {}, False: {}}
    for item in statement.scheme.pay:
        if isinstance(item.component, BaseSalary) and not isinstance(amount := item.component.amount, Decimal):
            is_share = isinstance(amount, ShareOf)
            name = amount.of if isinstance(amount, ShareOf) else amount
            usual = least / _IN_MONTH[item.component.per]
            due[is_share][name] = max(usual, due[is_share].get(name, usual))
    return due[True] | due[False]


RULE = Rule(("unlikely_salary",), _find, when="always", monthly=("unlikely_salary",))
