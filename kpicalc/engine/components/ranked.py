"""Pay by place: for the best of a department, or of all."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine import statement
from kpicalc.engine.component import Component, in_order, refuse
from kpicalc.engine.formula import (
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
from kpicalc.engine.sources import OfRanking, RankPart
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

    def compose(self, w: Workings) -> Node:
        """Compose the amount of the place taken, or a part of the amounts of the places shared."""
        result = self._result(w)
        amounts = [(row.place, w.term(f"at.{row.place:f}", *self._term(w, row))) for row in self.at]
        place, tied = self._given(w, "place"), self._given(w, "tied")
        if self.ties == "earlier":
            self._given(w, "reached")
        pay: Node = ZERO
        for number, amount in reversed(amounts):
            pay = Choose(compare("=", place, Number(number)), amount, pay)
        if self.ties == "share":
            pay = Choose(compare("=", tied, ONE), pay, self._shared(w, amounts, place, tied))
        # Who has done nothing has won nothing; where less is better, nothing at all may be the best.
        kpi = w.book.kpis.get(self.on)
        return pay if kpi and kpi.better == "lower" else Choose(compare(">", result, ZERO), pay, ZERO)

    def _shared(self, w: Workings, amounts: list[tuple[Decimal, Param]], place: Node, tied: Node) -> Node:
        """Compose a part of the places that are shared: differences of a rounded running total, which add up."""
        after, order = Arith("+", place, tied), self._given(w, "order")
        taken = [
            Choose(Both((compare("<=", place, Number(at)), compare(">", after, Number(at)))), amount, ZERO)
            for at, amount in amounts
        ]
        title = w.say("shared")
        whole = w.figure("whole", title, w.rounded(total(tuple(taken)), w.rules.money, "money"), "money")

        def running(count: Node) -> Node:
            return w.rounded(Arith("/", Arith("*", whole, count), tied), w.rules.money, "money")

        return Arith("-", running(order), running(Arith("-", order, ONE)))

    def _result(self, w: Workings) -> Node:
        """Return the figure by which people are ranked, and note the ranking."""
        kpi, result = w.book.kpis.get(self.on), w.kpi(self.on, "on")
        if kpi is not None and kpi.team:
            w.refuse("ranked_by_team", "on", found=w.kpi_title(self.on))
        if not (isinstance(result, Column) and result.settled):
            title = w.say("result")
            result = w.figure("result", title, Round(result, COMPARED_TO, "half_up"), "number")
        lowest = kpi is not None and kpi.better == "lower"
        rows = tuple((row.place, row.amount) for row in self.at)
        w.draft.rankings.append(
            statement.Ranking(
                id=w.id,
                title=w.title,
                kpi=self.on,
                figure=result.key,
                over=self.among,
                ties=self.ties,
                lowest=lowest,
                places=int(self.at[-1].place),
                terms=(self.on, self.among, rows, self.ties, w.rules.money),
                place=w.book.source.place(*w.path),
            )
        )
        return result

    @staticmethod
    def _term(w: Workings, row: PlaceRow) -> tuple[str, Decimal, Literal["money"]]:
        return w.say("amount", place=f"{row.place:f}"), row.amount, "money"

    @staticmethod
    def _given(w: Workings, part: RankPart) -> Column:
        titles: dict[RankPart, str] = {
            "place": w.say("place"),
            "tied": w.say("tied"),
            "order": w.say("order"),
            "reached": w.say("reached"),
        }
        title = titles[part]
        return w.draft.given(OfRanking(w.id, part), (title, title, w.title), "number", "zero")
