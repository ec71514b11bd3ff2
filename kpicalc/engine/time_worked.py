"""Amounts for the time worked: the share of the norm by days or hours, and the rate (FTE)."""

from typing import Literal

from kpicalc.engine.formula import ONE, ZERO, Arith, Node
from kpicalc.engine.workings import Workings

Prorate = Literal["days", "hours", "none"]
Fte = Literal["multiply", "ignore"]


def for_time_worked(w: Workings, amount: Node, prorate: Prorate, fte: Fte | None) -> Node:
    """Return amount x rate x worked / norm; an unstated `fte` is refused where anybody's rate is not 1."""
    watch_prorate(w)
    if fte is None:
        w.assume("fte", ONE.value, "fte_open")
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
