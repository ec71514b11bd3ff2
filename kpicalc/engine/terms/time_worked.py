"""Amounts for the time worked: the share of the norm by days or hours, and the rate (FTE)."""

from collections.abc import Mapping
from typing import Literal

from kpicalc.engine.tree.formula import ONE, ZERO, Arith, Choose, Column, Node, compare
from kpicalc.engine.workings import Workings
from kpicalc.model.fields import EmployeeField

Prorate = Literal["days", "hours", "none"]
Fte = Literal["multiply", "ignore"]
Changes = Literal["split", "ignore"]
Per = Literal["month", "day", "hour", "shift"]
COUNTED: Mapping[Per, EmployeeField] = {"day": "days_worked", "hour": "hours_worked", "shift": "shifts"}
"""The multiplier of an amount for a day, an hour or a shift."""


def for_time_worked(desk: Workings, amount: Node, prorate: Prorate, fte: Fte | None) -> Node:
    """Return amount x rate x worked / norm; an unstated `fte` is refused for payees whose rate is not 1."""
    watch_prorate(desk)
    if fte == "multiply":
        watch_changes(desk)
    if fte is None:
        desk.assume("fte", ONE.value, "fte_open")
        desk.assume("fte_after", ONE.value, "fte_open")
    if fte == "multiply":
        amount = Arith("*", amount, desk.employee("fte"))
    if prorate == "days":
        return Arith("/", Arith("*", amount, desk.employee("days_worked")), desk.employee("days_norm"))
    if prorate == "hours":
        return Arith("/", Arith("*", amount, desk.employee("hours_worked")), desk.employee("hours_norm"))
    return amount


def watch_changes(desk: Workings) -> None:
    """Refuse a change of salary or rate inside the month where the component cannot split it."""
    if not desk.component.splits_by_change:
        desk.assume("changed", ZERO.value, "changes_unused")


def watch_prorate(desk: Workings) -> None:
    """Refuse an unstated `prorate` for a payee hired or dismissed inside the month."""
    if "prorate" not in desk.component.model_fields_set:
        desk.assume("part_month", ZERO.value, "prorate_open")


def split_by_change(desk: Workings, salary: Node, prorate: Prorate, fte: Fte | None) -> Node:
    """Return each part of the month at its own salary and rate; `salary` is the column or an amount for everybody.

    (salary x rate x worked before + salary after x rate after x worked after) / norm.
    """
    whole = for_time_worked(desk, salary, prorate, fte)
    before, after = salary, _after_change(desk, salary)
    if fte == "multiply":
        before, after = Arith("*", before, desk.employee("fte")), Arith("*", after, desk.employee("fte_after"))
    norm = desk.employee("hours_norm" if prorate == "hours" else "days_norm")
    since, parts = _parts(desk, before, after, "hour" if prorate == "hours" else "day")
    return Choose(compare("=", since, ZERO), whole, Arith("/", parts, norm))


def for_each(desk: Workings, amount: Node, per: Per, changes: Changes | None) -> Node:
    """Return amount x days, hours or shifts worked; with `split` the time after a change at its own amount."""
    whole = Arith("*", amount, desk.employee(COUNTED[per]))
    if changes != "split":
        return whole
    since, parts = _parts(desk, amount, _after_change(desk, amount), per)
    return Choose(compare("=", since, ZERO), whole, parts)


def _parts(desk: Workings, before: Node, after: Node, per: Per) -> tuple[Node, Node]:
    """Return the days or hours since a change, and the pay of both parts of the month."""
    worked, since = desk.employee(COUNTED[per]), desk.employee("hours_after" if per == "hour" else "days_after")
    return since, Arith("+", Arith("*", before, Arith("-", worked, since)), Arith("*", after, since))


def _after_change(desk: Workings, amount: Node) -> Node:
    """Return an amount after a change: the new salary or a share of it; other amounts do not change."""
    match amount:
        case Column(key="employee.salary"):
            return desk.employee("salary_after")
        case Arith(op, left, right):
            return Arith(op, _after_change(desk, left), _after_change(desk, right))
        case _:
            return amount
