"""A Funnel sheet: the whole funnel with a chart, then departments, then people; only the month's figures are typed."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.funnel import conversions, flow
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.excel import ROW
from kpicalc.engine.tree.formula import Unit
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.funnel import Flow, FunnelMonth, Passage
from kpicalc.payroll.sheets.grid import Cell, Rows, Value, reserve, write_formula, write_headings
from kpicalc.payroll.style import Styles, set_up_print

_DASH = "—"
_ID, _NAME, _DEPARTMENT, _FIRST = 0, 1, 2, 3
"""The columns of people: the stages' figures from `_FIRST` on, the conversions after them."""
_WHOLE_HEAD = 4
_SHARE = "0.0%"
_LINE, _BAR = "#BFBFBF", "#4472C4"
_STAGE_HEIGHT = 20
_CHART_COLUMN = 9


def write_funnel_sheet(
    workbook: Any, sheet: Any, name: str, month: FunnelMonth, payroll: Payroll, styles: Styles
) -> Rows:
    """Write one funnel's sheet and return the people's rows."""
    return _Writer(workbook, sheet, name, month, payroll, styles).write()


class _Writer:
    def __init__(
        self, workbook: Any, sheet: Any, name: str, month: FunnelMonth, payroll: Payroll, styles: Styles
    ) -> None:
        self.workbook, self.sheet, self.name = workbook, sheet, name
        self.month, self.payroll, self.styles = month, payroll, styles
        self.language = payroll.book.language
        self.count = len(month.stages)
        self.units = [self.unit(stage.kpi) for stage in month.stages]
        self.departments_head = _WHOLE_HEAD + max(self.count, 10) + 4
        self.people_head = self.departments_head + len(month.departments) + 4
        self.first = self.people_head + 1
        self.last = self.people_head + len(month.people)
        self.share = styles.make(border=1, border_color=_LINE, num_format=_SHARE, align="right")

    def unit(self, kpi: str) -> Unit:
        return unit_of_kpi(self.payroll.book.kpis[kpi])

    def word(self, path: str, **blanks: object) -> str:
        return word(f"funnel.{path}", self.language).format(**blanks)

    def write(self) -> Rows:
        when = period.title(self.payroll.inputs.period, self.language)
        title = self.word("heading", title=self.month.title or self.word("title"), period=when)
        self.sheet.write_string(0, 0, title, self.styles.title)
        self.sheet.write_string(1, 0, self.word("sheet.hint"), self.styles.note)
        self.sheet.write_string(2, 0, self.word("sheet.dash"), self.styles.note)
        for column, width in ((_ID, 16), (_NAME, 34), (_DEPARTMENT, 22)):
            self.sheet.set_column(column, column, width)
        self.sheet.set_column(_FIRST, _FIRST + self.count - 1, 14)
        self.sheet.set_column(_FIRST + self.count, _FIRST + 2 * self.count, 10)
        rows = self.people()
        if self.month.people:
            self.whole()
            self.departments()
            self.chart()
        else:
            self.sheet.write_string(_WHOLE_HEAD, 0, self.word("nobody"), self.styles.note)
        widths = [16, 34, 22, *[14] * self.count, *[10] * (self.count + 1)]
        set_up_print(self.sheet, widths, self.language, repeated=2)
        self.sheet.hide_gridlines(2)
        return rows

    # -- the whole funnel, a row per stage --------------------------------------------------------------------------

    def whole(self) -> None:
        heads = ["", self.word("stage"), *map(self.word, ("actual", "conversion"))]
        heads += [self.word("sheet.norm"), *map(self.word, ("dropout", "allowed", "overall"))]
        self.head(_WHOLE_HEAD, heads)
        passage, shares = self.month.total, conversions(self.month.total.actual)
        for at, stage in enumerate(self.month.stages):
            row, number = _WHOLE_HEAD + 1 + at, _WHOLE_HEAD + 2 + at
            self.sheet.write_number(row, 0, at + 1, self.styles.figure("number"))
            self.sheet.write_string(row, 1, stage.title, self.styles.text)
            area = self.area(_FIRST + at)
            formula = f'IF(SUMPRODUCT(({area}="")*1)>0,"{_DASH}",SUM({area}))'
            self.live(row, 2, formula, passage.actual[at], self.figure_style(at, passage))
            share, whole = shares[at], flow(passage.actual, at, 0) if at else None
            self.ratio(row, 3, f"C{number - 1}", f"C{number}", share)
            self.norm(row, 4, stage.norm)
            dropout = None if share is None or share.value is None else 1 - share.value
            self.live(row, 5, f'IF(D{number}="{_DASH}","{_DASH}",1-D{number})' if at else None, dropout, self.share)
            allowed = None if stage.norm is None else 1 - stage.norm
            self.live(row, 6, f"1-E{number}" if stage.norm is not None else None, allowed, self.share)
            self.ratio(row, 7, f"C{_WHOLE_HEAD + 2}", f"C{number}", whole)

    def figure_style(self, at: int, *passages: Passage) -> Any:
        form = self.styles.number_format(self.units[at], [passage.actual[at] for passage in passages])
        return self.styles.make(border=1, border_color=_LINE, num_format=form, align="right")

    def norm(self, row: int, column: int, norm: Decimal | None) -> None:
        if norm is None:
            self.sheet.write_blank(row, column, None, self.share)
        else:
            self.sheet.write_number(row, column, float(norm), self.styles.term("percent", norm))

    def ratio(self, row: int, column: int, base: str, part: str, share: Flow | None) -> None:
        """Write the conversion from one cell to another; the first stage has none."""
        formula = None if share is None else _ratio(base, part, _DASH)
        self.live(row, column, formula, share.value if share else None, self.share)

    def live(self, row: int, column: int, formula: str | None, value: Decimal | None, style: Any) -> None:
        if formula is None:
            self.sheet.write_blank(row, column, None, style)
        else:
            write_formula(self.sheet, row, column, f"={formula}", style, _DASH if value is None else float(value))

    # -- departments ------------------------------------------------------------------------------------------------

    def departments(self) -> None:
        people = self.area(_DEPARTMENT)
        counts = [self.payroll.inputs.payees[index].department for index, _ in self.month.people]
        self.sheet.write_string(self.departments_head - 1, 0, self.word("sheet.departments"), self.styles.title)
        self.head(self.departments_head, ["", self.word("department"), self.word("sheet.people"), *self.stage_heads()])
        for number, passage in enumerate(self.month.departments, 1):
            row = self.departments_head + number
            group = f"({people}=$B{row + 1})"
            self.sheet.write_blank(row, 0, None, self.styles.text)
            self.sheet.write_string(row, 1, passage.name, self.styles.text)
            count = Decimal(counts.count(passage.name))
            self.live(row, 2, f"SUMPRODUCT({group}*1)", count, self.styles.figure("number"))
            for at in range(self.count):
                area = self.area(_FIRST + at)
                # A blank is not zero: where a member's figure is unknown, so is the sum.
                formula = f'IF(SUMPRODUCT({group}*({area}=""))>0,"{_DASH}",SUMPRODUCT({group}*{area}))'
                self.live(row, _FIRST + at, formula, passage.actual[at], self.figure_style(at, *self.month.departments))
            for column, base, at, share in self.shares(passage):
                above, own_cell = (f"{column_letter(_FIRST + stage)}{row + 1}" for stage in (base, at))
                self.ratio(row, column, above, own_cell, share)

    def stage_heads(self) -> list[str]:
        titles = [stage.title for stage in self.month.stages]
        steps = [f"{at} → {at + 1}" for at in range(1, self.count)]
        return [*(f"{at}. {title}" for at, title in enumerate(titles, 1)), *steps, *self.overall_head()]

    def overall_head(self) -> list[str]:
        return [f"1 → {self.count}"] if self.count > 2 else []

    def shares(self, passage: Passage) -> Iterator[tuple[int, int, int, Flow]]:
        """Yield the conversions of a row: the column, the stage above, the stage, and the conversion."""
        first = _FIRST + self.count
        for at in range(1, self.count):
            yield first + at - 1, at - 1, at, flow(passage.actual, at, at - 1)
        if self.count > 2:
            yield first + self.count - 1, 0, self.count - 1, flow(passage.actual, self.count - 1, 0)

    # -- people -----------------------------------------------------------------------------------------------------

    def people(self) -> Rows:
        if self.month.people:
            self.sheet.write_string(self.people_head - 1, 0, self.word("sheet.persons"), self.styles.title)
            heads = [word(f"sheets.payee.{field}", self.language) for field in ("id", "name", "department")]
            self.head(self.people_head, [*heads, *self.stage_heads()])
            self.sheet.autofilter(self.people_head, 0, self.last, _FIRST + 2 * self.count - (self.count < 3))
        passages = [passage for _, passage in self.month.people]
        styles = [self.styles.figure(self.units[at], [passage.actual[at] for passage in passages], given=True)
                  for at in range(self.count)]  # fmt: skip
        shapes: dict[tuple[bool, ...], int] = {}
        rows: list[tuple[int, int, list[Value]]] = []
        cells: list[list[Cell]] = []
        for index, passage in self.month.people:
            payee = self.payroll.inputs.payees[index]
            shares = [*self.shares(passage)]
            known = [value is not None for value in passage.actual]
            pattern = (*known, *(share.value is not None for *_, share in shares))
            if pattern not in shapes:
                shapes[pattern] = len(shapes)
                cells.append(self.shape(styles, known, shares))
            figures = [value for value in passage.actual if value is not None]
            values = [_DASH if share.value is None else Decimal(repr(float(share.value))) for *_, share in shares]
            rows.append((shapes[pattern], 0, [payee.id, payee.name, payee.department, *figures, *values]))
        table = Rows(self.first, cells, len(rows), rows)
        reserve(self.sheet, table)
        return table

    def shape(
        self, styles: Sequence[Any], known: Sequence[bool], shares: Sequence[tuple[int, int, int, Flow]]
    ) -> list[Cell]:
        """Return the cells of a row: the person, the figures (a blank stays blank), the conversions."""
        cells = [Cell(self.styles.text, "text")] * 3
        cells += [Cell(style, "number" if there else "blank") for style, there in zip(styles, known, strict=True)]
        for _, base, at, share in shares:
            above, part = (f"{column_letter(_FIRST + stage)}{ROW}" for stage in (base, at))
            cells.append(Cell(self.share, "text" if share.value is None else "number", _ratio(above, part, "")))
        return cells

    def area(self, column: int) -> str:
        letter = column_letter(column)
        return f"${letter}${self.first + 1}:${letter}${self.last + 1}"

    def head(self, row: int, titles: Sequence[str]) -> None:
        self.sheet.set_row(row, 32)
        write_headings(self.sheet, row, titles, self.styles.head)

    def chart(self) -> None:
        """Draw the stages as bars, the first at the top, so that the loss shows as a shorter bar."""
        chart = self.workbook.add_chart({"type": "bar"})
        first, last = _WHOLE_HEAD + 1, _WHOLE_HEAD + self.count
        chart.add_series(
            {
                "name": self.word("actual"),
                "categories": [self.name, first, 1, last, 1],
                "values": [self.name, first, 2, last, 2],
                "fill": {"color": _BAR},
                "gap": 12,
                "data_labels": {"value": True, "num_format": "#,##0"},
            }
        )
        chart.set_title({"name": self.month.title or self.word("title"), "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 560, "height": _STAGE_HEIGHT * (max(self.count, 10) + 2)})
        self.sheet.insert_chart(_WHOLE_HEAD, _CHART_COLUMN, chart)


def _ratio(base: str, part: str, absent: str) -> str:
    """Return the formula of a conversion: a dash where a figure is absent or the divisor is 0."""
    return f'IF(OR({base}="{absent}",{part}="{absent}"),"{_DASH}",IF({base}=0,"{_DASH}",{part}/{base}))'
