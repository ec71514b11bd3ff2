"""What a changed month comes to: refused, held, told, paid as before, rightly otherwise, or silently."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ruamel.yaml import YAML

from kpicalc.app import check
from kpicalc.engine.compile import compile_schemes
from kpicalc.intake.files.book import read_book
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.lang import severity
from kpicalc.model.texts import likeness

LIST = Path(__file__).parent / "silent.yaml"
_CELL = re.compile(r"[A-Z]{1,3}\d+|\d+")
"""A cell or a count, which differ where rows moved."""


@dataclass(frozen=True)
class Seen:
    """What a run showed: whether anybody may be paid, who is paid how much, who is held, what was said and where."""

    refused: bool
    pay: Mapping[str, Decimal]
    held: int
    said: frozenset[tuple[str, str]]
    apart_from_cells: frozenset[tuple[str, str]]
    """The same without the cells, for a change that moves what it does not touch."""


def seen(workbook: Path, scheme: Path, history: Path | None = None) -> Seen:
    """Pay a month from files, in this process, writing nothing; the file that did not change is not read again."""
    with (
        patch("kpicalc.app.reading.read_book", lambda path: _book(str(path), path.read_bytes())),
        patch("kpicalc.app.reading.read_scheme", lambda path: _scheme(str(path), path.read_bytes())),
        patch("kpicalc.app.reading.compile_schemes", lambda book: _compiled(_ById(book))),
        patch("kpicalc.intake.sheets.layout.headings.likeness", _likeness),
    ):
        outcome = check(workbook, scheme, history=history)
    payroll = outcome.payroll
    pay: dict[str, Decimal] = {}
    for one in payroll.schemes if payroll else ():
        for index, total in zip(one.payees, one.columns[one.statement.total], strict=True):
            payee = payroll.inputs.payees[index]  # type: ignore[union-attr]
            pay[payee.id] = pay.get(payee.id, Decimal(0)) + total
    said = frozenset(
        (item.code, f"{item.place.sheet}!{item.place.cell}:{item.place.line} {item.fact('payee')}{item.fact('title')}")
        for item in outcome.issues
    )
    apart = frozenset((item.code, _CELL.sub("", str(item.facts))) for item in outcome.issues)
    refused = payroll is None or any(severity(item) == "error" for item in outcome.issues)
    return Seen(refused, pay, len(payroll.held) if payroll else 0, said, apart)


@lru_cache(maxsize=1)
def _book(path: str, _data: bytes) -> Any:
    return read_book(Path(path))


@lru_cache(maxsize=1)
def _scheme(path: str, _data: bytes) -> Any:
    return read_scheme(Path(path))


_likeness = cache(likeness)


@dataclass(frozen=True)
class _ById:
    """A scheme that was read, equal to itself alone."""

    book: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.book is self.book

    def __hash__(self) -> int:
        return id(self.book)


@lru_cache(maxsize=1)
def _compiled(known: _ById) -> Any:
    return compile_schemes(known.book)


def verdict(before: Seen, after: Seen, *, honest: bool, moves: bool) -> str:
    """Return what a change came to; `silent` is the one that must not be.

    What was said before, and is now said of a row that a change `moves`, tells nobody of the change.
    """
    if after.refused:
        return "refused"
    if after.held > before.held:
        return "held"
    if after.apart_from_cells - before.apart_from_cells or (not moves and after.said - before.said):
        return "told"
    if after.pay == before.pay:
        return "unchanged"
    return "right" if honest else "silent"


@dataclass(frozen=True)
class Known:
    """An entry of the list: which silent changes it explains, and why they may be."""

    kinds: tuple[str, ...]
    at: tuple[str, ...]
    where: str
    reason: str

    def explains(self, case: str, kind: str, at: str) -> bool:
        """Tell whether a silent change is one of these. `at` is a sheet's column or a path in a scheme."""
        fits = any(fnmatchcase(kind, known) for known in self.kinds)
        return fits and any(fnmatchcase(at, place) for place in self.at) and fnmatchcase(case, self.where)


@cache
def known() -> tuple[Known, ...]:
    """Return the list of what may be silent."""
    return tuple(_entries(YAML(typ="safe").load(LIST.read_text(encoding="utf-8"))))


def _entries(raw: list[dict[str, Any]]) -> Iterator[Known]:
    for entry in raw:
        places = [entry["at"]] if isinstance(entry["at"], str) else entry["at"]
        yield Known(tuple(entry["kinds"]), tuple(places), entry.get("where", "*"), entry["reason"])
