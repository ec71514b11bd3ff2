"""What is known of a workbook before its tables are: the scheme file's words for it, and the month that is paid."""

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
    """Fields that stand elsewhere than in a column: a person in the name of a sheet."""

    @property
    def map(self) -> WorkbookMap:
        """Return what the scheme file says of the workbook."""
        return self.schemes.workbook

    @cached_property
    def formats(self) -> Formats | None:
        """Return how cells are shown, or None where that is not known."""
        return formats_of(self.book.file)

    def hidden(self, sheet: str) -> frozenset[int]:
        """Return the hidden columns of a sheet (from 0), as far as that is known."""
        return self.formats.hidden_columns(sheet) if self.formats else frozenset()

    def look(self) -> Formats | None:
        """Return how cells are shown: what is asked only where it matters."""
        return self.formats

    @cached_property
    def finder(self) -> KpiFinder:
        """Return the look-up of KPIs by the names that people use."""
        return kpi_finder(self.schemes)

    def of_another_month(self, heading: str) -> bool:
        """Tell whether a heading speaks of months other than the one that is paid."""
        return self.period is not None and is_another(months_told(heading, name=True), self.period)

    def required(self, role: SheetRole) -> tuple[str, ...]:
        """Return the columns without which a sheet is not read: constants and what nobody asks for need none."""
        constants = self.map.constants.get(role, {})
        needless = {"position"} if role == "employees" and alone(self.schemes) else set()
        if self.map.shape(role).groups == "department":
            needless.add("department")
        needless |= {*constants, *self.elsewhere}
        return tuple(key for key in SHEETS[role].required if key not in needless)
