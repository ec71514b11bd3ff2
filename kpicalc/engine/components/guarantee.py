"""The least that all lines above pay together: a top-up to it."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.terms.amount_steps import StepRow, highest_step
from kpicalc.engine.terms.own import OwnAmount, own_amount
from kpicalc.engine.terms.tiers import ascending
from kpicalc.engine.terms.time_worked import Fte, Prorate, for_time_worked, watch_prorate
from kpicalc.engine.tree.formula import ZERO, Arith, Choose, Node, compare
from kpicalc.engine.workings import Workings


class Guarantee(Component):
    """The least that all lines above pay together."""

    name: ClassVar[str] = "guarantee"
    example: ClassVar[str] = "guarantee: {at: 27093}"

    at: Annotated[OwnAmount | list[StepRow], Option("money")]
    by: Literal["months_employed"] | None = None
    prorate: Prorate = "none"
    fte: Fte = "ignore"

    @model_validator(mode="after")
    def _steps_have_a_measure(self) -> Self:
        if isinstance(self.at, list):
            if self.by is None:
                raise refuse("choice_open", at=("at",), found="by", allowed="months_employed")
            if not self.at:
                raise refuse("empty_entry", at=("at",))
            ascending(self.at, "at", None)
        elif self.by is not None:
            raise refuse("choice_idle", at=("by",), found="by", needs="at: [...]")
        return self

    def compose(self, desk: Workings) -> Node:
        """Compose guarantee - total so far, where that is above 0."""
        level = self._guaranteed(desk)
        watch_prorate(desk)
        if self.prorate != "none" or self.fte == "multiply":
            title = desk.say("of_payee")
            prorated = desk.rounded(for_time_worked(desk, level, self.prorate, self.fte), desk.rules.money, "money")
            level = desk.figure("at_prorated", title, prorated, "money")
        above = desk.all_above()
        return Choose(compare("<", above, level), Arith("-", level, above), ZERO)

    def _guaranteed(self, desk: Workings) -> Node:
        if not isinstance(self.at, list):
            return own_amount(desk, "at")
        months = desk.employee("months_employed")
        return desk.figure("step", desk.say("by_month"),
                        highest_step(desk, months, self.at, "number"), "money")  # fmt: skip
