"""One sheet of a payroll that is read back: its texts, figures and people by place, and cells without a figure."""

from collections.abc import Iterator
from dataclasses import field
from functools import lru_cache
from typing import TypeGuard

from kpicalc.intake.files.faults_xlsx import FORMULA
from kpicalc.model.book import Raw, Sheet, cell_name
from kpicalc.model.issue import Issue, Place, issue, listed
from kpicalc.model.money import from_cell
from kpicalc.model.paid_month import PaidFigure
from kpicalc.model.record import record
from kpicalc.model.texts import clean
from kpicalc.payroll.layout import DASH

_LISTED = 8
cleaned = lru_cache(50_000)(clean)
"""Texts are cached: people stand on several sheets, and on those of every month."""


@record
class Page:
    """A sheet, its place, and the cells so far that should hold a figure and hold something else."""

    sheet: Sheet
    place: Place
    spoilt: dict[tuple[int, int], str] = field(default_factory=dict)

    def at(self, row: int, column: int = 0) -> Place:
        """Return a cell's place."""
        return Place(self.place.file, self.place.sheet, cell_name(row, column))

    def text(self, row: int, column: int) -> str:
        """Return a cell's text, empty if it has none. A number in a text column is read as it is shown."""
        value = self._cell(row, column)
        if is_number(value) and value == int(value):
            return str(int(value))
        return cleaned(value) if isinstance(value, str) else ""

    def texts(self, row: int) -> list[str]:
        """Return the texts of a row, without trailing blanks."""
        width = len(self.sheet.rows[row]) if row < len(self.sheet.rows) else 0
        texts = [self.text(row, column) for column in range(width)]
        while texts and not texts[-1]:
            texts.pop()
        return texts

    def figure(self, row: int, column: int) -> PaidFigure:
        """Return a figure; a blank, a dash, a text, an error or a formula without a value is none."""
        value = self._cell(row, column)
        fault = self.sheet.faults.get((row, column)) if self.sheet.faults else None
        if type(value) is float and not fault:
            return PaidFigure(from_cell(value), self.place, row, column)
        value = None if value == DASH else value
        if fault or not (value is None or is_number(value)):
            self.spoilt[row, column] = fault or str(value)
            return PaidFigure(None, self.place, row, column)
        return PaidFigure(None if value is None else from_cell(float(value)), self.place, row, column)

    def people(self, first: int, totals: str, columns: tuple[int, int] = (0, 1)) -> Iterator[tuple[int, str, str]]:
        """Yield the row, number and name of each person down to the totals; the totals row comes last, without a name.

        `columns` are those of number and name. A cell with an error there is noted: the person is unknown.
        """
        for row in range(first, len(self.sheet.rows)):
            number, name = (self.text(row, column) for column in columns)
            if any((row, column) in self.sheet.faults for column in columns):
                self.spoilt.update({cell: what for cell, what in self.sheet.faults.items() if cell[0] == row})
                continue
            if number == totals and not name:
                yield row, "", ""
            if not number or not name:
                return
            yield row, number, name

    def row_of(self, caption: str) -> int | None:
        """Return the first row that has a caption."""
        return next((row for row in range(len(self.sheet.rows)) if self.text(row, 0) == caption), None)

    def issues(self) -> Iterator[Issue]:
        """Report the cells that hold no figure, once for the sheet."""
        if not self.spoilt:
            return
        cells = sorted(self.spoilt)
        content = self.spoilt[cells[0]]
        named = listed([cell_name(*cell) for cell in cells], _LISTED)
        if content == FORMULA:
            yield issue("payroll_unsaved", self.at(*cells[0]))
        else:
            yield issue("payroll_cell", self.at(*cells[0]), found=content, count=len(cells), cells=named)

    def _cell(self, row: int, column: int) -> Raw:
        line = self.sheet.rows[row] if row < len(self.sheet.rows) else []
        return line[column] if column < len(line) else None


def is_number(value: Raw) -> TypeGuard[float]:
    """Tell whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
