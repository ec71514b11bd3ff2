"""НДФЛ, the Russian income tax: its brackets for residents' main income, by the year-to-date base.

Source: Tax Code, article 224 paragraph 1, as amended by Federal Law 176-FZ of 12.07.2024, in force since 2025.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

Rates: TypeAlias = Sequence[tuple[Decimal, Decimal]]

YEARS = (2025, 2026)
"""The years in which these brackets apply."""
BRACKETS: tuple[tuple[Decimal, Decimal], ...] = (
    (Decimal(0), Decimal("0.13")),
    (Decimal(2_400_000), Decimal("0.15")),
    (Decimal(5_000_000), Decimal("0.18")),
    (Decimal(20_000_000), Decimal("0.20")),
    (Decimal(50_000_000), Decimal("0.22")),
)
"""From this base of the year on (its slice above the bound), this rate."""


def tax_of(base: Decimal, rates: Rates) -> Decimal:
    """Return the tax of a base, each slice of it at its own rate."""
    ends = [*(start for start, _ in rates), max(base, rates[-1][0])]
    slices = zip(pairwise(ends), (rate for _, rate in rates), strict=True)
    return sum((max(min(base, end) - start, Decimal(0)) * rate for (start, end), rate in slices), Decimal(0))
