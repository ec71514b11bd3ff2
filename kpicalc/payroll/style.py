"""How the payroll workbook looks: one set of cell formats for all sheets."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from kpicalc.engine.formula import Unit

_FONT = "Calibri"
_LINE = "#BFBFBF"
_HEAD = "#DCE6F1"
_GROUP = "#B8CCE4"
_TOTAL = "#F2F2F2"
_TERM = "#FFF2CC"
_A4 = 9
"""The paper, as the file format numbers it."""
_LEAST_SCALE = 80
"""In per cent: the type of 10 pt is never printed below 8 pt."""
_ACROSS = 780
"""The width of a page of A4 that lies, without its margins, in points."""
MONEY = "#,##0.00"
WHOLE = "#,##0"
PLAIN = "#,##0.00##"
PERCENT = "0.00##%"


class Styles:
    """The formats of one workbook, made when first used."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def make(self, **properties: object) -> Any:
        """Return the format with these properties, the same object for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
            self._made[key] = self._workbook.add_format(base | properties)
        return self._made[key]

    @cached_property
    def title(self) -> Any:
        """The name of a sheet."""
        return self.make(bold=True, font_size=14)

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
        """A cell of text."""
        return self.make(border=1, border_color=_LINE, num_format="@")

    @cached_property
    def live_text(self) -> Any:
        """A text that a formula gives: a text format would turn the formula itself into text on the next edit."""
        return self.make(border=1, border_color=_LINE)

    @cached_property
    def wrapped(self) -> Any:
        """A cell of longer text."""
        return self.make(border=1, border_color=_LINE, text_wrap=True, valign="top")

    def figure(self, unit: Unit, values: Iterable[Decimal | None] = (), *, given: bool = False) -> Any:
        """Return the format of figures; what comes from the workbook is blue, as accountants mark typed-in numbers."""
        colour = {"font_color": "#1F4E9E"} if given else {}
        return self.make(border=1, border_color=_LINE, num_format=self.number_format(unit, values), **colour)

    @staticmethod
    def number_format(unit: Unit, values: Iterable[Decimal | None] = ()) -> str:
        """Return the number format of a column: whole figures are shown whole."""
        if unit == "money":
            return MONEY
        if unit == "percent":
            return PERCENT
        return WHOLE if all(value is None or value == value.to_integral_value() for value in values) else PLAIN

    def term(self, unit: Unit, value: Decimal) -> Any:
        """Return the format of a parameter of the scheme, to be changed by hand."""
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
    def result(self) -> Any:
        """A person's total."""
        return self.make(bold=True, border=1, border_color=_LINE, num_format=MONEY)


def set_up_print(sheet: Any, *, upright: bool = False, across: int = 1, down: int = 0) -> None:
    """Fit a sheet to pages of A4, lying unless upright; `down` 0 takes the pages it needs; each bears its number."""
    if not upright:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(across, down)
    sheet.set_footer("&C&P / &N")


def set_up_wide_print(sheet: Any, widths: Sequence[float], repeated: int) -> None:
    """Print a wide table on pages of A4 side by side, in type that can be read, the first columns repeated."""
    set_up_print(sheet)
    points = sum(width * 5.25 + 3.75 for width in widths)
    scale = int(min(100, _ACROSS / points * 100)) if points else 100
    if scale >= _LEAST_SCALE:
        return
    sheet.repeat_columns(0, repeated - 1)
    sheet.set_print_scale(_LEAST_SCALE)
    sheet.print_across()
