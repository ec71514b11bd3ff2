"""Finds the styles of a Microsoft workbook that show a number as a per cent."""

import re
from collections.abc import Mapping, Sequence

_BUILT_IN = frozenset({9, 10})
"""0 % and 0.00 %."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def per_cent_styles(codes: Mapping[int, str], styles: Sequence[int]) -> frozenset[int]:
    """Return the numbers of the cell styles whose format has a per cent sign.

    `codes` are the workbook's own formats by number, `styles` the format number of every cell style.
    """
    shown = _BUILT_IN | {number for number, code in codes.items() if "%" in _QUOTED.sub("", code)}
    return frozenset(style for style, number in enumerate(styles) if number in shown)
