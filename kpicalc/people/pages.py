"""A month's statements as files: a page per person, the workbook for the printer, the list for delivery."""

import csv
import hmac
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from hashlib import sha256
from io import StringIO
from pathlib import Path

from kpicalc.engine.result import Payroll
from kpicalc.model.record import record
from kpicalc.people.book import write_statement_book
from kpicalc.people.page import statement_page
from kpicalc.people.statement import PersonStatement
from kpicalc.screen.data.json import money_text

COLUMNS = ("number", "name", "file", "sha256", "total")
"""The columns of the list, in their order."""
_SIGNS = 8
_UNSAFE = re.compile(r"[^\w-]+")
_PAGE = re.compile(r"^[\w-]+-[0-9A-F]{8}\.html$")


@record
class PageFile:
    """One person's page: the person, its name, the SHA-256 of its bytes, and the pay that it states (None: not yet)."""

    number: str
    name: str
    file: str
    sha256: str
    total: Decimal | None


@record
class StatementFiles:
    """All files of a month's statements: the people, and a writer for each file name."""

    pages: tuple[PageFile, ...]
    files: dict[str, Callable[[Path], None]]


def folder_name(month: str) -> str:
    """Return the name of the folder of a month's statements."""
    return f"statements-{month}"


def statement_files(payroll: Payroll, statements: Sequence[PersonStatement]) -> StatementFiles:
    """Return the files of these statements; the same inputs give the same names and the same bytes."""
    month, secret = payroll.inputs.period, secret_of(payroll)
    pages: list[PageFile] = []
    files: dict[str, Callable[[Path], None]] = {}
    for statement in statements:
        data = statement_page(statement, payroll.book).encode()
        file = page_name(secret, payroll, statement.payee)
        pages.append(PageFile(statement.number, statement.name, file, sha256(data).hexdigest(), statement.total))
        files[file] = partial(_write, data)
    files[f"{folder_name(month)}.xlsx"] = lambda path: write_statement_book(statements, payroll.book, month, path)
    files["statements.csv"] = partial(_write, _listed(pages).encode())
    return StatementFiles(tuple(pages), files)


def secret_of(payroll: Payroll) -> bytes:
    """Return the seed of the page names: the digests of everything that the month was computed from.

    A colleague who knows a person's number but does not have the inputs cannot tell the name of that person's page.
    """
    inputs = payroll.inputs
    digests = [payroll.book.sha256, inputs.sha256]
    digests += [source.sha256 for source in inputs.facts] + [source.sha256 for source in inputs.payrolls]
    return sha256("\n".join(digests).encode()).digest()


def page_name(secret: bytes, payroll: Payroll, index: int) -> str:
    """Return the name of a person's page: the number, and signs that do not follow from it."""
    person = payroll.inputs.payees[index]
    key = f"{payroll.inputs.period}\n{person.id}\n{person.department}".encode()
    signs = hmac.new(secret, key, sha256).hexdigest()[:_SIGNS].upper()
    # Without personnel numbers the id is the name, and no name may appear in a file's name.
    number = _UNSAFE.sub("_", person.id) if _is_number(person.id, person.name) else f"{index + 1:04}"
    return f"{number}-{signs}.html"


def _is_number(number: str, name: str) -> bool:
    return any(sign.isdigit() for sign in number) and number.casefold() != name.casefold()


def left_over(folder: Path, files: Sequence[str]) -> list[Path]:
    """Return the pages in a folder that do not belong to the new statements: their sums are out of date."""
    try:
        listed = list(csv.DictReader((folder / "statements.csv").read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
    names = [str(row.get("file") or "") for row in listed]
    return [folder / name for name in names if _PAGE.match(name) and name not in files]


def _listed(pages: Sequence[PageFile]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for page in pages:
        total = "" if page.total is None else money_text(page.total)
        writer.writerow((page.number, page.name, page.file, page.sha256, total))
    return text.getvalue()


def _write(data: bytes, path: Path) -> None:
    path.write_bytes(data)
