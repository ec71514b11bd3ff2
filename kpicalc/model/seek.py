"""Which value of an option keeps the fund: the values tried, where it holds, and what prevents it."""

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
    """Neighbouring values that all keep the fund."""

    first: Try
    last: Try


@record
class Share:
    """One person's part in the change of a line: the highest value against the lowest."""

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
    """A line that does not depend on the value, and what it pays over all months."""

    id: str
    title: str
    amount: Decimal


@record
class Seek:
    """A whole search. `percent`: the values are shares, written with a per cent sign.

    `moved` is how much more the highest value pays than the lowest in the lines that follow it, `bounds` are the lines
    that fall, `fixed` those that do not change.
    """

    path: str
    amount: Decimal
    percent: bool
    months: tuple[str, ...]
    tries: tuple[Try, ...]
    intervals: tuple[Interval, ...]
    stated: Decimal
    """The fund of the present scheme, over the same months and people."""
    moved: Decimal
    bounds: tuple[Bound, ...]
    fixed: tuple[Fixed, ...]
    refused: tuple[tuple[Decimal, Issue], ...] = ()
    """Values that the scheme refuses, with the first reason."""
    months_out: tuple[MonthOut, ...] = ()
    left_out: tuple[tuple[str, LeftOut], ...] = ()
    """People by month who are left out as they are not paid at every value."""

    @property
    def least(self) -> Try:
        """Return the value with the lowest fund; if several have it, the lowest value."""
        return min(self.tries, key=lambda item: (item.fund, item.value))

    @property
    def most(self) -> Try:
        """Return the value with the highest fund; if several have it, the lowest value."""
        return max(self.tries, key=lambda item: (item.fund, -item.value))

    @property
    def flat_from(self) -> Decimal | None:
        """Return the value from which the fund no longer changes; None where it changes up to the end."""
        flat = self.tries[-1]
        for item in reversed(self.tries):
            if item.fund != self.tries[-1].fund:
                break
            flat = item
        return flat.value if flat is not self.tries[-1] else None

    @property
    def idle(self) -> bool:
        """Tell whether nobody's pay depends on the value."""
        return not self.moved and not self.bounds

    @property
    def incomplete(self) -> bool:
        """Tell whether a month or a person is left out."""
        return bool(self.months_out or self.left_out)
