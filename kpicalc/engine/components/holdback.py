"""A part of pay held back now and paid later: with the next month, quarter, half-year or year."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from kpicalc.engine.balance import balance, tally
from kpicalc.engine.component import Component, Option
from kpicalc.engine.formula import (
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
from kpicalc.engine.sources import Pay, Personal
from kpicalc.engine.standing import taken_from
from kpicalc.engine.statement import Figure, Line
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
        """Return the lines from which it is held back."""
        return tuple(self.of)

    def compose(self, w: Workings) -> Node:
        """Compose -(lines x share), which nobody is held back from who leaves with all that is owed."""
        standing = w.standing(self.of, "of")
        held = Minus(taken_from(w, Arith("*", standing, w.param("share")), standing))
        pay: Node = Choose(compare(">", standing, ZERO), held, ZERO)
        if self.dismissed is None:
            w.assume("leaves", ZERO.value, "holdback_dismissed")
        return Choose(self._leaves(w), ZERO, pay) if self.dismissed == "pays" else pay

    def keep(self, w: Workings) -> None:
        """Lay out the line that pays what was held back before, and what is owed at the end of the month."""
        owed = balance(w, "holdback_balance", "money", w.say("opening"), absent="zero")
        due: Condition = self._first_month(w)
        if self.dismissed == "pays":
            due = Either((due, self._leaves(w)))
        node = w.rounded(Choose(due, owed, ZERO), w.rules.money, "money")
        title = w.say("paid", title=w.title)
        key = f"line.{w.id}_paid"
        paid = w.draft.add(Figure(key, title, title, title, "money", node, settled(node), Pay()))
        w.draft.lines.append(Line(f"{w.id}_paid", title, self.name, key))
        left = Arith("-", Arith("-", owed, paid), w.line(w.id))
        closing = w.figure("owed", w.say("closing"), left, "money", heading=w.say("closing_heading"))
        tally(w, "owed", closing, "_owed", "holdback_balance")

    def _first_month(self, w: Workings) -> Compare:
        """Compose the condition that the month is the first of its quarter, half-year or year."""
        month, length = w.employee("month"), Number(ONE.value * _LENGTHS[self.paid])
        begun = Arith("*", Round(Arith("/", Arith("-", month, ONE), length), ONE.value, "down"), length)
        first = w.figure("first", w.say("first_month"), Round(Sum((begun, ONE)), ONE.value, "half_up"), "number")
        return compare("=", month, first)

    def _leaves(self, w: Workings) -> Compare:
        title = w.word("employee.leaves")
        names = (title, title, w.word("employee.group"))
        leaves: Column = w.draft.given(Personal("leaves", "none"), names, "number", "zero")
        return compare("=", leaves, ONE)
