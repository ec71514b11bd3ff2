"""Actuals that look like slips: below zero, a count that is not whole, a share among per cents typed as points.

A result below zero is reported once for its KPI, whatever pays by it: a commission of it is below zero too, an
attainment counts as none, a table of tiers or bands that begins higher refuses it. There is no remark where the scheme
says what it means: `below_zero` of tiers, `attainment: relative`, a `range` that begins below zero.

A KPI is a count by its unit (шт, pcs, people) or, where no unit is stated, because actions are counted by it.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.closure import results_behind
from kpicalc.engine.tree.sources import Actual
from kpicalc.engine.tree.words import show
from kpicalc.lang import severity
from kpicalc.model.scheme import SchemeBook

_ZERO, _ONE, _POINT, _FAR = Decimal(0), Decimal(1), Decimal("0.01"), 20
"""For per cents typed as points: one point, and how far below its plan a figure under one is probably a share."""
_COUNTED = frozenset(
    {"шт", "штук", "штуки", "раз", "чел", "человек", "ед", "единиц", "pc", "pcs", "piece", "pieces", "times", "people"}
    | {"persons", "units"}
)
"""Units of things counted one by one."""


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    counted, stated = _counts(book), stated_below_zero(book)
    refused = {item.place for item in payroll.issues if severity(item) == "error"}
    for key in used_in(book, payroll):
        series = payroll.inputs.actual.get(key)
        if series is None:
            continue
        unit = unit_of_kpi(book.kpis[key])
        odd: dict[str, list[Odd]] = {}
        if key not in stated and min(filter(None, series.values), default=_ZERO) < _ZERO:
            odd["negative_actual"] = [
                Odd(payee, -value, show(value, unit, book.language))
                for payee, value in enumerate(series.values)
                if value is not None and value < _ZERO and series.place(payee) not in refused
            ]
        if key in counted:
            odd["part_of_count"] = [
                Odd(payee, abs(value % _ONE), show(value, "number", book.language))
                for payee, value in enumerate(series.values)
                if value and value % _ONE
            ]
        plan = payroll.inputs.plan.get(key)
        if book.kpis[key].typed == "points" and plan is not None:
            odd["points_as_share"] = [
                Odd(payee, goal - value, show(value, unit, book.language))
                for payee, value in enumerate(series.values)
                if value and 0 < value < _POINT and (goal := plan.values[payee] or _ZERO) > value * _FAR
            ]
        for code, persons in odd.items():
            if persons:
                facts = {"title": book.kpi_title(key)} | people(persons, payroll.inputs)
                yield remark(code, series.place(persons[0].payee), of_kpi(key), **facts)


def _counts(book: SchemeBook) -> set[str]:
    """Return the KPIs that are counts."""
    by_use: set[str] = set()
    amounts: set[str] = set()
    for scheme in book.schemes.values():
        for item in scheme.pay:
            match item.name, item.component:
                case "action_pay", object(goals=dict() as goals):
                    by_use |= {key for key, goal in goals.items() if goal == goal.to_integral_value()}
                case ("penalty", object(on=on, rate=None)) | ("piecework", object(on=on)):
                    by_use.add(on)
                case "penalty" | "commission" | "clawback" | "true_up" | "steps", object(on=on):
                    amounts.add(on)
                case "kpi_bonus", object(kpi=kpi, weights=weights):
                    amounts |= {kpi or "", *(weights or ())}
                case "matrix", object(rows=rows, columns=columns):
                    amounts |= {rows.kpi, columns.kpi}
    units = {key: (kpi.unit or "").strip().rstrip(".").casefold() for key, kpi in book.kpis.items()}
    return {key for key, unit in units.items() if unit in _COUNTED or (not unit and key in by_use - amounts)}


def stated_below_zero(book: SchemeBook) -> set[str]:
    """Return the KPIs for which the scheme file says what a result below zero means."""
    components = [item.component for scheme in book.schemes.values() for item in scheme.pay]
    stated = {str(item.on) for item in components if getattr(item, "below_zero", None) not in (None, "error")}
    loss = {key for key, kpi in book.kpis.items() if kpi.attainment == "relative"}
    return stated | loss | {key for key, kpi in book.kpis.items() if kpi.range and kpi.range[0] < 0}


def used_in(book: SchemeBook, payroll: Payroll) -> list[str]:
    """Return the KPIs whose typed actuals decide somebody's pay, in the order of the scheme file."""
    used: set[str] = set()
    for pay in payroll.schemes:
        used |= {kpi for team in pay.statement.teams for kpi in results_behind([pay.statement], team.of)}
        used |= {figure.source.kpi for figure in pay.statement.given() if isinstance(figure.source, Actual)}
    return [key for key in book.kpis if key in used]


_CODES = ("negative_actual", "part_of_count", "points_as_share")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
