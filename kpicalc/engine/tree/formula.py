"""The formula tree: a small closed set of nodes from which every pay rule is composed.

Each rule is written once, as a tree. `values` reads it as numbers, `words` as a sentence, `excel` as the text of a
live formula; each reader is one `match` over these nodes that ends in `assert_never`.
"""

from decimal import Decimal
from typing import Literal, TypeAlias

from kpicalc.model.money import Ties
from kpicalc.model.record import record

Unit = Literal["money", "percent", "number", "day"]
"""The unit in which a figure is shown; it never changes the value. A day is its serial number in a spreadsheet."""
Operator = Literal["+", "-", "*", "/"]
Comparison = Literal["=", "<>", "<", "<=", ">", ">="]


@record
class Number:
    """A number that is part of the rule's form and no term of the scheme: 0, 1, the 100 of per cents."""

    value: Decimal


@record
class Param:
    """A term of the scheme, with a cell of its own on the Scheme sheet."""

    key: str
    title: str
    value: Decimal
    unit: Unit


@record
class Column:
    """A figure of the same payee, by its key: an input or an earlier figure.

    `settled` figures come from a cell or from a rounding, so a spreadsheet holds them exactly.
    """

    key: str
    title: str
    unit: Unit
    settled: bool


@record
class Arith:
    """One of the four operations."""

    op: Operator
    left: "Node"
    right: "Node"


@record
class Minus:
    """The opposite of a figure, as of a line that takes away."""

    item: "Node"


@record
class Sum:
    """A sum over a person's figures: lines of pay, parts of an index."""

    items: tuple["Node", ...]


@record
class Least:
    """The least of several figures; the first one is the rule, the others limit it."""

    items: tuple["Node", ...]


@record
class Greatest:
    """The greatest of several figures; the first one is the rule, the others limit it."""

    items: tuple["Node", ...]


@record
class Round:
    """A figure rounded to a step (a power of ten) in a stated manner."""

    item: "Node"
    step: Decimal
    ties: Ties


@record
class Choose:
    """One of two figures, depending on a condition."""

    when: "Condition"
    then: "Node"
    otherwise: "Node"


@record
class Step:
    """A row of a table: what is paid from this bound on; an `excluded` bound belongs to the row before."""

    bound: Param
    pays: Param
    excluded: bool = False


@record
class Table:
    """A table of the scheme with ascending bounds; it stands on the Scheme sheet as two columns."""

    key: str
    title: str
    steps: tuple[Step, ...]


@record
class Band:
    """What the table pays for the band in which the figure lies; below the first bound it cannot be computed."""

    of: "Node"
    table: Table


@record
class Slices:
    """Each slice of the figure times its own rate (marginal tiers); below the first bound it cannot be computed.

    The bounds are multiples of `unit`: 1 for amounts, the plan for shares of a plan.
    """

    of: "Node"
    table: Table
    unit: "Node" = Number(Decimal(1))


@record
class Curve:
    """Linear interpolation between the table's points; outside them the end values hold."""

    of: "Node"
    table: Table


@record
class Compare:
    """A comparison of two figures. Build it with `compare`, which rounds them first."""

    op: Comparison
    left: "Node"
    right: "Node"


@record
class Both:
    """All of the conditions."""

    items: tuple["Condition", ...]


@record
class Either:
    """At least one of the conditions."""

    items: tuple["Condition", ...]


@record
class Not:
    """The opposite of a condition."""

    item: "Condition"


Node: TypeAlias = (
    Number | Param | Column | Arith | Minus | Sum | Least | Greatest | Round | Choose | Band | Slices | Curve
)
Condition: TypeAlias = Compare | Both | Either | Not

ZERO = Number(Decimal(0))
ONE = Number(Decimal(1))
COMPARED_PLACES = 9
COMPARED_TO = Decimal("1e-9")
"""Unrounded figures are compared to nine places, as .4+.3+.2+.1 is not 1 in a spreadsheet's floats."""


def settled(node: Node) -> bool:
    """Tell whether a spreadsheet holds the figure exactly."""
    match node:
        case Round():
            return True
        case Number(value) | Param(value=value):
            # 1/3 is not settled: its decimals never end.
            return value == round(value, COMPARED_PLACES)
        case Column():
            return node.settled
        case Minus():
            return settled(node.item)
        case Choose():
            return settled(node.then) and settled(node.otherwise)
        case Band():
            return True
        case _:
            return False


def compared(node: Node) -> Node:
    """Return the figure as it is compared: rounded unless it is settled."""
    return node if settled(node) else Round(node, COMPARED_TO, "half_up")


def compare(op: Comparison, left: Node, right: Node) -> Compare:
    """Compare two figures, rounded unless they are settled."""
    return Compare(op, compared(left), compared(right))


def total(items: tuple[Node, ...]) -> Node:
    """Return the sum of the figures; a single one stays as it is."""
    if not items:
        return ZERO
    return items[0] if len(items) == 1 else Sum(items)


def unit_of(node: Node) -> Unit:
    """Return the unit in which a figure is best shown."""
    match node:
        case Param(unit=unit) | Column(unit=unit):
            return unit
        case Minus(item) | Round(item, _, _):
            return unit_of(item)
        case Least(items) | Greatest(items) | Sum(items):
            return unit_of(items[0])
        case Choose(_, then, otherwise):
            return unit_of(otherwise) if isinstance(then, Number) else unit_of(then)
        case Band(_, table) | Curve(_, table):
            return table.steps[0].pays.unit
        case Slices():
            return "money"
        case Arith("+" | "-" | "*", left, right):
            units = {unit_of(left), unit_of(right)}
            return "money" if "money" in units else "number"
        case _:
            return "number"
