"""The context of a workbook before its tables are known: the scheme file's names for it, the month that is paid."""

from functools import cached_property

from kpicalc.engine.audience import alone
from kpicalc.intake.files.formats import Formats, formats_of
from kpicalc.intake.sheets.kpis import KpiFinder, kpi_finder
from kpicalc.intake.sheets.month_words import is_another, months_told
from kpicalc.model.book import Book
from kpicalc.model.fields import SHEETS, SheetRole
from kpicalc.model.issue import Issue
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.workbook_map import WorkbookMap


@record(slots=False)
class Workbook:
    """A workbook, the schemes by which it is read, and the month asked for or named in the file's name, if any."""

    book: Book
    schemes: SchemeBook
    period: str | None
    issues: list[Issue]
    elsewhere: frozenset[str] = frozenset()
    """Fields that are found elsewhere than in a column: a person in the name of a sheet."""

    @property
    def map(self) -> WorkbookMap:
        """Return what the scheme file says of the workbook."""
        return self.schemes.workbook

    def add(self, found: Issue | None) -> None:
        """Add an issue, if there is one."""
        if found is not None:
            self.issues.append(found)

    @cached_property
    def formats(self) -> Formats | None:
        """Return the formats of the cells; None where they are unknown."""
        return formats_of(self.book.file)

    def hidden(self, sheet: str) -> frozenset[int]:
        """Return the hidden columns of a sheet (from 0), as far as they are known."""
        return self.formats.hidden_columns(sheet) if self.formats else frozenset()

    def look(self) -> Formats | None:
        """Open the formats of the cells; only the look-ups that matter are made."""
        return self.formats

    @cached_property
    def finder(self) -> KpiFinder:
        """Return the look-up of KPIs by the names that people use."""
        return kpi_finder(self.schemes)

    def of_another_month(self, heading: str) -> bool:
        """Tell whether a heading names months, and none of them is the one that is paid."""
        return self.period is not None and is_another(months_told(heading, name=True), self.period)

    def required(self, role: SheetRole) -> tuple[str, ...]:
        """Return the columns without which a sheet is not read; constants and unneeded columns are not among them."""
        constants = self.map.constants.get(role, {})
        needless = {"position"} if role == "employees" and alone(self.schemes) else set()
        if self.map.shape(role).groups == "department":
            needless.add("department")
        needless |= {*constants, *self.elsewhere}
        return tuple(key for key in SHEETS[role].required if key not in needless)
