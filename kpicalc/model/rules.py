"""Choices that move money: roundings, what a blank and a zero mean, the plan of a part of the month."""

from typing import Literal

from pydantic import Field

from kpicalc.model.entry import Entry, PartMonth, Rounding

Blank = Literal["error", "hold", "zero"]


class Rules(Entry):
    """Choices that move money. A scheme or a component may state its own; the nearest one has priority."""

    money: Rounding | None = Field(default=None, description="rounding of every line of pay")
    attainment: Rounding | None = Field(default=None, description="rounding of every attainment")
    missing: Blank | None = Field(
        default=None,
        description="a plan or actual that is needed and blank: error stops the run, hold pays the others, zero is 0",
    )
    zero_plan: Literal["error", "zero", "full"] | None = Field(
        default=None,
        description="attainment where the plan is zero: error stops the run, zero is 0 %, full is 100 %",
    )
    zero_actual: Literal["error", "zero", "full"] | None = Field(
        default=None,
        description="attainment of a less-is-better KPI where the actual is zero (plan / 0): error, 0 % or 100 %",
    )
    part_month: PartMonth | None = Field(
        default=None,
        description="the plan of a part of the month; unstated, nobody may be hired or dismissed inside the month",
    )

    def over(self, outer: "Rules") -> "Rules":
        """Return these rules with unstated choices taken from the outer ones."""
        stated = {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}
        return outer.model_copy(update=stated)
