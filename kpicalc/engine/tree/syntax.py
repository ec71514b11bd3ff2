"""The syntax of formulas, without the meaning of names: terms, joined as their operators bind.

The language is a spreadsheet's: `+ - * / ( )`, `= <> < <= > >=`, `and or not`, functions, per cents, texts in quotes.
Formulas of pay (`expression`) and of fact tables read the same tree, each with its own names and functions.
"""

from collections.abc import Callable, Collection
from typing import TypeAlias

from kpicalc.engine.tree.tokens import WORDS, FormulaError, Token, tokens_of
from kpicalc.model.record import record

_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_MAX_TOKENS = 200
_MAX_DEPTH = 40


@record
class Span:
    """The offset of a term's first character, and its text."""

    start: int
    text: str


@record
class Numeral:
    """A number as it is written: 15000, 0.1, 20%."""

    at: Span


@record
class Quoted:
    """A text in quotes."""

    at: Span
    value: str


@record
class Name:
    """A name."""

    at: Span


@record
class Call:
    """A function with its arguments."""

    at: Span
    function: str
    arguments: tuple["Syntax", ...]
    named: tuple[tuple[Span, "Syntax"], ...] = ()
    """Arguments with a name: minutes(a, b, working: "09:00-18:00")."""


@record
class Opposite:
    """The minus before a term."""

    at: Span
    item: "Syntax"


@record
class Operation:
    """`+ - * /` between two terms."""

    at: Span
    op: str
    left: "Syntax"
    right: "Syntax"


@record
class Comparison:
    """`= <> < <= > >=` between two terms."""

    at: Span
    op: str
    left: "Syntax"
    right: "Syntax"


@record
class Joined:
    """Conditions joined by one `and` or `or`."""

    at: Span
    word: str
    items: tuple["Syntax", ...]


@record
class Denied:
    """`not` before a condition."""

    at: Span
    item: "Syntax"


Syntax: TypeAlias = Numeral | Quoted | Name | Call | Opposite | Operation | Comparison | Joined | Denied


def parse(text: str, functions: Collection[str]) -> Syntax:
    """Read a formula; `functions` are reserved names. Raise FormulaError at the first mistake."""
    tokens = tokens_of(text, functions)
    if len(tokens) > _MAX_TOKENS:
        raise FormulaError(0, "formula_too_long", found=str(len(tokens)), allowed=str(_MAX_TOKENS))
    reader = _Reader(text, tokens, functions)
    tree = reader.either()
    if reader.peek().kind != "end":
        raise FormulaError(reader.peek().offset, "formula_unexpected", found=reader.peek().text)
    return tree


class _Reader:
    """A recursive descent parser with one method per level of binding, weakest first."""

    def __init__(self, text: str, tokens: list[Token], functions: Collection[str]) -> None:
        self.text = text
        self.tokens = tokens
        self.end = Token("end", "", len(text))
        self.functions = functions
        self.at = 0
        self.depth = 0

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

    def span(self, start: int) -> Span:
        """Return the span from an offset to the end of the last token read."""
        last = self.tokens[self.at - 1]
        return Span(start, self.text[start : last.offset + last.length].strip())

    def either(self) -> Syntax:
        return self._joined("or", self.both)

    def both(self) -> Syntax:
        return self._joined("and", self.negated)

    def _joined(self, word: str, part: Callable[[], Syntax]) -> Syntax:
        start = self.peek().offset
        items = [part()]
        while self.peek().kind == "name" and self.takes(word):
            items.append(part())
        return items[0] if len(items) == 1 else Joined(self.span(start), word, tuple(items))

    def negated(self) -> Syntax:
        if token := self.takes("not"):
            item = self._inside(token, self.negated)
            return Denied(self.span(token.offset), item)
        return self.comparison()

    def comparison(self) -> Syntax:
        start = self.peek().offset
        left = self.addition()
        token = self.takes(*_COMPARISONS)
        if not token:
            return left
        right = self.addition()
        if (second := self.peek()).text in _COMPARISONS and second.kind == "sign":
            raise FormulaError(second.offset, "formula_chained")
        return Comparison(self.span(start), token.text, left, right)

    def addition(self) -> Syntax:
        return self._operations(("+", "-"), self.product)

    def product(self) -> Syntax:
        return self._operations(("*", "/"), self.signed)

    def _operations(self, signs: tuple[str, ...], part: Callable[[], Syntax]) -> Syntax:
        start = self.peek().offset
        left = part()
        while token := self.takes(*signs):
            right = part()
            left = Operation(self.span(start), token.text, left, right)
        return left

    def signed(self) -> Syntax:
        if token := self.takes("-", "+"):
            item = self._inside(token, self.signed)
            return Opposite(self.span(token.offset), item) if token.text == "-" else item
        return self.atom()

    def atom(self) -> Syntax:
        token = self.take()
        span = Span(token.offset, token.text)
        if token.kind == "number":
            return Numeral(span)
        if token.kind == "text":
            return Quoted(span, token.text[1:-1])
        if token.kind == "sign" and token.text == "(":
            item = self._inside(token, self.either)
            self.expect(")")
            return item
        if token.kind == "name" and token.text not in WORDS:
            followed = self.peek()
            if followed.kind == "sign" and followed.text == "(":
                return self._call(token)
            if token.text not in self.functions:
                return Name(span)
            raise FormulaError(followed.offset, "formula_expected", found=followed.text, allowed="(")
        code = "formula_ends" if token.kind == "end" else "formula_unexpected"
        raise FormulaError(token.offset, code, found=token.text)

    def _call(self, token: Token) -> Syntax:
        self.expect("(")
        arguments = [self._inside(token, self.either)]
        named: list[tuple[Span, Syntax]] = []
        while self.takes(","):
            name = self.peek()
            if name.kind == "name" and [token.text for token in self.tokens[self.at + 1 : self.at + 2]] == [":"]:
                self.at += 2
                named.append((Span(name.offset, name.text), self._inside(token, self.either)))
            else:
                arguments.append(self._inside(token, self.either))
        self.expect(")")
        return Call(self.span(token.offset), token.text, tuple(arguments), tuple(named))

    def _inside(self, token: Token, part: Callable[[], Syntax]) -> Syntax:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise FormulaError(token.offset, "formula_too_deep", allowed=str(_MAX_DEPTH))
        value = part()
        self.depth -= 1
        return value
