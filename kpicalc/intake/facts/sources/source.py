"""Where facts come from: a sheet, a file beside the workbook, a table in a database; each becomes one typed table."""

from kpicalc.intake.facts.measuring.orders import with_orders
from kpicalc.intake.facts.sources.database import open_database
from kpicalc.intake.facts.sources.files import open_file
from kpicalc.intake.facts.sources.opening import Opening
from kpicalc.intake.facts.sources.sheet import choose_sheet, sheet_as_facts
from kpicalc.intake.facts.spellings import with_condition, with_spellings
from kpicalc.intake.facts.table import Facts
from kpicalc.intake.sheets.staff.people import People
from kpicalc.model.book import Book
from kpicalc.model.facts import FactConnection, FactFile
from kpicalc.model.inputs import FactSource
from kpicalc.model.issue import Issue
from kpicalc.model.scheme import SchemeBook


def open_facts(key: str, book: Book, schemes: SchemeBook, who: People, month: str, issues: list[Issue]) -> Facts | None:
    """Open a table of facts for a month; None, with issues, where it cannot be read."""
    opening = Opening(key, schemes.facts[key], book, schemes, who, month, issues)
    facts = _opened(opening)
    return None if facts is None else with_orders(with_spellings(with_condition(opening, facts), issues))


def _opened(opening: Opening) -> Facts | None:
    match opening.spec.from_:
        case str(name):
            return _open_sheet(opening, name)
        case FactFile(file=None, newest=None, sheet=name):
            return _open_sheet(opening, name or "")
        case FactFile() as source:
            return open_file(opening, source)
        case FactConnection() as source:
            return open_database(opening, source)


def _open_sheet(opening: Opening, name: str) -> Facts | None:
    sheet = choose_sheet(opening, opening.book, name)
    return None if sheet is None else sheet_as_facts(opening, opening.book, sheet, FactSource(sheet.name, ""))
