"""A rate sheet in a file of its own beside the workbook: which file, and which of its sheets."""

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
    """Return the workbook of a rate sheet, and what the Run sheet says of it; None, with issues, without one."""
    home = Path(book.file)
    path = (home if home.is_dir() else home.parent) / source.file
    place = schemes.source.place("rates", key, "from", "file")
    if not path.is_file():
        issues.append(issue("fact_file", place, found=path))
        return None
    if path.suffix.lower() not in _WORKBOOKS:
        issues.append(issue("fact_rates_file_kind", place, found=path.name))
        return None
    own, found = read_book(path)
    issues += found
    if own is None:
        return None
    if sha256(path.read_bytes()).hexdigest() != own.sha256:
        issues.append(issue("fact_changed", Place(str(path))))
        return None
    return own, FactSource(path.name, own.sha256)


def only_sheet(book: Book, issues: list[Issue]) -> Sheet | None:
    """Return the only sheet with anything in it; of several somebody must say which."""
    sheets = [sheet for sheet in book.sheets if any(any(cell is not None for cell in row) for row in sheet.rows)]
    if len(sheets) == 1:
        return sheets[0]
    issues.append(issue("fact_which_sheet", Place(book.file), sheets=[sheet.name for sheet in sheets] or "—"))
    return None
