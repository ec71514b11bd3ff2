"""Which columns of an OpenDocument spreadsheet are hidden, and which cells are per cents, months, or merged."""

from collections.abc import Collection, Sequence
from dataclasses import field
from functools import cached_property

from kpicalc.intake.files.faults_ods import repeated
from kpicalc.intake.files.faults_xlsx import parse_xml
from kpicalc.intake.files.parts import Archive, pieces
from kpicalc.model.book import cell_name
from kpicalc.model.record import record

_CONTENT, _STYLES = "content.xml", "styles.xml"
_COLUMNS = 16384
"""No sheet is read beyond Excel's last column."""
_Block = tuple[int, int, int, int]
"""First row and number of rows, columns likewise: a repeated cell is one entry."""


@record(frozen=False)
class _Sheet:
    hidden: set[int] = field(default_factory=set)
    per_cents: list[_Block] = field(default_factory=list)
    dates: list[tuple[str, _Block]] = field(default_factory=list)
    """Dates with their styles."""
    merged: list[str] = field(default_factory=list)


@record(slots=False)
class OdsFormats:
    """The formats of an OpenDocument spreadsheet's cells."""

    archive: Archive

    def merged(self, sheet: str) -> tuple[str, ...]:
        """Return the merged ranges."""
        return tuple(self._sheets[sheet].merged) if sheet in self._sheets else ()

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """Return the columns (from 0) that are hidden."""
        return frozenset(self._sheets[sheet].hidden) if sheet in self._sheets else frozenset()

    def per_cents(self, sheet: str, columns: Collection[int]) -> frozenset[tuple[int, int]]:
        """Return the cells (row and column from 0) of the columns that have a per cent format."""
        return _in_columns(self._sheets[sheet].per_cents if sheet in self._sheets else [], columns)

    def months(self, sheet: str, columns: Collection[int]) -> frozenset[tuple[int, int]]:
        """Return the cells (row and column from 0) of the columns whose format shows a month without a day."""
        dates = self._sheets[sheet].dates if sheet in self._sheets else []
        return _in_columns([block for style, block in dates if style in self._month_styles], columns)

    @cached_property
    def _sheets(self) -> dict[str, _Sheet]:
        """Return the formats of each sheet from the content part, which is read once."""
        sheets: dict[str, _Sheet] = {}
        sheet = _Sheet()
        row = column = number = 0
        rows = 1
        # The styles of columns, from the first of each.
        usual: list[tuple[int, str]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal sheet, row, column, number, rows
            match tag.rpartition(":")[2]:
                case "table" if tag.startswith("table:"):
                    sheet = sheets[attributes.get("table:name", "")] = _Sheet()
                    row = column = number = 0
                    rows = 0
                    usual.clear()
                case "table-column":
                    count = repeated(attributes.get("table:number-columns-repeated"))
                    if attributes.get("table:visibility", "visible") != "visible":
                        sheet.hidden.update(range(number, min(number + count, _COLUMNS)))
                    usual.append((number, attributes.get("table:default-cell-style-name", "")))
                    number += count
                case "table-row":
                    row, column = row + rows, 0
                    rows = repeated(attributes.get("table:number-rows-repeated"))
                case "table-cell" | "covered-table-cell":
                    count = repeated(attributes.get("table:number-columns-repeated"))
                    if attributes.get("office:value-type") == "percentage":
                        sheet.per_cents.append((row, rows, column, count))
                    elif attributes.get("office:value-type") == "date":
                        own = attributes.get("table:style-name")
                        own = own or next((name for first, name in reversed(usual) if first <= column), "")
                        sheet.dates.append((own, (row, rows, column, count)))
                    wide = repeated(attributes.get("table:number-columns-spanned"))
                    high = repeated(attributes.get("table:number-rows-spanned"))
                    if wide > 1 or high > 1:
                        last = cell_name(row + high - 1, column + wide - 1)
                        sheet.merged.append(f"{cell_name(row, column)}:{last}")
                    column += count

        parse_xml(pieces(self.archive, _CONTENT), _CONTENT, start)
        return sheets

    @cached_property
    def _month_styles(self) -> frozenset[str]:
        """Return the cell styles that show a month and neither a day nor an hour."""
        parts_by_style: dict[str, set[str]] = {}
        shown: set[str] = set()

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal shown
            name = attributes.get("style:name", "")
            match tag.rpartition(":")[2]:
                case "month" | "day" | "hours" as part:
                    shown.add(part)
                case "map":
                    # A format of several sections shows dates by one of them, a style of its own.
                    shown |= parts_by_style.get(attributes.get("style:apply-style-name", ""), set())
                case "style":
                    shown = set()
                    parts_by_style[name] = parts_by_style.get(attributes.get("style:data-style-name", ""), shown)
                case kind if kind.endswith("-style"):
                    shown = parts_by_style[name] = set()

        for part in (_STYLES, _CONTENT):
            if part in self.archive.parts:
                parse_xml(pieces(self.archive, part), part, start)
        return frozenset(style for style, parts in parts_by_style.items() if parts == {"month"})


def _in_columns(blocks: Sequence[_Block], columns: Collection[int]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (line, column)
        for row, rows, first, count in blocks
        for column in columns
        if first <= column < first + count
        for line in range(row, row + rows)
    )
