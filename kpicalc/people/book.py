"""The statements as a workbook for the printer: a sheet per person, each on one page of A4."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from kpicalc import __version__
from kpicalc.lang import Language, percent, word
from kpicalc.model import period
from kpicalc.model.scheme import SchemeBook
from kpicalc.payroll.style import Styles, workbook_options
from kpicalc.people.page import figure_text
from kpicalc.people.statement import PaidLine, PersonStatement

_WIDTHS = (46.0, 14.0, 14.0, 11.0)
_LINE_SIGNS = 88
"""About how many signs of the usual type fit into a line over all columns."""
_LINE_HEIGHT = 14.0
_WHY_SIGNS, _WHY_HEIGHT = 96, 11.5
_MOST_HEIGHT = 760
"""The height of a page in points, in the type that is written."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31


def write_statement_book(statements: Sequence[PersonStatement], book: SchemeBook, month: str, path: Path) -> None:
    """Write the workbook; the same statements give the same bytes."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), workbook_options(in_memory=True, strings_to_formulas=False))
    created = datetime.combine(period.first_day(month), time())
    workbook.set_properties({"title": book.title, "author": f"kpicalc {__version__}", "created": created})
    styles, taken = Styles(workbook), set[str]()
    for statement in statements:
        sheet = workbook.add_worksheet(_sheet_name(statement.number, taken))
        _Writer(sheet, styles, book.language).write(statement)
    workbook.close()


def _sheet_name(number: str, taken: set[str]) -> str:
    name, again = _FORBIDDEN.sub("_", number)[:_LONGEST_NAME] or "_", 2
    while name.casefold() in taken:
        ending = f" {again}"
        name, again = name[: _LONGEST_NAME - len(ending)] + ending, again + 1
    taken.add(name.casefold())
    return name


def _lines(line: PaidLine) -> int:
    """Return about how many printed lines the rule of a line needs."""
    return -(-len(line.sentence) // _WHY_SIGNS)


def _height(statement: PersonStatement) -> float:
    """Return about how high a sheet with all rules in words is, in points."""
    lines = [*statement.earned, *statement.withheld]
    rows = 18 + len(statement.results) + len(lines) + len(statement.adjustments) + len(statement.beside)
    rows += sum(-(-len(f"{title}. {text}") // _LINE_SIGNS) for title, text in statement.next_steps)
    return rows * 15 + sum(_lines(line) for line in lines) * _WHY_HEIGHT


class _Writer:
    """One person's sheet, written row by row."""

    def __init__(self, sheet: Any, styles: Styles, language: Language) -> None:
        self.sheet, self.styles, self.language = sheet, styles, language
        self.row = 0
        self.plain = styles.make()
        self.soft = styles.make(font_color="#595959")
        self.text = styles.make(text_wrap=True, valign="top")
        thin = {"top": 1, "top_color": "#D9D9D9", "valign": "top"}
        self.amount = styles.make(num_format="#,##0.00", **thin)
        self.titled = styles.make(text_wrap=True, **thin)
        self.figure = styles.make(align="right", **thin)
        self.why = styles.make(text_wrap=True, valign="top", font_size=8, font_color="#595959")
        self.head = styles.make(bold=True, font_size=11, bottom=1)
        self.head_right = styles.make(bold=True, bottom=1, align="right")

    def write(self, statement: PersonStatement) -> None:
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        self.line(statement.organisation, self.soft)
        self.line(statement.heading, self.styles.make(bold=True, font_size=16), 24)
        self.line(statement.person, self.styles.make(bold=True, font_size=12))
        self.line(statement.where)
        self.line(f"{self.word('month')}: {statement.month}. {statement.scheme}", self.soft)
        if statement.total is None:
            self.missing(statement)
        self.results(statement)
        if statement.total is not None:
            self.pay(statement)
        self.section("adjustments", [(reason, amount) for reason, amount in statement.adjustments])
        self.steps(statement)
        self.row += 2
        self.sheet.write_string(self.row, 0, self.word("signed") + " ____________________", self.plain)
        self.sheet.write_string(self.row, 1, self.word("date") + " ____________", self.plain)
        self.sheet.set_paper(9)
        self.sheet.set_portrait()
        self.sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.5)
        self.sheet.print_area(0, 0, self.row, len(_WIDTHS) - 1)
        self.sheet.fit_to_pages(1, 1)
        self.sheet.hide_gridlines(2)
        self.sheet.set_footer("&R&8" + statement.month)

    def word(self, name: str) -> str:
        return word(f"people.page.{name}", self.language)

    def line(self, text: str, style: Any = None, height: float | None = None) -> None:
        """Write a text that runs over all columns."""
        if height:
            self.sheet.set_row(self.row, height)
        self.sheet.write_string(self.row, 0, text, style or self.plain)
        self.row += 1

    def wrapped(self, text: str) -> None:
        """Write a text over all columns in as many lines as it needs."""
        lines = -(-len(text) // _LINE_SIGNS) or 1
        self.sheet.set_row(self.row, lines * _LINE_HEIGHT)
        self.sheet.merge_range(self.row, 0, self.row, len(_WIDTHS) - 1, "", self.text)
        self.sheet.write_string(self.row, 0, text, self.text)
        self.row += 1

    def heading(self, name: str, *others: str) -> None:
        self.row += 1
        self.sheet.write_string(self.row, 0, self.word(name), self.head)
        for column in range(1, len(_WIDTHS)):
            text = others[column - 1] if column <= len(others) else ""
            self.sheet.write_string(self.row, column, text, self.head_right)
        self.row += 1

    def missing(self, statement: PersonStatement) -> None:
        self.heading("not_paid")
        for text in (*statement.missing, statement.worth):
            if text:
                self.wrapped(text)

    def results(self, statement: PersonStatement) -> None:
        if not statement.results:
            return
        self.heading("results", self.word("plan"), self.word("actual"), "%")
        for item in statement.results:
            share = "—" if item.share is None else percent(round(item.share, 3), self.language)
            self.sheet.write_string(self.row, 0, item.title, self.titled)
            self.sheet.write_string(self.row, 1, figure_text(item.plan, item.unit, self.language), self.figure)
            self.sheet.write_string(self.row, 2, figure_text(item.actual, item.unit, self.language), self.figure)
            self.sheet.write_string(self.row, 3, share, self.figure)
            self.row += 1

    def pay(self, statement: PersonStatement) -> None:
        """Write the lines of pay; their sums are live formulas."""
        assert statement.accrued is not None
        assert statement.total is not None
        self.heading("lines", "", "", self.word("sum"))
        first = self.row + 1
        told = _height(statement) <= _MOST_HEIGHT
        self.lines(statement.earned, told=told)
        accrued = self.row + 1
        sum_ = f"=SUM(D{first}:D{self.row})" if statement.earned else "=0"
        self.sum_row(self.word("accrued_sum"), sum_, float(statement.accrued))
        if statement.withheld:
            self.lines(statement.withheld, told=told)
            self.sum_row(self.word("to_pay"), f"=SUM(D{accrued}:D{self.row})", float(statement.total))
        self.row += 1
        caption = self.word("to_pay" if statement.withheld else "accrued")
        large = self.styles.make(bold=True, font_size=14)
        self.sheet.set_row(self.row, 22)
        self.sheet.write_string(self.row, 0, f"{caption}, {statement.currency}", large)
        last = self.row - 1
        money = self.styles.make(bold=True, font_size=14, num_format="#,##0.00", shrink=True)
        self.sheet.write_formula(self.row, 3, f"=D{last}", money, float(statement.total))
        self.row += 1
        for title, value in statement.beside:
            self.sheet.write_string(self.row, 0, title, self.soft)
            self.sheet.write_string(self.row, 3, value, self.figure)
            self.row += 1

    def lines(self, lines: Sequence[PaidLine], *, told: bool) -> None:
        """Write lines of pay, each with its rule in words below if the page has room."""
        for line in lines:
            self.sheet.write_string(self.row, 0, line.title, self.titled)
            for column in (1, 2):
                self.sheet.write_blank(self.row, column, None, self.titled)
            self.sheet.write_number(self.row, 3, float(line.amount), self.amount)
            self.row += 1
            if told and line.sentence:
                self.sheet.set_row(self.row, _lines(line) * _WHY_HEIGHT)
                self.sheet.merge_range(self.row, 0, self.row, 2, "", self.why)
                self.sheet.write_string(self.row, 0, line.sentence, self.why)
                self.row += 1

    def sum_row(self, title: str, formula: str, value: float) -> None:
        for column in (1, 2):
            self.sheet.write_blank(self.row, column, None, self.styles.total_text)
        self.sheet.write_string(self.row, 0, title, self.styles.total_text)
        self.sheet.write_formula(self.row, 3, formula, self.styles.total(), value)
        self.row += 1

    def section(self, name: str, rows: Sequence[tuple[str, Any]]) -> None:
        if not rows:
            return
        self.heading(name, "", "", self.word("sum"))
        for title, amount in rows:
            self.sheet.set_row(self.row, (-(-len(title) // 44) or 1) * _LINE_HEIGHT)
            self.sheet.write_string(self.row, 0, title, self.titled)
            self.sheet.write_number(self.row, 3, float(amount), self.amount)
            self.row += 1

    def steps(self, statement: PersonStatement) -> None:
        if not statement.next_steps:
            return
        self.heading("next")
        for title, text in statement.next_steps:
            self.wrapped(f"{title}. {text}")
