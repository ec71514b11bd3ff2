"""Formulas as people write them in a scheme, turned into the formula tree.

The language is a spreadsheet's: `+ - * / ( )`, `= <> < <= > >=`, `and or not`, `min max if round`, per cents.
Names are resolved by the caller, so an unknown name is an issue with its place and never 0.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from kpicalc.engine.formula import (
    Arith,
    Both,
    Choose,
    Compare,
    Comparison,
    Condition,
    Either,
    Greatest,
    Least,
    Minus,
    Node,
    Not,
    Round,
    compare,
)
from kpicalc.engine.tokens import FUNCTIONS, KPI_FUNCTIONS, WORDS, FormulaError, Token, tokens_of

_COMPARISONS: dict[str, Comparison] = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MAX_TOKENS = 200
_MAX_DEPTH = 40
_MOST_PLACES = 9
_MOST_MONTHS = 24


class Names(Protocol):
    """What the caller knows: figures by name, figures of a KPI by function, and literal numbers as parameters."""

    def name(self, name: str, offset: int) -> Node:
        """Return the figure of that name, or raise FormulaError."""

    def kpi_function(self, function: str, kpi: str, offset: int) -> Node:
        """Return plan(kpi), attainment(kpi), team(kpi), or raise FormulaError."""

    def previous(self, kpi: str, months: int, offset: int) -> Node:
        """Return a KPI's figure of an earlier month, or raise FormulaError."""

    def literal(self, value: Decimal, text: str) -> Node:
        """Return the node of a number that stands in the formula."""


def parse_number(text: str, names: Names) -> Node:
    """Read a formula that gives a number; raise FormulaError at the first thing that is wrong."""
    found = _parse(text, names)
    if isinstance(found, Compare | Both | Either | Not):
        raise FormulaError(0, "formula_not_a_number")
    return found


def parse_condition(text: str, names: Names) -> Condition:
    """Read a formula that gives yes or no."""
    found = _parse(text, names)
    if not isinstance(found, Compare | Both | Either | Not):
        raise FormulaError(0, "formula_not_a_condition")
    return found


def _parse(text: str, names: Names) -> Node | Condition:
    tokens = tokens_of(text)
    if len(tokens) > _MAX_TOKENS:
        raise FormulaError(0, "formula_too_long", found=str(len(tokens)), allowed=str(_MAX_TOKENS))
    reader = _Reader(tokens, len(text), names)
    found = reader.either()
    if reader.peek().kind != "end":
        raise FormulaError(reader.peek().offset, "formula_unexpected", found=reader.peek().text)
    return found


class _Reader:
    """Recursive descent, one method a level of binding, weakest first."""

    def __init__(self, tokens: list[Token], end: int, names: Names) -> None:
        self.tokens = tokens
        self.end = Token("end", "", end)
        self.at = 0
        self.depth = 0
        self.names = names

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else self.end

    def take(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def takes(self, *texts: str) -> Token | None:
        token = self.peek()
        return self.take() if token.kind in ("sign", "name") and token.text in texts else None

    def expect(self, text: str) -> None:
        token = self.take()
        if token.kind != "sign" or token.text != text:
            code = "formula_ends" if token.kind == "end" else "formula_expected"
            raise FormulaError(token.offset, code, found=token.text, allowed=text)

    def either(self) -> Node | Condition:
        return self._joined("or", self.both, Either)

    def both(self) -> Node | Condition:
        return self._joined("and", self.negated, Both)

    def _joined(
        self, word: str, part: Callable[[], Node | Condition], make: Callable[[tuple[Condition, ...]], Condition]
    ) -> Node | Condition:
        start = self.peek().offset
        found = part()
        if self.peek().text != word or self.peek().kind != "name":
            return found
        items = [_condition(found, start)]
        while self.takes(word):
            start = self.peek().offset
            items.append(_condition(part(), start))
        return make(tuple(items))

    def negated(self) -> Node | Condition:
        if token := self.takes("not"):
            self._deeper(token)
            found = Not(_condition(self.negated(), token.offset))
            self.depth -= 1
            return found
        return self.comparison()

    def comparison(self) -> Node | Condition:
        start = self.peek().offset
        left = self.addition()
        token = self.takes(*_COMPARISONS)
        if not token:
            return left
        right_at = self.peek().offset
        right = self.addition()
        if (second := self.peek()).text in _COMPARISONS and second.kind == "sign":
            raise FormulaError(second.offset, "formula_chained")
        return compare(_COMPARISONS[token.text], _figure(left, start), _figure(right, right_at))

    def addition(self) -> Node | Condition:
        return self._operations(("+", "-"), self.product)

    def product(self) -> Node | Condition:
        return self._operations(("*", "/"), self.signed)

    def _operations(self, signs: tuple[str, ...], part: Callable[[], Node | Condition]) -> Node | Condition:
        start = self.peek().offset
        left = part()
        while token := self.takes(*signs):
            right_at = self.peek().offset
            op = {"+": "+", "-": "-", "*": "*", "/": "/"}[token.text]
            left = Arith(op, _figure(left, start), _figure(part(), right_at))  # type: ignore[arg-type]
        return left

    def signed(self) -> Node | Condition:
        if token := self.takes("-", "+"):
            self._deeper(token)
            item = _figure(self.signed(), token.offset)
            self.depth -= 1
            return Minus(item) if token.text == "-" else item
        return self.atom()

    def atom(self) -> Node | Condition:
        token = self.take()
        if token.kind == "number":
            return self._literal(token)
        if token.kind == "sign" and token.text == "(":
            self._deeper(token)
            found = self.either()
            self.expect(")")
            self.depth -= 1
            return found
        if token.kind == "name" and token.text not in WORDS:
            followed = self.peek()
            if followed.kind == "sign" and followed.text == "(":
                return self._call(token)
            if token.text not in (*FUNCTIONS, *KPI_FUNCTIONS):
                return self.names.name(token.text, token.offset)
            raise FormulaError(followed.offset, "formula_expected", found=followed.text, allowed="(")
        code = "formula_ends" if token.kind == "end" else "formula_unexpected"
        raise FormulaError(token.offset, code, found=token.text)

    def _literal(self, token: Token) -> Node:
        body = token.text.removesuffix("%").rstrip()
        value = Decimal(body) / 100 if token.text.endswith("%") else Decimal(body)
        return self.names.literal(value, token.text)

    def _call(self, token: Token) -> Node:
        self._deeper(token)
        self.expect("(")
        if token.text in KPI_FUNCTIONS:
            argument = self.take()
            if argument.kind != "name":
                raise FormulaError(argument.offset, "formula_needs_kpi", found=argument.text, function=token.text)
            if token.text == "previous":
                node = self.names.previous(argument.text, self._months(), argument.offset)
            else:
                node = self.names.kpi_function(token.text, argument.text, argument.offset)
            self.expect(")")
            self.depth -= 1
            return node
        starts, arguments = [self.peek().offset], [self.either()]
        step = None
        while self.takes(","):
            if token.text == "round":
                step = self._step()
                break
            starts.append(self.peek().offset)
            arguments.append(self.either())
        self.expect(")")
        self.depth -= 1
        if token.text == "round":
            if step is None:
                raise FormulaError(token.offset, "formula_arguments", found="1", allowed="2", function="round")
            return Round(_figure(arguments[0], starts[0]), step, "half_up")
        return _function(token, arguments, starts)

    def _months(self) -> int:
        """Read how many months previous(kpi, months) looks back; one unless stated."""
        if not self.takes(","):
            return 1
        token = self.take()
        if token.kind != "number" or not token.text.isdigit() or not 1 <= int(token.text) <= _MOST_MONTHS:
            raise FormulaError(token.offset, "formula_months", found=token.text, allowed=str(_MOST_MONTHS))
        return int(token.text)

    def _step(self) -> Decimal:
        """Read the step of round(x, places): 2 -> 0.01, -1 -> 10. It belongs to the form of the rule."""
        sign = -1 if self.takes("-") else 1
        token = self.take()
        if token.kind != "number" or not token.text.isdigit() or int(token.text) > _MOST_PLACES:
            raise FormulaError(token.offset, "formula_round_places", found=token.text, allowed=str(_MOST_PLACES))
        return Decimal(1).scaleb(-sign * int(token.text))

    def _deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise FormulaError(token.offset, "formula_too_deep", allowed=str(_MAX_DEPTH))


def _function(token: Token, arguments: list[Node | Condition], starts: list[int]) -> Node:
    match token.text:
        case "min" | "max":
            _count(token, arguments, 1, 30)
            figures = tuple(_figure(item, start) for item, start in zip(arguments, starts, strict=True))
            return Least(figures) if token.text == "min" else Greatest(figures)
        case "if":
            _count(token, arguments, 3, 3)
            when = _condition(arguments[0], starts[0])
            return Choose(when, _figure(arguments[1], starts[1]), _figure(arguments[2], starts[2]))
        case _:
            raise FormulaError(
                token.offset,
                "formula_unknown_function",
                found=token.text,
                allowed=", ".join((*FUNCTIONS, *KPI_FUNCTIONS)),
            )


def _count(token: Token, arguments: list[Node | Condition], least: int, most: int) -> None:
    if not least <= len(arguments) <= most:
        allowed = str(least) if least == most else f"{least}–{most}"
        raise FormulaError(
            token.offset, "formula_arguments", found=str(len(arguments)), allowed=allowed, function=token.text
        )


def _condition(found: Node | Condition, offset: int) -> Condition:
    if isinstance(found, Compare | Both | Either | Not):
        return found
    raise FormulaError(offset, "formula_not_a_condition")


def _figure(found: Node | Condition, offset: int) -> Node:
    if isinstance(found, Compare | Both | Either | Not):
        raise FormulaError(offset, "formula_not_a_number")
    return found
