"""The loop: a change is written, the month is paid, the verdict is taken, the change is undone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

import openpyxl

from .cases import Case
from .cells import slips
from .judge import known, seen, verdict
from .schemes import rewrites


@dataclass(frozen=True)
class Change:
    """A change of a workbook or a scheme. `at` is `sheet: heading` or a path of keys, for the list."""

    kind: str
    at: str
    cell: str
    honest: bool
    make: Callable[[], None]
    undo: Callable[[], None]


def changes_of(case: Case, part: int = 1, parts: int = 1) -> Iterator[Change]:
    """Yield the changes of a case's workbook, then of its scheme; of every `parts` the `part`-th."""
    for at, change in enumerate([*_of_workbook(case), *_of_scheme(case)]):
        if at % parts == part - 1:
            yield change


def judged(case: Case, changes: Iterable[Change]) -> Iterator[tuple[Change, str, str]]:
    """Yield every change with its verdict and, where it is silent, the reason on the list (or nothing)."""
    for change in changes:
        change.make()
        try:
            found = verdict(case.before, seen(case.workbook, case.scheme), honest=change.honest)
        except Exception as error:
            error.add_note(f"{case.name}: {change.kind} at {change.at} ({change.cell})")
            raise
        finally:
            change.undo()
        reasons = [entry.reason for entry in known() if entry.explains(case.name, change.kind, change.at)]
        yield change, found, reasons[0] if reasons and found == "silent" else ""


def _of_workbook(case: Case) -> Iterator[Change]:
    data = case.workbook.read_bytes()

    def undo() -> None:
        case.workbook.write_bytes(data)

    for slip in slips(openpyxl.load_workbook(BytesIO(data))):

        def make(slip=slip) -> None:  # type: ignore[no-untyped-def]
            book = openpyxl.load_workbook(BytesIO(data))
            slip.apply(book)
            book.save(case.workbook)

        at = f"{slip.sheet}: {slip.heading}" if slip.heading else slip.sheet
        yield Change(slip.kind, at, slip.cell, slip.honest, make, undo)


def _of_scheme(case: Case) -> Iterator[Change]:
    text = case.scheme.read_text(encoding="utf-8")

    def undo() -> None:
        case.scheme.write_text(text, encoding="utf-8")

    for rewrite in rewrites(text):

        def make(rewrite=rewrite) -> None:  # type: ignore[no-untyped-def]
            case.scheme.write_text(rewrite.text, encoding="utf-8")

        yield Change(rewrite.kind, rewrite.path, rewrite.path, rewrite.honest, make, undo)
