"""The formats of an xlsb workbook: hidden columns, merged cells, the styles of cells and their number formats."""

from collections.abc import Collection, Iterator
from functools import cached_property

from kpicalc.intake.files.guard import sheet_parts
from kpicalc.intake.files.number_formats import StyledFormats
from kpicalc.intake.files.parts import Archive, pieces
from kpicalc.intake.files.records_xlsb import cells, counted_text, records, u32
from kpicalc.model.book import cell_name
from kpicalc.model.record import record

# Record numbers of [MS-XLSB] 2.3.2.
_FORMAT, _STYLE, _BEGIN_STYLES, _END_STYLES, _COLUMNS = 44, 47, 617, 618, 60
_HIDDEN_AT, _HIDDEN_BIT = 16, 1
# First and last row, first and last column.
_MERGED, _MERGED_SIZE = 176, 16
_STYLES = "xl/styles.bin"


@record(slots=False)
class XlsbFormats(StyledFormats):
    """The formats of an xlsb workbook's cells."""

    archive: Archive

    @cached_property
    def parts(self) -> dict[str, str]:
        """Return each sheet's part by its name."""
        return sheet_parts("xlsb", self.archive)

    def merged(self, sheet: str) -> tuple[str, ...]:
        """Return the merged ranges."""
        data = self._data(sheet)
        ranges = (
            [u32(data, start + offset) for offset in (0, 4, 8, 12)]
            for kind, start, size in records(data, sheet)
            if kind == _MERGED and size >= _MERGED_SIZE
        )
        return tuple(f"{cell_name(top, left)}:{cell_name(bottom, right)}" for top, bottom, left, right in ranges)

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """Return the columns (from 0) that are hidden."""
        columns: set[int] = set()
        data = self._data(sheet)
        for kind, start, size in records(data, sheet):
            if kind == _COLUMNS and size > _HIDDEN_AT and data[start + _HIDDEN_AT] & _HIDDEN_BIT:
                columns.update(range(u32(data, start), min(u32(data, start + 4) + 1, 16384)))
        return frozenset(columns)

    def styled(self, sheet: str, styles: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """Yield row and column (from 0) and style of the cells that have one of these styles."""
        data = self._data(sheet)
        for _, row, column, style_at in cells(data, sheet):
            if (style := u32(data, style_at) & 0xFFFFFF) in styles:
                yield row, column, style

    def _data(self, sheet: str) -> bytes:
        part = self.parts.get(sheet)
        return b"".join(pieces(self.archive, part)) if part else b""

    def styles(self) -> tuple[dict[int, str], list[int]]:
        """Return the workbook's own formats by number, and the format number of every cell style."""
        codes: dict[int, str] = {}
        styles: list[int] = []
        if _STYLES not in self.archive.parts:
            return codes, styles
        data = b"".join(pieces(self.archive, _STYLES))
        inside = False
        for kind, start, _ in records(data, _STYLES):
            if kind == _FORMAT:
                codes[u32(data, start) & 0xFFFF] = counted_text(data, start + 2)[0]
            elif kind in (_BEGIN_STYLES, _END_STYLES):
                inside = kind == _BEGIN_STYLES
            elif kind == _STYLE and inside:
                # Two bytes of parent style, then the number of the format.
                styles.append(u32(data, start + 2) & 0xFFFF)
        return codes, styles
