"""Write the table of `table.json` with the writers that Python has: `python make.py`, once, with these installed:

pip install openpyxl XlsxWriter PyExcelerate pylightxl xlwt odfpy pyexcel-ods3 polars rustpy-xlsxwriter tablib
"""

import json
from datetime import date, datetime
from pathlib import Path

HERE = Path(__file__).parent
TABLE = json.loads((HERE / "table.json").read_text(encoding="utf-8"))
HIRED, CONVERSION = 7, 2


def sheets(kind=date):
    """Return the sheets with dates as Python keeps them."""
    made = {}
    for sheet, rows in TABLE.items():
        made[sheet] = [
            [kind.fromisoformat(v) if sheet == "Сотрудники" and c == HIRED and r else v for c, v in enumerate(row)]
            for r, row in enumerate(rows)
        ]
    return made


def formats(sheet, r, c):
    """Return the number format of a cell."""
    if r and sheet == "Сотрудники" and c == HIRED:
        return "dd.mm.yyyy"
    return "0.0%" if r and sheet == "Факт" and c == CONVERSION else None


def openpyxl_(path):
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets().items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                cell = sheet.cell(r + 1, c + 1, value)
                cell.number_format = formats(name, r, c) or cell.number_format
    book.save(path)


def xlsxwriter_(path):
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets().items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    kind = formats(name, r, c)
                    form = book.add_format({"num_format": kind}) if kind else None
                    (sheet.write_datetime if isinstance(value, date) else sheet.write)(r, c, value, form)


def pyexcelerate_(path):
    from pyexcelerate import Format, Style, Workbook

    book = Workbook()
    for name, rows in sheets(datetime).items():
        sheet = book.new_sheet(name, data=rows)
        for r, row in enumerate(rows):
            for c in range(len(row)):
                if kind := formats(name, r, c):
                    sheet.set_cell_style(r + 1, c + 1, Style(format=Format(kind)))
    book.save(path)


def pylightxl_(path):
    """It knows neither dates nor per cents: the day is a text, the share a number."""
    import pylightxl

    book = pylightxl.Database()
    for name, rows in TABLE.items():
        book.add_ws(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                book.ws(name).update_index(r + 1, c + 1, value)
    pylightxl.writexl(book, path)


def xlwt_(path):
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets().items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                kind = formats(name, r, c)
                sheet.write(r, c, value, xlwt.easyxf(num_format_str=kind) if kind else xlwt.Style.default_style)
    book.save(path)


def odfpy_(path):
    from odf.number import Number, NumberStyle, PercentageStyle, Text
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    percent = PercentageStyle(name="N1")
    percent.addElement(Number(decimalplaces=1, minintegerdigits=1))
    percent.addElement(Text(text="%"))
    book.automaticstyles.addElement(percent)
    style = Style(name="ce1", family="table-cell", datastylename="N1")
    book.automaticstyles.addElement(style)
    assert NumberStyle
    for name, rows in sheets().items():
        table = Table(name=name)
        for r, row in enumerate(rows):
            line = TableRow()
            for c, value in enumerate(row):
                if isinstance(value, date):
                    cell = TableCell(valuetype="date", datevalue=value.isoformat())
                elif formats(name, r, c):
                    cell = TableCell(valuetype="percentage", value=value, stylename=style)
                elif isinstance(value, str):
                    cell = TableCell(valuetype="string")
                else:
                    cell = TableCell(valuetype="float", value=value)
                cell.addElement(P(text=str(value)))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(path)


def pyexcel_ods3_(path):
    """It writes no formats: the share is a plain number."""
    from pyexcel_ods3 import save_data

    save_data(str(path), sheets())


def polars_(path):
    """A table has columns of one type."""
    import polars as pl
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        for name, (headings, *rows) in sheets().items():
            frame = pl.DataFrame(rows, schema=headings, orient="row", strict=False)
            kinds = {"Конверсия": "0.0%"} if name == "Факт" else {}
            frame.write_excel(book, name, column_formats=kinds)


def rustpy_(path):
    """It writes no formats of columns for single numbers: the share is a plain number."""
    from rustpy_xlsxwriter import write_worksheets

    data = []
    for name, (headings, *rows) in sheets(datetime).items():
        data.append((name, [dict(zip(headings, row, strict=True)) for row in rows]))
    write_worksheets(data, str(path))


def tablib_(path):
    """It writes through openpyxl, headings bold, and no formats."""
    import tablib

    book = tablib.Databook()
    for name, (headings, *rows) in sheets().items():
        book.add_sheet(tablib.Dataset(*rows, headers=headings, title=name))
    path.write_bytes(book.export("xlsx"))


for write, name in (
    (openpyxl_, "openpyxl.xlsx"), (xlsxwriter_, "xlsxwriter.xlsx"), (pyexcelerate_, "pyexcelerate.xlsx"),
    (pylightxl_, "pylightxl.xlsx"), (xlwt_, "xlwt.xls"), (odfpy_, "odfpy.ods"), (pyexcel_ods3_, "pyexcel-ods3.ods"),
    (polars_, "polars.xlsx"), (rustpy_, "rustpy-xlsxwriter.xlsx"), (tablib_, "tablib.xlsx"),
):  # fmt: skip
    write(HERE / name)
