"""An independent reading of formula trees: exact fractions, one person at a time, every rounding stated here again.

It shares the tree's classes with the program and nothing else: no arithmetic, no tables, no rounding.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import assert_never

from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.formula import (
    Arith,
    Band,
    Both,
    Choose,
    Column,
    Compare,
    Condition,
    Curve,
    Either,
    Greatest,
    Least,
    Minus,
    Node,
    Not,
    Number,
    Param,
    Round,
    Slices,
    Sum,
    Table,
)
from kpicalc.engine.tree.sources import Given

Figures = Mapping[str, Fraction]
_LONG = 25
"""A decimal with more digits than a person types stands for a quotient, such as a weight of 1/3."""


class Refused(Exception):
    """The figure has no value: a division by zero, or a result below the first step of a table."""


def exactly(value: Decimal | float | str) -> Fraction:
    """Return what a number means: a decimal as it is, 0.333... of many digits as the third it was written as."""
    found = Fraction(str(value))
    if isinstance(value, Decimal) and len(value.as_tuple().digits) >= _LONG:
        near = found.limit_denominator(10**6)
        if abs(near - found) * 10**_LONG < max(abs(found), 1):
            return near
    return found


def rounded(value: Fraction, step: Fraction, ties: str) -> Fraction:
    """Round to a step. half_up: a half goes away from zero; half_even: to the even neighbour; down: towards zero."""
    size = abs(value) / step
    whole = floor(size)
    rest = size - whole
    half = Fraction(1, 2)
    further = {
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[ties]
    return (whole + further) * step * (-1 if value < 0 else 1)


def figure(node: Node, of: Figures) -> Fraction:
    """Return the value of a tree for one person; only the branch taken is read."""
    match node:
        case Number():
            return exactly(node.value)
        case Param():
            return exactly(node.value)
        case Column():
            return of[node.key]
        case Arith():
            return _operation(node, of)
        case Minus():
            return -figure(node.item, of)
        case Sum():
            return sum((figure(item, of) for item in node.items), Fraction(0))
        case Least():
            return min(figure(item, of) for item in node.items)
        case Greatest():
            return max(figure(item, of) for item in node.items)
        case Round():
            return rounded(figure(node.item, of), Fraction(node.step), node.ties)
        case Choose():
            return figure(node.then if holds(node.when, of) else node.otherwise, of)
        case Band():
            return _band(node.table, figure(node.of, of))
        case Slices():
            return _slices(node.table, figure(node.of, of))
        case Curve():
            return _curve(node.table, figure(node.of, of))
        case _:
            assert_never(node)


def holds(condition: Condition, of: Figures) -> bool:
    """Tell whether a condition holds for one person; every part of it has to have a value."""
    match condition:
        case Compare():
            left, right = figure(condition.left, of), figure(condition.right, of)
            found = {
                "=": left == right,
                "<>": left != right,
                "<": left < right,
                "<=": left <= right,
                ">": left > right,
                ">=": left >= right,
            }
            return found[condition.op]
        case Both():
            return min([holds(item, of) for item in condition.items])
        case Either():
            return max([holds(item, of) for item in condition.items])
        case Not():
            return not holds(condition.item, of)
        case _:
            assert_never(condition)


def statement(compiled: Statement, given: Figures) -> dict[str, Fraction]:
    """Return every figure of one person's calculation, from the figures that the workbook gives."""
    found = dict(given)
    for item in compiled.figures:
        if not isinstance(item.source, Given):
            found[item.key] = figure(item.source, found)
    return found


def _operation(node: Arith, of: Figures) -> Fraction:
    left, right = figure(node.left, of), figure(node.right, of)
    if node.op == "+":
        return left + right
    if node.op == "-":
        return left - right
    if node.op == "*":
        return left * right
    if right == 0:
        raise Refused
    return left / right


def _rows(table: Table) -> list[tuple[Fraction, Fraction]]:
    return [(exactly(step.bound.value), exactly(step.pays.value)) for step in table.steps]


def _band(table: Table, value: Fraction) -> Fraction:
    # A bound that is excluded belongs to the row before.
    passed = [bound < value or (bound == value and not step.excluded)
              for step, (bound, _) in zip(table.steps, _rows(table), strict=True)]  # fmt: skip
    reached = [pays for is_reached, (_, pays) in zip(passed, _rows(table), strict=True) if is_reached]
    if not reached:
        raise Refused
    return reached[-1]


def _slices(table: Table, value: Fraction) -> Fraction:
    rows = _rows(table)
    if value < rows[0][0]:
        raise Refused
    # Each rouble above a bound earns the difference that the bound makes to the rate.
    pay, before = Fraction(0), Fraction(0)
    for bound, rate in rows:
        pay += max(value - bound, Fraction(0)) * (rate - before)
        before = rate
    return pay


def _curve(table: Table, value: Fraction) -> Fraction:
    rows = _rows(table)
    below = [row for row in rows if row[0] <= value]
    above = [row for row in rows if row[0] > value]
    if not below:
        return rows[0][1]
    if not above:
        return rows[-1][1]
    (start, low), (end, high) = below[-1], above[0]
    share = (value - start) / (end - start)
    return low * (1 - share) + high * share
