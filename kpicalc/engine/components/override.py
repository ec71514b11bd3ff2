"""A manager's share of the team's result."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.formula import ZERO, Arith, Choose, Node, compare, unit_of
from kpicalc.engine.levels import highest_reached
from kpicalc.engine.own import OwnRate, own_rate
from kpicalc.engine.workings import Workings
from kpicalc.model.entry import Entry
from kpicalc.model.scheme import Exact, NonNegative


class OverrideLevel(Entry):
    """At this level of the department's plan, this share."""

    reach: Literal["minimum", "norm", "maximum"]
    pays: Exact


class Override(Component):
    """A manager's share of the team's result."""

    name: ClassVar[str] = "override"
    example: ClassVar[str] = "override: {on: department_sales, own: exclude, rate: 2%}"

    on: str
    own: Literal["include", "exclude"]
    rate: Annotated[OwnRate | None, Option("percent")] = None
    levels: list[OverrideLevel] | None = Field(default=None, min_length=1)
    threshold: Annotated[NonNegative | None, Option("money")] = None
    pays_on: Literal["excess", "whole"] | None = None

    @model_validator(mode="after")
    def _choices_are_stated(self) -> Self:
        if (self.rate is None) == (self.levels is None):
            raise refuse("override_rate")
        if self.threshold is not None and self.pays_on is None:
            raise refuse("choice_open", at=("threshold",), found="pays_on", allowed="excess, whole")
        if self.threshold is None and self.pays_on is not None:
            raise refuse("choice_idle", at=("pays_on",), found="pays_on", needs="threshold")
        return self

    def compose(self, w: Workings) -> Node:
        """Compose (team's amount - own amount - threshold) x rate."""
        base = w.team(self.on, "on")
        kpi = w.book.kpis.get(self.on)
        if self.own == "exclude" and kpi is not None and (kpi.of or self.on) in w.book.kpis:
            title = w.say("without_manager")
            base = w.figure("others", title, Arith("-", base, w.kpi(kpi.of or self.on, "on")), unit_of(base))
        paid_on: Node = base
        if self.threshold is not None and self.pays_on == "excess":
            paid_on = Arith("-", base, w.param("threshold"))
        pay = Arith("*", paid_on, self._share(w))
        if self.threshold is None:
            return pay
        w.bound(self.on, self.threshold, "threshold")
        return Choose(compare(">", base, w.param("threshold")), pay, ZERO)

    def _share(self, w: Workings) -> Node:
        if self.levels is None:
            return own_rate(w)
        share = highest_reached(w, self.on, self.levels, "percent", ZERO)
        return w.figure("rate", w.say("rate"), share, "percent")
