"""Per cents as people type them: a cell formatted as a per cent is a share; a plain number needs a statement."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from kpicalc.engine.draft import unit_stated
from kpicalc.intake.sheets.cells import shown
from kpicalc.intake.sheets.formatted import shown_as_per_cents
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import Kpi

_POINT = Decimal(100)


def is_per_cent(kpi: Kpi) -> bool:
    """Tell whether the figures of a KPI are per cents."""
    return kpi.unit is not None and kpi.unit.strip() == "%"


def as_shares(
    reading: Reading, key: str, column: int, rows: Sequence[int], figures: list[Decimal | None]
) -> list[Decimal | None]:
    """Return the figures of a KPI; per cents become shares: 95 typed as per cents is 0.95.

    Plain numbers are an error for the column, unless the scheme file states what they are.
    """
    kpi = reading.schemes.kpis[key]
    if unit_stated(kpi.unit) == "money":
        return as_money(reading, column, rows, figures)
    if kpi.unit and not is_per_cent(kpi):
        return without_per_cents(reading, column, rows, figures)
    if not is_per_cent(kpi) or kpi.typed == "share":
        return figures
    plain = [n for n, figure in enumerate(figures) if figure and _is_bare(reading, rows[n], column)]
    shown = shown_as_per_cents(reading, [rows[n] for n in plain], column) if plain else frozenset()
    plain = [n for n in plain if rows[n] not in shown]
    bare = set(plain)
    if kpi.typed == "points":
        with exact_context():
            return [figure / _POINT if figure and n in bare else figure for n, figure in enumerate(figures)]
    line = reading.schemes.source.place("kpis", key, "unit").line or "—"
    for n in plain:
        heading = reading.schemes.kpi_title(key) if reading.table.places else reading.table.heading(column)
        facts = {"heading": heading, "found": f"{figures[plain[0]]:f}", "line": line}
        reading.tell("per_cent_open", rows[n], column, **facts)
    return [None if n in bare else figure for n, figure in enumerate(figures)]


def as_money(reading: Reading, column: int, rows: Sequence[int], figures: list[Decimal | None]) -> list[Decimal | None]:
    """Return the figures of a column of money: neither per cents nor hours, which a cell of the format [h]:mm holds."""
    cells = reading.table.column(column, rows)
    for n in [n for n, cell in enumerate(cells) if type(cell) is timedelta]:
        reading.tell("time_not_number", rows[n], column, heading=reading.table.heading(column), found=shown(cells[n]))
        figures[n] = None
    return without_per_cents(reading, column, rows, figures)


def without_per_cents(
    reading: Reading, column: int, rows: Sequence[int], figures: list[Decimal | None]
) -> list[Decimal | None]:
    """Return the figures of a column of amounts; a per cent in it is refused, as its base is unknown.

    A spreadsheet keeps 20 % typed into a cell as 0.2 with a per cent format, and 100 % as 1.
    """
    cells = reading.table.column(column, rows)
    signed = [n for n, cell in enumerate(cells) if type(cell) is str and "%" in cell and figures[n] is not None]
    shown = shown_as_per_cents(reading, rows, column)
    formatted = [n for n, row in enumerate(rows) if row in shown and figures[n]] if shown else []
    for n in sorted({*signed, *formatted}):
        with exact_context():
            written = f"{((figures[n] or Decimal(0)) * _POINT).normalize():f}%"
        reading.tell("cell_per_cent", rows[n], column, heading=reading.table.heading(column), found=written)
        figures[n] = None
    return figures


def _is_bare(reading: Reading, row: int, column: int) -> bool:
    value = reading.table.cell(row, column)
    return "%" not in value if isinstance(value, str) else value is not None
