"""An actual more than five times its plan where most people are at most at twice theirs: a decimal point is lost.

Where others are in between, such a figure is plausible. A person who cannot be compared with anybody is reported from
ten times on. Whoever had such a figure in an earlier month is not reported again; above twenty times the plan the
person is held, which has a message of its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.engine.doubtful import ABOVE_PLAN, planned
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.tree.words import show
from kpicalc.model.inputs import Inputs

_TIMES, _ALONE, _OTHERS = Decimal(5), Decimal(10), 2
_Figure = tuple[int, Decimal, Decimal]
_Figures = tuple[Sequence[int], Sequence[Decimal], Sequence[Decimal]]
"""Payees, their actuals, their plans."""


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    known: dict[str, list[_Figures]] = defaultdict(list)
    for pay in payroll.schemes:
        for source, figure, plans in planned(pay, book):
            known[source.kpi].append((pay.payees, pay.columns[figure.key], plans))
    for kpi, groups in known.items():
        # In most months nobody is far above the plan.
        far = [
            (payee, actual, plan)
            for group in groups
            for payee, actual, plan in zip(*group, strict=True)
            if actual > plan * _TIMES and plan > 0
        ]
        figures = [row for group in groups for row in zip(*group, strict=True)] if far else []
        if far and (odd := _odd(kpi, far, [row for row in figures if row[2] > 0], subject, payroll.inputs)):
            limit = _ALONE if sum(plan > 0 for _, _, plan in figures) == 1 else _TIMES
            facts = {"title": book.kpi_title(kpi), "times": int(limit)} | people(odd, payroll.inputs)
            series = payroll.inputs.actual.get(kpi)
            place = series.place(odd[0].payee) if series else payroll.inputs.payees[odd[0].payee].place
            yield remark("above_plan", place, of_kpi(kpi), **facts)


def _odd(kpi: str, far: Sequence[_Figure], figures: Sequence[_Figure], subject: Subject, inputs: Inputs) -> list[Odd]:
    """Return the people far above their plan whom neither others' figures nor their own earlier ones explain."""
    if len(figures) == 1:
        far = [row for row in far if row[1] > row[2] * _ALONE]
    usual = sum(actual <= plan * _OTHERS for _, actual, plan in figures)
    if len(far) + usual < len(figures) or (usual <= len(far) and len(figures) > 1):
        return []
    earlier = [series for (key, _), series in inputs.history.items() if key == kpi]
    unit, language = unit_of_kpi(subject.book.kpis[kpi]), subject.book.language
    odd = []
    for payee, actual, plan in sorted(far):
        before = max((series.values[payee] or Decimal(0) for series in earlier), default=Decimal(0))
        if actual <= plan * ABOVE_PLAN and actual > before * _OTHERS:
            odd.append(Odd(payee, actual / plan, f"{show(actual, unit, language)} > {show(plan, unit, language)}"))
    return odd


_CODES = ("above_plan",)
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
