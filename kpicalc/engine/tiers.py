"""Rows of tables: where a tier, a band or a step begins, and the table that they make."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from kpicalc.engine.component import in_order, refuse
from kpicalc.engine.formula import ZERO, Arith, Band, Choose, Condition, Node, Table, compare, compared
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
        """Return where the row begins."""
        found = self.above if self.from_ is None else self.from_
        return ZERO.value if found is None else found

    @property
    def bound_key(self) -> str:
        """Return the key under which the bound is written."""
        return "from" if self.above is None else "above"


class Tier(FromRow):
    """From this amount on, this rate."""

    rate: Exact


def from_first(desk: Workings, value: Node, table: Table) -> Node:
    """Compose what a table gives for a value that has no rows below the first one: there it is nothing."""
    first = table.steps[0]
    bound = replace(first.bound, title=desk.word("figure.first_step"))
    return Choose(passed(value, bound, above=first.excluded), Band(compared(value), table), ZERO)


def passed(value: Node, bound: Node, *, above: bool) -> Condition:
    """Compose the condition that a value has passed a bound, itself included unless it is to be `above` it."""
    return compare(">" if above else ">=", value, bound)


def nothing_below(desk: Workings, amount: Node, title: str) -> Node:
    """Compose the answer to an amount below 0 that nobody gave: it is refused, as by a table that begins at 0."""
    rows = [(ZERO.value, ZERO.value)]
    return Band(compared(amount), desk.table("zero", title, rows, ("money", "percent"), bands=True))


def below_zero(choice: BelowZero | None, amount: Node, table: Table) -> Node | None:
    """Compose what an amount below 0 pays by tiers: nothing, or its first rate; None where that is refused."""
    if choice == "first_rate":
        return Arith("*", amount, table.steps[0].pays)
    return ZERO if choice == "zero" else None


def excluded(rows: Sequence[FromRow]) -> list[int]:
    """Return the numbers of the rows that begin above their bound."""
    return [number for number, row in enumerate(rows) if row.above is not None]


def ascending(rows: Sequence[FromRow], key: str, first: Decimal | None, *, percent: bool = False) -> None:
    """Refuse rows whose bounds do not ascend, or that do not begin at `first`, itself included.

    `from: 100` and then `above: 100` is a step of its own at 100.
    """
    if first is not None and rows[0].above is not None:
        raise refuse("table_start_above", at=(key, 0, "above"), found=rows[0].bound)
    names = [row.bound_key for row in rows]
    in_order([row.bound for row in rows], first, rows=key, bounds_are=names, percent=percent)
