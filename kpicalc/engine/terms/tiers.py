"""Rows of tables: the bounds of tiers, bands and steps, and the tables that they make."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from kpicalc.engine.component import in_order, refuse
from kpicalc.engine.tree.formula import ZERO, Arith, Band, Choose, Condition, Node, Table, compare, compared
from kpicalc.engine.workings import Workings
from kpicalc.model.deals import BelowZero
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Exact, NonNegative


class FromRow(Entry):
    """A row that begins at a bound: `from` it on, or `above` it."""

    from_: NonNegative | None = Field(default=None, alias="from")
    above: NonNegative | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.from_ is None) == (self.above is None):
            raise refuse("row_bound")
        return self

    @property
    def bound(self) -> Decimal:
        """Return the bound at which the row begins."""
        bound = self.above if self.from_ is None else self.from_
        return ZERO.value if bound is None else bound

    @property
    def bound_key(self) -> str:
        """Return the option in which the bound is written."""
        return "from" if self.above is None else "above"


class Tier(FromRow):
    """From this amount on, this rate."""

    rate: Exact


def from_first(desk: Workings, value: Node, table: Table) -> Node:
    """Compose a table's result for a value, where the table may begin above it: below the first row it is 0."""
    first = table.steps[0]
    bound = replace(first.bound, title=desk.word("figure.first_step"))
    return Choose(passed(value, bound, above=first.excluded), Band(compared(value), table), ZERO)


def passed(value: Node, bound: Node, *, above: bool) -> Condition:
    """Compose the condition that a value has passed a bound: at least it or, with `above`, more than it."""
    return compare(">" if above else ">=", value, bound)


def nothing_below(desk: Workings, amount: Node, title: str) -> Node:
    """Compose a figure that refuses an amount below 0, for which no rule is stated, as a table from 0 on does."""
    rows = [(ZERO.value, ZERO.value)]
    return Band(compared(amount), desk.table("zero", title, rows, ("money", "percent"), bands=True))


def below_zero(choice: BelowZero | None, amount: Node, table: Table) -> Node | None:
    """Compose what tiers pay for an amount below 0: nothing, or the first rate; None where it is refused."""
    if choice == "first_rate":
        return Arith("*", amount, table.steps[0].pays)
    return ZERO if choice == "zero" else None


def excluded(rows: Sequence[FromRow]) -> list[int]:
    """Return the numbers of the rows that begin above their bound."""
    return [number for number, row in enumerate(rows) if row.above is not None]


def ascending(rows: Sequence[FromRow], key: str, first: Decimal | None, *, percent: bool = False) -> None:
    """Refuse rows whose bounds do not ascend, or whose first bound is not `first`, itself included.

    `from: 100` and then `above: 100` is a step of its own at 100.
    """
    if first is not None and rows[0].above is not None:
        raise refuse("table_start_above", at=(key, 0, "above"), found=rows[0].bound)
    names = [row.bound_key for row in rows]
    in_order([row.bound for row in rows], first, rows=key, bounds_are=names, percent=percent)
