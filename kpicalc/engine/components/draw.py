"""An advance against variable pay: in a poor month it brings the named lines up to a stated level."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.balance import balance, tally
from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.formula import ZERO, Arith, Both, Choose, Least, Minus, Node, Sum, compare
from kpicalc.engine.sources import Personal, key_of
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Amount, Exact

_DEBT = key_of(Personal("draw_balance"))


class Draw(Component):
    """An advance against variable pay."""

    name: ClassVar[str] = "draw"
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = "draw: {of: [commission, kpi_bonus], at: 30000, recoverable: yes}"

    of: list[str] = Field(min_length=1)
    at: Annotated[Amount, Option("money")]
    recoverable: Literal["yes", "no"]
    limit: Annotated[Annotated[Exact, Field(gt=0, le=1)] | None, Option("percent")] = None

    @model_validator(mode="after")
    def _limit_is_of_a_debt(self) -> Self:
        if self.limit is not None and self.recoverable == "no":
            raise refuse("choice_idle", at=("limit",), found="limit", needs="recoverable: yes")
        return self

    def acts_on(self) -> tuple[str, ...]:
        """Return the lines that are brought up."""
        return tuple(self.of)

    def compose(self, w: Workings) -> Node:
        """Compose level - lines where they stand below it; else -(what is recovered)."""
        standing, at = w.standing(self.of, "of"), w.param("at")
        drawn = w.rounded(Arith("-", at, standing), w.rules.money, "money")
        recovered = self._recovered(w, standing, at) if self.recoverable == "yes" else ZERO
        return Choose(compare("<", standing, at), drawn, recovered)

    def keep(self, w: Workings) -> None:
        """Lay out the debt at the end of the month: the debt at its beginning + drawn - recovered."""
        if self.recoverable == "yes":
            debt = w.draft.figures[_DEBT].column
            title = w.say("debt_at_end")
            heading = w.say("debt_at_end_heading")
            closing = w.figure("debt", title, Sum((debt, w.line(w.id))), "money", heading=heading)
            tally(w, "debt", closing, "_debt", "draw_balance")

    def _recovered(self, w: Workings, standing: Node, at: Node) -> Node:
        debt = balance(w, "draw_balance", "money", w.say("debt_at_start"))
        excess = Arith("-", standing, at)
        taken = excess if self.limit is None else Arith("*", excess, w.param("limit"))
        limits: tuple[Node, ...] = (debt,) if self._on_grid(w) else (debt, excess)
        rounded = w.rounded(Least((taken, debt)), w.rules.money, "money")
        due = Both((compare(">", debt, ZERO), compare(">", standing, at)))
        return Choose(due, Minus(Least((rounded, *limits))), ZERO)

    def _on_grid(self, w: Workings) -> bool:
        """Tell whether rounding what is taken can never go beyond what exceeds the level."""
        money = w.rules.money
        if len(w.draft.money_rules) != 1 or money is None or not isinstance(money.round, Decimal):
            return False
        return self.at % money.round == 0
