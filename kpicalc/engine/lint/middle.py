"""People whose figure is far from the median of the others; one person more or less hardly moves it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.engine.lint.people import Odd
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language


def far_from_middle(
    payees: Sequence[int], values: Sequence[Decimal], unit: Unit, language: Language, times: Decimal
) -> Iterator[Odd]:
    """Yield the payees so many times above or below the median of the others."""
    # Most groups lie close together: to sort them would take longer than all that follows.
    if len(values) < 2 or min(values) * times > max(values):
        return
    ordered = sorted(values)
    others = len(ordered) - 1
    # The median of the others lies between these two, whoever is left out: most people need no closer look.
    lowest, highest = (
        (ordered[(others - 1) // 2 + further] + ordered[others // 2 + further]) / 2 for further in (0, 1)
    )
    for payee, value in zip(payees, values, strict=True):
        if lowest * times > value and value * times > highest:
            continue
        position = bisect_left(ordered, value)
        # The median of the others, of one or two values: those after the payee's own are one position further.
        low, high = (ordered[place + (place >= position)] for place in ((others - 1) // 2, others // 2))
        middle = (low + high) / 2
        if middle != value and (value >= middle * times or value * times <= middle):
            farther = value / middle if value > middle > 0 else middle / value if value else middle
            yield Odd(payee, farther, show(value, unit, language))
