"""Formulas as people write them in a scheme, turned into the formula tree.

The caller resolves names, so an unknown name is an issue with its place and never 0.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol, assert_never

from kpicalc.engine.tree.formula import (
    ONE,
    ZERO,
    Arith,
    Both,
    Choose,
    Comparison,
    Condition,
    Either,
    Greatest,
    Least,
    Minus,
    Node,
    Not,
    Operator,
    Round,
    compare,
    total,
    unit_of,
)
from kpicalc.engine.tree.syntax import (
    Call,
    Denied,
    Joined,
    Name,
    Numeral,
    Operation,
    Opposite,
    Quoted,
    Syntax,
    parse,
)
from kpicalc.engine.tree.syntax import Comparison as Compared
from kpicalc.engine.tree.tokens import FormulaError
from kpicalc.model.days import day_in_text
from kpicalc.model.entry import LARGEST

FUNCTIONS = ("min", "max", "if", "round", "day", "days")
KPI_FUNCTIONS = ("plan", "attainment", "team", "previous", "average")
_OPERATORS: dict[str, Operator] = {"+": "+", "-": "-", "*": "*", "/": "/"}
_COMPARISONS: dict[str, Comparison] = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MOST_PLACES = 9
_MOST_MONTHS = 24


class Names(Protocol):
    """How the caller resolves figures by name, figures of a KPI by function, and literal numbers and days."""

    def name(self, name: str, offset: int) -> Node:
        """Return the figure of that name, or raise FormulaError."""

    def kpi_function(self, function: str, kpi: str, offset: int) -> Node:
        """Return plan(kpi), attainment(kpi), team(kpi), or raise FormulaError."""

    def previous(self, kpi: str, months: int, offset: int) -> Node:
        """Return a KPI's figure of an earlier month, or raise FormulaError."""

    def literal(self, value: Decimal, text: str) -> Node:
        """Return the node of a number that stands in the formula."""

    def day(self, value: date) -> Node:
        """Return the node of a day that stands in the formula."""

    def known(self) -> Collection[str]:
        """Return the names that may be used, for messages about unknown ones."""

    def titles(self) -> Mapping[str, str]:
        """Return the keys by the spelling of their titles, for messages about unknown names."""


def parse_number(text: str, names: Names) -> Node:
    """Read a formula that gives a number; raise FormulaError at the first mistake."""
    return _amount(parse(text, (*FUNCTIONS, *KPI_FUNCTIONS)), names)


def parse_counted(text: str, names: Names) -> Node:
    """Read a formula that gives a number, or yes or no: yes counts as 1, no as 0."""
    item = parse(text, (*FUNCTIONS, *KPI_FUNCTIONS))
    if isinstance(item, Compared | Joined | Denied):
        return Choose(_condition(item, names), ONE, ZERO)
    return _amount(item, names)


def parse_condition(text: str, names: Names) -> Condition:
    """Read a formula that gives yes or no."""
    return _condition(parse(text, (*FUNCTIONS, *KPI_FUNCTIONS)), names)


def _amount(item: Syntax, names: Names) -> Node:
    """Return the node of a number; a day is refused: it may only be compared, or used in days(a, b)."""
    node = _figure(item, names)
    if unit_of(node) == "day":
        raise FormulaError(item.at.start, "formula_day", found=item.at.text)
    return node


def _alike(items: Sequence[Syntax], values: Sequence[Node]) -> None:
    """Refuse a comparison of a day with a number, and of an amount with per cents."""
    units = [unit_of(node) for node in values]
    if "day" in units and set(units) != {"day"}:
        span = items[units.index("day")].at
        raise FormulaError(span.start, "formula_day", found=span.text)
    if "money" in units:
        for item in items:
            if isinstance(item, Numeral) and item.at.text.endswith("%") and numeral(item.at.text):
                amount = items[units.index("money")].at.text
                raise FormulaError(item.at.start, "formula_per_cent", found=item.at.text, amount=amount)


def _figure(item: Syntax, names: Names) -> Node:
    """Return the node of a number or a day."""
    match item:
        case Numeral(at):
            if numeral(at.text) > LARGEST:
                raise FormulaError(at.start, "number_out_of_range", found=at.text, limit="≤ 10^15")
            return names.literal(numeral(at.text), at.text)
        case Name(at):
            return names.name(at.text, at.start)
        case Opposite(_, inner):
            return Minus(_amount(inner, names))
        case Operation(_, op, left, right):
            return Arith(_OPERATORS[op], _amount(left, names), _amount(right, names))
        case Call():
            return _called(item, names)
        case Quoted(at):
            raise FormulaError(at.start, "formula_unexpected", found=at.text)
        case Compared(at) | Joined(at) | Denied(at):
            _condition(item, names)
            raise FormulaError(at.start, "formula_not_a_number")
        case _:
            assert_never(item)


def _condition(item: Syntax, names: Names) -> Condition:
    """Return the node of a condition."""
    match item:
        case Compared(_, op, left, right):
            sides = (_figure(left, names), _figure(right, names))
            _alike((left, right), sides)
            return compare(_COMPARISONS[op], *sides)
        case Joined(_, word, items):
            conditions = tuple(_condition(part, names) for part in items)
            return Both(conditions) if word == "and" else Either(conditions)
        case Denied(_, inner):
            return Not(_condition(inner, names))
        case _:
            _figure(item, names)
            raise FormulaError(item.at.start, "formula_not_a_condition")


def numeral(text: str) -> Decimal:
    """Return the value of a number as written: 20% is 0.2."""
    body = text.removesuffix("%").rstrip()
    return Decimal(body) / 100 if text.endswith("%") else Decimal(body)


def _called(call: Call, names: Names) -> Node:
    arguments = call.arguments
    unnamed(call)
    match call.function:
        case "min" | "max":
            count(call, 1, 30)
            figures = tuple(_figure(item, names) for item in arguments)
            _alike(arguments, figures)
            return Least(figures) if call.function == "min" else Greatest(figures)
        case "if":
            count(call, 3, 3)
            when = _condition(arguments[0], names)
            branches = (_figure(arguments[1], names), _figure(arguments[2], names))
            _alike(arguments[1:], branches)
            return Choose(when, *branches)
        case "round":
            count(call, 2, 2)
            return Round(_amount(arguments[0], names), step(arguments[1]), "half_up")
        case "day":
            count(call, 1, 1)
            return names.day(_day(arguments[0]))
        case "days":
            count(call, 2, 2)
            first, last = (_figure(item, names) for item in arguments)
            for item, node in zip(arguments, (first, last), strict=True):
                if unit_of(node) != "day":
                    raise FormulaError(item.at.start, "formula_not_a_day", found=item.at.text)
            return Arith("-", last, first)
        case "previous":
            count(call, 1, 2)
            return names.previous(_kpi(call), _months(arguments[1:]), arguments[0].at.start)
        case "average":
            count(call, 2, 2)
            kpi, months = _kpi(call), _months(arguments[1:])
            earlier = tuple(names.previous(kpi, back, arguments[0].at.start) for back in range(1, months + 1))
            return Arith("/", total(earlier), names.literal(Decimal(months), str(months)))
        case "plan" | "attainment" | "team":
            count(call, 1, 1)
            return names.kpi_function(call.function, _kpi(call), arguments[0].at.start)
        case _:
            for item in arguments:
                _figure(item, names)
            raise unknown_function(call, (*FUNCTIONS, *KPI_FUNCTIONS))


def unknown_function(call: Call, known: Sequence[str]) -> FormulaError:
    """Return the error of an unknown function."""
    return FormulaError(call.at.start, "formula_unknown_function", found=call.function, allowed=", ".join(known))


def count(call: Call, least: int, most: int) -> None:
    """Refuse a function with too few or too many arguments."""
    given = len(call.arguments)
    if not least <= given <= most:
        allowed = str(least) if least == most else f"{least}–{most}"
        facts = {"found": str(given), "allowed": allowed, "function": call.function}
        raise FormulaError(call.at.start, "formula_arguments", **facts)


def unnamed(call: Call, *known: str) -> None:
    """Refuse an argument name that the function does not have."""
    for name, _ in call.named:
        if name.text not in known:
            raise FormulaError(name.start, "formula_unexpected", found=f"{name.text}:")


def _day(item: Syntax) -> date:
    """Read the day of day("2026-10-10")."""
    day = day_in_text(item.value) if isinstance(item, Quoted) else None
    if day is None:
        raise FormulaError(item.at.start, "formula_not_a_day", found=item.at.text)
    return day


def _kpi(call: Call) -> str:
    first = call.arguments[0]
    if not isinstance(first, Name):
        raise FormulaError(first.at.start, "formula_needs_kpi", found=first.at.text, function=call.function)
    return first.at.text


def _months(arguments: Sequence[Syntax]) -> int:
    """Read how many months previous(kpi, months) or average(kpi, months) looks back; 1 unless stated."""
    for item in arguments:
        text = item.at.text
        if not isinstance(item, Numeral) or not text.isdigit() or not 1 <= int(text) <= _MOST_MONTHS:
            raise FormulaError(item.at.start, "formula_months", found=text, allowed=str(_MOST_MONTHS))
        return int(text)
    return 1


def step(item: Syntax) -> Decimal:
    """Read the step of round(x, places): 2 -> 0.01, -1 -> 10. It is no term of the scheme and gets no cell."""
    sign, places = (-1, item.item) if isinstance(item, Opposite) else (1, item)
    text = places.at.text
    if not isinstance(places, Numeral) or not text.isdigit() or int(text) > _MOST_PLACES:
        raise FormulaError(places.at.start, "formula_round_places", found=text, allowed=str(_MOST_PLACES))
    return Decimal(1).scaleb(-sign * int(text))
