"""Amounts for the time worked: the share of the norm by days or hours, and the rate (FTE)."""

from collections.abc import Mapping
from typing import Literal

from kpicalc.engine.formula import ONE, ZERO, Arith, Choose, Column, Node, compare
from kpicalc.engine.workings import Workings
from kpicalc.model.fields import EmployeeField

Prorate = Literal["days", "hours", "none"]
Fte = Literal["multiply", "ignore"]
Changes = Literal["split", "ignore"]
Per = Literal["month", "day", "hour", "shift"]
COUNTED: Mapping[Per, EmployeeField] = {"day": "days_worked", "hour": "hours_worked", "shift": "shifts"}
"""By what an amount for a day, an hour or a shift is multiplied."""


def for_time_worked(w: Workings, amount: Node, prorate: Prorate, fte: Fte | None) -> Node:
    """Return amount x rate x worked / norm; an unstated `fte` is refused where anybody's rate is not 1."""
    watch_prorate(w)
    if fte == "multiply":
        watch_changes(w)
    if fte is None:
        w.assume("fte", ONE.value, "fte_open")
        w.assume("fte_after", ONE.value, "fte_open")
    if fte == "multiply":
        amount = Arith("*", amount, w.employee("fte"))
    if prorate == "days":
        return Arith("/", Arith("*", amount, w.employee("days_worked")), w.employee("days_norm"))
    if prorate == "hours":
        return Arith("/", Arith("*", amount, w.employee("hours_worked")), w.employee("hours_norm"))
    return amount


def watch_changes(w: Workings) -> None:
    """Refuse a change of salary or rate inside the month where the component cannot split it."""
    if not w.component.splits_by_change:
        w.assume("changed", ZERO.value, "changes_unused")


def watch_prorate(w: Workings) -> None:
    """Refuse an unstated `prorate` where anybody is hired or dismissed inside the month."""
    if "prorate" not in w.component.model_fields_set:
        w.assume("part_month", ZERO.value, "prorate_open")


def split_by_change(w: Workings, salary: Node, prorate: Prorate, fte: Fte | None) -> Node:
    """Return each part of the month at its own salary and rate; `salary` is the column or an amount for everybody.

    (salary x rate x worked before + salary after x rate after x worked after) / norm.
    """
    whole = for_time_worked(w, salary, prorate, fte)
    before, after = salary, _after_change(w, salary)
    if fte == "multiply":
        before, after = Arith("*", before, w.employee("fte")), Arith("*", after, w.employee("fte_after"))
    norm = w.employee("hours_norm" if prorate == "hours" else "days_norm")
    since, parts = _parts(w, before, after, "hour" if prorate == "hours" else "day")
    return Choose(compare("=", since, ZERO), whole, Arith("/", parts, norm))


def for_each(w: Workings, amount: Node, per: Per, changes: Changes | None) -> Node:
    """Return amount x days, hours or shifts worked; with `split` what comes after a change at its own amount."""
    whole = Arith("*", amount, w.employee(COUNTED[per]))
    if changes != "split":
        return whole
    since, parts = _parts(w, amount, _after_change(w, amount), per)
    return Choose(compare("=", since, ZERO), whole, parts)


def _parts(w: Workings, before: Node, after: Node, per: Per) -> tuple[Node, Node]:
    """Return the days or hours since a change, and what both parts of the month pay by them."""
    worked, since = w.employee(COUNTED[per]), w.employee("hours_after" if per == "hour" else "days_after")
    return since, Arith("+", Arith("*", before, Arith("-", worked, since)), Arith("*", after, since))


def _after_change(w: Workings, amount: Node) -> Node:
    """Return an amount as it is after a change: the new salary, or the same share of it; nothing else changes."""
    match amount:
        case Column(key="employee.salary"):
            return w.employee("salary_after")
        case Arith(op, left, right):
            return Arith(op, _after_change(w, left), _after_change(w, right))
        case _:
            return amount
