"""Which columns of an OpenDocument spreadsheet are hidden, and which of its cells are per cents or merged."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from kpicalc.intake.files.faults_ods import repeated
from kpicalc.intake.files.faults_xlsx import parse_xml
from kpicalc.intake.files.parts import Archive, pieces
from kpicalc.model.book import cell_name
from kpicalc.model.record import record

_CONTENT = "content.xml"
_COLUMNS = 16384
"""No sheet is read beyond Excel's last column."""


@dataclass
class _Sheet:
    hidden: set[int] = field(default_factory=set)
    # First row and number of rows, columns likewise: a repeated cell is one entry.
    shown: list[tuple[int, int, int, int]] = field(default_factory=list)
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
        shown = self._sheets[sheet].shown if sheet in self._sheets else []
        return frozenset(
            (line, column)
            for row, rows, first, count in shown
            for column in columns
            if first <= column < first + count
            for line in range(row, row + rows)
        )

    @cached_property
    def _sheets(self) -> dict[str, _Sheet]:
        """Return the formats of each sheet from the content part, which is read once."""
        sheets: dict[str, _Sheet] = {}
        sheet = _Sheet()
        row = column = number = 0
        rows = 1

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal sheet, row, column, number, rows
            match tag.rpartition(":")[2]:
                case "table" if tag.startswith("table:"):
                    sheet = sheets[attributes.get("table:name", "")] = _Sheet()
                    row = column = number = 0
                    rows = 0
                case "table-column":
                    count = repeated(attributes.get("table:number-columns-repeated"))
                    if attributes.get("table:visibility", "visible") != "visible":
                        sheet.hidden.update(range(number, min(number + count, _COLUMNS)))
                    number += count
                case "table-row":
                    row, column = row + rows, 0
                    rows = repeated(attributes.get("table:number-rows-repeated"))
                case "table-cell" | "covered-table-cell":
                    count = repeated(attributes.get("table:number-columns-repeated"))
                    if attributes.get("office:value-type") == "percentage":
                        sheet.shown.append((row, rows, column, count))
                    wide = repeated(attributes.get("table:number-columns-spanned"))
                    high = repeated(attributes.get("table:number-rows-spanned"))
                    if wide > 1 or high > 1:
                        last = cell_name(row + high - 1, column + wide - 1)
                        sheet.merged.append(f"{cell_name(row, column)}:{last}")
                    column += count

        parse_xml(pieces(self.archive, _CONTENT), _CONTENT, start)
        return sheets
