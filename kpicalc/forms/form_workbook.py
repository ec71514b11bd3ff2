"""The form as a workbook: headings with notes, columns that offer lists and refuse non-numbers.

Nothing is protected: users may insert, delete and filter rows and columns, and add a column for a new KPI.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpicalc.engine.statement import Statement
from kpicalc.forms.form import form_sheets
from kpicalc.forms.form_sheet import FORMATS, Choices, FormSheet, Heading
from kpicalc.lang import Language, word
from kpicalc.model.book import column_letter
from kpicalc.model.scheme import SchemeBook

_ROWS = 500
"""Rows that are prepared for filling in."""
_LONGEST_LIST = 250
"""The greatest length of a list inside a validation rule."""
_ID, _DEPARTMENT = "A", "C"
"""Columns of the Employees sheet that other sheets offer."""
_NOTE_LINE, _NOTE_WIDTH = 34, 260
_LARGEST = 10**15
_A4 = 9


def write_form(book: SchemeBook, statements: dict[str, Statement], path: Path, period: str) -> None:
    """Write the workbook to fill in for a month."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    sheets = form_sheets(book, statements, period)
    people = sheets[0].title
    for content in sheets:
        sheet = workbook.create_sheet(content.title)
        _write(sheet, content)
        for index, heading in enumerate(content.headings):
            _rule(sheet, column_letter(index), heading, people, book.language)
    workbook.save(path)


def _write(sheet: Any, content: FormSheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    line = Side(style="thin", color="BFBFBF")
    for index, heading in enumerate(content.headings, 1):
        cell = sheet.cell(1, index, heading.title)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.border = Border(left=line, right=line, top=line, bottom=line)
        cell.comment = _note(heading.note)
        texts = [str(row[index - 1]) for row in content.rows if isinstance(row[index - 1], str)]
        longest = max(map(len, [heading.title, *texts]))
        sheet.column_dimensions[column_letter(index - 1)].width = max(14, min(longest + 4, 34))
        for row in range(2, _ROWS + 2):
            sheet.cell(row, index).number_format = FORMATS[heading.kind]
    for at, values in enumerate(content.rows, 2):
        for index, value in enumerate(values, 1):
            cell = sheet.cell(at, index)
            cell.value = float(value) if isinstance(value, Decimal) else value
            cell.font = Font(italic=True, color="7F7F7F")
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "C2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = f"A1:{column_letter(len(content.headings) - 1)}{_ROWS + 1}"


def _note(text: str) -> Any:
    """Return a note that is high enough for its text."""
    from openpyxl.comments import Comment

    lines = -(-len(text) // _NOTE_LINE) + 1
    return Comment(text, "kpicalc", width=_NOTE_WIDTH, height=18 * lines)


def _rule(sheet: Any, column: str, heading: Heading, people: str, language: Language) -> None:
    """Offer a list in a column, where other texts stay possible; refuse a non-number in a column of figures."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if heading.kind not in ("text", "day", "moment"):
        rule = DataValidation(type="decimal", operator="between", formula1=str(-_LARGEST), formula2=str(_LARGEST))
        rule.errorTitle, rule.error = word("form.choice.title", language), word("form.choice.number", language)
        rule.showErrorMessage = True
    elif source := _list(heading.choices, people):
        rule = DataValidation(type="list", formula1=source, showErrorMessage=False)
    else:
        return
    rule.allow_blank = True
    sheet.add_data_validation(rule)
    rule.add(f"{column}2:{column}{_ROWS + 1}")


def _list(choices: Choices, people: str) -> str:
    """Return the source of a list: cells of the Employees sheet, or the texts themselves; empty if neither fits."""
    if isinstance(choices, str):
        column = _ID if choices == "ids" else _DEPARTMENT
        return f"'{people}'!${column}$2:${column}${_ROWS + 1}"
    texts: Sequence[str] = [value.replace('"', "'") for value in choices]
    text = ",".join(texts)
    if not text or "," in "".join(texts) or len(text) > _LONGEST_LIST:
        return ""
    return f'"{text}"'
