"""Pay by place: for the best of a department, or of all."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine import statement
from kpicalc.engine.component import Component, in_order, refuse
from kpicalc.engine.tree.formula import (
    COMPARED_TO,
    ONE,
    ZERO,
    Arith,
    Both,
    Choose,
    Column,
    Node,
    Number,
    Param,
    Round,
    compare,
    total,
)
from kpicalc.engine.tree.sources import OfRanking, RankPart
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Amount, Exact


class PlaceRow(Entry):
    """For this place, this much."""

    place: Annotated[Exact, Field(ge=1)]
    amount: Amount


class Ranked(Component):
    """Pay by place: for the best of a department, or of all."""

    name: ClassVar[str] = "ranked"
    example: ClassVar[str] = (
        "ranked: {on: sales, among: department, at: [{place: 1, amount: 10000}, {place: 2, amount: 5000}], ties: share}"
    )

    on: str
    among: Literal["department", "all"]
    at: list[PlaceRow] = Field(min_length=1)
    ties: statement.Ties

    @model_validator(mode="after")
    def _places_ascend(self) -> Self:
        for number, row in enumerate(self.at):
            if row.place % 1:
                raise refuse("place_whole", at=("at", number, "place"), found=row.place)
        in_order([row.place for row in self.at], None, rows="at", bounds_are=["place"] * len(self.at))
        return self

    def compose(self, desk: Workings) -> Node:
        """Compose the amount of the place taken or, with `ties: share`, a part of the amounts of all tied places."""
        result = self._result(desk)
        amounts = [(row.place, desk.term(f"at.{row.place:f}", *self._term(desk, row))) for row in self.at]
        place, tied = self._given(desk, "place"), self._given(desk, "tied")
        if self.ties == "earlier":
            self._given(desk, "reached")
        pay: Node = ZERO
        for number, amount in reversed(amounts):
            pay = Choose(compare("=", place, Number(number)), amount, pay)
        if self.ties == "share":
            pay = Choose(compare("=", tied, ONE), pay, self._shared(desk, amounts, place, tied))
        # A result of 0 wins nothing; where less is better, 0 may be the best.
        kpi = desk.book.kpis.get(self.on)
        return pay if kpi and kpi.better == "lower" else Choose(compare(">", result, ZERO), pay, ZERO)

    def _shared(self, desk: Workings, amounts: list[tuple[Decimal, Param]], place: Node, tied: Node) -> Node:
        """Compose a part of the amounts that are divided: differences of a rounded running total, which add up."""
        after, order = Arith("+", place, tied), self._given(desk, "order")
        taken = [
            Choose(Both((compare("<=", place, Number(number)), compare(">", after, Number(number)))), amount, ZERO)
            for number, amount in amounts
        ]
        title = desk.say("shared")
        whole = desk.figure("whole", title, desk.rounded(total(tuple(taken)), desk.rules.money, "money"), "money")

        def running(count: Node) -> Node:
            return desk.rounded(Arith("/", Arith("*", whole, count), tied), desk.rules.money, "money")

        return Arith("-", running(order), running(Arith("-", order, ONE)))

    def _result(self, desk: Workings) -> Node:
        """Return the figure by which people are ranked, and add the ranking to the draft."""
        kpi, result = desk.book.kpis.get(self.on), desk.kpi(self.on, "on")
        if kpi is not None and kpi.team:
            desk.refuse("ranked_by_team", "on", found=desk.kpi_title(self.on))
        if not (isinstance(result, Column) and result.settled):
            title = desk.say("result")
            result = desk.figure("result", title, Round(result, COMPARED_TO, "half_up"), "number")
        lowest = kpi is not None and kpi.better == "lower"
        rows = tuple((row.place, row.amount) for row in self.at)
        desk.draft.rankings.append(
            statement.Ranking(
                id=desk.id,
                title=desk.title,
                kpi=self.on,
                figure=result.key,
                over=self.among,
                ties=self.ties,
                lowest=lowest,
                places=int(self.at[-1].place),
                terms=(self.on, self.among, rows, self.ties, desk.rules.money),
                place=desk.book.source.place(*desk.path),
            )
        )
        return result

    @staticmethod
    def _term(desk: Workings, row: PlaceRow) -> tuple[str, Decimal, Literal["money"]]:
        return desk.say("amount", place=f"{row.place:f}"), row.amount, "money"

    @staticmethod
    def _given(desk: Workings, part: RankPart) -> Column:
        titles: dict[RankPart, str] = {
            "place": desk.say("place"),
            "tied": desk.say("tied"),
            "order": desk.say("order"),
            "reached": desk.say("reached"),
        }
        title = titles[part]
        return desk.draft.given(OfRanking(desk.id, part), (title, title, desk.title), "number", "zero")
