"""An advance against variable pay: in a poor month it brings the named lines up to a stated level."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.terms.balance import balance, tally
from kpicalc.engine.tree.formula import ZERO, Arith, Both, Choose, Least, Minus, Node, Sum, compare
from kpicalc.engine.tree.sources import Personal, key_of
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
        """Return the ids of the lines that are brought up to the level."""
        return tuple(self.of)

    def compose(self, desk: Workings) -> Node:
        """Compose level - lines where they stand below it, else -(amount recovered)."""
        standing, level = desk.standing(self.of, "of"), desk.param("at")
        drawn = desk.rounded(Arith("-", level, standing), desk.rules.money, "money")
        recovered = self._recovered(desk, standing, level) if self.recoverable == "yes" else ZERO
        return Choose(compare("<", standing, level), drawn, recovered)

    def keep(self, desk: Workings) -> None:
        """Lay out the closing debt: the opening debt + drawn - recovered."""
        if self.recoverable == "yes":
            debt = desk.draft.figures[_DEBT].column
            title = desk.say("debt_at_end")
            heading = desk.say("debt_at_end_heading")
            closing = desk.figure("debt", title, Sum((debt, desk.line(desk.id))), "money", heading=heading)
            tally(desk, "debt", closing, "_debt", "draw_balance")

    def _recovered(self, desk: Workings, standing: Node, level: Node) -> Node:
        debt = balance(desk, "draw_balance", "money", desk.say("debt_at_start"))
        excess = Arith("-", standing, level)
        taken = excess if self.limit is None else Arith("*", excess, desk.param("limit"))
        limits: tuple[Node, ...] = (debt,) if self._on_grid(desk) else (debt, excess)
        rounded = desk.rounded(Least((taken, debt)), desk.rules.money, "money")
        due = Both((compare(">", debt, ZERO), compare(">", standing, level)))
        return Choose(due, Minus(Least((rounded, *limits))), ZERO)

    def _on_grid(self, desk: Workings) -> bool:
        """Tell whether rounding the recovered amount can never take more than stands above the level."""
        money = desk.rules.money
        if len(desk.draft.money_rules) != 1 or money is None or not isinstance(money.round, Decimal):
            return False
        return self.at % money.round == 0
