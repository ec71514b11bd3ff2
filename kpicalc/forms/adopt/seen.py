"""A table of people as seen on a sheet: its columns, and the person of each row."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

from kpicalc.forms.adopt.wording import Heading
from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.sheets.layout.extent import is_totals
from kpicalc.intake.sheets.layout.lines import Line
from kpicalc.intake.sheets.month_words import month_in
from kpicalc.intake.sheets.names import words
from kpicalc.lang import catalogue
from kpicalc.model.book import Raw, Sheet, cell_name
from kpicalc.model.numbers import number_in_text
from kpicalc.model.record import record
from kpicalc.model.texts import clean, name_key

_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d\b|20\d\d-\d\d-\d\d")
_OF_EMPLOYMENT = frozenset({"hired", "dismissed", "period"})
_TERMS = frozenset({"position", "department", "salary", "hired"})
_UNITS = frozenset(
    name_key(text) for texts in (*catalogue("tables")["currencies"].values(), words("units")) for text in texts
)


@record(slots=False)
class Column:
    """A column under its heading; `cells` are the cells of people's rows that are not blank, by row (from 0)."""

    at: int
    title: str
    cell: Raw
    heading: Heading
    cells: Mapping[int, Raw]
    formulas: Mapping[int, str] = field(default_factory=dict)
    hidden: bool = False

    @property
    def is_figures(self) -> bool:
        """Tell whether the column holds figures; a few notes in place of a number do not matter."""
        return bool(self.cells) and 2 * sum(map(_is_figure, self.cells.values())) > len(self.cells)

    @property
    def is_days(self) -> bool:
        """Tell whether the column holds days."""
        days = [isinstance(value, date) or _is_day(value) for value in self.cells.values()]
        return bool(days) and 2 * sum(days) > len(days)

    @property
    def numbers(self) -> dict[int, float]:
        """Return the numbers of the column by row, without texts."""
        return {
            row: float(value)
            for row, value in self.cells.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }


@record(slots=False)
class Seen:
    """A table of people. `id` and `name` are the columns of personnel numbers and names.

    `stated` means that the mapping must state its two rows of headings. `names` are all columns that may hold the
    names, if that is doubtful. `people` is the text in the column of names, or of numbers, by row.
    """

    sheet: Sheet
    line: Line
    stated: bool
    id: int | None
    name: int | None
    names: Sequence[int]
    people: Mapping[int, str]
    columns: Sequence[Column]
    fields: Mapping[str, Sequence[int]]
    """Known fields, including period and year, with every column that has such a heading."""
    above: Sequence[str] = ()
    """Texts above the headings."""

    @property
    def repeated(self) -> bool:
        """Tell whether a person has several rows."""
        return any(count > 1 for count in Counter(map(name_key, self.people.values())).values())

    @property
    def days(self) -> Column | None:
        """Return the column of days if rows are events; in a list of people, days are dates of hiring."""
        if _TERMS & self.fields.keys():
            return None
        of_employment = {at for name in _OF_EMPLOYMENT for at in self.fields.get(name, ())}
        return next((column for column in self.columns if column.is_days and column.at not in of_employment), None)

    def place(self, column: int, row: int | None = None) -> str:
        """Return the place of the column's heading or, with a row, of its cell there."""
        return f"{self.sheet.name}!{cell_name(self.line.row if row is None else row, column)}"

    def column(self, at: int) -> Column:
        """Return a column by its number."""
        return next(column for column in self.columns if column.at == at)


def lone_texts(seen: Seen) -> list[int]:
    """Return the rows above people that have only a text in the first columns: names of groups."""
    last = max(seen.people, default=-1)
    rows = []
    for row in range(seen.line.row + 1, last):
        filled = [cell for cell in seen.sheet.rows[row] if not is_blank(cell)]
        lone = filled[0] if len(filled) == 1 else None
        if isinstance(lone, str) and not is_totals(clean(lone)) and row not in seen.people:
            rows.append(row)
    return rows


def is_number(value: Raw) -> bool:
    """Tell whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_day(value: Raw) -> bool:
    return isinstance(value, str) and bool(_DAY.match(clean(value)))


def _is_figure(value: Raw) -> bool:
    """Tell whether a cell holds a figure, or a note typed in place of one."""
    if is_number(value):
        return True
    if not isinstance(value, str):
        return False
    text = clean(value)
    if month_in(text) is not None:
        return False
    return number_in_text(text, _UNITS) is not None or text.casefold() in words("no_figure") or text[:1].isdigit()
