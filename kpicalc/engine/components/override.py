"""A manager's share of the team's result."""

from collections.abc import Sequence
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

    on: str | None = None
    of_lines: list[str] | None = Field(default=None, min_length=1)
    over: str | None = None
    own: Literal["include", "exclude"]
    rate: Annotated[OwnRate | None, Option("percent")] = None
    levels: list[OverrideLevel] | None = Field(default=None, min_length=1)
    threshold: Annotated[NonNegative | None, Option("money")] = None
    pays_on: Literal["excess", "whole"] | None = None

    @model_validator(mode="after")
    def _choices_are_stated(self) -> Self:
        if (self.on is None) == (self.of_lines is None):
            raise refuse("override_of")
        if (self.rate is None) == (self.levels is None):
            raise refuse("override_rate")
        if self.levels is not None and self.on is None:
            raise refuse("choice_idle", at=("levels",), found="levels", needs="on")
        if self.threshold is not None and self.pays_on is None:
            raise refuse("choice_open", at=("threshold",), found="pays_on", allowed="excess, whole")
        if self.threshold is None and self.pays_on is not None:
            raise refuse("choice_idle", at=("pays_on",), found="pays_on", needs="threshold")
        return self

    def compose(self, w: Workings) -> Node:
        """Compose (the team's amount - own amount - threshold) x rate."""
        base = self._of_lines(w, self.of_lines) if self.on is None else self._of_result(w, self.on)
        paid_on: Node = base
        if self.threshold is not None and self.pays_on == "excess":
            paid_on = Arith("-", base, w.param("threshold"))
        pay = Arith("*", paid_on, self._share(w))
        if self.threshold is None:
            return pay
        if self.on is not None:
            w.bound(self.on, self.threshold, "threshold")
        return Choose(compare(">", base, w.param("threshold")), pay, ZERO)

    def _of_lines(self, w: Workings, lines: Sequence[str] | None) -> Node:
        return w.earned(tuple(lines or ()), w.group(self.over, "over"), self.own)

    def _of_result(self, w: Workings, on: str) -> Node:
        """Return the team's result, with or without the payee's own."""
        kpi = w.book.kpis.get(on)
        over = w.group(self.over, "over") if self.over is not None else None
        if kpi is not None and kpi.team and over not in (None, w.book.over(on)):
            w.refuse("override_over", "over", found=over, title=w.kpi_title(on), allowed=w.book.over(on))
        base = w.team(on, "on", over=None if kpi and kpi.team else over)
        if self.own == "include" or kpi is None or (kpi.of or on) not in w.book.kpis:
            return base
        title = w.say("without_manager")
        return w.figure("others", title, Arith("-", base, w.kpi(kpi.of or on, "on")), unit_of(base))

    def _share(self, w: Workings) -> Node:
        if self.levels is None or self.on is None:
            return own_rate(w)
        share = highest_reached(w, self.on, self.levels, "percent", ZERO)
        return w.figure("rate", w.say("rate"), share, "percent")
