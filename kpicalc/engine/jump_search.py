"""The search for the next jump of pay: looked at from some distances, then halved; all searches probe together."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from kpicalc.engine.probe import Probe, Prober
from kpicalc.model.record import record

_ZERO = Decimal(0)
SAMPLES = (1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36, 48, 64, 86, 115, 153, 204, 272, 363, 484)
"""At how many steps ahead pay is looked at first; between two of these a jump is found by halving."""
FARTHEST = SAMPLES[-1]
_BEYOND = (968, 1936, 3872, 7744, 15488)
"""Where nothing pays more up to there, these are looked at too: 5 000 000 is far from 3 000 000 in thousands."""
_LEAST_BEYOND = Decimal("0.1")
"""Smaller steps, such as those of per cents, have been looked at far enough."""
CLEAR = Decimal(1)
"""A jump of pay is told from here on; less is a matter of rounding."""


@record
class Start:
    """An indicator of a payee as it stands, the signed step, and how far the search goes, in steps."""

    payee: int
    kpi: str
    of_team: bool
    actual: Decimal
    step: Decimal
    most: int


class Search:
    """The search of the next jump of one indicator: pay at so many steps, what is known of it."""

    def __init__(self, prober: Prober, start: Start) -> None:
        self.start = start
        self.now = prober.total(start.payee)
        self.most = start.most
        self.known: dict[int, Decimal | None] = {0: self.now}
        self.between: tuple[int, int, Decimal] | None = None
        """Steps between which pay jumps, and the rate per step before."""
        self.rate, self.bend, self.bend_at = _ZERO, self.now, 0
        """The rate per step up to the sample before the jump, the pay there, and at how many steps it stands."""

    def probe(self, steps: int) -> Probe:
        """Return the probe of so many steps."""
        start = self.start
        return Probe(start.payee, start.kpi, start.step * steps, start.of_team)

    def samples(self) -> list[int]:
        """Return the distances at which pay is looked at first."""
        return sorted({min(one, self.most) for one in SAMPLES if self.most})

    def narrow(self) -> None:
        """Find the first two samples between which pay grows clearly faster than before."""
        points = [(steps, value) for steps, value in sorted(self.known.items()) if value is not None]
        if len(points) < 2:
            return
        rate = points[1][1] - points[0][1]
        for (left, below), (right, above) in pairwise(points[1:]):
            if self.exceeds(above - below, right - left, rate):
                self.between = (left, right, rate)
                self.rate, self.bend, self.bend_at = rate, below, left
                return
            rate = max((above - below) / (right - left), (above - self.now) / right)

    @staticmethod
    def exceeds(gain: Decimal, steps: int, rate: Decimal) -> bool:
        """Tell whether so many steps pay clearly more than at the rate before: by more than two steps' worth."""
        return gain - rate * steps > max(CLEAR, abs(rate) * 2)

    def middle(self) -> int | None:
        """Return where to look next, or None where the jump is found."""
        if self.between is None or self.between[1] - self.between[0] <= 1:
            return None
        return (self.between[0] + self.between[1]) // 2

    def halve(self, middle: int) -> None:
        """Keep the half in which pay jumps first."""
        assert self.between is not None
        left, right, rate = self.between
        below, value = self.known[left], self.known[middle]
        if value is None or below is None:
            self.between = None
        elif self.exceeds(value - below, middle - left, rate):
            self.between = (left, middle, rate)
        else:
            self.between = (middle, right, rate)


def sample(prober: Prober, searches: Sequence[Search]) -> None:
    """Compute the pay at the first distances of all searches, and see where each jumps."""
    _look(prober, [(search, steps) for search in searches for steps in search.samples()])
    flat = [one for one in searches if one.start.step >= _LEAST_BEYOND and {*one.known.values()} == {one.now}]
    _look(prober, [(search, steps) for search in flat for steps in _BEYOND])
    for search in flat:
        search.most = _BEYOND[-1]
    for search in searches:
        search.narrow()


def _look(prober: Prober, wanted: Sequence[tuple[Search, int]]) -> None:
    found = prober.own([search.probe(steps) for search, steps in wanted])
    for (search, steps), value in zip(wanted, found, strict=True):
        search.known[steps] = value


def halve(prober: Prober, searches: Sequence[Search]) -> None:
    """Halve until every jump stands between two neighbouring steps."""
    while wanted := [(search, middle) for search in searches if (middle := search.middle()) is not None]:
        found = prober.own([search.probe(middle) for search, middle in wanted])
        for (search, middle), value in zip(wanted, found, strict=True):
            search.known[middle] = value
            search.halve(middle)
