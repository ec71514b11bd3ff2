"""Adopting a workbook as it is: what it holds, a scheme file to go on with, and a page of reasons and questions."""

import re
from collections.abc import Callable
from pathlib import Path, PurePath, PureWindowsPath
from shlex import quote

from kpicalc.app.outcome import Outcome, error_count
from kpicalc.intake.files.book import read_book
from kpicalc.intake.months import stated_period
from kpicalc.lang import language_of_environment
from kpicalc.model.adopted import Adopted
from kpicalc.model.book import Book
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record

FOLDER = Path("adopted")


@record(slots=False)
class Taken:
    """The result of `adopt`: the outcome with its issues and files, and what was understood, unless it was refused."""

    outcome: Outcome
    adopted: Adopted | None = None
    command: str = ""
    """The command to run next."""


def adopt(workbook: Path, period: str | None = None, out: Path | None = None, paid: str | None = None) -> Taken:
    """Look at a workbook as it is, and write a scheme file and a page about it; the workbook is not changed."""
    from kpicalc.exchange.release import release_all
    from kpicalc.forms.adopt.adopting import adopted
    from kpicalc.forms.adopt.attempt import attempt
    from kpicalc.forms.adopt.report import report

    language = language_of_environment()
    book, issues = read_book(workbook)
    month = _month(book, period, issues) if book else None
    folder = FOLDER if out is None else out
    files = (folder / "scheme.yaml", folder / "adopt.md")
    issues += [issue("adopt_exists", Place(str(path)), found=path.name) for path in files if path.exists()]
    if folder.exists() and not folder.is_dir():
        issues.append(issue("adopt_folder", Place(str(folder))))
    if book is None or month is None or error_count(issues):
        return Taken(Outcome(tuple(issues), language))
    result = adopted(attempt(book, workbook, month, language), paid)
    commands = [f"kpicalc {name} {as_typed(workbook)} --scheme {as_typed(files[0])} --period {month}"
                for name in ("check", "run")]  # fmt: skip
    page = report(result, workbook.name, commands, language)
    refused = release_all({files[0]: _writer(result.scheme), files[1]: _writer(page)})
    if refused:
        return Taken(Outcome((*issues, *refused), language))
    return Taken(Outcome(tuple(issues), language, files=files), result, commands[0])


def _month(book: Book, asked: str | None, issues: list[Issue]) -> str | None:
    """Return the month: the requested one, the one in the file's name, or the only one that the workbook names."""
    from kpicalc.forms.adopt.month import months_of

    stated = stated_period(book.file, asked, language_of_environment(), issues)
    if stated or error_count(issues):
        return stated
    months = months_of(book)
    if len(months) == 1:
        return months[0]
    if months:
        issues.append(issue("period_several", Place(book.file), months=months, example=months[-1]))
    else:
        issues.append(issue("period_unknown", Place(book.file)))
    return None


def _writer(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(text.encode())

    return write


def as_typed(path: PurePath) -> str:
    """Return a path as it is typed into a command line: quoted where needed, as Windows takes it too."""
    text = str(path)
    if re.fullmatch(r"[\w./:+-]+", text):
        return text
    # A path of Windows holds no quote; elsewhere these signs mean something inside double quotes.
    return f'"{text}"' if isinstance(path, PureWindowsPath) or not set(text) & set('"$`!\\') else quote(text)
