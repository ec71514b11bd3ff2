"""The look of the payroll workbook: one set of cell formats for all sheets."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from kpicalc.engine.tree.formula import Unit
from kpicalc.lang import Language, word

FONT = "Arial"
"""Every office program has this font, or one of the same widths, so a sheet is printed alike everywhere."""
_LINE = "#BFBFBF"
_HEAD = "#DCE6F1"
_GROUP = "#B8CCE4"
_TOTAL = "#F2F2F2"
_TERM = "#FFF2CC"
_A4 = 9
"""The number of the paper in the file format."""
_LYING, _UPRIGHT = 780, 532
"""The width of a page of A4 without its margins, in points."""
_DIGIT, _PADDING = 5.56, 0.71
"""The width of a digit in points, and of a column's edges in digits; no program draws them wider."""
_MARGIN, _ABOVE, _BELOW = 0.4, 0.5, 0.6
"""In inches."""
_HIGH = 510
"""The height of a landscape page without its margins, in points, with a little to spare."""
_MOST_TITLED = 100
"""The format has room for 255 signs, those that set the type included."""
LEAST_SCALE = 80
"""In per cent: type of 10 pt is never printed below 8 pt."""
MONEY = "#,##0.00"
WHOLE = "#,##0"
PLAIN = "#,##0.00##"
PERCENT = "0.00##%"
DAY = "dd.mm.yyyy"


def workbook_options(**options: object) -> dict[str, object]:
    """Return options for a new workbook: column widths count digits of its own font, which follows no theme."""
    return {**options, "default_format_properties": {"font_name": FONT, "font_size": 10, "font_scheme": "none"}}


class Styles:
    """The formats of one workbook, each made at its first use."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def make(self, **properties: object) -> Any:
        """Return the format with these properties, the same object for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
            self._made[key] = self._workbook.add_format(base | properties)
        return self._made[key]

    @cached_property
    def title(self) -> Any:
        """The name of a sheet."""
        return self.make(bold=True, font_size=14)

    def bordered(self, **look: object) -> Any:
        """Return the format of a table cell with additional properties."""
        return self.make(border=1, border_color=_LINE, **look)

    @cached_property
    def note(self) -> Any:
        """A remark under the title."""
        return self.make(italic=True, font_color="#595959")

    @cached_property
    def head(self) -> Any:
        """A column's heading."""
        return self.make(bold=True, text_wrap=True, align="center", border=1, border_color=_LINE, bg_color=_HEAD)

    @cached_property
    def group(self) -> Any:
        """A heading over several columns; it runs across them without merged cells."""
        return self.make(bold=True, align="center_across", border=1, border_color=_LINE, bg_color=_GROUP)

    @cached_property
    def single_group(self) -> Any:
        """A heading over a group of one column."""
        return self.make(bold=True, align="center", border=1, border_color=_LINE, bg_color=_GROUP)

    @cached_property
    def text(self) -> Any:
        """A text cell."""
        return self.make(border=1, border_color=_LINE, num_format="@")

    @cached_property
    def live_text(self) -> Any:
        """The result of a text formula: a text format would turn the formula itself into text on the next edit."""
        return self.make(border=1, border_color=_LINE)

    @cached_property
    def live_wrapped(self) -> Any:
        """The result of a text formula, in as many lines as it needs."""
        return self.make(border=1, border_color=_LINE, text_wrap=True, indent=1)

    @cached_property
    def counted(self) -> Any:
        """The number of a row."""
        return self.make(border=1, border_color=_LINE, align="center", num_format="0")

    @cached_property
    def dash(self) -> Any:
        """A dash: there is no such figure."""
        return self.make(border=1, border_color=_LINE, align="right", font_color="#7F7F7F")

    @cached_property
    def behind(self) -> Any:
        """The mark of an average below plan."""
        return self._workbook.add_format({"bold": True, "font_color": "#843C0C", "bg_color": "#FBE5D6"})

    @cached_property
    def alarm(self) -> Any:
        """A warning that must be noticed before anybody signs."""
        return self.make(bold=True, font_color="#C00000")

    @cached_property
    def alarm_wrapped(self) -> Any:
        """The same warning in as many lines as it needs."""
        return self.make(bold=True, font_color="#C00000", text_wrap=True)

    @cached_property
    def soft_wrapped(self) -> Any:
        """A remark in as many lines as it needs."""
        return self.make(italic=True, font_color="#595959", text_wrap=True)

    @cached_property
    def plain_wrapped(self) -> Any:
        """A text without a border in as many lines as it needs."""
        return self.make(text_wrap=True)

    @cached_property
    def said(self) -> Any:
        """A sum in words."""
        return self.make(bold=True, text_wrap=True)

    @cached_property
    def wrapped(self) -> Any:
        """A cell of longer text."""
        return self.make(border=1, border_color=_LINE, text_wrap=True, valign="top")

    def figure(self, unit: Unit, values: Iterable[Decimal | None] = (), *, given: bool = False) -> Any:
        """Return the format of figures; inputs from the workbook are blue, as accountants mark typed numbers."""
        colour = {"font_color": "#1F4E9E"} if given else {}
        return self.make(border=1, border_color=_LINE, num_format=self.number_format(unit, values), **colour)

    @staticmethod
    def number_format(unit: Unit, values: Iterable[Decimal | None] = ()) -> str:
        """Return the number format of a column; whole figures get no decimals."""
        if unit == "money":
            return MONEY
        if unit == "percent":
            return PERCENT
        if unit == "day":
            return DAY
        return WHOLE if all(value is None or value == value.to_integral_value() for value in values) else PLAIN

    def term(self, unit: Unit, value: Decimal) -> Any:
        """Return the format of a parameter of the scheme, which may be changed by hand."""
        form = self.number_format(unit, (value,))
        return self.make(border=1, border_color=_LINE, num_format=form, bg_color=_TERM, font_color="#1F4E9E")

    def total(self, unit: Unit = "money", values: Iterable[Decimal | None] = ()) -> Any:
        """Return the format of a totals row."""
        form = self.number_format(unit, values)
        return self.make(bold=True, border=1, border_color=_LINE, bg_color=_TOTAL, num_format=form)

    @cached_property
    def total_text(self) -> Any:
        """The caption of a totals row."""
        return self.make(bold=True, border=1, border_color=_LINE, bg_color=_TOTAL)

    @cached_property
    def total_wrapped(self) -> Any:
        """A text among the sums, in as many lines as it needs."""
        return self.make(bold=True, border=1, border_color=_LINE, bg_color=_TOTAL, text_wrap=True)

    @cached_property
    def result(self) -> Any:
        """A person's total."""
        return self.make(bold=True, border=1, border_color=_LINE, num_format=MONEY)


def page_height(scale: int) -> float:
    """Return the greatest total height of rows on a landscape page, in points."""
    return _HIGH / scale * 100


def printed_scale(widths: Sequence[float], *, upright: bool = False) -> int | None:
    """Return the scale, in per cent, at which columns fit on a page; None if they would be too small to read."""
    points = sum((width + _PADDING) * _DIGIT for width in widths)
    across = _UPRIGHT if upright else _LYING
    scale = int(min(100, across / points * 100)) if points else 100
    return scale if scale >= LEAST_SCALE else None


def set_up_print(
    sheet: Any,
    widths: Sequence[float],
    language: Language,
    *,
    upright: bool = False,
    repeated: int = 0,
    titled: tuple[str, int, int] | None = None,
) -> None:
    """Print a sheet on pages of A4 in readable type, with page numbers.

    Columns that do not fit go to further pages, where the first columns are repeated. `titled` is the title of the
    sheet, with the first and the last row (from 0) below it: in the repeated columns it would be cut.
    """
    if not upright:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_ABOVE, bottom=_BELOW)
    scale = printed_scale(widths, upright=upright)
    sheet.set_print_scale(scale or LEAST_SCALE)
    if scale is None and repeated:
        sheet.repeat_columns(0, repeated - 1)
        sheet.print_across()
        if titled is not None:
            title, first, last = titled
            sheet.print_area(first, 0, last, len(widths) - 1)
            sheet.set_header(f'&L&"{FONT},Bold"&12 {title[:_MOST_TITLED].replace("&", "&&")}')
    sheet.set_footer(f"&C{word('sheets.page', language)}")
