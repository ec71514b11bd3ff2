"""Actuals that are a fiftieth of their plan or less, or fifty times a norm: one of them is probably in thousands.

A goal that the scheme states is a plan too, and so is the plan of a quarter or a year.

An actual far above a plan where more is better holds the person, as too much would be paid. This is only a remark:
somebody who started late or fell ill may have done as little. Zero is a result and not counted.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.engine.doubtful import Pay
from kpicalc.engine.goals import stated_goals
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.statement import Figure
from kpicalc.engine.terms.whole_periods import periods_of
from kpicalc.engine.tree.sources import Actual, DuePlan, Plan
from kpicalc.engine.tree.words import show

_TIMES = Decimal(50)
_POINT = Decimal("0.01")
"""Per cents typed as points: a figure below one point is left to the remark on shares."""


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    odd: dict[str, dict[int, Odd]] = defaultdict(dict)
    for pay in payroll.schemes:
        for key, figure, plans in _planned(pay):
            kpi, fewer = book.kpis[key], book.kpis[key].better == "lower"
            for payee, value, goal in zip(pay.payees, pay.columns[figure.key], plans, strict=True):
                if not (value * _TIMES <= goal or (fewer and value >= goal * _TIMES)):
                    continue
                if value > 0 and goal > 0 and not (kpi.typed == "points" and value < _POINT):
                    distance = max(goal / value, value / goal)
                    odd[key].setdefault(payee, Odd(payee, distance, show(value, figure.unit, book.language)))
    for key, found in odd.items():
        persons = list(found.values())
        series = payroll.inputs.actual.get(key)
        place = series.place(persons[0].payee) if series else payroll.inputs.payees[persons[0].payee].place
        facts = {"title": book.kpi_title(key), "times": int(_TIMES)} | people(persons, payroll.inputs)
        yield remark("far_from_plan", place, of_kpi(key), **facts)


def _planned(pay: Pay) -> Iterator[tuple[str, Figure, Sequence[Decimal]]]:
    """Yield the KPIs of a scheme with their figures and plans: of the month, then of quarters and years."""
    keys = {figure.key: figure for figure in pay.statement.figures if figure.key in pay.columns}
    figures = {figure.role: figure for figure in keys.values()}
    goals = stated_goals(pay.statement)
    for source in [role for role in figures if isinstance(role, Actual)]:
        seasonal = DuePlan(source.kpi, "season")
        plan = figures.get(seasonal if seasonal in figures else Plan(source.kpi))
        if plan is not None:
            yield source.kpi, figures[source], pay.columns[plan.key]
        elif source.kpi in goals:
            yield source.kpi, figures[source], [max(goals[source.kpi])] * len(pay.payees)
        for whole, planned in periods_of(source.kpi):
            if whole in keys and planned in pay.columns:
                yield source.kpi, keys[whole], pay.columns[planned]


RULE = Rule(("far_from_plan",), _find, when="always", monthly=("far_from_plan",))
