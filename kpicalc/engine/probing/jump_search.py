"""The search for the next jump of pay: samples at growing distances, then bisection; all searches probe together."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from kpicalc.engine.probing.probe import Probe, Prober
from kpicalc.model.record import record

_ZERO = Decimal(0)
SAMPLES = (1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36, 48, 64, 86, 115, 153, 204, 272, 363, 484)
"""The distances of the first samples, in steps; a jump between two of them is narrowed down by bisection."""
FARTHEST = SAMPLES[-1]
_BEYOND = (968, 1936, 3872, 7744, 15488)
"""Sampled too where nothing pays more up to there: 5 000 000 is far from 3 000 000 in thousands."""
_LEAST_BEYOND = Decimal("0.1")
"""Smaller steps, such as those of per cents, are not sampled beyond this."""
CLEAR = Decimal(1)
"""The least jump of pay that is reported; a smaller one is a matter of rounding."""


@record
class Start:
    """The start of a search: a payee's indicator as it stands, the signed step, and the search's range in steps."""

    payee: int
    kpi: str
    of_team: bool
    actual: Decimal
    step: Decimal
    most: int


class Search:
    """The search for the next jump of one indicator: the pay known so far by number of steps."""

    def __init__(self, prober: Prober, start: Start) -> None:
        self.start = start
        self.now = prober.total(start.payee)
        self.most = start.most
        self.known: dict[int, Decimal | None] = {0: self.now}
        self.between: tuple[int, int, Decimal] | None = None
        """The numbers of steps between which pay jumps, and the rate per step before the jump."""
        self.rate, self.bend, self.bend_at = _ZERO, self.now, 0
        """The rate per step up to the sample before the jump, the pay there, and its number of steps."""

    def probe(self, steps: int) -> Probe:
        """Return the probe for a number of steps."""
        start = self.start
        return Probe(start.payee, start.kpi, start.step * steps, start.of_team)

    def samples(self) -> list[int]:
        """Return the distances of the first samples."""
        return sorted({min(value, self.most) for value in SAMPLES if self.most})

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
        """Tell whether this many steps pay clearly more than at the rate before the jump: by over two steps' worth."""
        return gain - rate * steps > max(CLEAR, abs(rate) * 2)

    def middle(self) -> int | None:
        """Return the next number of steps to sample, or None where the jump is found."""
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
    """Sample the pay of all searches at the first distances, and find between which samples each jumps."""
    _look(prober, [(search, steps) for search in searches for steps in search.samples()])
    flat = [item for item in searches if item.start.step >= _LEAST_BEYOND and {*item.known.values()} == {item.now}]
    _look(prober, [(search, steps) for search in flat for steps in _BEYOND])
    for search in flat:
        search.most = _BEYOND[-1]
    for search in searches:
        search.narrow()


def _look(prober: Prober, wanted: Sequence[tuple[Search, int]]) -> None:
    values = prober.totals([search.probe(steps) for search, steps in wanted])
    for (search, steps), value in zip(wanted, values, strict=True):
        search.known[steps] = value


def halve(prober: Prober, searches: Sequence[Search]) -> None:
    """Bisect until every jump stands between two neighbouring steps."""
    while wanted := [(search, middle) for search in searches if (middle := search.middle()) is not None]:
        values = prober.totals([search.probe(middle) for search, middle in wanted])
        for (search, middle), value in zip(wanted, values, strict=True):
            search.known[middle] = value
            search.halve(middle)
