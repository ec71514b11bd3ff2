"""The columns Hired and Dismissed: the days of employment; and «С» and «По»: the days of a row."""

from datetime import date, datetime

from kpicalc.intake.sheets.cells import fault_issue, is_blank, shown
from kpicalc.intake.sheets.names import words
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.days import day_in_text, is_blank_day, no_day
from kpicalc.model.inputs import Employment
from kpicalc.model.issue import issue
from kpicalc.model.period import day_text
from kpicalc.model.texts import clean

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def read_employment(reading: Reading) -> dict[int, Employment]:
    """Return the days of those who state any; dates in the wrong order are an error."""
    table = reading.table
    columns = [table.fields.get(name) for name in ("hired", "dismissed", "from", "to")]
    employment: dict[int, Employment] = {}
    if not any(column is not None for column in columns):
        return employment
    for row, index in zip(reading.rows, reading.owners, strict=True):
        days = [read_day(reading, row, column) for column in columns]
        hired, dismissed, begins, ends = days
        if not any(days):
            continue
        place = table.place(row, next(c for c, day in zip(columns, days, strict=True) if day and c is not None))
        if hired and dismissed and dismissed < hired:
            facts = {
                name: day_text(day, reading.language) for name, day in (("hired", hired), ("dismissed", dismissed))
            }
            payee = reading.who.payees[index]
            reading.issues.append(issue("dismissed_before_hired", place, payee=payee, **facts))
            continue
        if begins and ends and ends < begins:
            facts = {name: day_text(day, reading.language) for name, day in (("begins", begins), ("ends", ends))}
            reading.tell("position_reversed", row, columns[3] or 0, payee=reading.who.payees[index], **facts)
            continue
        employment[index] = Employment(hired, dismissed, place, begins, ends)
    return employment


def read_day(reading: Reading, row: int, column: int | None) -> date | None:
    """Return the day in a cell: a date, or a text such as 2026-10-13 and 13.10.2026; None for a blank or a dash."""
    if column is None:
        return None
    table = reading.table
    if fault := table.sheet.faults.get((row, column)):
        reading.issues.append(fault_issue(table, row, column, fault))
        return None
    value = table.cell(row, column)
    if is_blank(value):
        return None
    day: date | None = None
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, str):
        text = clean(value)
        if text.casefold() in words("no_figure") or is_blank_day(text):
            return None
        day = day_in_text(text)
    if day is None or not _FIRST_YEAR < day.year < _LAST_YEAR:
        reading.tell(no_day(clean(shown(value))), row, column, heading=table.heading(column), found=shown(value))
        return None
    return day
