"""Amounts by steps of a KPI's value or of months employed: the highest step reached pays, or all steps reached do."""

from collections.abc import Sequence
from decimal import Decimal

from kpicalc.engine.terms.own import OwnAmount, amount_of_row
from kpicalc.engine.terms.tiers import FromRow, excluded, from_first, passed
from kpicalc.engine.tree.formula import ZERO, Choose, Condition, Node, Unit, total
from kpicalc.engine.workings import Workings


class StepRow(FromRow):
    """From this value on, this amount."""

    amount: OwnAmount


def highest_step(desk: Workings, value: Node, rows: Sequence[StepRow], unit: Unit, option: str = "at") -> Node:
    """Compose the amount of the highest step reached; below the first step it is 0."""
    fixed = [(row.bound, row.amount) for row in rows if isinstance(row.amount, Decimal)]
    if len(fixed) == len(rows):
        title, shut = desk.word("figure.amount_reached"), excluded(rows)
        return from_first(desk, value, desk.table(option, title, fixed, (unit, "money"), bands=True, excluded=shut))
    node: Node = ZERO
    for reached, amount in _rungs(desk, value, rows, unit, option):
        node = Choose(reached, amount, node)
    return node


def all_steps(desk: Workings, value: Node, rows: Sequence[StepRow], unit: Unit, option: str = "at") -> Node:
    """Compose the sum of the amounts of all steps reached."""
    return total(tuple(Choose(reached, amount, ZERO) for reached, amount in _rungs(desk, value, rows, unit, option)))


def _rungs(
    desk: Workings, value: Node, rows: Sequence[StepRow], unit: Unit, option: str
) -> list[tuple[Condition, Node]]:
    """Return for every step the condition that it is reached, and its amount."""
    bound_title, amount_title = desk.word("figure.step"), desk.word("figure.amount_of_step")
    rungs = []
    for number, row in enumerate(rows):
        bound = desk.term(f"{option}.{number}.bound", bound_title, row.bound, unit)
        amount = amount_of_row(desk, row.amount, f"{option}.{number}.amount", amount_title, option, number, "amount")
        rungs.append((passed(value, bound, above=row.above is not None), amount))
    return rungs
