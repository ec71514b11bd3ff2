"""The month of a workbook before its columns are known: from names of sheets, titles, cells with months."""

from collections.abc import Iterator

from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.intake.sheets.month_words import Month, month_in, months_told
from kpicalc.intake.sheets.names import field_names
from kpicalc.model.book import Book, Sheet
from kpicalc.model.texts import name_key


def months_of(book: Book) -> list[str]:
    """Return the months, with their years, that a workbook names, in order."""
    months = {month for sheet in book.sheets for month in _months(sheet)}
    return sorted(f"{year:04}-{month:02}" for year, month in months if year is not None)


def _months(sheet: Sheet) -> Iterator[Month]:
    yield from months_told(sheet.name, name=True)
    heads = {key for key, name in field_names("actuals").items() if name == "period"}
    for at, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                yield from months_told(cell, name=True)
            elif (month := month_in(cell)) and not isinstance(cell, float | int):
                yield month
            if isinstance(cell, str) and name_key(cell) in heads:
                yield from _below(sheet, at, column)


def _below(sheet: Sheet, head: int, column: int) -> Iterator[Month]:
    years = [
        at for at, cell in enumerate(sheet.rows[head]) if isinstance(cell, str) and name_key(cell) in ("год", "year")
    ]
    for row in sheet.rows[head + 1 :]:
        value = row[column] if column < len(row) else None
        year = row[years[0]] if years and years[0] < len(row) else None
        if month := month_in(value, year):
            yield month
