"""The formats of an Excel 97 workbook, which the library xlrd knows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from kpicalc.intake.files.number_formats import StyledFormats
from kpicalc.model.book import cell_name
from kpicalc.model.record import record

if TYPE_CHECKING:
    import xlrd


@record(slots=False)
class XlsFormats(StyledFormats):
    """The formats of an xls workbook's cells; none are known of a file that the library cannot open."""

    data: bytes

    @cached_property
    def _book(self) -> "xlrd.book.Book | None":
        from io import StringIO

        import xlrd

        with suppress(Exception):  # Whatever it meets in a file of some other program, only formats are lost.
            # What it has to say of odd files goes nowhere: the file was read by another library.
            return xlrd.open_workbook(file_contents=self.data, formatting_info=True, on_demand=True, logfile=StringIO())
        return None

    def _sheet(self, name: str) -> "xlrd.sheet.Sheet | None":
        with suppress(Exception):  # Sheets are read here, one by one.
            return self._book.sheet_by_name(name) if self._book and name in self._book.sheet_names() else None
        return None

    def merged(self, sheet: str) -> tuple[str, ...]:
        """Return the merged ranges."""
        found = self._sheet(sheet)
        return tuple(
            f"{cell_name(top, left)}:{cell_name(below - 1, right - 1)}"
            for top, below, left, right in (found.merged_cells if found else ())
        )

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """Return the columns (from 0) that are hidden."""
        found = self._sheet(sheet)
        return frozenset(column for column, one in (found.colinfo_map if found else {}).items() if one.hidden)

    def styles(self) -> tuple[Mapping[int, str], Sequence[int]]:
        """Return the workbook's formats by number, and the format number of every cell style."""
        book = self._book
        if book is None:
            return {}, ()
        return {number: one.format_str or "" for number, one in book.format_map.items()}, [
            one.format_key for one in book.xf_list
        ]

    def styled(self, sheet: str, styles: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """Yield row and column (from 0) and style of the cells that have one of these styles."""
        found = self._sheet(sheet)
        if found is None:
            return
        for row in range(found.nrows):
            for column in range(found.ncols):
                if (style := found.cell_xf_index(row, column)) in styles:
                    yield row, column, style
