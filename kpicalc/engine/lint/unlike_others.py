"""Actuals without a plan, fifty times the middle ones of the others of the position or a fiftieth of them.

What has a plan or a range is judged by that. Zero is a result and not counted, per cents differ as they like, of two
people either could be the usual one, and a newcomer may have done as little.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from statistics import median_low

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.middle import did_little, far_from_middle
from kpicalc.engine.lint.odd_actuals import used_in
from kpicalc.engine.lint.odd_salaries import coefficients
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.model.texts import spelling_key

_TIMES = Decimal(50)
_FEWEST = 3


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    inputs = payroll.inputs
    for kpi in used_in(book, payroll):
        unit, series, plan = unit_of_kpi(book.kpis[kpi]), inputs.actual.get(kpi), inputs.plan.get(kpi)
        if series is None or unit == "percent" or book.kpis[kpi].range or (plan is not None and any(plan.values)):
            continue
        known = {payee: value for payee, value in enumerate(series.values) if value is not None and value > 0}
        if not known or min(known.values()) * _TIMES > max(known.values()) or kpi in coefficients(book):
            continue
        groups: dict[str, dict[int, Decimal]] = defaultdict(dict)
        for payee, value in known.items():
            groups[spelling_key(inputs.payees[payee].position)][payee] = value
        odd: list[Odd] = []
        for group in groups.values():
            if len(group) >= _FEWEST:
                usual = median_low(group.values())
                far = far_from_middle(list(group), list(group.values()), unit, book.language, _TIMES)
                odd += [item for item in far if not did_little(inputs, item.payee, group[item.payee], usual, unit)]
        if odd:
            odd.sort(key=lambda item: item.payee)
            facts = {"title": book.kpi_title(kpi), "times": int(_TIMES)} | people(odd, inputs)
            yield remark("unlike_others", series.place(odd[0].payee), of_kpi(kpi), **facts)


RULE = Rule(("unlike_others",), _find, when="always", monthly=("unlike_others",))
