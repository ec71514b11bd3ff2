"""Exact numbers: how a cell becomes a decimal, and how a figure is rounded.

All arithmetic runs at 50 digits. A quotient such as 1/3 + 2/3 is then 0.99...9 (50 nines), so every rounding
first rounds to 30 places and then to the stated place: no payable figure can lie that close to a tie without
being the tie itself.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from typing import Literal

Ties = Literal["half_up", "half_even", "down", "up"]

_MODES: dict[Ties, str] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}
_GUARD = Decimal("1e-30")
_EXACT_INTEGER = 10**15


def exact_context() -> AbstractContextManager[Context]:
    """Return the arithmetic in which every figure is computed: 50 digits, a division by zero raises."""
    return localcontext(Context(prec=50, traps=[DivisionByZero, InvalidOperation, Overflow]))


def from_cell(value: float) -> Decimal:
    """Return what a spreadsheet shows for a stored number: its 15 significant digits.

    0.1 + 0.2 is stored as 0.30000000000000004 and means 0.3.
    """
    if value.is_integer() and abs(value) < _EXACT_INTEGER:
        return Decimal(int(value))
    return Decimal(f"{value:.15g}")


def rounder(step: Decimal, ties: Ties) -> Callable[[Decimal], Decimal]:
    """Return the function that rounds to a step (a power of ten: 0.01, 1, 1000) in the stated manner.

    half_up: a half goes away from zero; half_even: to the even neighbour; down: towards zero; up: away from it.
    """
    mode = _MODES[ties]
    # quantize uses the exponent: 100 must be 1E+2, and 0.10 the step 0.1.
    step = Decimal(1).scaleb(-places(step))
    # Amounts of 10^12 with 30 places need more digits than the arithmetic itself.
    guard = Context(prec=80, rounding=ROUND_HALF_EVEN).quantize
    last = Context(prec=80, rounding=mode).quantize

    def round_one(value: Decimal) -> Decimal:
        result = last(guard(value, _GUARD), step)
        return result or abs(result)  # never -0

    return round_one


def places(step: Decimal) -> int:
    """Return the digits argument of a spreadsheet's ROUND for a step: 0.01 -> 2, 10 -> -1."""
    return -step.normalize().as_tuple().exponent  # type: ignore[operator]
