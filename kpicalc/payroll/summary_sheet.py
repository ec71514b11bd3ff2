"""The Summary sheet: pay by department and by component, attainment by KPI, as live tables and as charts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kpicalc.engine.formula import Unit
from kpicalc.engine.result import Payroll
from kpicalc.engine.sources import Attainment
from kpicalc.engine.statement import Line
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.money import exact_context
from kpicalc.payroll.calculation_sheet import Laid
from kpicalc.payroll.grid import quoted
from kpicalc.payroll.layout import FIRST_FIGURE, IDENTITY, PAYROLL
from kpicalc.payroll.payroll_sheet import Entry
from kpicalc.payroll.style import Styles, set_up_print

_VALUE, _CHART_COLUMN = 1, 4
_BAR = "#4472C4"
_MOST_BARS = 25
_ONE_PAGE = 80
_HEAD_HEIGHT = 30
_AVERAGE = "0.0%"


def write_summary_sheet(
    workbook: Any,
    sheet: Any,
    name: str,
    payroll: Payroll,
    rows: Sequence[Entry],
    sheets: Sequence[Laid],
    payroll_sheet: str,
    styles: Styles,
) -> None:
    """Write the three tables below each other and a chart beside each."""
    language = payroll.book.language
    month = period.title(payroll.inputs.period, language)
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 2, 16)
    sheet.write_string(0, 0, word("sheets.summary.title", language).format(period=month), styles.title)
    writer = _Writer(workbook, sheet, name, payroll, rows, payroll_sheet, styles)
    writer.departments()
    writer.lines()
    writer.withheld()
    writer.attainments(sheets)
    # Few rows go on one page with their charts; many departments take the pages they need.
    set_up_print(sheet, down=1 if writer.row <= _ONE_PAGE else 0)
    sheet.repeat_rows(0)
    sheet.hide_gridlines(2)


class _Writer:
    def __init__(
        self,
        workbook: Any,
        sheet: Any,
        name: str,
        payroll: Payroll,
        rows: Sequence[Entry],
        payroll_sheet: str,
        styles: Styles,
    ) -> None:
        self.workbook = workbook
        self.sheet = sheet
        self.name = name
        self.payroll = payroll
        self.payroll_sheet = payroll_sheet
        self.styles = styles
        self.rows = rows
        self.last = PAYROLL.first + len(rows)
        self.row = 2
        self.totals = 0

    def word(self, path: str) -> str:
        return word(f"sheets.summary.{path}", self.payroll.book.language)

    def area(self, index: int) -> str:
        letter = column_letter(index)
        return f"{quoted(self.payroll_sheet)}!${letter}${PAYROLL.first + 1}:${letter}${self.last}"

    def heads(self, *titles: str) -> int:
        self.sheet.set_row(self.row, _HEAD_HEIGHT)
        for index, title in enumerate(titles):
            self.sheet.write_string(self.row, index, title, self.styles.head)
        self.row += 1
        return self.row

    def departments(self) -> None:
        first = self.heads(self.word("department"), self.word("pay"), self.word("people"))
        total = FIRST_FIGURE + len(self.payroll.earned)
        for department, (people, amount) in self.payroll.by_department.items():
            self.sheet.write_string(self.row, 0, department, self.styles.text)
            own, names = f"$A{self.row + 1}", self.area(IDENTITY.index("department"))
            count = self.styles.figure("number")
            # The cheap SUMIFS takes some names for patterns; SUMPRODUCT compares whole texts.
            self.sheet.write_formula(self.row, 2, f"=SUMPRODUCT(({names}={own})*1)", count, people)
            formula = f"=SUMPRODUCT(({names}={own})*{self.area(total)})"
            self.sheet.write_formula(self.row, _VALUE, formula, self.styles.figure("money"), float(amount))
            self.row += 1
        self.total(first, self.payroll.accrued(), len(self.rows))
        self.chart("by_department", first, "money")

    def lines(self) -> None:
        first = self.heads(self.word("line"), self.word("pay"))
        self.line_sums(self.payroll.earned, FIRST_FIGURE)
        self.total(first, self.payroll.accrued())
        self.chart("by_line", first, "money")

    def withheld(self) -> None:
        """Write what is taken out of the accrued, and what is left to be paid."""
        if not self.payroll.withheld:
            return
        first = self.heads(self.word("withheld"), self.word("amount"))
        accrued = FIRST_FIGURE + len(self.payroll.earned)
        self.sum_of(word("headings.figure.accrued", self.payroll.book.language), accrued, self.payroll.accrued())
        self.line_sums(self.payroll.withheld, accrued + 1)
        self.total(first, self.payroll.total(), title="headings.figure.to_pay")
        self.totals = 0
        self.row += 2

    def line_sums(self, lines: Sequence[Line], start: int) -> None:
        """Write a row per line; `start` is the payroll's column of the first one."""
        for index, line in enumerate(lines, start):
            self.sum_of(line.title, index, self.payroll.by_line[line.id, line.title])

    def sum_of(self, title: str, column: int, amount: Decimal) -> None:
        """Write the sum of a column of the payroll."""
        self.sheet.write_string(self.row, 0, title, self.styles.text)
        formula = f"=SUM({self.area(column)})"
        self.sheet.write_formula(self.row, _VALUE, formula, self.styles.figure("money"), float(amount))
        self.row += 1

    def attainments(self, sheets: Sequence[Laid]) -> None:
        rows = [
            (laid, figure)
            for laid in sheets
            for figure in laid.figures
            if isinstance(figure.role, Attainment) and laid.pay.payees
        ]
        if not rows:
            return
        first = self.heads(self.word("kpi"), self.word("attainment"))
        for laid, figure in rows:
            title = figure.group if len(sheets) == 1 else f"{figure.group} ({laid.pay.statement.scheme.title})"
            self.sheet.write_string(self.row, 0, title, self.styles.text)
            values = laid.pay.columns[figure.key]
            with exact_context():
                average = sum(values, Decimal(0)) / len(values)
            formula = f"=AVERAGE({laid.area(laid.letters[figure.key])})"
            style = self.styles.make(border=1, border_color="#BFBFBF", num_format=_AVERAGE)
            self.sheet.write_formula(self.row, _VALUE, formula, style, float(average))
            self.row += 1
        self.chart("by_kpi", first, "percent")

    def total(
        self, first: int, amount: Decimal, people: int | None = None, *, title: str = "sheets.payroll.total"
    ) -> None:
        """Write the sum of the rows since `first` below them; the chart leaves it out."""
        self.totals = 1
        self.sheet.write_string(self.row, 0, word(title, self.payroll.book.language), self.styles.total_text)
        figures: list[tuple[int, float, Unit]] = [(_VALUE, float(amount), "money")]
        if people is not None:
            figures.append((2, people, "number"))
        for column, value, unit in figures:
            letter = column_letter(column)
            formula = f"=SUM({letter}{first + 1}:{letter}{self.row})" if self.row > first else "=0"
            self.sheet.write_formula(self.row, column, formula, self.styles.total(unit), value)
        self.row += 1

    def chart(self, title: str, first: int, unit: str) -> None:
        """Draw the rows written since `first` (a row from 1) as bars, and leave room for them."""
        top = first - 1
        count = self.row - first - self.totals
        self.totals = 0
        if count:
            chart = self.workbook.add_chart({"type": "bar"})
            last = first + min(count, _MOST_BARS) - 1
            chart.add_series(
                {
                    "name": self.word(title),
                    "categories": [self.name, first, 0, last, 0],
                    "values": [self.name, first, _VALUE, last, _VALUE],
                    "fill": {"color": _BAR},
                    "gap": 60,
                    "data_labels": {"value": True, "num_format": "#,##0" if unit == "money" else "0%"},
                }
            )
            chart.set_title({"name": self.word(title), "name_font": {"size": 12}})
            chart.set_legend({"none": True})
            # Names stand at the edge: a bar below zero must not run through them.
            chart.set_y_axis({"reverse": True, "label_position": "low"})
            axis = {"num_format": "#,##0", "major_gridlines": {"visible": False}}
            chart.set_x_axis(axis if unit == "money" else axis | {"num_format": "0%", "min": 0})
            height = max(180, 60 + 28 * min(count, _MOST_BARS))
            chart.set_size({"width": 620, "height": height})
            self.sheet.insert_chart(top, _CHART_COLUMN, chart)
            self.row = max(self.row, top + height // 20 + 1)
        self.row += 2
