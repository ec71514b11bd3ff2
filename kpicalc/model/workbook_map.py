"""How the workbook in use names things and lays out its tables, so that nobody has to change a sheet they keep."""

from functools import cache
from typing import Literal

from pydantic import Field

from kpicalc.model.entry import Entry, no_items
from kpicalc.model.fields import SheetRole

ABSENT = "none"
"""Instead of a sheet's name: the workbook has no such sheet, whatever other sheets are called."""
BLANK_ROW = "blank_row"


class TableShape(Entry):
    """The layout of a table, where it cannot be detected."""

    until: str | None = Field(
        default=None, description="the text that ends the table, in any cell of its row; blank_row: the first blank row"
    )
    groups: Literal["department", "payee"] | None = Field(
        default=None,
        description="a row with one text and nothing else, or their sums beside it, names the group of those below",
    )
    blank: list[str] = Field(
        default_factory=no_items, description='texts that mean nothing in a cell of figures: ["-"]'
    )
    people: Literal["rows", "columns", "sheets"] = Field(
        default="rows", description="a person per row, per column, or per sheet (whose pattern then has {payee})"
    )
    headings: Literal["1", "2"] | None = Field(
        default=None, description="2: the headings take two rows and are joined with ' / '; unstated: as it looks"
    )


class WorkbookMap(Entry):
    """The workbook's own names of sheets and columns, and the layout of its tables."""

    match: Literal["number", "name"] = Field(
        default="number", description="by what rows find their person: the personnel number, or the name"
    )
    sheets: dict[SheetRole, str] = Field(
        default_factory=dict,
        description="sheet: its name in the workbook, or a pattern such as 'ЗП {month} {yyyy}'; none: there is none",
    )
    columns: dict[SheetRole, dict[str, str]] = Field(
        default_factory=dict,
        description="sheet: {field or KPI: its heading, a pattern of it, or the letter of its column}",
    )
    constants: dict[SheetRole, dict[str, str]] = Field(
        default_factory=dict,
        description="sheet: {department, position, scheme or period: what is true of every row}",
    )
    tables: dict[SheetRole, TableShape] = Field(
        default_factory=dict, description="sheet: how its table lies, where that cannot be told"
    )

    def shape(self, role: SheetRole) -> TableShape:
        """Return the layout of a table."""
        return self.tables.get(role) or _as_it_looks()


@cache
def _as_it_looks() -> TableShape:
    """Return the layout of a table of which the scheme says nothing."""
    return TableShape.model_construct()
