"""Finds the styles of a Microsoft workbook that show a number as a per cent, or a date as a month without its day."""

import re
from collections.abc import Collection, Mapping, Sequence

_PER_CENTS = frozenset({9, 10})
"""The built-in formats 0 % and 0.00 %."""
_MONTHS = frozenset({17})
"""The built-in format mmm-yy."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)


def per_cent_styles(codes: Mapping[int, str], styles: Sequence[int]) -> frozenset[int]:
    """Return the numbers of the cell styles whose format has a per cent sign.

    `codes` are the workbook's own formats by number, `styles` the format number of every cell style.
    """
    return _styled(_PER_CENTS | {number for number, code in codes.items() if "%" in _QUOTED.sub("", code)}, styles)


def month_styles(codes: Mapping[int, str], styles: Sequence[int]) -> frozenset[int]:
    """Return the numbers of the cell styles whose format shows a month and no day: mmm yyyy."""
    return _styled(_MONTHS | {number for number, code in codes.items() if _is_month(code)}, styles)


def _styled(formats: Collection[int], styles: Sequence[int]) -> frozenset[int]:
    return frozenset(style for style, number in enumerate(styles) if number in formats)


def _is_month(code: str) -> bool:
    # What follows `;` is for negative numbers and texts.
    letters = set(filter(str.isalpha, _QUOTED.sub("", code).lower().partition(";")[0]))
    return "m" in letters and letters <= {"m", "y"} and not _ELAPSED.search(code)
