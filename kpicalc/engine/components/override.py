"""A manager's share of the team's result."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.terms.levels import highest_reached
from kpicalc.engine.terms.own import OwnRate, own_rate
from kpicalc.engine.tree.formula import ZERO, Arith, Choose, Node, compare, unit_of
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

    def compose(self, desk: Workings) -> Node:
        """Compose (the team's amount - own amount - threshold) x rate."""
        base = self._of_lines(desk, self.of_lines) if self.on is None else self._of_result(desk, self.on)
        paid_on: Node = base
        if self.threshold is not None and self.pays_on == "excess":
            paid_on = Arith("-", base, desk.param("threshold"))
        pay = Arith("*", paid_on, self._share(desk))
        if self.threshold is None:
            return pay
        if self.on is not None:
            desk.bound(self.on, self.threshold, "threshold")
        return Choose(compare(">", base, desk.param("threshold")), pay, ZERO)

    def _of_lines(self, desk: Workings, lines: Sequence[str] | None) -> Node:
        return desk.earned(tuple(lines or ()), desk.group(self.over, "over"), self.own)

    def _of_result(self, desk: Workings, on: str) -> Node:
        """Return the team's result with or without the payee's own."""
        kpi = desk.book.kpis.get(on)
        over = desk.group(self.over, "over") if self.over is not None else None
        if kpi is not None and kpi.team and over not in (None, desk.book.over(on)):
            desk.refuse("override_over", "over", found=over, title=desk.kpi_title(on), allowed=desk.book.over(on))
        base = desk.team(on, "on", over=None if kpi and kpi.team else over)
        if self.own == "include" or kpi is None or (kpi.of or on) not in desk.book.kpis:
            return base
        title = desk.say("without_manager")
        return desk.figure("others", title, Arith("-", base, desk.kpi(kpi.of or on, "on")), unit_of(base))

    def _share(self, desk: Workings) -> Node:
        if self.levels is None or self.on is None:
            return own_rate(desk)
        share = highest_reached(desk, self.on, self.levels, "percent", ZERO)
        return desk.figure("rate", desk.say("rate"), share, "percent")
