"""Which value of an option keeps the fund: what was tried, where it holds, and what stands in the way."""

from decimal import Decimal

from kpicalc.model.issue import Issue
from kpicalc.model.record import record
from kpicalc.model.replay import LeftOut, MonthOut


@record
class Try:
    """One value and the fund that it gives over all months."""

    value: Decimal
    fund: Decimal


@record
class Interval:
    """Values next to each other, in steps, that all keep the fund."""

    first: Try
    last: Try


@record
class Share:
    """Somebody's part of what a line changes by; `change` is that of the highest value against the lowest."""

    id: str
    name: str
    change: Decimal


@record
class Bound:
    """A line that works against the value: as one rises the other falls; a cap, a guarantee, an advance."""

    id: str
    title: str
    change: Decimal
    people: tuple[Share, ...]


@record
class Fixed:
    """A line that the value does not move, and what it pays over all months."""

    id: str
    title: str
    amount: Decimal


@record
class Seek:
    """A whole search. `percent`: the values are shares, to be written with their sign.

    `moved` is how much the highest value pays more than the lowest in the lines that follow it, `bounds` what takes it
    back, `fixed` what does not move at all.
    """

    path: str
    amount: Decimal
    percent: bool
    months: tuple[str, ...]
    tries: tuple[Try, ...]
    intervals: tuple[Interval, ...]
    stated: Decimal
    """The fund of the scheme as it is, over the same months and people."""
    moved: Decimal
    bounds: tuple[Bound, ...]
    fixed: tuple[Fixed, ...]
    refused: tuple[tuple[Decimal, Issue], ...] = ()
    """Values that the scheme does not take, with the first reason."""
    months_out: tuple[MonthOut, ...] = ()
    left_out: tuple[tuple[str, LeftOut], ...] = ()
    """People by month who are not paid at every value."""

    @property
    def least(self) -> Try:
        """Return the value with the lowest fund; of several the lowest value."""
        return min(self.tries, key=lambda one: (one.fund, one.value))

    @property
    def most(self) -> Try:
        """Return the value with the highest fund; of several the lowest value."""
        return max(self.tries, key=lambda one: (one.fund, -one.value))

    @property
    def flat_from(self) -> Decimal | None:
        """Return the value from which on the fund does not move any more; None where it moves to the end."""
        flat = self.tries[-1]
        for one in reversed(self.tries):
            if one.fund != self.tries[-1].fund:
                break
            flat = one
        return flat.value if flat is not self.tries[-1] else None

    @property
    def idle(self) -> bool:
        """Tell whether the value moves nobody's pay."""
        return not self.moved and not self.bounds

    @property
    def incomplete(self) -> bool:
        """Tell whether a month or somebody is left out."""
        return bool(self.months_out or self.left_out)
