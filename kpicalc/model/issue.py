"""Errors are data: what is wrong, where, and (through the catalogue) what to do about it.

An issue holds a code and facts. Its severity and its words in each language are in the catalogue
(`kpicalc/lang/*.toml`), so that all issues of a run are collected, sorted and shown together.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpicalc.model.record import record

_LISTED = 10
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLAIN_SHEET = re.compile(r"^[^\W\d]\w*$")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the user's files: a cell of a sheet, or a line of a text file, with its column if known (from 1)."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if self.sheet:
            sheet = self.sheet if _PLAIN_SHEET.match(self.sheet) else "'" + self.sheet.replace("'", "''") + "'"
            inside = f"{sheet}!{self.cell}" if self.cell else self.sheet
            return f"{self.file} › {inside}" if self.file else inside
        if self.line:
            return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"
        return self.file


@record
class Issue:
    """One issue. `facts` fill the blanks of the catalogue's sentence; they are kept as text, in order."""

    code: str
    place: Place
    facts: tuple[tuple[str, str], ...] = ()

    def fact(self, name: str) -> str:
        """Return one fact, or an empty string."""
        return dict(self.facts).get(name, "")


def issue(code: str, place: Place | None = None, **facts: object) -> Issue:
    """Make an issue; facts are turned into text, lists into comma-separated text."""
    return Issue(code, place or Place(), tuple((name, _text(value)) for name, value in facts.items()))


def folded(issues: Iterable[Issue]) -> list[Issue]:
    """Return the issues, those that differ only by the cell of one column, or of one row, merged into one.

    It gets the facts `more` and `also`: how many others there are, and their cells.
    """
    return _merged(_merged(issues, "0123456789"), _LETTERS)


def _merged(issues: Iterable[Issue], differing: str) -> list[Issue]:
    groups: dict[object, list[Issue]] = {}
    for item in issues:
        line = item.place.cell.strip(differing)
        facts = tuple(fact for fact in item.facts if fact[0] != "row")
        about = (item.code, item.place.file, item.place.sheet, line, facts) if line else item
        groups.setdefault(about, []).append(item)
    return [_with_others(first, others) for first, *others in groups.values()]


def _with_others(first: Issue, others: list[Issue]) -> Issue:
    # One row that two readings of a sheet complain of is one row.
    cells = list(dict.fromkeys(other.place.cell for other in others if other.place.cell != first.place.cell))
    if not cells:
        return first
    also = listed(cells, _LISTED)
    return Issue(first.code, first.place, (*first.facts, ("more", str(len(cells))), ("also", also)))


def listed(items: Sequence[object], most: int, mark: str = ", ") -> str:
    """Write the first items of a list for a message, and an ellipsis where there are more."""
    return mark.join(map(str, items[:most])) + (f"{mark}…" if len(items) > most else "")


def ranges(rows: Sequence[int], most: int = 10) -> str:
    """Write rows (from 0) as people do: 5–9, 12; a long list is cut, as its length is stated beside it."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return listed([str(a + 1) if a == b else f"{a + 1}–{b + 1}" for a, b in runs], most)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(str(item) for item in value)
    return str(value)
