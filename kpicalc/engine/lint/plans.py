"""Plans that were never reached, and plans that everybody exceeds twice over.

A plan is judged against the person's own actuals of this month and of the months on the History sheet. It is out of
reach if with at least three months of history nobody ever reached it, and too low if every known figure, of three at
least, is twice the plan or more. Where less is better, both are the other way round.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.terms.season import plans_of
from kpicalc.engine.tree.sources import Plan
from kpicalc.engine.tree.words import show
from kpicalc.model.inputs import Inputs
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook

_ENOUGH_MONTHS = 3
_ENOUGH_FIGURES = 3
_TWICE = 2
_BEYOND = Decimal("Infinity")


@record
class _Figure:
    """A payee's actual of a month, and its share of today's plan."""

    payee: int
    actual: Decimal
    plan: Decimal
    reached: Decimal


def _find(subject: Subject) -> Iterator[Remark]:
    book, inputs = subject.book, subject.inputs
    if inputs is None:
        return
    planned = {figure.role for statement in subject.statements.values() for figure in statement.given()}
    for key, plans in inputs.plan.items():
        if Plan(key) not in planned:
            continue
        months, figures = _figures(key, book, inputs)
        title = book.kpi_title(key)
        if months >= _ENOUGH_MONTHS and all(figure.reached < 1 for figure in figures):
            best = max(figures, key=lambda figure: figure.reached)
            facts = {"title": title, "months": months, "found": _told(best, key, book, inputs)}
            yield remark("plan_out_of_reach", plans.place(best.payee), of_kpi(key), **facts)
        if len(figures) >= _ENOUGH_FIGURES and all(figure.reached >= _TWICE for figure in figures):
            least = min(figures, key=lambda figure: figure.reached)
            facts = {"title": title, "times": _TWICE, "found": _told(least, key, book, inputs)}
            yield remark("plan_too_low", plans.place(least.payee), of_kpi(key), **facts)


def _figures(key: str, book: SchemeBook, inputs: Inputs) -> tuple[int, list[_Figure]]:
    """Return the number of months of history, and everybody's figures of all months against today's plan."""
    lower = book.kpis[key].better == "lower"
    figures: list[_Figure] = []
    past = [series for (kpi, _), series in inputs.history.items() if kpi == key]
    months = 0
    for series in (*past, inputs.actual.get(key)):
        before = len(figures)
        for payee, (actual, plan) in enumerate(
            zip(series.values if series else (), plans_of(book, inputs, key) or (), strict=False)
        ):
            if actual is not None and plan is not None and plan > 0:
                top, bottom = (plan, actual) if lower else (actual, plan)
                figures.append(_Figure(payee, actual, plan, top / bottom if bottom else _BEYOND))
        months += series in past and len(figures) > before
    return months, figures


def _told(figure: _Figure, key: str, book: SchemeBook, inputs: Inputs) -> str:
    payee, unit = inputs.payees[figure.payee], unit_of_kpi(book.kpis[key])
    actual, plan = (show(value, unit, book.language) for value in (figure.actual, figure.plan))
    return f"{payee}: {actual} / {plan}"


_CODES = ("plan_out_of_reach", "plan_too_low")
RULE = Rule(_CODES, _find, monthly=_CODES)
