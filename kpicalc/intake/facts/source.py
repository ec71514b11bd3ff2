"""Where facts come from: a sheet, a file beside the workbook, a table in a database; each becomes one typed table."""

from kpicalc.intake.facts.database import open_database
from kpicalc.intake.facts.files import open_file
from kpicalc.intake.facts.opening import Opening
from kpicalc.intake.facts.sheet import read_sheet
from kpicalc.intake.facts.table import Facts
from kpicalc.intake.sheets.people import People
from kpicalc.model.book import Book
from kpicalc.model.facts import FactConnection, FactFile
from kpicalc.model.inputs import FactSource
from kpicalc.model.issue import Issue, Place
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import name_key, nearest


def open_facts(key: str, book: Book, schemes: SchemeBook, who: People, issues: list[Issue]) -> Facts | None:
    """Open a table of facts; None, with issues, where it cannot be read."""
    opening = Opening(key, schemes.facts[key], book, schemes, who, issues)
    match opening.spec.from_:
        case str(sheet):
            return _open_sheet(opening, sheet)
        case FactFile() as source:
            return open_file(opening, source)
        case FactConnection() as source:
            return open_database(opening, source)


def _open_sheet(opening: Opening, name: str) -> Facts | None:
    import ibis

    book, spec = opening.book, opening.spec
    sheet = next((sheet for sheet in book.sheets if name_key(sheet.name) == name_key(name)), None)
    if sheet is None:
        names = [sheet.name for sheet in book.sheets]
        meant = nearest(name, names)
        facts = {"sheet": name, "sheets": names} | ({"nearest": meant} if meant else {})
        opening.tell("fact_sheet" if meant else "fact_sheet_far", Place(book.file), **facts)
        return None
    found = read_sheet(book.file, sheet, spec, opening.schemes, opening.who, opening.issues)
    if found is None:
        return None
    rows, letters = found
    table = ibis.memtable(rows)
    place = Place(book.file, sheet.name)
    return Facts(opening.key, spec, ibis.duckdb.connect(), table, table, (), place, letters, FactSource(sheet.name, ""))
