"""The first reader: formula trees as exact numbers, a whole column of payees at once.

Only the branch taken is computed for a payee, so `if(calls = 0, 0, sales / calls)` never divides by zero. What cannot
be computed becomes a fault of that payee, never a number.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import assert_never

from kpicalc.engine.tree.formula import (
    Arith,
    Band,
    Both,
    Choose,
    Column,
    Compare,
    Comparison,
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
from kpicalc.model.money import rounder
from kpicalc.model.record import record

_COMPARE: Mapping[Comparison, Callable[[Decimal, Decimal], bool]] = {
    "=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip
_ZERO = Decimal(0)


@record
class Fault:
    """A figure that could not be computed: the row, the node, and the value that prevents it."""

    row: int
    node: Node
    value: Decimal


@record
class Rows:
    """The figures of several payees: columns by key, and the rows to compute (`only`; all if None)."""

    columns: Mapping[str, Sequence[Decimal]]
    count: int
    only: Sequence[int] | None = None
    faults: list[Fault] = field(default_factory=list)

    def numbers_of_rows(self) -> Sequence[int]:
        """Return the numbers of the rows to compute."""
        return range(self.count) if self.only is None else self.only

    def where(self, mask: Sequence[bool], wanted: bool) -> "Rows":
        """Return the rows in which the condition has the wanted value."""
        rows = self.numbers_of_rows()
        return replace(self, only=[row for row, is_so in zip(rows, mask, strict=True) if is_so is wanted])

    def __len__(self) -> int:
        return self.count if self.only is None else len(self.only)


def numbers(node: Node, rows: Rows) -> Sequence[Decimal]:
    """Compute a figure for every row. Call inside `exact_context()`."""
    match node:
        case Number(value) | Param(value=value):
            return [value] * len(rows)
        case Column(key=key):
            column = rows.columns[key]
            return column if rows.only is None else [column[row] for row in rows.only]
        case Arith("/", left, right):
            return _divide(node, numbers(left, rows), numbers(right, rows), rows)
        case Arith("+", left, right):
            return list(map(add, numbers(left, rows), numbers(right, rows)))
        case Arith("-", left, right):
            return list(map(sub, numbers(left, rows), numbers(right, rows)))
        case Arith(_, left, right):
            return list(map(mul, numbers(left, rows), numbers(right, rows)))
        case Minus(item):
            return [_ZERO - value for value in numbers(item, rows)]
        case Sum(items):
            return [sum(values, _ZERO) for values in zip(*(numbers(item, rows) for item in items), strict=True)]
        case Least(items):
            return [min(values) for values in zip(*(numbers(item, rows) for item in items), strict=True)]
        case Greatest(items):
            return [max(values) for values in zip(*(numbers(item, rows) for item in items), strict=True)]
        case Round(item, step, ties):
            return list(map(rounder(step, ties), numbers(item, rows)))
        case Choose(when, then, otherwise):
            mask = truths(when, rows)
            if all(mask):
                return numbers(then, rows)
            if not any(mask):
                return numbers(otherwise, rows)
            yes = iter(numbers(then, rows.where(mask, True)))
            no = iter(numbers(otherwise, rows.where(mask, False)))
            return [next(yes) if is_so else next(no) for is_so in mask]
        case Band(of, table):
            return _lookup(node, table, numbers(of, rows), rows)
        case Slices(of, table, unit):
            return _slices(node, table, numbers(of, rows), numbers(unit, rows), rows)
        case Curve(of, table):
            return [_on_curve(table, value) for value in numbers(of, rows)]
        case _:
            assert_never(node)


def truths(condition: Condition, rows: Rows) -> list[bool]:
    """Evaluate a condition for every row."""
    match condition:
        case Compare(op, left, right):
            return list(map(_COMPARE[op], numbers(left, rows), numbers(right, rows)))
        case Both(items):
            return [all(row) for row in zip(*(truths(item, rows) for item in items), strict=True)]
        case Either(items):
            return [any(row) for row in zip(*(truths(item, rows) for item in items), strict=True)]
        case Not(item):
            return [not holds for holds in truths(item, rows)]
        case _:
            assert_never(condition)


def _divide(node: Arith, tops: Sequence[Decimal], bottoms: Sequence[Decimal], rows: Rows) -> list[Decimal]:
    if all(bottoms):
        return list(map(truediv, tops, bottoms))
    result = []
    for row, top, bottom in zip(rows.numbers_of_rows(), tops, bottoms, strict=True):
        if bottom:
            result.append(top / bottom)
        else:
            rows.faults.append(Fault(row, node, top))
            result.append(_ZERO)
    return result


def _lookup(node: Band, table: Table, values: Sequence[Decimal], rows: Rows) -> list[Decimal]:
    bounds = [step.bound.value for step in table.steps]
    pays = [step.pays.value for step in table.steps]
    bands = [bisect_right(bounds, value) - 1 for value in values]
    # A value on an excluded bound is in the row before.
    shut = {step.bound.value for step in table.steps if step.excluded}
    if shut:
        bands = [index - (value in shut) for index, value in zip(bands, values, strict=True)]
    _fault_below(node, values, bounds[0], rows)
    return [pays[index] if index >= 0 else _ZERO for index in bands]


def _slices(
    node: Slices, table: Table, values: Sequence[Decimal], units: Sequence[Decimal], rows: Rows
) -> list[Decimal]:
    bounds = [step.bound.value for step in table.steps]
    rates = [step.pays.value for step in table.steps]
    _fault_below(node, values, bounds[0], rows)
    slices = list(zip(bounds, [*bounds[1:], None], rates, strict=True))
    return [
        sum(
            ((value if end is None or value < end * unit else end * unit) - start * unit) * rate
            for start, end, rate in slices
            if value > start * unit
        )
        + _ZERO
        for value, unit in zip(values, units, strict=True)
    ]


def _fault_below(node: Band | Slices, values: Sequence[Decimal], first: Decimal, rows: Rows) -> None:
    if any(value < first for value in values):
        for row, value in zip(rows.numbers_of_rows(), values, strict=True):
            if value < first:
                rows.faults.append(Fault(row, node, value))


def _on_curve(table: Table, value: Decimal) -> Decimal:
    first, last = table.steps[0], table.steps[-1]
    if value <= first.bound.value:
        return first.pays.value
    for left, right in zip(table.steps, table.steps[1:], strict=False):
        if value < right.bound.value:
            run = right.bound.value - left.bound.value
            rise = right.pays.value - left.pays.value
            return left.pays.value + rise * (value - left.bound.value) / run
    return last.pays.value
