"""The progress of a team within a month: of each person, what the month will pay each, and results by day."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal

from kpicalc.model.progress import Days, Forecast, Progress, Range
from kpicalc.model.record import record


@record
class PersonProgress:
    """A person's progress with what the month will pay."""

    progress: Progress
    pay: Forecast

    @property
    def payee(self) -> int:
        """Return the payee's index."""
        return self.progress.payee


@record
class TeamProgress:
    """The progress of people at a day, in the order of the workbook, and what all of them will be paid.

    `by_day` are the results of dated facts: by KPI, then payee, then day.
    """

    on: date
    days: Days
    people: tuple[PersonProgress, ...]
    totals: Forecast
    by_day: Mapping[str, Mapping[int, Mapping[date, Decimal]]] = field(default_factory=dict)


def sum_of(ranges: list[Range | None]) -> Range | None:
    """Add up what people will be paid; None where nobody's pay is known."""
    known = [item for item in ranges if item is not None]
    if not known:
        return None
    return Range(sum((item.low for item in known), Decimal(0)), sum((item.high for item in known), Decimal(0)))
