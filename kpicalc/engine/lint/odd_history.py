"""Results of earlier months that are fifty times this month's or a fiftieth of it, or below zero.

Growth is counted from them, and no plan stands beside them. Zero is a result and not counted.
"""

from collections import defaultdict
from collections.abc import Iterator

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.odd_actuals import stated_below_zero
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.tree.sources import EarlierSum, MonthAgo
from kpicalc.engine.tree.words import show

_TIMES = 50


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    inputs, stated = payroll.inputs, stated_below_zero(book)
    sources = {figure.source for pay in payroll.schemes for figure in pay.statement.given()}
    used = {source.kpi for source in sources if isinstance(source, MonthAgo)}
    used |= {source.key for source in sources if isinstance(source, EarlierSum)}
    # By code and KPI, the first of each person's odd months.
    found: dict[tuple[str, str], dict[int, tuple[Odd, tuple[str, int]]]] = defaultdict(dict)
    for (kpi, months), series in inputs.history.items():
        now = inputs.actual.get(kpi)
        if kpi not in used or now is None:
            continue
        unit = unit_of_kpi(book.kpis[kpi])
        for payee, (before, done) in enumerate(zip(series.values, now.values, strict=True)):
            if before is None or before == 0:
                continue
            if before < 0 and kpi not in stated:
                odd = Odd(payee, -before, show(before, unit, book.language))
                found["negative_actual", kpi].setdefault(payee, (odd, (kpi, months)))
            elif done is not None and done > 0 and before > 0 and not done / _TIMES < before < done * _TIMES:
                shown = f"{show(before, unit, book.language)}, {show(done, unit, book.language)}"
                odd = Odd(payee, max(before / done, done / before), shown)
                found["history_far", kpi].setdefault(payee, (odd, (kpi, months)))
    for (code, kpi), by_payee in found.items():
        first, month = next(iter(by_payee.values()))
        facts = {"title": book.kpi_title(kpi), "times": _TIMES} | people([odd for odd, _ in by_payee.values()], inputs)
        yield remark(code, inputs.history[month].place(first.payee), of_kpi(kpi), **facts)


RULE = Rule(("history_far",), _find, when="always", monthly=("history_far",))
