"""The loop: a change is written, the month is paid, the verdict is taken, the change is undone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl.workbook import Workbook

from .cases import Case
from .files import opened, saved
from .judge import known, seen, verdict
from .patched import patched
from .schemes import rewrites
from .slips import Slip, slips

_ROWS = 2
"""A month whose facts stand in a csv takes a second: two of its rows are changed."""


@dataclass(frozen=True)
class Change:
    """A change of a workbook or a scheme. `at` is `sheet: heading` or a path of keys, for the list."""

    kind: str
    at: str
    cell: str
    honest: bool
    moves: bool
    """True where it moves rows, columns or sheets that it does not change."""
    make: Callable[[], None]
    undo: Callable[[], None]


def changes_of(case: Case, part: int = 1, parts: int = 1) -> Iterator[Change]:
    """Yield the changes of a case's tables, then of its scheme; of every `parts` the `part`-th."""
    tables = [change for path in (case.workbook, *case.texts) for change in _of_table(case, path)]
    changes = [*tables, *_of_scheme(case)]
    for at, change in enumerate(changes[:: case.step]):
        if at % parts == part - 1:
            yield change


def judged(case: Case, changes: Iterable[Change]) -> Iterator[tuple[Change, str, str]]:
    """Yield every change with its verdict and, where it is silent, the reason on the list (or nothing)."""
    for change in changes:
        try:
            change.make()
            after = seen(case.workbook, case.scheme, case.history)
            found = verdict(case.before, after, honest=change.honest, moves=change.moves)
        except Exception as error:
            error.add_note(f"{case.name}: {change.kind} at {change.at} ({change.cell})")
            raise
        finally:
            change.undo()
        reasons = [entry.reason for entry in known() if entry.explains(case.name, change.kind, change.at)]
        yield change, found, reasons[0] if reasons and found == "silent" else ""


def _of_table(case: Case, path: Path) -> Iterator[Change]:
    data = path.read_bytes()
    book = opened(path)

    def undo() -> None:
        path.write_bytes(data)

    for slip in slips(book, None if path == case.workbook else _ROWS):

        def make(slip: Slip = slip) -> None:
            _made(slip, book, path, data)

        at = f"{slip.sheet}: {slip.heading}" if slip.heading else slip.sheet
        yield Change(slip.kind, at, slip.cell, slip.honest, slip.apply is not None, make, undo)


def _made(slip: Slip, book: Workbook, path: Path, data: bytes) -> None:
    """Write a table with a change: new values of cells into its bytes, the rest by way of a book of its own."""
    sheet = book[slip.sheet]
    days = any(isinstance(value, date) and not sheet[place].is_date for place, value in slip.values.items())
    if path.suffix == ".xlsx" and slip.values and not days:
        path.write_bytes(patched(data, book.index(sheet) + 1, slip.values))
        return
    path.write_bytes(data)
    own = opened(path)
    if slip.apply:
        slip.apply(own)
    for place, value in slip.values.items():
        own[slip.sheet][place].value = value
    saved(own, path)


def _of_scheme(case: Case) -> Iterator[Change]:
    text = case.scheme.read_text(encoding="utf-8")

    def undo() -> None:
        case.scheme.write_text(text, encoding="utf-8")

    for rewrite in rewrites(text):

        def make(text: str = rewrite.text) -> None:
            case.scheme.write_text(text, encoding="utf-8")

        yield Change(rewrite.kind, rewrite.path, rewrite.path, rewrite.honest, False, make, undo)
