"""A part of pay held back now and paid later: with the next month, quarter, half-year or year."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from kpicalc.engine.component import Component, Option
from kpicalc.engine.statement import Figure, Line
from kpicalc.engine.terms.balance import balance, tally
from kpicalc.engine.terms.standing import taken_from
from kpicalc.engine.tree.formula import (
    ONE,
    ZERO,
    Arith,
    Choose,
    Column,
    Compare,
    Condition,
    Either,
    Minus,
    Node,
    Number,
    Round,
    Sum,
    compare,
    settled,
)
from kpicalc.engine.tree.sources import Pay, Personal
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Exact
from kpicalc.model.period import MONTHS_IN

_LENGTHS = {f"next_{name}": length for name, length in MONTHS_IN.items()}


class Holdback(Component):
    """A part of pay held back now and paid later."""

    name: ClassVar[str] = "holdback"
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = "holdback: {of: [commission], share: 20%, paid: next_quarter}"

    of: list[str] = Field(min_length=1)
    share: Annotated[Annotated[Exact, Field(gt=0, le=1)], Option("percent")]
    paid: Literal["next_month", "next_quarter", "next_half_year", "next_year"]
    dismissed: Literal["pays", "keeps"] | None = None

    def acts_on(self) -> tuple[str, ...]:
        """Return the ids of the lines from which a part is held back."""
        return tuple(self.of)

    def compose(self, desk: Workings) -> Node:
        """Compose -(lines x share); with `dismissed: pays` nothing is held back from a payee who leaves."""
        standing = desk.standing(self.of, "of")
        held = Minus(taken_from(desk, Arith("*", standing, desk.param("share")), standing))
        pay: Node = Choose(compare(">", standing, ZERO), held, ZERO)
        if self.dismissed is None:
            desk.assume("leaves", ZERO.value, "holdback_dismissed")
        return Choose(self._leaves(desk), ZERO, pay) if self.dismissed == "pays" else pay

    def keep(self, desk: Workings) -> None:
        """Lay out the line that pays what was held back before, and the balance owed at the end of the month."""
        owed = balance(desk, "holdback_balance", "money", desk.say("opening"), absent="zero")
        due: Condition = self._first_month(desk)
        if self.dismissed == "pays":
            due = Either((due, self._leaves(desk)))
        node = desk.rounded(Choose(due, owed, ZERO), desk.rules.money, "money")
        title = desk.say("paid", title=desk.title)
        key = f"line.{desk.id}_paid"
        paid = desk.draft.add(Figure(key, title, title, title, "money", node, settled(node), Pay()))
        desk.draft.lines.append(Line(f"{desk.id}_paid", title, self.name, key))
        left = Arith("-", Arith("-", owed, paid), desk.line(desk.id))
        closing = desk.figure("owed", desk.say("closing"), left, "money", heading=desk.say("closing_heading"))
        tally(desk, "owed", closing, "_owed", "holdback_balance")

    def _first_month(self, desk: Workings) -> Compare:
        """Compose the condition that the month is the first of its quarter, half-year or year."""
        month, length = desk.employee("month"), Number(ONE.value * _LENGTHS[self.paid])
        begun = Arith("*", Round(Arith("/", Arith("-", month, ONE), length), ONE.value, "down"), length)
        first = desk.figure("first", desk.say("first_month"), Round(Sum((begun, ONE)), ONE.value, "half_up"), "number")
        return compare("=", month, first)

    def _leaves(self, desk: Workings) -> Compare:
        title = desk.word("employee.leaves")
        names = (title, title, desk.word("employee.group"))
        leaves: Column = desk.draft.given(Personal("leaves", "none"), names, "number", "zero")
        return compare("=", leaves, ONE)
