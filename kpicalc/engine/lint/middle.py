"""People whose figure is far from the middle ones of the others; one person more or less hardly moves these.

Who may well have done as little is told by `did_little`, whatever the figure is compared with.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.engine.lint.people import Odd
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language
from kpicalc.model.inputs import Inputs

_FEW, _FAR = 10, 500
"""A newcomer's single deal is no slip beside sixty; five beside five thousand may be thousands."""


def far_from_middle(
    payees: Sequence[int], values: Sequence[Decimal], unit: Unit, language: Language, times: Decimal
) -> Iterator[Odd]:
    """Yield the payees so many times above or below both middle ones of the others."""
    # Most groups lie close together: to sort them would take longer than all that follows.
    if len(values) < 2 or min(values) * times > max(values):
        return
    ordered = sorted(values)
    others = len(ordered) - 1
    # The middle ones of the others lie between these two, whoever is left out: most people need no closer look.
    least, most = ordered[others // 2], ordered[(others - 1) // 2 + 1]
    for payee, value in zip(payees, values, strict=True):
        if value < least * times and most < value * times:
            continue
        position = bisect_left(ordered, value)
        # Those after the payee's own are one position further.
        low, high = (ordered[place + (place >= position)] for place in ((others - 1) // 2, others // 2))
        middle = high if value > high else low
        if middle != value and (value >= high * times or value * times <= low):
            farther = value / middle if value > middle > 0 else middle / value if value else middle
            yield Odd(payee, farther, show(value, unit, language))


def is_few(value: Decimal, usual: Decimal, unit: Unit) -> bool:
    """Tell whether a figure is a few things counted one by one, which is a result beside fifty times as many too."""
    return unit == "number" and value < _FEW and not value % 1 and value * _FAR > usual


def did_little(inputs: Inputs, payee: int, value: Decimal, usual: Decimal, unit: Unit) -> bool:
    """Tell whether a figure below the usual one is plausible: a few, or of one who came or left in the month."""
    marks = (inputs.employee.get(name) for name in ("part_month", "leaves"))
    is_part = any(mark is not None and mark.values[payee] for mark in marks)
    return value < usual and (is_part or is_few(value, usual, unit))
