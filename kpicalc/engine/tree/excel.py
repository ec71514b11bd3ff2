"""The second reader: formula trees as the text of live spreadsheet formulas.

A formula is rendered once per column, with `ROW` where the row number goes. Only functions that every Excel and
LibreOffice has are used, with English names and commas, as the file format stores them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from kpicalc.engine.tree.formula import (
    COMPARED_PLACES,
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
    settled,
    unit_of,
)
from kpicalc.model.money import places
from kpicalc.model.record import record

ROW = "\0"
"""Stands for the row number in a rendered formula; no formula can contain this character."""
_ATOM, _SIGN, _PRODUCT, _ADDITION = 4, 3, 2, 1
_STRENGTH = {"*": _PRODUCT, "/": _PRODUCT, "+": _ADDITION, "-": _ADDITION}
_GUARD_PLACES = 8
"""ROUNDDOWN and ROUNDUP would act on float noise too; rounding to this many more places first removes it."""


@record
class Addresses:
    """Where figures stand on the sheets: letters of the row's columns, cells of parameters, ranges of tables."""

    columns: Mapping[str, str]
    params: Mapping[str, str]
    tables: Mapping[str, tuple[str, str]]
    """By table key the absolute ranges of its bounds and of its payouts."""


def formula(node: Node, cells: Addresses) -> str:
    """Return the formula's text without the leading `=`; `ROW` stands for the row number."""
    return _number(node, cells)[0]


def _number(node: Node, cells: Addresses) -> tuple[str, int]:
    """Return the formula's text and its binding strength."""
    match node:
        case Number(value):
            return _literal(value), _ATOM if value >= 0 else _SIGN
        case Param(key=key):
            return cells.params[key], _ATOM
        case Column(key=key):
            return f"{cells.columns[key]}{ROW}", _ATOM
        case Arith(op, left, right):
            strength = _STRENGTH[op]
            operand = _factor if strength == _PRODUCT else _bound
            # The right side of - and / needs brackets at equal strength: a-(b-c).
            return f"{operand(left, cells, strength)}{op}{operand(right, cells, strength + (op in '-/'))}", strength
        case Minus(item):
            return f"-{_bound(item, cells, _ATOM)}", _SIGN
        case Sum(items):
            return _call("SUM", items, cells), _ATOM
        case Least(items):
            return _call("MIN", items, cells), _ATOM
        case Greatest(items):
            return _call("MAX", items, cells), _ATOM
        case Round(item, step, ties):
            return _rounded(_number(item, cells)[0], places(step), ties), _ATOM
        case Choose(when, then, otherwise):
            return f"IF({_condition(when, cells)},{_number(then, cells)[0]},{_number(otherwise, cells)[0]})", _ATOM
        case Band(of, table):
            bounds, pays = cells.tables[table.key]
            text = _number(of, cells)[0]
            shut = "".join(f"-IF({text}={cells.params[step.bound.key]},1,0)" for step in table.steps if step.excluded)
            return f"INDEX({pays},MATCH({text},{bounds},1){shut})", _ATOM
        case Slices(of, table, unit):
            return _slices(_number(of, cells)[0], table, unit, cells), _ADDITION
        case Curve(of, table):
            return _curve(_number(of, cells)[0], table, cells), _ADDITION
        case _:
            assert_never(node)


def _condition(condition: Condition, cells: Addresses) -> str:
    match condition:
        case Compare(op, left, right):
            return f"{_bound(left, cells, _ADDITION)}{op}{_bound(right, cells, _ADDITION)}"
        case Both(items):
            return "AND(" + ",".join(_condition(item, cells) for item in items) + ")"
        case Either(items):
            return "OR(" + ",".join(_condition(item, cells) for item in items) + ")"
        case Not(item):
            return f"NOT({_condition(item, cells)})"
        case _:
            assert_never(condition)


def _bound(node: Node, cells: Addresses, strength: int) -> str:
    text, binding = _number(node, cells)
    return text if binding >= strength else f"({text})"


def _factor(node: Node, cells: Addresses, strength: int) -> str:
    return _settled(_number(node, cells)[0]) if _may_cancel(node) else _bound(node, cells, strength)


def _may_cancel(node: Node) -> bool:
    """Tell whether a spreadsheet's floats may lose digits in a figure: 15000.06-15000 is 0.05999999999949.

    A rate would carry the error across a tie. Products and sums of shares lose nothing.
    """
    if settled(node) or unit_of(node) == "percent":
        return False
    match node:
        case Column():
            return node.unit == "money"
        case Arith():
            return node.op in "+-"
        case Minus(item):
            return _may_cancel(item)
        case _:
            return not isinstance(node, Slices | Curve)


def _settled(text: str) -> str:
    return f"ROUND({text},{COMPARED_PLACES})"


def _call(name: str, items: tuple[Node, ...], cells: Addresses) -> str:
    return f"{name}({','.join(_number(item, cells)[0] for item in items)})"


def _literal(value: Decimal) -> str:
    return f"{value:f}"


def _rounded(text: str, digits: int, ties: str) -> str:
    guarded = f"ROUND({text},{digits + _GUARD_PLACES})"
    match ties:
        case "half_up":
            return f"ROUND({text},{digits})"
        case "down":
            return f"ROUNDDOWN({guarded},{digits})"
        case "up":
            return f"ROUNDUP({guarded},{digits})"
        case _:
            # A half goes to the even neighbour: twice the rounded half of it. 2.5 -> 2 x ROUND(1.25) = 2.
            scaled = f"{guarded}*{_literal(Decimal(1).scaleb(digits))}"
            step = _literal(Decimal(1).scaleb(-digits))
            # A spreadsheet's = compares 15 digits, all that a large amount still has.
            tie = f"ABS({scaled})=TRUNC(ABS({scaled}))+0.5"
            return f"IF({tie},ROUND(2*ROUND({scaled}/2,0)*{step},{max(digits, 0)}),ROUND({text},{digits}))"


def _slices(text: str, table: Table, unit: Node, cells: Addresses) -> str:
    times = "" if isinstance(unit, Number) and unit.value == 1 else f"*{_bound(unit, cells, _PRODUCT)}"
    bounds = [f"{cells.params[step.bound.key]}{times}" for step in table.steps]
    terms = []
    for index, step in enumerate(table.steps):
        start, rate = bounds[index], cells.params[step.pays.key]
        upper = f"MIN({text},{bounds[index + 1]})" if index + 1 < len(bounds) else f"({text})"
        terms.append(f"MAX(0,{_settled(f'{upper}-{start}')})*{rate}")
    return "+".join(terms)


def _curve(text: str, table: Table, cells: Addresses) -> str:
    terms = [cells.params[table.steps[0].pays.key]]
    for left, right in zip(table.steps, table.steps[1:], strict=False):
        start, end = cells.params[left.bound.key], cells.params[right.bound.key]
        low, high = cells.params[left.pays.key], cells.params[right.pays.key]
        run = _settled(f"MIN(MAX({text},{start}),{end})-{start}")
        terms.append(f"({high}-{low})*{run}/({end}-{start})")
    return "+".join(terms)
