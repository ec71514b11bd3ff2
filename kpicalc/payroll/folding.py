"""Accruals without a minus: a reduction is taken from the lines that it reduces, and the total stays.

1C has no negative accruals. A cap, a penalty or a gate lowers the lines that it acts on, and their multipliers, in
proportion to their remaining amounts. A reduction of the total (a clawback, a negative adjustment, a return) lowers the
lines above it, the nearest first, then the lines below it; a salary is lowered last.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from kpicalc.engine.components.base_salary import BaseSalary
from kpicalc.engine.statement import Line
from kpicalc.engine.terms.standing import changed_by

_ZERO = Decimal(0)
_KOPECK = -2


def folding(lines: Sequence[Line]) -> Callable[[Sequence[Decimal]], list[Decimal]]:
    """Return a function that folds a person's amounts of these lines.

    Amounts whose sum is below 0 cannot be folded and are returned unchanged.
    """
    groups = [_group(lines, at) for at in range(len(lines))]
    salaries = [at for at, line in enumerate(lines) if line.component == BaseSalary.name]
    others = [at for at in range(len(lines) - 1, -1, -1) if at not in salaries]

    def fold(amounts: Sequence[Decimal]) -> list[Decimal]:
        if min(amounts, default=_ZERO) >= 0 or sum(amounts) < 0:
            return list(amounts)
        parts: list[Decimal] = []
        owed = _ZERO
        for at, amount in enumerate(amounts):
            parts.append(max(amount, _ZERO))
            if amount < 0:
                left = _in_proportion(parts, groups[at], -amount)
                owed += _in_turn(parts, [other for other in others if other < at], left)
        # What the lines above cannot bear, the lines below bear (above all a guarantee), and at last the salary.
        _in_turn(parts, [*others, *salaries], owed)
        return parts

    return fold


def _group(lines: Sequence[Line], at: int) -> list[int]:
    """Return the lines that a line acts on, and the lines that changed them earlier."""
    above = list(lines[:at])
    bases = changed_by(above, frozenset(lines[at].acts_on))
    return [
        number
        for number, line in enumerate(above)
        if line.id in bases or changed_by(above[:number], frozenset(line.acts_on)) & bases
    ]


def _in_proportion(parts: list[Decimal], group: Sequence[int], amount: Decimal) -> Decimal:
    """Take an amount from lines in proportion; return the part that they could not bear."""
    group = [at for at in group if parts[at]]
    if len(group) < 2:
        return _in_turn(parts, group, amount)
    whole = sum((parts[at] for at in group), _ZERO)
    taken = min(amount, whole)
    step = Decimal(1).scaleb(min(_KOPECK, *(_exponent(parts[at]) for at in group), _exponent(taken)))
    before, so_far = _ZERO, _ZERO
    for at in group:
        # Shares are rounded as a running total: they add up to the amount, and none exceeds its line.
        so_far += parts[at]
        running = (taken * so_far / whole).quantize(step, ROUND_HALF_UP)
        parts[at] -= running - before
        before = running
    return amount - taken


def _in_turn(parts: list[Decimal], order: Iterable[int], amount: Decimal) -> Decimal:
    """Take an amount from lines one after another; return the part that they could not bear."""
    for at in order:
        taken = min(parts[at], amount)
        parts[at] -= taken
        amount -= taken
    return amount


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
