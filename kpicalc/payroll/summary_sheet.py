"""The Summary sheet: pay by department, by person and by component, attainment by KPI, as live tables and as charts.

Every chart shows everything: where there are more bars than a page can hold, the largest and the sum of the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from kpicalc.payroll.calculation_sheet import NAME, Laid
from kpicalc.payroll.grid import quoted
from kpicalc.payroll.layout import PAYROLL, sheet_name
from kpicalc.payroll.payroll_columns import Entry, Shape
from kpicalc.payroll.style import FONT, Styles, set_up_print

_VALUE, _BESIDE, _CHART_COLUMN = 1, 2, 4
_WIDTHS = (46, 15, 14, 3)
_CHART_WIDTH, _CHART_PIXELS = 88, 600
"""In the widths of columns, and in pixels."""
_BAR, _BEHIND = "#4472C4", "#C55A11"
_CHART_FONT = {"name": FONT, "size": 10}
"""On paper 8 pt at least, as everything else."""
_MOST_BARS = 25
_PAGE_ROWS = 41
"""How many rows a page holds below the title."""
_HEAD_HEIGHT = 30
_AVERAGE = "0.0%"


@dataclass(frozen=True, slots=True)
class _Bar:
    """A row of a table and a bar of its chart. `formula` and `beside` are told the row's number, from 1."""

    name: str
    formula: Callable[[int], str]
    amount: Decimal
    beside: Callable[[int], str] | None = None
    """What stands in the third column: how many people, or what one of them gets."""
    value: Decimal = Decimal(0)
    live_name: str = ""


def write_summary_sheet(
    workbook: Any,
    sheet: Any,
    payroll: Payroll,
    rows: Sequence[Entry],
    shape: Shape,
    sheets: Sequence[Laid],
    styles: Styles,
) -> None:
    """Write the tables below each other and a chart beside each."""
    language = payroll.book.language
    month = period.title(payroll.inputs.period, language)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, word("sheets.summary.title", language).format(period=month), styles.title)
    writer = _Writer(workbook, sheet, payroll, rows, shape, styles)
    writer.departments()
    writer.people()
    writer.lines()
    writer.withheld()
    writer.attainments(sheets)
    set_up_print(sheet, [*_WIDTHS, _CHART_WIDTH])
    sheet.set_h_pagebreaks(writer.breaks)
    sheet.repeat_rows(0)
    sheet.hide_gridlines(2)


class _Writer:
    """The sheet while it is written, table by table."""

    def __init__(
        self, workbook: Any, sheet: Any, payroll: Payroll, rows: Sequence[Entry], shape: Shape, styles: Styles
    ) -> None:
        self.workbook, self.sheet, self.payroll, self.rows = workbook, sheet, payroll, rows
        self.shape, self.styles = shape, styles
        self.language = payroll.book.language
        self.name, self.payroll_sheet = (sheet_name(key, self.language) for key in ("summary", "payroll"))
        self.last = PAYROLL.first + len(rows)
        self.row = 2
        self.page = 1
        self.breaks: list[int] = []
        """The rows at which a page begins."""

    def word(self, path: str, **facts: object) -> str:
        return word(f"sheets.summary.{path}", self.language).format(**facts)

    def area(self, index: int) -> str:
        letter = column_letter(index)
        return f"{quoted(self.payroll_sheet)}!${letter}${PAYROLL.first + 1}:${letter}${self.last}"

    # -- the tables ---------------------------------------------------------------------------------------------------

    def departments(self) -> None:
        names, total = self.area(self.shape.lead.identity[2]), self.area(self.shape.at("accrued"))
        # The cheap SUMIFS takes some names for patterns; SUMPRODUCT compares whole texts.
        bars = [
            _Bar(
                name,
                lambda row: f"SUMPRODUCT(({names}=$A{row})*{total})",
                amount,
                lambda row: f"SUMPRODUCT(({names}=$A{row})*1)",
                Decimal(people),
            )
            for name, (people, amount) in self.payroll.by_department.items()
        ]
        heads = [self.word(name) for name in ("department", "pay", "people")]
        self.table(heads, bars, "by_department", self.payroll.accrued(), people=len(self.rows))

    def people(self) -> None:
        """Write who is paid most, and everybody else below them: a head sees all the pay at once.

        The bar of everybody else is what one of them gets: their sum would dwarf all the others.
        """
        if len(self.rows) < 2:
            return
        bars = [self.person(entry) for entry in self.rows]
        amount = self.payroll.accrued()
        if len(bars) <= _MOST_BARS:
            self.table([self.word("person"), self.word("pay")], bars, "by_person", amount)
            return
        ranked = sorted(bars, key=lambda bar: -bar.amount)
        shown, others = ranked[: _MOST_BARS - 1], ranked[_MOST_BARS - 1 :]
        first = self.heads(*(self.word(name) for name in ("person", "pay", "each")))
        for bar in shown:
            self.bar(replace(bar, beside=lambda row: f"B{row}", value=bar.amount), "money")
        rest, count = sum((bar.amount for bar in others), Decimal(0)), len(others)
        whole = f"SUM({self.area(self.shape.at('accrued'))})-SUM(B{first + 1}:B{self.row})"
        name = self.word("others", count=count)
        self.bar(_Bar(name, lambda _: whole, rest, lambda row: f"B{row}/{count}", rest / count), "money")
        self.total(first, self.row, amount)
        each = [*(bar.amount for bar in shown), rest / count]
        self.chart("by_person_each", first, each, "#,##0", column=_BESIDE)
        self.ends(first - 1)

    def person(self, entry: Entry) -> _Bar:
        pay, sheet = entry.laid.pay, quoted(entry.laid.name)
        key = pay.statement.accrued
        at = f"{sheet}!${entry.laid.letters[key]}${entry.row}"
        name = f'{sheet}!${NAME}${entry.row}&""'
        payee = self.payroll.inputs.payees[entry.payee]
        return _Bar(payee.name, lambda _: at, pay.columns[key][entry.at], live_name=name)

    def lines(self) -> None:
        bars = [self.sum_of(line) for line in self.payroll.earned]
        self.table([self.word("line"), self.word("pay")], bars, "by_line", self.payroll.accrued())

    def sum_of(self, line: Line) -> _Bar:
        area = self.area(self.shape.at(line))
        return _Bar(line.title, lambda _: f"SUM({area})", self.payroll.by_line[line.id, line.title])

    def withheld(self) -> None:
        """Write what is taken out of the accrued, and what is left to be paid."""
        if not self.payroll.withheld:
            return
        accrued = self.area(self.shape.at("accrued"))
        title = word("headings.figure.accrued", self.language)
        bars = [_Bar(title, lambda _: f"SUM({accrued})", self.payroll.accrued())]
        bars += [self.sum_of(line) for line in self.payroll.withheld]
        first = self.heads(self.word("withheld"), self.word("amount"))
        for bar in bars:
            self.bar(bar)
        self.total(first, self.row, self.payroll.total(), title="headings.figure.to_pay")
        self.ends(first - 1)

    def attainments(self, sheets: Sequence[Laid]) -> None:
        """Write the average attainment of every KPI; who is below plan on average is marked."""
        rows = [
            (laid, figure)
            for laid in sheets
            for figure in laid.figures
            if isinstance(figure.role, Attainment) and laid.pay.payees
        ]
        for at in range(0, len(rows), _MOST_BARS):
            first = self.heads(self.word("kpi"), self.word("attainment"))
            averages = []
            for laid, figure in rows[at : at + _MOST_BARS]:
                title = figure.group if len(sheets) == 1 else f"{figure.group} ({laid.pay.statement.scheme.title})"
                self.sheet.write_string(self.row, 0, title, self.styles.text)
                values = laid.pay.columns[figure.key]
                with exact_context():
                    averages.append(sum(values, Decimal(0)) / len(values))
                formula = f"=AVERAGE({laid.area(laid.letters[figure.key])})"
                style = self.styles.make(border=1, border_color="#BFBFBF", num_format=_AVERAGE)
                self.sheet.write_formula(self.row, _VALUE, formula, style, float(averages[-1]))
                self.row += 1
            behind = {"type": "cell", "criteria": "<", "value": 1, "format": self.styles.behind}
            self.sheet.conditional_format(first, _VALUE, self.row - 1, _VALUE, behind)
            self.sheet.write_string(self.row, 0, self.word("behind"), self.styles.note)
            self.row += 1
            points: list[dict[str, object]] = [
                {"fill": {"color": _BEHIND if average < 1 else _BAR}} for average in averages
            ]
            self.chart("by_kpi", first, averages, "0%", points)
            self.ends(first - 1)

    # -- their rows ---------------------------------------------------------------------------------------------------

    def table(
        self,
        heads: Sequence[str],
        bars: Sequence[_Bar],
        chart: str,
        amount: Decimal,
        *,
        people: int | None = None,
    ) -> None:
        """Write a table with its total and its chart; what is no bar of its own stands below the total."""
        first, shown, others, rest = self.heads(*heads), bars, list[_Bar](), Decimal(0)
        if len(bars) > _MOST_BARS:
            largest = sorted(bars, key=lambda bar: -abs(bar.amount))
            shown, others = largest[: _MOST_BARS - 1], largest[_MOST_BARS - 1 :]
        for bar in shown:
            self.bar(bar)
        end = self.row + bool(others)
        if others:
            below = range(end + 2, end + 2 + len(others))
            sum_ = f"SUM({{0}}{below.start}:{{0}}{below.stop - 1})"
            rest = sum((bar.amount for bar in others), Decimal(0))
            last = _Bar(
                self.word("others", count=len(others)),
                lambda _: sum_.format("B"),
                rest,
                (lambda _: sum_.format("C")) if people is not None else None,
                sum((bar.value for bar in others), Decimal(0)),
            )
            self.bar(last)
        self.total(first, end, amount, people)
        for bar in others:
            self.bar(bar)
        self.chart(chart, first, [*(bar.amount for bar in shown), *([rest] if others else [])], "#,##0")
        self.ends(first - 1)

    def heads(self, *titles: str) -> int:
        self.sheet.set_row(self.row, _HEAD_HEIGHT)
        for index, title in enumerate(titles):
            self.sheet.write_string(self.row, index, title, self.styles.head)
        self.row += 1
        return self.row

    def bar(self, bar: _Bar, unit: Unit = "number") -> None:
        own = self.row + 1
        if bar.live_name:
            self.sheet.write_formula(self.row, 0, f"={bar.live_name}", self.styles.live_text, bar.name)
        else:
            self.sheet.write_string(self.row, 0, bar.name, self.styles.text)
        money = self.styles.figure("money")
        self.sheet.write_formula(self.row, _VALUE, f"={bar.formula(own)}", money, float(bar.amount))
        if bar.beside is not None:
            figure = self.styles.figure(unit)
            self.sheet.write_formula(self.row, _BESIDE, f"={bar.beside(own)}", figure, float(bar.value))
        self.row += 1

    def total(
        self,
        first: int,
        end: int,
        amount: Decimal,
        people: int | None = None,
        *,
        title: str = "sheets.payroll.total",
    ) -> None:
        """Write the sum of the rows from `first` to `end`, which is not among them."""
        self.sheet.write_string(self.row, 0, word(title, self.language), self.styles.total_text)
        figures = [(_VALUE, float(amount), self.styles.total("money"))]
        if people is not None:
            figures.append((_BESIDE, people, self.styles.total("number")))
        for column, value, style in figures:
            letter = column_letter(column)
            formula = f"=SUM({letter}{first + 1}:{letter}{end})" if end > first else "=0"
            self.sheet.write_formula(self.row, column, formula, style, value)
        self.row += 1

    def ends(self, top: int) -> None:
        """Leave room below a table with its chart; what does not fit on a page begins the next one."""
        if self.row - self.page > _PAGE_ROWS and top > self.page + 1:
            self.breaks.append(top)
            self.page = top
        self.row += 2

    def chart(
        self,
        title: str,
        first: int,
        values: Sequence[Decimal],
        form: str,
        points: Sequence[dict[str, object]] | None = None,
        column: int = _VALUE,
    ) -> None:
        """Draw rows (`first` from 0) as bars beside their table, and leave room for them."""
        if not values:
            return
        count = len(values)
        chart = self.workbook.add_chart({"type": "bar"})
        last = first + count - 1
        chart.add_series(
            {
                "name": self.word(title),
                "categories": [self.name, first, 0, last, 0],
                "values": [self.name, first, column, last, column],
                "fill": {"color": _BAR},
                "gap": 60,
                "points": points,
                "data_labels": {"value": True, "num_format": form, "font": _CHART_FONT},
            }
        )
        chart.set_title({"name": self.word(title), "name_font": {"name": FONT, "size": 12}})
        chart.set_legend({"none": True})
        # Names stand at the edge: a bar below zero must not run through them.
        chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": _CHART_FONT})
        axis: dict[str, object] = {"num_format": form, "major_gridlines": {"visible": False}, "visible": False}
        chart.set_x_axis(axis | ({"min": 0} if min(values) >= 0 else {}))
        height = max(180, 60 + 28 * count)
        chart.set_size({"width": _CHART_PIXELS, "height": height})
        top = first - 1
        self.sheet.insert_chart(top, _CHART_COLUMN, chart, {"y_offset": 4})
        self.row = max(self.row, top + height // 20 + 1)
