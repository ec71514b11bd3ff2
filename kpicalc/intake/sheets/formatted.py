"""What the formats of cells say of the figures in them: 1 500 may be shown as «1 500 тыс.», 1 500 000 as 1 500."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from kpicalc.intake.files.number_formats import Look
from kpicalc.intake.sheets.names import times_in
from kpicalc.intake.sheets.reading import Reading
from kpicalc.lang import number
from kpicalc.model.book import column_number
from kpicalc.model.money import exact_context

_CELL = re.compile(r"([A-Z]+)(\d+)")
_POINT, _SIGN = Decimal(100), "%"


def shown_as_per_cents(reading: Reading, rows: Sequence[int], column: int) -> frozenset[int]:
    """Return the rows whose cells in a column have a per cent format, or one that writes the sign behind the number."""
    formats = reading.formats()
    if formats is None:
        return frozenset()
    signed = {row for row, look in looks(reading, rows, column).items() if _SIGN in look.text}
    if not reading.table.places:
        return frozenset(row for row, _ in formats.per_cents(reading.table.sheet.name, [column])) | signed
    by_sheet = _cells(reading, rows, column).items()
    return (
        frozenset(
            cells[at]
            for sheet, cells in by_sheet
            for at in formats.per_cents(sheet, {number for _, number in cells}) & cells.keys()
        )
        | signed
    )


def looks(reading: Reading, rows: Sequence[int], column: int) -> Mapping[int, Look]:
    """Return what formats add to the numbers of a column, by row."""
    formats = reading.formats()
    if formats is None:
        return {}
    if not reading.table.places:
        return {row: look for (row, _), look in formats.looks(reading.table.sheet.name, [column]).items()}
    return {
        cells[at]: look
        for sheet, cells in _cells(reading, rows, column).items()
        for at, look in formats.looks(sheet, {number for _, number in cells}).items()
        if at in cells
    }


def _cells(reading: Reading, rows: Sequence[int], column: int) -> Mapping[str, Mapping[tuple[int, int], int]]:
    """Return the rows of an assembled table by sheet and cell."""
    by_sheet: dict[str, dict[tuple[int, int], int]] = {}
    for row in rows:
        place = reading.table.place(row, column)
        if match := _CELL.fullmatch(place.cell):
            by_sheet.setdefault(place.sheet, {})[int(match[2]) - 1, column_number(match[1])] = row
    return by_sheet


def in_known_units(
    reading: Reading, column: int, rows: Sequence[int], figures: list[Decimal | None], units: Collection[str]
) -> list[Decimal | None]:
    """Return the figures of a column as their cells show them; `units` are those in which they are to be.

    A per cent sign that the format writes behind 95 makes it 0.95, as the text «95%» is. Thousands shown of figures in
    roubles are refused, unless the format divides by as much as its word says. If it divides and has no word, the
    figures are taken as they are stored, with one notice for the column.
    """
    shown = looks(reading, rows, column)
    if not shown:
        return figures
    whole = max(map(times_in, units), default=1)
    divided: list[tuple[int, Decimal, Look]] = []
    for n, row in enumerate(rows):
        figure, look = figures[n], shown.get(row)
        if look is None or not figure or not isinstance(reading.table.cell(row, column), float):
            continue
        if _SIGN in look.text:
            with exact_context():
                figures[n] = figure / _POINT
        elif _is_divided(look, whole):
            divided.append((row, figure, look))
        elif not in_unit(look, whole):
            reading.tell("cell_scaled", row, column, **_facts(reading, column, figure, look))
            figures[n] = None
    if divided:
        row, figure, look = divided[0]
        reading.tell("cells_divided", row, column, count=len(divided), **_facts(reading, column, figure, look))
    return figures


def in_unit(look: Look, whole: int) -> bool:
    """Tell whether a stored number is in the unit that it is to be in, which is so many times one, by what is shown."""
    times = times_in(look.text)
    as_stored = max(times, look.divided) == 1 or times == look.divided * whole or _is_divided(look, whole)
    return as_stored and _SIGN not in look.text


def _is_divided(look: Look, whole: int) -> bool:
    """Tell whether thousands are cut off and no word says so."""
    return times_in(look.text) == 1 < look.divided and whole == 1


def _facts(reading: Reading, column: int, figure: Decimal, look: Look) -> dict[str, object]:
    with exact_context():
        less = number(figure / look.divided, reading.language, places=look.places)
    found = number(figure, reading.language)
    return {"heading": reading.table.heading(column), "found": found, "shown": f"{less} {look.text}".strip()}
