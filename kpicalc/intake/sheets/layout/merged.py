"""Missing values caused by merged cells: only the first cell of a range holds the value that people see over all."""

import re
from collections.abc import Callable, Iterable, Iterator

from kpicalc.intake.files.formats import Formats, formats_of
from kpicalc.model.book import column_number
from kpicalc.model.inputs import Series
from kpicalc.model.issue import Issue, Place, issue, listed

_LISTED = 5
_MISSING = frozenset(
    {"blank_name", "blank_department", "blank_team_department", "blank_kpi", "blank_amount", "blank_reason"}
)
"""The issues of a cell in which a text or an amount is missing."""
_NO_FACT = frozenset({"fact_no_payee", "fact_undated", "fact_blank"})
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def blank_cells(issues: Iterable[Issue], figures: Iterable[Series]) -> list[Place]:
    """Return the cells with missing values: cells that have such an issue, and blank figures that may be needed."""
    reported = [item.place for item in issues if item.code in _MISSING and item.place.cell]
    missing = (one.place(n) for one in figures for n, value in enumerate(one.values) if value is None and one.rows[n])
    return [*reported, *missing]


def tell_merged(look: Callable[[], Formats | None], blanks: Iterable[Place]) -> Iterator[Issue]:
    """Yield once for each sheet the merged cells that cause missing values."""
    by_sheet: dict[str, list[Place]] = {}
    for place in blanks:
        by_sheet.setdefault(place.sheet, []).append(place)
    formats = look() if by_sheet else None
    for sheet, places in by_sheet.items():
        ranges = formats.merged(sheet) if formats else ()
        merged = {ref: place for ref in ranges for place in places if _lies_in(place.cell, ref)}
        if merged:
            first = next(iter(merged.values()))
            yield issue("merged_cells", first, sheet=sheet, found=listed(list(merged), _LISTED))


def merged_in_facts(issues: Iterable[Issue]) -> list[Issue]:
    """Return the same for a sheet of facts, by what is told of its blank cells."""
    blanks = [item.place for item in issues if item.code in _NO_FACT and item.place.cell]
    return list(tell_merged(lambda: formats_of(blanks[0].file), blanks))


def _lies_in(cell: str, ref: str) -> bool:
    """Tell whether a cell is inside a range and not its first cell."""
    first, last = ref.split(":")
    if cell == first:
        return False
    (left, top), (column, row), (right, bottom) = (_at(corner) for corner in (first, cell, last))
    return left <= column <= right and top <= row <= bottom


def _at(cell: str) -> tuple[int, int]:
    match = _CELL.fullmatch(cell)
    letters, digits = match.groups() if match else ("", "0")
    return column_number(letters), int(digits)
