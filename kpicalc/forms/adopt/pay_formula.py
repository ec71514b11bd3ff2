"""A formula of the old sheet as a tree: cells of the person's own row by column, others by address."""

from dataclasses import field

from kpicalc.engine.tree.syntax import (
    Call,
    Comparison,
    Denied,
    Joined,
    Name,
    Numeral,
    Opposite,
    Quoted,
    Span,
    Syntax,
    parse,
)
from kpicalc.engine.tree.syntax import Operation as Op
from kpicalc.engine.tree.tokens import FormulaError
from kpicalc.forms.adopt.formulas import Reference, reference
from kpicalc.model.record import record
from kpicalc.model.texts import name_key

HERE = Span(0, "")
_RENAMED = {"and": "all_of", "or": "any_of"}
_LOGICAL = {"TRUE": "1", "FALSE": "0"}


@record
class Form:
    """A formula written for any row: `c4` is the cell of column E in the person's own row, `x0` another cell or range.

    `bare` is its text with every number as #: formulas that differ by a constant only have the same one.
    """

    text: str
    bare: str
    functions: frozenset[str]


@record(frozen=False)
class Forms:
    """The formulas of a sheet, and the cells outside of a person's row to which they refer, by name."""

    sheet: str
    others: dict[str, Reference] = field(default_factory=dict)

    def form(self, formula: str, row: int) -> Form | None:
        """Return a formula as it reads in any row; None if a part of it is not understood."""
        from openpyxl.formula import Tokenizer

        text: list[str] = []
        bare: list[str] = []
        functions: set[str] = set()
        for token in Tokenizer(formula).items:
            piece = token.value
            match token.type, token.subtype:
                case "FUNC", "OPEN":
                    name = piece[:-1].lower().removeprefix("_xlfn.")
                    name = _RENAMED.get(name, name)
                    functions.add(name)
                    piece = f"{name}("
                case "OPERAND", "RANGE":
                    named = self._name(piece, row)
                    if named is None:
                        return None
                    piece = named
                case "OPERAND", "LOGICAL":
                    piece = _LOGICAL[piece.upper()]
                case ("OPERAND", "ERROR") | ("ARRAY", _):
                    return None
            text.append(piece)
            is_number = (token.type, token.subtype) == ("OPERAND", "NUMBER")
            bare.append("#" if is_number else piece)
        return Form("".join(text), "".join(bare), frozenset(functions))

    def _name(self, text: str, row: int) -> str | None:
        referred = reference(text)
        if referred is None:
            return None
        here = not referred.sheet or name_key(referred.sheet) == name_key(self.sheet)
        (top, left), (bottom, right) = referred.first, referred.last
        if here and top == bottom == row:
            return f"c{left}" if left == right else f"r{left}_{right}"
        key = text
        if not here and referred.single and "$" not in text.rpartition("!")[2].lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
            # A relative row of another sheet moves with the person's row.
            key = f"{referred.sheet}!{left}{(top or 0) - row:+}"
            return self._registered("o", key, referred)
        return self._registered("x", key.replace("$", ""), referred)

    def _registered(self, kind: str, key: str, referred: Reference) -> str:
        for name, other in self.others.items():
            if name.startswith(kind) and other.text == key:
                return name
        name = f"{kind}{len(self.others)}"
        self.others[name] = Reference(referred.sheet or self.sheet, referred.first, referred.last, key)
        return name


def tree_of(form: Form) -> Syntax | None:
    """Return a formula as a tree; None if a scheme cannot express it."""
    try:
        return parse(form.text.lstrip("="), form.functions)
    except FormulaError:
        return None


def text_of(item: Syntax) -> str:
    """Write a tree in the language of a scheme's formulas."""
    match item:
        case Numeral(at) | Name(at):
            return at.text
        case Quoted(_, value):
            return f'"{value}"'
        case Opposite(_, inner):
            return f"-{_inner(inner)}"
        case Op(_, op, left, right):
            tight = op in "*/"
            first = f"({text_of(left)})" if tight and _loose(left) else text_of(left)
            other = f"({text_of(right)})" if isinstance(right, Op) and (tight or op == "-") else text_of(right)
            return f"{first} {op} {other}"
        case Comparison(_, op, left, right):
            return f"{text_of(left)} {op} {text_of(right)}"
        case Joined(_, joint, items):
            return f" {joint} ".join(f"({text_of(item)})" for item in items)
        case Denied(_, inner):
            return f"not ({text_of(inner)})"
        case Call(_, function, arguments):
            return f"{function}({', '.join(map(text_of, arguments))})"


def _inner(item: Syntax) -> str:
    return f"({text_of(item)})" if isinstance(item, Op) else text_of(item)


def _loose(item: Syntax) -> bool:
    return isinstance(item, Op) and item.op in "+-"


def summands(item: Syntax) -> list[Syntax]:
    """Return the terms of a sum, from left to right; a subtracted term has its minus."""
    if isinstance(item, Op) and item.op == "+":
        return [*summands(item.left), *summands(item.right)]
    if isinstance(item, Op) and item.op == "-":
        return [*summands(item.left), *(Opposite(HERE, one) for one in summands(item.right))]
    if isinstance(item, Call) and item.function == "sum":
        return [one for argument in item.arguments for one in summands(argument)]
    if isinstance(item, Name) and item.at.text.startswith("r"):
        first, last = map(int, item.at.text[1:].split("_"))
        return [Name(Span(0, f"c{at}")) for at in range(first, last + 1)]
    return [item]


def added(items: list[Syntax]) -> Syntax:
    """Return the sum of trees."""
    first, *others = items
    for term in others:
        first = Op(HERE, "-", first, term.item) if isinstance(term, Opposite) else Op(HERE, "+", first, term)
    return first
