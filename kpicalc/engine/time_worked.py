"""Amounts for the time worked: the share of the norm by days or hours, and the rate (FTE)."""

from typing import Literal

from kpicalc.engine.formula import ONE, ZERO, Arith, Choose, Column, Node, compare
from kpicalc.engine.workings import Workings

Prorate = Literal["days", "hours", "none"]
Fte = Literal["multiply", "ignore"]
Changes = Literal["split", "ignore"]


def for_time_worked(w: Workings, amount: Node, prorate: Prorate, fte: Fte | None) -> Node:
    """Return amount x rate x worked / norm; an unstated `fte` is refused where anybody's rate is not 1."""
    watch_prorate(w)
    if fte == "multiply" and not hasattr(w.component, "changes"):
        w.assume("changed", ZERO.value, "changes_unused")
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


def watch_prorate(w: Workings) -> None:
    """Refuse an unstated `prorate` where anybody is hired or dismissed inside the month."""
    if "prorate" not in w.component.model_fields_set:
        w.assume("part_month", ZERO.value, "prorate_open")


def split_by_change(w: Workings, salary: Node, prorate: Prorate, fte: Fte | None) -> Node:
    """Return each part of the month at its own salary and rate; `salary` is the column or an amount for everybody.

    (salary x rate x worked before + salary after x rate after x worked after) / norm.
    """
    whole = for_time_worked(w, salary, prorate, fte)
    before, after = salary, w.employee("salary_after") if isinstance(salary, Column) else salary
    if fte == "multiply":
        before, after = Arith("*", before, w.employee("fte")), Arith("*", after, w.employee("fte_after"))
    if prorate == "hours":
        worked, norm, since = w.employee("hours_worked"), w.employee("hours_norm"), w.employee("hours_after")
    else:
        worked, norm, since = w.employee("days_worked"), w.employee("days_norm"), w.employee("days_after")
    parts = Arith("+", Arith("*", before, Arith("-", worked, since)), Arith("*", after, since))
    return Choose(compare("=", since, ZERO), whole, Arith("/", parts, norm))
