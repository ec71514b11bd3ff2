"""Adjustments above five low monthly wages that are more than twice everything else that the person is paid.

Nothing else limits them: zeros too many are a year's bonus by their look. Where most people, three at least, are paid
so much at once, it is one. Whoever is paid nothing else this month, as on a leave, has nothing to be compared with.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.doubtful import least_of_month
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.tree.words import show

_LOW_WAGES, _TIMES, _FEWEST = 5, 2, 3


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, least = subject.payroll, least_of_month(subject.book)
    if payroll is None or least is None or not payroll.inputs.adjustments:
        return
    inputs = payroll.inputs
    above = sum(any(item.amount > least * _LOW_WAGES for item in items) for items in inputs.adjustments.values())
    if above >= _FEWEST and above * 2 > len(inputs.payees):
        return
    large: dict[int, Odd] = {}
    for pay in payroll.schemes:
        for payee, total in zip(pay.payees, pay.columns[pay.statement.accrued], strict=True):
            items = inputs.adjustments.get(payee, ())
            rest = total - sum(item.amount for item in items)
            highest = max((item.amount for item in items), default=Decimal(0))
            if highest > least * _LOW_WAGES and highest > rest * _TIMES > 0:
                large[payee] = Odd(payee, highest / rest, show(highest, "money", subject.book.language))
    if large:
        first = max(inputs.adjustments[next(iter(large))], key=lambda item: item.amount)
        yield remark("large_adjustment", first.place, **people(list(large.values()), inputs))


RULE = Rule(("large_adjustment",), _find, when="sound", monthly=("large_adjustment",))
