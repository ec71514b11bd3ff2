"""A sheet with known headings: the meaning of each column, and the place of each cell in the user's files."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Literal

from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.model.book import Raw, Sheet, cell_name, column_letter
from kpicalc.model.fields import SHEETS, InputSheet, SheetRole
from kpicalc.model.inputs import Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.texts import clean, name_key


@record
class Above:
    """A cell above a table: its place, its row and column (from 0), the cells of its row."""

    place: Place
    row: int
    column: int
    cells: Sequence[Raw]

    @property
    def value(self) -> Raw:
        """Return what the cell holds."""
        return self.cells[self.column]

    @property
    def label(self) -> frozenset[str]:
        """Return the words of the nearest text to the left."""
        texts = [cell for cell in self.cells[: self.column] if isinstance(cell, str) and clean(cell)]
        return frozenset(name_key(texts[-1]).split()) if texts else frozenset()

    @property
    def beside(self) -> Raw:
        """Return the value to the right."""
        return self.cells[self.column + 1] if self.column + 1 < len(self.cells) else None


@record
class Table:
    """A sheet with known headings: `head` is their (last) row; all rows and columns count from 0.

    A table is long where it has columns KPI and Value. `places` are the cells of a table that was assembled from
    several sheets or transposed, by (row, column).
    """

    role: SheetRole | Literal["facts"]
    file: str
    sheet: Sheet
    head: int
    fields: Mapping[str, int]
    kpis: Mapping[str, int]
    titles: Sequence[str] = ()
    """The headings, joined with ` / ` where they take two rows."""
    places: Mapping[tuple[int, int], Place] = field(default_factory=dict)
    above: Sequence[Above] = ()
    """The cells above the tables that it was assembled from."""

    earlier: Mapping[str, int] = field(default_factory=dict)
    """On a sheet of earlier months: the columns of plans and of lines of pay, by the names of such figures."""

    @property
    def long(self) -> bool:
        """Tell whether every figure has a row of its own."""
        return self.role != "facts" and self.about.per_kpi and "kpi" in self.fields

    @property
    def is_joined(self) -> bool:
        """Tell whether the headings take two rows."""
        cells = self.sheet.rows[self.head] if self.titles and not self.places else []
        return any(
            isinstance(cell, str) and clean(cell) not in ("", title)
            for cell, title in zip(cells, self.titles, strict=False)
        )

    @property
    def about(self) -> InputSheet:
        """Return the description of a sheet with this role."""
        assert self.role != "facts"
        return SHEETS[self.role]

    def place(self, row: int, column: int) -> Place:
        """Return the place of a cell."""
        if self.places and (elsewhere := self.places.get((row, column))):
            return elsewhere
        return Place(self.file, self.sheet.name, cell_name(row, column))

    def heading(self, column: int) -> str:
        """Return a heading as the sheet writes it."""
        if self.titles:
            return self.titles[column] if column < len(self.titles) else ""
        return clean(str(self.cell(self.head, column) or ""))

    def cell(self, row: int, column: int) -> Raw:
        """Return a raw cell; None beyond the end of its row."""
        line = self.sheet.rows[row]
        return line[column] if column < len(line) else None

    def column(self, column: int, rows: Sequence[int]) -> list[Raw]:
        """Return the raw cells of a column in these rows."""
        lines = self.sheet.rows
        return [line[column] if column < len(line) else None for line in map(lines.__getitem__, rows)]

    def used(self) -> frozenset[int]:
        """Return the columns that are read."""
        return frozenset(self.fields.values()) | frozenset(self.kpis.values()) | frozenset(self.earlier.values())

    def series(self, values: list[Decimal | None], column: int, rows: Sequence[int]) -> Series:
        """Return a column of figures by payee; `rows` are spreadsheet rows, 0 where the payee has none."""
        if not self.places:
            return Series(values, self.file, self.sheet.name, column_letter(column), rows)
        origins = {index: self.place(row - 1, column) for index, row in enumerate(rows) if row}
        return Series(values, self.file, self.sheet.name, column_letter(column), rows, origins)


def cells_above(file: str, sheet: Sheet, head: int) -> Iterator[Above]:
    """Yield the cells above the headings of a sheet that are not blank."""
    for row, cells in enumerate(sheet.rows[:head]):
        for column, value in enumerate(cells):
            if value is not None and not (isinstance(value, str) and not clean(value)):
                yield Above(Place(file, sheet.name, cell_name(row, column)), row, column, cells)


def cells_above_heading(file: str, sheet: Sheet, heading: str) -> list[Above]:
    """Return the cells above the row of a sheet that has this heading; none where there is no such row."""
    key = name_key(heading)
    rows = enumerate(sheet.rows[:SEARCHED_ROWS])
    head = next((at for at, row in rows if any(isinstance(cell, str) and name_key(cell) == key for cell in row)), 0)
    return list(cells_above(file, sheet, head))


def hidden_in_use(table: Table, hidden: Collection[int]) -> Iterator[Issue]:
    """Yield the issue for hidden columns that are read."""
    if columns := sorted(table.used().intersection(hidden)):
        names = [f"{table.heading(column)} ({column_letter(column)})" for column in columns]
        yield issue("hidden_columns", table.place(table.head, columns[0]), sheet=table.sheet.name, found=names)
