"""A table of person, KPI and figure, assembled from cells that lie otherwise."""

from collections.abc import Sequence

from kpicalc.intake.sheets.layout.table import Above, Table
from kpicalc.model.book import Raw, Sheet, cell_name
from kpicalc.model.fields import SheetRole
from kpicalc.model.issue import Place

_COLUMNS = {"id": 0, "kpi": 1, "value": 2}


class Assembled:
    """Rows of person, KPI and figure, assembled from cells elsewhere."""

    def __init__(self, file: str, headings: Sequence[str]) -> None:
        self.file = file
        self.rows: list[list[Raw]] = [list(headings)]
        self.places: dict[tuple[int, int], Place] = {}
        self.faults: dict[tuple[int, int], str] = {}
        self.above: list[Above] = []

    def add(self, sheet: Sheet, cells: Sequence[Raw], cells_at: Sequence[tuple[int, int]]) -> None:
        """Add a row: its values, and the cells (row, column) of the sheet where they are."""
        row = len(self.rows)
        self.rows.append(list(cells))
        for column, cell in enumerate(cells_at):
            self.places[row, column] = Place(self.file, sheet.name, cell_name(*cell))
            if fault := sheet.faults.get(cell):
                self.faults[row, column] = fault

    def table(self, role: SheetRole, name: str) -> Table:
        """Return the rows as a table in the long form."""
        titles = [str(cell) for cell in self.rows[0]]
        first = next(iter(self.places.values()), Place(self.file, name))
        places = {(0, column): Place(self.file, first.sheet) for column in range(3)} | self.places
        return Table(
            role, self.file, Sheet(name, self.rows, faults=self.faults), 0, _COLUMNS, {}, titles, places, self.above
        )
