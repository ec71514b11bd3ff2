"""What is known of a workbook before its tables are: the scheme file's words for it, and the month that is paid."""

from dataclasses import dataclass
from functools import cached_property

from kpicalc.intake.sheets.kpis import KpiFinder, kpi_finder
from kpicalc.model.book import Book
from kpicalc.model.fields import SHEETS, SheetRole
from kpicalc.model.issue import Issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.workbook_map import WorkbookMap


@dataclass(frozen=True)
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
    def finder(self) -> KpiFinder:
        """Return the look-up of KPIs by the names that people use."""
        return kpi_finder(self.schemes)

    def required(self, role: SheetRole) -> tuple[str, ...]:
        """Return the columns without which a sheet is not read: constants and what nobody asks for need none."""
        constants = self.map.constants.get(role, {})
        needless = {"position"} if role == "employees" and one_for_all(self.schemes) else set()
        if self.map.shape(role).groups == "department":
            needless.add("department")
        needless |= {*constants, *self.elsewhere}
        return tuple(key for key in SHEETS[role].required if key not in needless)


def one_for_all(schemes: SchemeBook) -> bool:
    """Tell whether there is one scheme and it is for everybody."""
    audiences = [scheme.audience for scheme in schemes.schemes.values()]
    return len(audiences) == 1 and audiences[0].position is None and audiences[0].department is None
