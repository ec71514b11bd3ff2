"""Pay by the piece: a price per unit, or prices by steps of the number of units."""

from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, refuse
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.terms.tiers import FromRow, ascending, excluded, nothing_below
from kpicalc.engine.tree.formula import ZERO, Arith, Band, Choose, Node, Slices, compare, compared
from kpicalc.engine.workings import Workings
from kpicalc.model.deals import BelowZero
from kpicalc.model.scheme import Amount, Kpi


class PieceRow(FromRow):
    """From so many units on, this price of one."""

    per_unit: Amount


class Piecework(Component):
    """Pay by the piece."""

    name: ClassVar[str] = "piecework"
    example: ClassVar[str] = (
        "piecework: {on: offers, rates: [{from: 0, per_unit: 300}, {from: 100, per_unit: 350}], tiers: marginal}"
    )

    on: str
    rates: list[PieceRow] = Field(min_length=1)
    tiers: Literal["marginal", "whole"] | None = None
    below_zero: BelowZero | None = None

    @model_validator(mode="after")
    def _choices_are_stated(self) -> Self:
        if self.tiers is None and len(self.rates) > 1:
            raise refuse("choice_open", at=("rates",), found="tiers", allowed="marginal, whole")
        ascending(self.rates, "rates", ZERO.value)
        return self

    def compose(self, desk: Workings) -> Node:
        """Compose units x price, or the amount by steps."""
        done = desk.kpi(self.on, "on")
        for number, row in enumerate(self.rates):
            desk.bound(self.on, row.bound, "rates", number, row.bound_key)
        pay, first = self._paid(desk, done)
        if self.below_zero == "zero":
            below: Node = ZERO
        elif self.below_zero == "first_rate":
            below = Arith("*", done, first)
        else:
            below = nothing_below(desk, done, desk.say("from_zero"))
        return Choose(compare(">=", done, ZERO), pay, below)

    def _paid(self, desk: Workings, done: Node) -> tuple[Node, Node]:
        """Return the amount for a number of units from 0 on, and the first price."""
        title = desk.say("price")
        if len(self.rates) == 1:
            price = desk.term("rates.0.pays", title, self.rates[0].per_unit, "money")
            return Arith("*", done, price), price
        rows: list[tuple[Decimal, Decimal]] = [(row.bound, row.per_unit) for row in self.rates]
        unit = unit_of_kpi(desk.book.kpis.get(self.on) or Kpi())
        whole = self.tiers == "whole"
        table = desk.table("rates", title, rows, (unit, "money"), bands=whole, excluded=excluded(self.rates))
        pay: Node = Arith("*", done, Band(compared(done), table)) if whole else Slices(done, table)
        return pay, table.steps[0].pays
