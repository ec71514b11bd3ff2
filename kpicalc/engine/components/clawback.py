"""Pay of earlier months taken back: for goods returned, contracts cancelled, payments reversed.

`rate` is the share of the KPI's amount that had been paid for it. `limit` is the largest share of everything above that
may be taken in one month, or `none`: then the total may fall below zero. A KPI at or below 0 takes nothing.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from kpicalc.engine.component import Component, Option, Titles
from kpicalc.engine.formula import ZERO, Arith, Choose, Greatest, Least, Minus, Node, compare
from kpicalc.engine.standing import taken_from
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import NonNegative


class Clawback(Component):
    """Pay of earlier months taken back."""

    name: ClassVar[str] = "clawback"
    titles: ClassVar[Titles] = {"ru": "Возврат начисленного", "en": "Clawback"}
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = "clawback: {on: returned_sales, rate: 20%, limit: 20%}"

    on: str = Field(description="the KPI whose pay is taken back")
    rate: Annotated[NonNegative, Option("ставка", "rate", "percent")] = Field(
        description="share of the KPI's amount that had been paid"
    )
    limit: Annotated[Annotated[NonNegative, Field(le=1)] | Literal["none"], Option("предел", "limit", "percent")] = (
        Field(description="largest share of all lines above that may be taken, or `none`")
    )

    def compose(self, w: Workings) -> Node:
        """Compose -(KPI x rate), limited by what stands above."""
        kpi, above = w.kpi(self.on, "on"), w.all_above()
        taken: Node = Arith("*", kpi, w.param("rate"))
        if self.limit == "none":
            taken = w.rounded(taken, w.rules.money, "money")
        else:
            left = Greatest((Arith("*", above, w.param("limit")), ZERO))
            taken = taken_from(w, Least((taken, left)), Greatest((above, ZERO)))
        return Choose(compare(">", kpi, ZERO), Minus(taken), ZERO)
