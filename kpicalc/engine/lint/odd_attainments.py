"""An actual more than five times its plan where most people are at most at twice theirs: a decimal point is lost.

Where others stand between, such a figure is no wonder. Of somebody whom nobody can be compared with it is said from ten
times on. Whoever had such a figure in an earlier month is not asked again; above twenty times the plan the person is
held, and that is told by itself.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.doubtful import ABOVE_PLAN, planned
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.words import show

_TIMES, _ALONE, _OTHERS = 5, 10, 2


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    known: dict[str, dict[int, tuple[Decimal, Decimal]]] = defaultdict(dict)
    for pay in payroll.schemes:
        for source, figure, plans in planned(pay, book):
            for payee, actual, plan in zip(pay.payees, pay.columns[figure.key], plans, strict=True):
                if plan > 0:
                    known[source.kpi][payee] = actual, plan
    for kpi, figures in known.items():
        limit = _ALONE if len(figures) == 1 else _TIMES
        far = [payee for payee, (actual, plan) in figures.items() if actual > plan * limit]
        usual = sum(actual <= plan * _OTHERS for actual, plan in figures.values())
        if not far or len(far) + usual < len(figures) or (usual <= len(far) and len(figures) > 1):
            continue
        earlier = [series for (key, _), series in payroll.inputs.history.items() if key == kpi]
        odd = []
        for payee in sorted(far):
            actual, plan = figures[payee]
            before = max((series.values[payee] or Decimal(0) for series in earlier), default=Decimal(0))
            if actual <= plan * ABOVE_PLAN and actual > before * _OTHERS:
                unit = unit_of_kpi(book.kpis[kpi])
                shown = f"{show(actual, unit, book.language)} > {show(plan, unit, book.language)}"
                odd.append(Odd(payee, actual / plan, shown))
        if odd:
            facts = {"title": book.kpi_title(kpi), "times": limit} | people(odd, payroll.inputs)
            series = payroll.inputs.actual.get(kpi)
            place = series.place(odd[0].payee) if series else payroll.inputs.payees[odd[0].payee].place
            yield remark("above_plan", place, of_kpi(kpi), **facts)


_CODES = ("above_plan",)
RULE = Rule(_CODES, _find, told="always", monthly=_CODES)
