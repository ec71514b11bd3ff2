"""A small workbook of plain values for loaders: one sheet, the header in row 1, text as text, numbers as shown."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO

from kpicalc.model.period import first_day


def plain_xlsx(
    sheet_name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str | Decimal]],
    month: str,
    places: int | None = None,
) -> bytes:
    """Return the bytes of the workbook; the same rows give the same bytes.

    Numbers are shown with `places` decimals, or with all that they have: 1C reads what a cell shows.
    """
    import xlsxwriter

    target = BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_numbers": False})
    workbook.set_properties({"created": datetime.combine(first_day(month), datetime.min.time())})
    sheet = workbook.add_worksheet(sheet_name)
    text = workbook.add_format({"num_format": "@"})
    head = workbook.add_format({"num_format": "@", "bold": True})
    formats = {}
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, max(16, len(heading) + 2))
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, column, value, text)
                continue
            shown = places if places is not None else _decimals(value)
            if shown not in formats:
                formats[shown] = workbook.add_format({"num_format": "0." + "0" * shown if shown else "0"})
            sheet.write_number(at, column, float(value), formats[shown])
    sheet.freeze_panes(1, 0)
    workbook.close()
    return target.getvalue()


def plain_rows(data: bytes) -> list[tuple[object, ...]]:
    """Return the values of the first sheet; another library reads them than the one that wrote them."""
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(data), read_only=True)
    try:
        return list(book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
