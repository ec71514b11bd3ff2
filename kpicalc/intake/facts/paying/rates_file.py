"""A rate sheet in a separate file beside the workbook: finds the file and the sheet."""

from hashlib import sha256
from pathlib import Path

from kpicalc.intake.files.book import read_book
from kpicalc.model.book import Book, Sheet
from kpicalc.model.deals import RatesFile
from kpicalc.model.inputs import FactSource
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def open_rates(
    key: str, source: RatesFile, book: Book, schemes: SchemeBook, issues: list[Issue]
) -> tuple[Book, FactSource] | None:
    """Return a rate sheet's workbook and its entry for the Run sheet; None, with issues, where it is unreadable."""
    home = Path(book.file)
    path = (home if home.is_dir() else home.parent) / source.file
    place = schemes.source.place("rates", key, "from", "file")
    if not path.is_file():
        issues.append(issue("fact_file", place, found=path))
        return None
    if path.suffix.lower() not in _WORKBOOKS:
        issues.append(issue("fact_rates_file_kind", place, found=path.name))
        return None
    rates_book, raised = read_book(path)
    issues += raised
    if rates_book is None:
        return None
    if sha256(path.read_bytes()).hexdigest() != rates_book.sha256:
        issues.append(issue("fact_changed", Place(str(path))))
        return None
    return rates_book, FactSource(path.name, rates_book.sha256)


def only_sheet(book: Book, issues: list[Issue]) -> Sheet | None:
    """Return the only sheet that is not empty; where there are several, the scheme must name one."""
    sheets = [sheet for sheet in book.sheets if any(any(cell is not None for cell in row) for row in sheet.rows)]
    if len(sheets) == 1:
        return sheets[0]
    issues.append(issue("fact_which_sheet", Place(book.file), sheets=[sheet.name for sheet in sheets] or "—"))
    return None
