"""Pay of earlier months taken back: for goods returned, contracts cancelled, payments reversed."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from kpicalc.engine.component import Component, Option
from kpicalc.engine.terms.standing import taken_from
from kpicalc.engine.tree.formula import ZERO, Arith, Choose, Greatest, Least, Minus, Node, compare
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import NonNegative


class Clawback(Component):
    """Pay of earlier months taken back."""

    name: ClassVar[str] = "clawback"
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = "clawback: {on: returned_sales, rate: 20%, limit: 20%}"

    on: str
    rate: Annotated[NonNegative, Option("percent")]
    limit: Annotated[Annotated[NonNegative, Field(le=1)] | Literal["none"], Option("percent")]

    def compose(self, desk: Workings) -> Node:
        """Compose -(KPI x rate), limited by a share of the lines above unless `limit: none`."""
        kpi, above = desk.kpi(self.on, "on"), desk.all_above()
        taken: Node = Arith("*", kpi, desk.param("rate"))
        if self.limit == "none":
            taken = desk.rounded(taken, desk.rules.money, "money")
        else:
            left = Greatest((Arith("*", above, desk.param("limit")), ZERO))
            taken = taken_from(desk, Least((taken, left)), Greatest((above, ZERO)))
        return Choose(compare(">", kpi, ZERO), Minus(taken), ZERO)
