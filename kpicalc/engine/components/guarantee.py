"""The least that all lines above pay together: a top-up to it."""

from typing import Annotated, ClassVar

from kpicalc.engine.component import Component, Option
from kpicalc.engine.formula import ZERO, Arith, Choose, Node, compare
from kpicalc.engine.own import OwnAmount, own_amount
from kpicalc.engine.time_worked import Fte, Prorate, for_time_worked, watch_prorate
from kpicalc.engine.workings import Workings


class Guarantee(Component):
    """The least that all lines above pay together."""

    name: ClassVar[str] = "guarantee"
    example: ClassVar[str] = "guarantee: {at: 27093}"

    at: Annotated[OwnAmount, Option("money")]
    prorate: Prorate = "none"
    fte: Fte = "ignore"

    def compose(self, w: Workings) -> Node:
        """Compose guarantee - total so far, where that is more than 0."""
        at: Node = own_amount(w, "at")
        watch_prorate(w)
        if self.prorate != "none" or self.fte == "multiply":
            title = w.say("гарантия для сотрудника", "guarantee for the payee")
            prorated = w.rounded(for_time_worked(w, at, self.prorate, self.fte), w.rules.money, "money")
            at = w.figure("at_prorated", title, prorated, "money")
        above = w.all_above()
        return Choose(compare("<", above, at), Arith("-", at, above), ZERO)
