"""Expressions over a row of facts: names become columns, every part gets a type, a wrong type is refused.

Examples: `amount - cost`, `filled(paid) and paid <= due`, `round((amount - cost) * paid_sum / amount, 2)`. The types
are those of the columns: number, text, date, time, yes_no. Numbers are exact decimals with a known number of places; a
division must stand inside a round(), because not every database divides exactly.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal, assert_never

from kpicalc.engine.tree.expression import count, numeral, step, unknown_function, unnamed
from kpicalc.engine.tree.syntax import (
    Call,
    Comparison,
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
from kpicalc.engine.tree.tokens import FormulaError
from kpicalc.model.days import day_in_text
from kpicalc.model.facts import FactType
from kpicalc.model.money import places
from kpicalc.model.record import record
from kpicalc.model.texts import clean, hint

FUNCTIONS = ("min", "max", "if", "round", "days", "minutes", "filled")
COLUMN_PLACES = 6
"""Decimal places of a column of numbers."""
MINUTE_PLACES = 6
MOST_PLACES = 18
_CALLS = (*FUNCTIONS, "day")
"""`day` is both a function, `day("2026-10-10")`, and a possible name of a column."""
_OF_ROWS = ("count", "sum", "total", "avg", "average", "distinct")
"""What spreadsheets compute over many rows, where a condition looks at one."""
DATES = ("month_start", "month_end")
"""The first and the last day of the month that is paid."""
_HOURS = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")
_HOUR, _DAY = 60, 24 * 60
Op = Literal[
    "column", "number", "text", "date", "negative", "+", "-", "*", "round", "quotient", "min", "max", "if",
    "day", "month", "days", "minutes", "working", "filled", "cases", "among", "spelled", "unknown",
    "=", "<>", "<", "<=", ">", ">=", "and", "or", "not",
]  # fmt: skip


@record
class Term:
    """A part of an expression with its type; a number has at most `places` decimal places.

    `cases` (pairs of condition and value, then the default), `among` (one of several texts), `spelled` (a text without
    case and spaces) and `unknown` cannot be written in a scheme file: rates of rows and settled conditions use them.
    """

    op: Op
    type: FactType
    items: tuple["Term", ...] = ()
    value: str | Decimal | tuple[str, ...] | None = None
    places: int = 0

    def columns(self) -> set[str]:
        """Return the names of the columns in the term."""
        names = {str(self.value)} if self.op == "column" else set()
        return names.union(*(item.columns() for item in self.items))

    def inside(self) -> Iterator["Term"]:
        """Yield the term and, recursively, its arguments."""
        yield self
        for item in self.items:
            yield from item.inside()

    def asks_calendar(self) -> bool:
        """Tell whether the term counts working time, which needs a production calendar."""
        return any(term.op == "working" for term in self.inside())


def read_expression(text: str, columns: Mapping[str, FactType], wanted: FactType | None) -> Term:
    """Read an expression; raise FormulaError where it cannot be parsed or has another type than the wanted one."""
    syntax = parse(text, FUNCTIONS)
    term = _Reader(columns).term(syntax)
    if not term.columns():
        raise FormulaError(syntax.at.start, "fact_constant", text=text.strip())
    if wanted == "number" and term.type == "yes_no":
        raise FormulaError(syntax.at.start, "formula_not_a_number")
    if wanted == "yes_no" and term.type == "number":
        raise FormulaError(syntax.at.start, "fact_not_a_condition")
    if wanted and term.type != wanted:
        raise _other_type(syntax, term.type, wanted)
    return term


def _other_type(item: Syntax, given: str, wanted: str) -> FormulaError:
    return FormulaError(item.at.start, "fact_type", text=item.at.text, found=given, allowed=wanted)


@record
class _Reader:
    known: Mapping[str, FactType]

    def term(self, item: Syntax) -> Term:
        match item:
            case Numeral(at):
                value = numeral(at.text)
                return Term("number", "number", value=value, places=max(places(value), 0))
            case Quoted(_, text):
                return Term("text", "text", value=text)
            case Name(at):
                return self.name(at.text, at.start)
            case Opposite(_, inner):
                number = self.number(inner)
                return Term("negative", "number", (number,), places=number.places)
            case Operation():
                return self.operation(item)
            case Comparison():
                return self.comparison(item)
            case Joined(_, word, items):
                op: Op = "and" if word == "and" else "or"
                return Term(op, "yes_no", tuple(self.condition(part) for part in items))
            case Denied(_, inner):
                return Term("not", "yes_no", (self.condition(inner),))
            case Call():
                return self.called(item)
            case _:
                assert_never(item)

    def name(self, name: str, offset: int) -> Term:
        if name in DATES:
            return Term("date", "date", value=name)
        if name == "month" and name not in self.known:
            return Term("month", "number")
        if name not in self.known:
            code, facts = hint("fact_unknown_column", name, [*self.known, *DATES])
            raise FormulaError(offset, code, **facts)
        kind = self.known[name]
        return Term("column", kind, value=name, places=COLUMN_PLACES if kind == "number" else 0)

    def of(self, item: Syntax, *wanted: FactType) -> Term:
        term = self.term(item)
        if term.type not in wanted:
            raise _other_type(item, term.type, " / ".join(wanted))
        return term

    def number(self, item: Syntax) -> Term:
        return self.of(item, "number")

    def condition(self, item: Syntax) -> Term:
        return self.of(item, "yes_no")

    def operation(self, item: Operation) -> Term:
        left, right = self.number(item.left), self.number(item.right)
        if item.op == "/":
            return self.divided(item, left, right)
        op: Op = "+" if item.op == "+" else "-" if item.op == "-" else "*"
        digits = left.places + right.places if op == "*" else max(left.places, right.places)
        if digits > MOST_PLACES:
            raise FormulaError(item.at.start, "fact_too_long", text=item.at.text, allowed=str(MOST_PLACES))
        return Term(op, "number", (left, right), places=digits)

    @staticmethod
    def divided(item: Operation, left: Term, right: Term) -> Term:
        """Return a division by a number whose inverse is a short decimal, as in amount / 100; others need a round()."""
        if isinstance(right.value, Decimal) and right.value:
            inverse = 1 / right.value
            digits = max(places(inverse), 0)
            if digits <= COLUMN_PLACES and left.places + digits <= MOST_PLACES:
                return Term("*", "number", (left, Term("number", "number", value=inverse, places=digits)),
                            places=left.places + digits)  # fmt: skip
        raise FormulaError(item.at.start, "fact_division", text=item.at.text)

    def comparison(self, item: Comparison) -> Term:
        left, right = self.term(item.left), self.term(item.right)
        kinds = {left.type, right.type}
        ordered: set[FactType] = {"number", "date", "time"}
        op: Op = next(op for op in ("=", "<>", "<=", "<", ">=", ">") if op == item.op)
        if len(kinds) > 1 and kinds != {"date", "time"}:
            raise _other_type(item.right, right.type, left.type)
        if op not in ("=", "<>") and not kinds <= ordered:
            raise _other_type(item.left, left.type, "number / date / time")
        return Term(op, "yes_no", (left, right))

    def called(self, call: Call) -> Term:
        arguments = call.arguments
        unnamed(call, *(("working",) if call.function == "minutes" else ()))
        match call.function:
            case "min" | "max":
                count(call, 2, 30)
                first = self.of(arguments[0], "number", "date", "time")
                items = (first, *(self.of(item, first.type) for item in arguments[1:]))
                op: Op = "min" if call.function == "min" else "max"
                return Term(op, first.type, items, places=max(item.places for item in items))
            case "if":
                count(call, 3, 3)
                when, then = self.condition(arguments[0]), self.term(arguments[1])
                otherwise = self.of(arguments[2], then.type)
                return Term("if", then.type, (when, then, otherwise), places=max(then.places, otherwise.places))
            case "round":
                count(call, 2, 2)
                return self.rounded(arguments[0], places(step(arguments[1])), arguments[1])
            case "days":
                count(call, 2, 2)
                return Term("days", "number", tuple(self.of(item, "date", "time") for item in arguments))
            case "minutes":
                count(call, 2, 2)
                ends = tuple(self.of(item, "time") for item in arguments)
                for _, hours in call.named:
                    return Term("working", "number", ends, value=self.hours(hours), places=MINUTE_PLACES)
                return Term("minutes", "number", ends, places=MINUTE_PLACES)
            case "day":
                count(call, 1, 1)
                return self.day(arguments[0])
            case "filled":
                count(call, 1, 1)
                first = self.term(arguments[0])
                if first.op != "column":
                    raise FormulaError(arguments[0].at.start, "fact_filled", found=arguments[0].at.text)
                return Term("filled", "yes_no", (first,))
            case _:
                if call.function in _OF_ROWS:
                    raise FormulaError(call.at.start, "formula_of_rows", found=call.function)
                raise unknown_function(call, _CALLS)

    @staticmethod
    def hours(item: Syntax) -> str:
        """Return the hours of a working day as minutes of the day: "09:00-18:00" is 540-1080."""
        text = item.value if isinstance(item, Quoted) else item.at.text
        match = _HOURS.fullmatch(text.strip()) if isinstance(item, Quoted) else None
        if match:
            start, end = (int(match[group]) * 60 + int(match[group + 1]) for group in (1, 3))
            if start < end <= _DAY and max(int(match[2]), int(match[4])) < _HOUR:
                return f"{start}-{end}"
        raise FormulaError(item.at.start, "fact_working", found=text)

    @staticmethod
    def day(item: Syntax) -> Term:
        """Return a day that is written in the expression, 2026-10-10."""
        text = item.value if isinstance(item, Quoted) else item.at.text
        if isinstance(item, Quoted) and (day := day_in_text(clean(text))):
            return Term("day", "date", value=day.isoformat())
        raise FormulaError(item.at.start, "fact_day", found=text)

    def rounded(self, item: Syntax, digits: int, place: Syntax) -> Term:
        if not 0 <= digits <= COLUMN_PLACES:
            facts = {"found": str(digits), "allowed": str(COLUMN_PLACES)}
            raise FormulaError(place.at.start, "fact_round_places", **facts)
        if isinstance(item, Operation) and item.op == "/":
            sides = (self.number(item.left), self.number(item.right))
            return Term("quotient", "number", sides, places=digits)
        return Term("round", "number", (self.number(item),), places=digits)
