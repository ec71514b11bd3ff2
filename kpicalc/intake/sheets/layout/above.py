"""What stands above a table and names its month: a title, a date that is shown as a month, a month beside «Месяц».

A day is no month: a table may be printed, or an order signed, in another one.
"""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date

from kpicalc.intake.files.formats import Formats
from kpicalc.intake.sheets.layout.table import Above
from kpicalc.intake.sheets.longer_spans import span_under
from kpicalc.intake.sheets.month_words import Month, is_another, month_in, months_told
from kpicalc.intake.sheets.names import words
from kpicalc.model.days import day_in_text
from kpicalc.model.texts import clean

_MONTHS = range(1, 13)
_Look = Callable[[], Formats | None]


def others_above(
    cells: Sequence[Above], period: str, look: _Look, used: Collection[int] | None = None
) -> Iterator[tuple[Above, set[Month]]]:
    """Yield the cells above one table that name other months than the one that is paid, with the months.

    A month's name alone may head a group of columns, and so may a quarter: they count only where nothing above the
    table names the month paid.
    In a row that names it, another month heads the columns below: it counts only above columns that are read (`used`).
    """
    told = [(cell, _told(cell, look)) for cell in cells]
    alone = [(cell, _alone(cell)) for cell, months in told if not months]
    named = [months for _, months in (*told, *alone) if months]
    if all(is_another(months, period) for months in named):
        told += alone
    rows = {cell.row for cell, months in (*told, *alone) if months and not is_another(months, period)}
    for cell, months in told:
        is_aside = used is not None and cell.row in rows and not _is_labelled(cell) and not _heads(cell, cells, used)
        if is_another(months, period) and not is_aside:
            yield cell, months


def _heads(cell: Above, cells: Sequence[Above], used: Collection[int]) -> bool:
    """Tell whether a cell stands above one of these columns: a group of columns ends where another one begins."""
    later = [other.column for other in cells if other.row == cell.row and other.column > cell.column]
    return any(cell.column <= column < min(later, default=column + 1) for column in used)


def _is_labelled(cell: Above) -> bool:
    """Tell whether the text to the left says that the month follows."""
    return bool(cell.label) and words("month_follows") >= cell.label


def _told(cell: Above, look: _Look) -> set[Month]:
    """Return the months that a cell certainly names."""
    value, is_labelled = cell.value, _is_labelled(cell)
    if isinstance(value, date):
        # A period may begin in one month and end in the next.
        days = [day for day in cell.cells if isinstance(day, date)]
        if is_labelled or _is_whole_month(days) or _is_shown_as_month(cell, look):
            return {(day.year, day.month) for day in (days if is_labelled else [value])}
        return set()
    if is_labelled and (month := _beside_label(cell)):
        return {month}
    return months_told(value) if isinstance(value, str) else set()


def _beside_label(cell: Above) -> Month | None:
    """Return the month in a cell; its number may stand beside a year or alone."""
    value = cell.value
    if isinstance(value, float):
        is_number = value in _MONTHS and cell.label & words("of_month")
        return (month_in(value, cell.beside) or (None, int(value))) if is_number else None
    return month_in(value, cell.beside)


def _alone(cell: Above) -> set[Month]:
    """Return the month of a text that is nothing else, or the months of a quarter, a half of a year or a year."""
    value = cell.value
    is_text = isinstance(value, str) and day_in_text(clean(value)) is None and any(map(str.isalpha, value))
    month = month_in(value) if is_text else None
    return {month} if month else span_under(value, cell.label)


def _is_whole_month(days: Sequence[date]) -> bool:
    """Tell whether dates are the first and the last day of one month: «с» 01.09.2026 «по» 30.09.2026."""
    first, *_, last = sorted((day.year, day.month, day.day) for day in [*days, *days])
    return first[:2] == last[:2] and (first[2], last[2]) == (1, monthrange(*last[:2])[1])


def _is_shown_as_month(cell: Above, look: _Look) -> bool:
    formats = look()
    return formats is not None and (cell.row, cell.column) in formats.months(cell.place.sheet, [cell.column])
