"""The differences of a closed month as rows for the next month's Adjustments sheet: number, name, amount, reason."""

import csv
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from kpicalc.lang import Language, catalogue, word
from kpicalc.model.languages import CONVENTIONS
from kpicalc.model.period import first_day, title
from kpicalc.payroll.comparison import Comparison
from kpicalc.payroll.style import set_up_print, workbook_options

_PLACES = 2
Row = tuple[str, str, Decimal, str]


def rows_of(comparison: Comparison, language: Language) -> Iterator[Row]:
    """Yield a row per person and line: what must be paid in addition, or taken back.

    Withholdings have no row: next month computes them from its own pay, which includes these rows.
    """
    month = title(comparison.period, language)
    for person in comparison.changed:
        for line in (line for line in person.lines if not line.withheld):
            way = "more" if line.difference > 0 else "less"
            reason = word(f"compare.reason.{way}", language).format(month=month, line=line.title)
            yield person.id, person.name, line.difference, reason


def write_adjustments(comparison: Comparison, language: Language, path: Path) -> None:
    """Write the rows as an Adjustments sheet: a workbook, or csv as a spreadsheet in that language expects it."""
    rows = list(rows_of(comparison, language))
    (_write_csv if path.suffix.lower() == ".csv" else _write_workbook)(rows, comparison, language, path)


def _headings(language: Language) -> list[str]:
    fields = catalogue("tables")["fields"]["adjustments"]
    names = [fields[field][language][0] for field in ("amount", "reason")]
    return [word("sheets.payee.id", language), word("sheets.payee.name", language), *names]


def _write_csv(rows: list[Row], comparison: Comparison, language: Language, path: Path) -> None:
    del comparison
    written = CONVENTIONS[language]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=written.separator)
        writer.writerow(_headings(language))
        for number, name, amount, reason in rows:
            text = f"{amount:f}" if amount != round(amount, _PLACES) else f"{amount:.{_PLACES}f}"
            writer.writerow([number, name, text.replace(".", written.decimal), reason])


def _write_workbook(rows: list[Row], comparison: Comparison, language: Language, path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, workbook_options())
    # The only time stamp is that of the period, so the same inputs give the same bytes.
    book.set_properties({"created": datetime.combine(first_day(comparison.period), time())})
    sheet = book.add_worksheet(catalogue("tables")["sheets"]["adjustments"][language][0])
    text, money = book.add_format({"num_format": "@"}), book.add_format({"num_format": "#,##0.00"})
    head = book.add_format({"bold": True, "bottom": 1})
    for column, heading in enumerate(_headings(language)):
        sheet.write_string(0, column, heading, head)
    for row, (number, name, amount, reason) in enumerate(rows, 1):
        sheet.write_string(row, 0, number, text)
        sheet.write_string(row, 1, name, text)
        sheet.write_number(row, 2, float(amount), money)
        sheet.write_string(row, 3, reason, text)
    widths = (18, 34, 16, 60)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    set_up_print(sheet, widths, language)
    sheet.repeat_rows(0)
    book.close()
