"""Figures of people with several rows on the Employees sheet: finds the row that a row of another sheet means.

The column «С» states it by the first day of the meant row. A row without a day is about the person: all rows of that
person read its cells, and who counts them is decided once the schemes are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.staff.employment import read_day
from kpicalc.intake.sheets.staff.people import RowDays
from kpicalc.model.inputs import Series
from kpicalc.model.period import day_text

Pairs = Sequence[tuple[int, int]]
"""Rows of a sheet with their owners."""
_UNKNOWN = -1


def of_position(reading: Reading, pairs: Pairs) -> tuple[Pairs, Mapping[int, Sequence[int]]]:
    """Return the rows with the position that each means, and the further rows of people named without a day."""
    who, column = reading.who, reading.table.fields.get("from")
    if column is None:
        return pairs, {first: [one.index for one in rows[1:]] for first, rows in who.several.items()}
    days = {row: read_day(reading, row, column) for row, owner in pairs if owner in who.several}
    dated = {owner for row, owner in pairs if days.get(row)}
    meant = []
    for row, owner in pairs:
        day = days.get(row)
        if owner not in who.several or (day is None and owner not in dated):
            # A person with one row has no other row that the day could mean.
            meant.append((row, owner))
            continue
        rows = who.several[owner]
        position = next((one.index for one in rows if one.begins == day and day), _UNKNOWN)
        if position == _UNKNOWN:
            position = _from_the_first(rows, day)
        if position == _UNKNOWN:
            begins = [one.begins or _month_of(one) for one in rows]
            known = [day_text(first, reading.language) for first in begins if first]
            facts = {"payee": who.payees[owner], "found": day_text(day, reading.language) if day else "—"}
            reading.tell("position_unknown_day", row, column, **facts, allowed=known or "—")
        meant.append((row, position))
    return meant, {first: [one.index for one in rows[1:]] for first, rows in who.several.items() if first not in dated}


def _from_the_first(rows: Sequence[RowDays], day: date | None) -> int:
    """Return the only row that states no beginning, for the first of its month or no day; -1 where there is none."""
    unsaid = [days for days in rows if days.begins is None and days.ends is not None]
    return unsaid[0].index if len(unsaid) == 1 and day in (None, _month_of(unsaid[0])) else _UNKNOWN


def _month_of(days: RowDays) -> date | None:
    """Return the first day of the month in which a row ends; None where it states no end."""
    return days.ends.replace(day=1) if days.ends else None


def for_all_rows(series: Series, whole: Mapping[int, Sequence[int]]) -> Series:
    """Return a column in which all rows of a person read the cell of their first row."""
    values, rows = list(series.values), list(series.rows)
    origins = dict(series.origins)
    for first, others in whole.items():
        for other in others:
            values[other], rows[other] = values[first], rows[first]
            if first in series.origins:
                origins[other] = series.origins[first]
    return replace(series, values=values, rows=rows, origins=origins)
