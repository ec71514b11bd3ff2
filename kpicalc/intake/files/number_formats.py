"""What the number formats of a Microsoft workbook show: a per cent, a month without its day, a number in thousands."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from kpicalc.intake.files.parts import RefusedError
from kpicalc.intake.sheets.names import times_in
from kpicalc.model.record import record

_PER_CENTS = frozenset({9, 10})
"""The built-in formats 0 % and 0.00 %."""
_MONTHS = frozenset({17})
"""The built-in format mmm-yy."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)

_PARTS = re.compile(
    r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|([0#?][0#?.,]*|General)|(.)', re.IGNORECASE
)
"""Texts in quotes, escaped and of a currency; a blank as wide as a character; the digits; other characters."""
_SIGNS = " +-()"
_SECTIONS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')


@record
class Look:
    """What a format shows in place of a number: the number divided, with so many decimal places, and a text."""

    divided: int
    places: int
    text: str


class StyledFormats(ABC):
    """The formats of cells in a workbook where each cell has the number of a style, and each style that of a format."""

    @abstractmethod
    def styles(self) -> tuple[Mapping[int, str], Sequence[int]]:
        """Return the workbook's own formats by number, and the format number of every cell style."""

    @abstractmethod
    def styled(self, sheet: str, styles: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """Yield row and column (from 0) and style of the cells that have one of these styles."""

    def per_cents(self, sheet: str, columns: Collection[int]) -> frozenset[tuple[int, int]]:
        """Return the cells (row and column from 0) of the columns that have a per cent format."""
        return frozenset(self._cells(sheet, columns, self._per_cents))

    def months(self, sheet: str, columns: Collection[int]) -> frozenset[tuple[int, int]]:
        """Return the cells (row and column from 0) of the columns whose format shows a month without a day."""
        return frozenset(self._cells(sheet, columns, self._months))

    def looks(self, sheet: str, columns: Collection[int]) -> Mapping[tuple[int, int], Look]:
        """Return what formats add to the numbers of the columns, by cell (row and column from 0)."""
        return {cell: self._looks[style] for cell, style in self._cells(sheet, columns, self._looks).items()}

    @cached_property
    def _styles(self) -> tuple[Mapping[int, str], Sequence[int]]:
        try:
            return self.styles()
        except RefusedError:
            # The reading library takes the numbers of such a workbook without their formats.
            return {}, ()

    @cached_property
    def _per_cents(self) -> frozenset[int]:
        return per_cent_styles(*self._styles)

    @cached_property
    def _months(self) -> frozenset[int]:
        return month_styles(*self._styles)

    @cached_property
    def _looks(self) -> Mapping[int, Look]:
        return looks(*self._styles)

    @cached_property
    def _found(self) -> dict[str, Mapping[int, Mapping[int, int]]]:
        """Return the styles by sheet, column and row, as far as sheets were looked through: once each."""
        return {}

    def _cells(self, sheet: str, columns: Collection[int], styles: Collection[int]) -> dict[tuple[int, int], int]:
        """Return the cells of the columns that have one of the styles, with their style."""
        if not styles:
            return {}
        if sheet not in self._found:
            found: dict[int, dict[int, int]] = {}
            for row, column, style in self.styled(sheet, {*self._per_cents, *self._months, *self._looks}):
                found.setdefault(column, {})[row] = style
            self._found[sheet] = found
        by_column = self._found[sheet]
        return {
            (row, column): style
            for column in columns
            for row, style in by_column.get(column, {}).items()
            if style in styles
        }


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


def looks(codes: Mapping[int, str], styles: Sequence[int]) -> dict[int, Look]:
    """Return what cell styles add to a number, for those that divide it or write thousands or a per cent beside it."""
    by_number = {number: look for number, code in codes.items() if (look := look_of(code))}
    return {style: by_number[number] for style, number in enumerate(styles) if number in by_number}


def look_of(code: str) -> Look | None:
    """Return what a format adds to a number: `#,##0,` divides it by a thousand, `0" тыс."` writes a word beside it."""
    return next((look for section in _SECTIONS.split(code) if (look := _look_of(section))), None)


def is_plain(look: Look) -> bool:
    """Tell whether a number is shown as it is, with a word at most that does not change its size: руб., шт."""
    return look.divided == 1 and times_in(look.text) == 1 and "%" not in look.text


def _look_of(section: str) -> Look | None:
    digits, text = "", ""
    for quoted, escaped, currency, shown, other in _PARTS.findall(section):
        if other in ("%", "E", "e"):
            return None
        digits += shown
        text += quoted or escaped or currency or other
    whole = digits.rstrip(",")
    look = Look(1000 ** (len(digits) - len(whole)), len(whole.partition(".")[2]), " ".join(text.split()).strip(_SIGNS))
    return None if not digits or is_plain(look) else look
