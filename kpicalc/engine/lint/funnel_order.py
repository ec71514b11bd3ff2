"""A stage of a funnel with more than twice the figure of the stage above: cells changed places, or a zero is extra.

A client of this month may have come to the stage above in the month before, so a little more is normal.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.tree.words import show

_TIMES, _ONE = 2, Decimal(1)


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    pairs = dict.fromkeys(pair for funnel in book.funnels for pair in pairwise(step.kpi for step in funnel.steps()))
    for above, below in pairs:
        before, after = payroll.inputs.actual.get(above), payroll.inputs.actual.get(below)
        if before is None or after is None:
            continue
        odd = []
        for payee, (least, value) in enumerate(zip(before.values, after.values, strict=True)):
            if least is not None and value is not None and value > max(least, _ONE) * _TIMES:
                figures = ((below, value), (above, least))
                shown = [show(figure, unit_of_kpi(book.kpis[key]), book.language) for key, figure in figures]
                odd.append(Odd(payee, value / max(least, _ONE), " > ".join(shown)))
        if odd:
            facts = {"title": book.kpi_title(below), "above": book.kpi_title(above), "times": _TIMES}
            facts |= people(odd, payroll.inputs)
            yield remark("funnel_order", after.place(odd[0].payee), of_kpi(below), **facts)


RULE = Rule(("funnel_order",), _find, when="always", monthly=("funnel_order",))
