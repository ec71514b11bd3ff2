"""Tables with a chart beside each. Every row is shown: the largest as bars, the sum of the others as one bar."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from kpicalc.engine.tree.formula import Unit
from kpicalc.lang import Language, word
from kpicalc.model.book import column_letter
from kpicalc.model.record import record
from kpicalc.payroll.sheets.grid import write_formula
from kpicalc.payroll.style import FONT, Styles

VALUE, BESIDE = 1, 2
"""The columns of figures, counted from 0."""
MOST_BARS = 25
_CHART_COLUMN, _CHART_PIXELS = 4, 600
BAR_COLOUR = "#4472C4"
_CHART_FONT = {"name": FONT, "size": 10}
"""It is printed at 8 pt or more, as all other text."""
_PAGE_ROWS = 41
"""How many rows a page holds below the title."""
_HEAD_HEIGHT = 30


@record
class Bar:
    """A row of a table and a bar of its chart. `formula` and `beside` are called with the row's number, from 1."""

    name: str
    formula: Callable[[int], str]
    amount: Decimal
    beside: Callable[[int], str] | None = None
    """The formula of the third column: how many people, or what one of them gets."""
    value: Decimal = Decimal(0)
    live_name: str = ""


class BarTables:
    """The tables of a sheet, written one below the other."""

    def __init__(self, workbook: Any, sheet: Any, name: str, styles: Styles, language: Language) -> None:
        self.workbook, self.sheet, self.name = workbook, sheet, name
        self.styles, self.language = styles, language
        self.row = 2
        self.page = 1
        self.breaks: list[int] = []
        """The rows at which a new page begins."""

    def word(self, path: str, **facts: object) -> str:
        """Return a word of the Summary sheet."""
        return word(f"sheets.summary.{path}", self.language).format(**facts)

    def table(
        self,
        heads: Sequence[str],
        bars: Sequence[Bar],
        chart: str,
        amount: Decimal,
        *,
        people: int | None = None,
        twice: int = 0,
    ) -> None:
        """Write a table with its total and its chart; rows without a bar of their own stand below the total.

        `people` is the number of all people; `twice` is how often a person is counted in a second bar.
        """
        first, shown, others, rest = self.heads(*heads), bars, list[Bar](), Decimal(0)
        if len(bars) > MOST_BARS:
            largest = sorted(bars, key=lambda bar: -abs(bar.amount))
            shown, others = largest[: MOST_BARS - 1], largest[MOST_BARS - 1 :]
        for bar in shown:
            self.bar(bar)
        end = self.row + bool(others)
        if others:
            below = range(end + 2, end + 2 + len(others))
            sum_ = f"SUM({{0}}{below.start}:{{0}}{below.stop - 1})"
            rest = sum((bar.amount for bar in others), Decimal(0))
            last = Bar(
                self.word("others", count=len(others)),
                lambda _: sum_.format("B"),
                rest,
                (lambda _: sum_.format("C")) if people is not None else None,
                sum((bar.value for bar in others), Decimal(0)),
            )
            self.bar(last)
        self.total(first, end, amount, people, twice=twice)
        for bar in others:
            self.bar(bar)
        self.chart(chart, first, [*(bar.amount for bar in shown), *([rest] if others else [])], "#,##0")
        self.ends(first - 1)

    def heads(self, *titles: str) -> int:
        """Write the headings, and return the row below them."""
        self.sheet.set_row(self.row, _HEAD_HEIGHT)
        for index, title in enumerate(titles):
            self.sheet.write_string(self.row, index, title, self.styles.head)
        self.row += 1
        return self.row

    def bar(self, bar: Bar, unit: Unit = "number") -> None:
        """Write a row; `unit` is the unit of the third column."""
        number = self.row + 1
        if bar.live_name:
            write_formula(self.sheet, self.row, 0, f"={bar.live_name}", self.styles.live_text, bar.name)
        else:
            self.sheet.write_string(self.row, 0, bar.name, self.styles.text)
        money = self.styles.figure("money")
        write_formula(self.sheet, self.row, VALUE, f"={bar.formula(number)}", money, float(bar.amount))
        if bar.beside is not None:
            figure = self.styles.figure(unit)
            write_formula(self.sheet, self.row, BESIDE, f"={bar.beside(number)}", figure, float(bar.value))
        self.row += 1

    def total(
        self,
        first: int,
        end: int,
        amount: Decimal,
        people: int | None = None,
        *,
        title: str = "sheets.payroll.total",
        twice: int = 0,
    ) -> None:
        """Write the sum of the rows from `first` up to, but not including, `end`."""
        self.sheet.write_string(self.row, 0, word(title, self.language), self.styles.total_text)
        figures = [(VALUE, float(amount), self.styles.total("money"))]
        if people is not None:
            figures.append((BESIDE, people, self.styles.total("number")))
        for column, value, style in figures:
            letter = column_letter(column)
            formula = f"=SUM({letter}{first + 1}:{letter}{end})" if end > first else "=0"
            formula += f"-{twice}" if column == BESIDE and twice else ""
            write_formula(self.sheet, self.row, column, formula, style, value)
        self.row += 1

    def ends(self, top: int) -> None:
        """Leave room below a table for its chart; a table that does not fit on the page begins the next one."""
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
        column: int = VALUE,
    ) -> None:
        """Draw the rows (`first` counts from 0) as bars beside their table, and leave room for the chart."""
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
                "fill": {"color": BAR_COLOUR},
                "gap": 60,
                "points": points,
                "data_labels": {"value": True, "num_format": form, "font": _CHART_FONT},
            }
        )
        chart.set_title({"name": self.word(title), "name_font": {"name": FONT, "size": 12}})
        chart.set_legend({"none": True})
        # Names stand at the edge of the chart, so that bars below zero do not cross them.
        chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": _CHART_FONT})
        axis: dict[str, object] = {"num_format": form, "major_gridlines": {"visible": False}, "visible": False}
        chart.set_x_axis(axis | ({"min": 0} if min(values) >= 0 else {}))
        height = max(180, 60 + 28 * count)
        chart.set_size({"width": _CHART_PIXELS, "height": height})
        top = first - 1
        self.sheet.insert_chart(top, _CHART_COLUMN, chart, {"y_offset": 4})
        self.row = max(self.row, top + height // 20 + 1)
