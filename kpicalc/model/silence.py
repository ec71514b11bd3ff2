"""What a scheme file silences: remarks that are not shown because somebody decided so, always or in some months."""

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from kpicalc.model.entry import Entry
from kpicalc.model.period import parse
from kpicalc.model.record import record


def _month(value: object) -> object:
    """Turn YAML's text into a month."""
    if month := parse(value):
        return month
    raise PydanticCustomError("silence_month", "silence_month", {"found": str(value)})


Month = Annotated[str, BeforeValidator(_month), WithJsonSchema({"type": "string"})]
"""A month, written 2026-10."""


class MonthSilence(Entry):
    """Why a remark is not shown in some months, and in which; in every other month it is."""

    reason: str = Field(description="why it is not told")
    period: Month | list[Month] = Field(description="the month, 2026-10, or a list of months")

    @property
    def months(self) -> tuple[str, ...]:
        """Return the months."""
        return (self.period,) if isinstance(self.period, str) else tuple(self.period)


class Lint(Entry):
    """Remarks of `kpicalc check` that are not shown, because somebody decided so."""

    silence: dict[str, str | MonthSilence] = Field(
        default_factory=dict,
        description="code of a remark: why it is not told; the reason stands on the Run sheet. What is true of one "
        "month is {reason: ..., period: 2026-10}",
    )


@record
class Silence:
    """A remark that is not shown: its code, the reason, its subject: the file (), a scheme or a KPI by its path."""

    code: str
    reason: str
    about: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    """The months in which it is silenced; empty: all."""

    def holds(self, period: str | None) -> bool:
        """Tell whether the silence applies to a month."""
        return not self.months or period in self.months
