"""The digest of a payroll: a hash of its people, lines, amounts and accounts that ignores the order of rows.

It stands on the Run sheet and in the manifest beside the payroll, and is computed again whenever the payroll is read,
so it reveals an amount changed on every sheet at once. It is no signature: anybody with this program can compute one.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import repeat
from math import floor
from typing import Literal

from kpicalc.model.texts import clean

_KEPT = 10_000
_SCALE, _HALF = 10_000, 0.501
"""Four places: a spreadsheet that recalculates an amount without rounding may differ in its last digit.

Just above one half, so that a figure which lies exactly on it is rounded the same way.
"""

Row = tuple[Literal["payroll", "for_1c"], Sequence[str], Sequence[float | None]]
"""The sheet, the texts and the amounts of a row as cells hold them; None is a blank."""
Columns = tuple[Literal["payroll", "for_1c"], Sequence[Sequence[str]], Sequence[Sequence[float | None]]]
"""The same for a whole sheet, column by column."""


def digest(period: str, currency: str, headings: Sequence[Sequence[str]], rows: Iterable[Row]) -> str:
    """Return the digest of a payroll from the headings and rows of its Payroll sheet and its For 1C sheet."""
    # Departments and positions repeat, so their cleaned text is cached; amounts need no cleaning.
    cleaned = lru_cache(_KEPT)(clean)
    lines = (_line((sheet, *map(cleaned, texts), *map(amount_text, amounts))) for sheet, texts, amounts in rows)
    return _of_lines(period, currency, headings, lines)


def digest_by_columns(period: str, currency: str, headings: Sequence[Sequence[str]], sheets: Iterable[Columns]) -> str:
    """Return the same digest from whole columns, whose texts are clean already."""
    lines: list[str] = []
    for sheet, texts, amounts in sheets:
        shown = (map(amount_text, column) for column in amounts)
        lines += map(_line, zip(repeat(sheet), *texts, *shown, strict=False))
    return _of_lines(period, currency, headings, lines)


def _of_lines(period: str, currency: str, headings: Sequence[Sequence[str]], lines: Iterable[str]) -> str:
    head = [_line(map(clean, line)) for line in ((period, currency), *headings)]
    return sha256("".join([*head, *sorted(lines)]).encode("utf-8", "surrogatepass")).hexdigest()


def _line(texts: Iterable[str]) -> str:
    """Return a row with its texts as they are read back: without outer and double blanks."""
    return "\x1f".join(texts) + "\x1e"


def amount_text(value: float | None) -> str:
    """Return an amount as digests take it, to four places."""
    return "" if value is None else str(floor(value * _SCALE + _HALF))
