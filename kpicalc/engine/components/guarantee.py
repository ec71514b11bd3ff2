"""The least that all lines above pay together: a top-up to it.

The line is what is missing to the guarantee, and stands there as 0 where nothing is missing. `prorate` and `fte` make
the guarantee one for the time worked and for the person's rate, as in base_salary; unless stated it is the same for
everybody.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from kpicalc.engine.component import Component, Option, Titles
from kpicalc.engine.formula import ZERO, Arith, Choose, Node, compare
from kpicalc.engine.time_worked import Fte, Prorate, for_time_worked, watch_prorate
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Amount


class Guarantee(Component):
    """The least that all lines above pay together."""

    name: ClassVar[str] = "guarantee"
    titles: ClassVar[Titles] = {"ru": "Доплата до гарантии", "en": "Guarantee top-up"}
    example: ClassVar[str] = "guarantee: {at: 27093}"

    at: Annotated[Amount, Option("гарантия", "guarantee", "money")] = Field(description="the guaranteed total")
    prorate: Prorate = Field(
        default="none",
        description="guarantee for the share of the norm worked, by days or by hours; stated where anybody is hired "
        "or dismissed inside the month",
    )
    fte: Fte = Field(default="ignore", description="what the Rate (FTE) column does to the guarantee")

    def compose(self, w: Workings) -> Node:
        """Compose guarantee - total so far, where that is more than 0."""
        at: Node = w.param("at")
        watch_prorate(w)
        if self.prorate != "none" or self.fte == "multiply":
            title = w.say("гарантия для сотрудника", "guarantee for the payee")
            prorated = w.rounded(for_time_worked(w, at, self.prorate, self.fte), w.rules.money, "money")
            at = w.figure("at_prorated", title, prorated, "money")
        above = w.all_above()
        return Choose(compare("<", above, at), Arith("-", at, above), ZERO)
