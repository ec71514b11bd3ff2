"""The context of a sheet that is being read: one object instead of table, rows, people, schemes and issues."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property

from kpicalc.intake.files.formats import Formats
from kpicalc.intake.sheets.kpis import KpiFinder, kpi_finder
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.staff.people import People, no_people
from kpicalc.lang import Language
from kpicalc.model.issue import Issue, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import fold


@record(slots=False)
class Reading:
    """A table that is being read: its rows with their owners, the people of the month, and the issues.

    `rows` are the rows with data of the month (from 0), `owners` the payee's index of each of them, `groups` the texts
    of rows that name the group below them. `passed` counts the skipped rows by reason.
    """

    table: Table
    schemes: SchemeBook
    issues: list[Issue]
    rows: Sequence[int] = ()
    owners: Sequence[int] = ()
    groups: Mapping[int, str] = field(default_factory=dict)
    passed: Mapping[str, int] = field(default_factory=dict)
    other_months: int = 0
    formats: Callable[[], Formats | None] = lambda: None
    """The formats of the cells, looked up where they matter."""
    who: People = field(default_factory=no_people)

    @property
    def language(self) -> Language:
        """Return the language in which figures are shown."""
        return self.schemes.language

    @cached_property
    def blanks(self) -> frozenset[str]:
        """Return the texts, folded, that mean nothing in a cell of figures."""
        if self.table.role == "facts":
            return frozenset()
        return frozenset(fold(text) for text in self.schemes.workbook.shape(self.table.role).blank)

    @cached_property
    def finder(self) -> KpiFinder:
        """Return the look-up of KPIs by the names that people use."""
        return kpi_finder(self.schemes)

    def tell(self, code: str, row: int, column: int, /, **facts: object) -> None:
        """Add an issue about a cell."""
        self.issues.append(issue(code, self.table.place(row, column), **facts))
