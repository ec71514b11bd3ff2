"""The digest of a payroll: a hash of its people, lines, amounts and accounts that ignores the order of rows.

It stands on the Run sheet and in the manifest beside the payroll, and is computed again whenever the payroll is read,
so it reveals an amount changed on every sheet at once. It is no signature: anybody with this program can compute one.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from hashlib import sha256
from math import floor
from typing import Literal

from kpicalc.model.texts import clean, clean_all

_AT_ONCE = 1000
_SCALE, _HALF = 10_000, 0.501
"""Four places: a spreadsheet that recalculates an amount without rounding may differ in its last digit.

Just above one half, so that a figure which lies exactly on it is rounded the same way.
"""
_CODE = ("utf-8", "surrogatepass")
_DIGITS = 11
"""With more digits before the point, a float has no four places, so its text may differ from that of the decimal."""

Sheet = tuple[Literal["payroll", "for_1c"], Sequence[Sequence[str]], Iterable[Sequence[str]]]
"""A sheet column by column: its texts, and its amounts as `amount_texts` gives them."""


def digest(period: str, currency: str, headings: Sequence[Sequence[str]], sheets: Iterable[Sheet]) -> str:
    """Return the digest of a payroll from the headings and columns of its Payroll sheet and its For 1C sheet."""
    mark = sha256("".join(_line(map(clean, line)) for line in ((period, currency), *headings)).encode(*_CODE))
    # A line begins with the name of its sheet: the lines of both sheets need not be in memory to be sorted.
    for sheet, texts, amounts in sorted(sheets, key=lambda one: one[0]):
        rows = zip(*map(clean_all, texts), *amounts, strict=True)
        lines = sorted([f"{sheet}\x1f{_line(row)}" for row in rows])
        for at in range(0, len(lines), _AT_ONCE):
            mark.update("".join(lines[at : at + _AT_ONCE]).encode(*_CODE))
    return mark.hexdigest()


def _line(texts: Iterable[str]) -> str:
    """Return a row with its texts as they are read back: without outer and double blanks."""
    return "\x1f".join(texts) + "\x1e"


def amount_texts(values: Iterable[float | None]) -> list[str]:
    """Return amounts as digests take them, to four places; a blank is an empty text."""
    return ["" if value is None else str(floor(value * _SCALE + _HALF)) for value in values]


def exact_texts(values: Iterable[Decimal | None]) -> list[str]:
    """Return the same of decimals, which a sheet keeps as floats.

    Positive amounts, whole or in kopecks, need no detour by floats.
    """
    shown = list(values)
    texts = list(map(_plain, map(str, shown)))
    others = [at for at, text in enumerate(texts) if not text]
    floats = (None if (value := shown[at]) is None else float(value) for at in others)
    for at, text in zip(others, amount_texts(floats), strict=True):
        texts[at] = text
    return texts


def _plain(text: str) -> str:
    """Return the text of an amount from that of a positive decimal, whole or in kopecks; empty for any other one."""
    if text[0] > "0":
        if text[-3:-2] == "." and len(text) <= _DIGITS + len(".00"):
            return text[:-3] + text[-2:] + "00"
        if len(text) <= _DIGITS and text.isdigit():
            return text + "0000"
    return ""
