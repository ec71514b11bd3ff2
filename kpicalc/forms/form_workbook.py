"""The form as a workbook: headings with notes, columns that offer lists and refuse non-numbers.

Nothing is protected: users may insert, delete and filter rows and columns, and add a column for a new KPI.
"""

from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpicalc.engine.statement import Statement
from kpicalc.forms.form import form_sheets
from kpicalc.forms.form_sheet import FORMATS, Choices, FormSheet, Heading
from kpicalc.lang import Language, word
from kpicalc.model.period import first_day
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
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    workbook.set_properties({"created": datetime.combine(first_day(period), time())})
    sheets = form_sheets(book, statements, period)
    for content in sheets:
        sheet = workbook.add_worksheet(content.title)
        _write(workbook, sheet, content)
        for index, heading in enumerate(content.headings):
            if rule := _rule(heading, sheets[0].title, book.language):
                sheet.data_validation(1, index, _ROWS, index, rule)
    workbook.close()


def _write(workbook: Any, sheet: Any, content: FormSheet) -> None:
    head = workbook.add_format({
        "bold": True, "bg_color": "#DCE6F1", "text_wrap": True, "align": "center", "valign": "vcenter",
        "border": 1, "border_color": "#BFBFBF",
    })  # fmt: skip
    for index, heading in enumerate(content.headings):
        texts = [str(row[index]) for row in content.rows if isinstance(row[index], str)]
        longest = max(map(len, [heading.title, *texts]))
        figure = workbook.add_format({"num_format": FORMATS[heading.kind]})
        example = workbook.add_format({"num_format": FORMATS[heading.kind], "italic": True, "color": "#7F7F7F"})
        sheet.set_column(index, index, max(14, min(longest + 4, 34)), figure)
        sheet.write_string(0, index, heading.title, head)
        lines = -(-len(heading.note) // _NOTE_LINE) + 1
        sheet.write_comment(0, index, heading.note, {"author": "kpicalc", "width": _NOTE_WIDTH, "height": 18 * lines})
        for row, values in enumerate(content.rows, 1):
            value = values[index]
            sheet.write(row, index, float(value) if isinstance(value, Decimal) else value, example)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, _ROWS, len(content.headings) - 1)


def _rule(heading: Heading, people: str, language: Language) -> dict[str, Any] | None:
    """Offer a list in a column, where other texts stay possible; refuse a non-number in a column of figures."""
    if heading.kind not in ("text", "day", "moment"):
        title, text = word("form.choice.title", language), word("form.choice.number", language)
        bounds = {"criteria": "between", "minimum": -_LARGEST, "maximum": _LARGEST}
        return {"validate": "decimal", "error_title": title, "error_message": text} | bounds
    source = _list(heading.choices, people)
    return {"validate": "list", "source": source, "show_error": False} if source else None


def _list(choices: Choices, people: str) -> str | list[str]:
    """Return the source of a list: cells of the Employees sheet, or the texts themselves; empty if neither fits."""
    if isinstance(choices, str):
        column = _ID if choices == "ids" else _DEPARTMENT
        return f"='{people}'!${column}$2:${column}${_ROWS + 1}"
    texts = [value.replace('"', "'") for value in choices]
    text = ",".join(texts)
    if not text or "," in "".join(texts) or len(text) > _LONGEST_LIST:
        return []
    return texts
