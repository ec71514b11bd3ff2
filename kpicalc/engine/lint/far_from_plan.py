"""Actuals that are a fiftieth of their plan or less, or fifty times a norm: one of them is probably in thousands.

A goal that the scheme states is a plan too.

An actual far above a plan where more is better holds the person, as too much would be paid. This is only a remark:
somebody who started late or fell ill may have done as little. Zero is a result and not counted.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.goals import stated_goals
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.tree.sources import Actual, DuePlan, Plan
from kpicalc.engine.tree.words import show

_TIMES = Decimal(50)
_POINT = Decimal("0.01")
"""Per cents typed as points: a figure below one point is left to the remark on shares."""


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    odd: dict[str, list[Odd]] = defaultdict(list)
    for pay in payroll.schemes:
        figures = {figure.role: figure for figure in pay.statement.figures if figure.key in pay.columns}
        for source, figure in figures.items():
            if not isinstance(source, Actual):
                continue
            kpi, seasonal = book.kpis[source.kpi], DuePlan(source.kpi, "season")
            plan = figures.get(seasonal if seasonal in figures else Plan(source.kpi))
            stated = stated_goals(pay.statement).get(source.kpi, ())
            if plan is None and not stated:
                continue
            plans = pay.columns[plan.key] if plan else [max(stated)] * len(pay.payees)
            fewer = kpi.better == "lower"
            for payee, value, goal in zip(pay.payees, pay.columns[figure.key], plans, strict=True):
                if not (value * _TIMES <= goal or (fewer and value >= goal * _TIMES)):
                    continue
                if value > 0 and goal > 0 and not (kpi.typed == "points" and value < _POINT):
                    distance = max(goal / value, value / goal)
                    odd[source.kpi].append(Odd(payee, distance, show(value, figure.unit, book.language)))
    for key, persons in odd.items():
        series = payroll.inputs.actual.get(key)
        place = series.place(persons[0].payee) if series else payroll.inputs.payees[persons[0].payee].place
        facts = {"title": book.kpi_title(key), "times": int(_TIMES)} | people(persons, payroll.inputs)
        yield remark("far_from_plan", place, of_kpi(key), **facts)


RULE = Rule(("far_from_plan",), _find, when="always", monthly=("far_from_plan",))
