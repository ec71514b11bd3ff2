"""Reads the columns of an xlsx sheet from its bytes, if they are written as this program writes them.

Any other form ends the attempt: the sheet is then read by the general reader, cell by cell.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import field
from itertools import cycle
from operator import ge

from kpicalc.intake.files.faults_xlsx import parse_xml
from kpicalc.intake.files.parts import Archive, pieces, raw_pieces
from kpicalc.model.book import column_letter, column_number
from kpicalc.model.record import record

_PATTERN = (
    rb'<c r="(%b)([0-9]{1,7})"'
    rb'(?:(?: s="[0-9]{1,5}")?(?: t="(s|str|inlineStr)")?'
    rb'(?:>(<f>[^<]*</f>)?(?:<v>|<is><t xml:space="preserve">)([^<]*))?(/>|</))?'
)
"""Column, row, type, formula, value and closing tag, which is empty where a cell has another form."""
_ANY = rb"[A-Z]{1,3}"
_STRINGS = "xl/sharedstrings.xml"
_ODD_TEXT = re.compile(r"&#|_x[0-9A-Fa-f]{4}_")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))

_Cell = tuple[bytes, bytes, bytes, bytes, bytes, bytes]


class OtherwiseError(Exception):
    """The sheet is not written as this program writes it."""


@record
class Column:
    """A column below the headings: the rows of its non-blank cells, their values, and whether they are formulas."""

    rows: list[int] = field(default_factory=list)
    values: list[str | float] = field(default_factory=list)
    live: list[bool] = field(default_factory=list)

    def cut(self, first: int, count: int) -> list[str | float | None]:
        """Return `count` values from row `first` on; None is a blank."""
        wanted = range(first, first + count)
        if self.rows[:count] == list(wanted):
            return list(self.values[:count])
        known = dict(zip(self.rows, self.values, strict=True))
        return [known.get(row) for row in wanted]


@record
class SheetColumns:
    """The rows of headings, from the first row on, and the columns below them, by their number from 0."""

    heads: list[list[str]]
    columns: dict[int, Column]

    def column(self, number: int) -> Column:
        """Return a column; an empty one where it holds nothing."""
        return self.columns.get(number) or Column()


def shared_strings(archive: Archive) -> list[str]:
    """Return the shared strings of the workbook."""
    strings: list[str] = []
    inside = False

    def start(tag: str, _: object) -> None:
        nonlocal inside
        if tag == "si":
            strings.append("")
        elif tag not in ("t", "sst"):
            raise OtherwiseError
        inside = tag == "t"

    def end(_: str) -> None:
        nonlocal inside
        inside = False

    def characters(text: str) -> None:
        if inside:
            strings[-1] += text

    if _STRINGS in archive.parts:
        parse_xml(pieces(archive, _STRINGS), _STRINGS, start, end, characters)
    if any(_ODD_TEXT.search(text) for text in strings):
        raise OtherwiseError
    return strings


def sheet_columns(
    archive: Archive,
    part: str,
    strings: Sequence[str],
    first: int,
    choose: Callable[[list[list[str]]], Collection[int] | None] = lambda _: None,
) -> SheetColumns:
    """Return the columns of a sheet below its headings, which end before row `first` (from 0).

    `choose` names the columns by the headings; all of them unless it does.
    """
    chunks = _whole_rows(archive, part)
    start = next(chunks, b"")
    start_at = start.find(b'<row r="%d"' % (first + 1))
    if start_at < 0:
        raise OtherwiseError
    cells: list[_Cell] = re.findall(_PATTERN % _ANY, start[:start_at])
    heads: list[list[str]] = [[] for _ in range(first)]
    # A line above the headings may be empty this time: a formula whose value is an empty text.
    for column, read in _by_column([cell for cell in cells if cell[4]], strings).items():
        for row, value in zip(read.rows, read.values, strict=True):
            heads[row] += [""] * (column + 1 - len(heads[row]))
            heads[row][column] = value if isinstance(value, str) else f"{value:g}"
    wanted = choose(heads)
    letters = _ANY if wanted is None else b"|".join(column_letter(column).encode() for column in sorted(wanted))
    pattern = re.compile(_PATTERN % letters)
    below = pattern.findall(start, start_at)
    for chunk in chunks:
        below += pattern.findall(chunk)
    return SheetColumns(heads, _by_column(below, strings))


def _whole_rows(archive: Archive, part: str) -> Iterator[bytes]:
    carry = b""
    for chunk in raw_pieces(archive, part):
        text = carry + chunk
        cut = text.rfind(b"</row>") + 1
        carry = text[cut:]
        if cut:
            yield text[:cut]
    yield carry


def _by_column(cells: Sequence[_Cell], strings: Sequence[str]) -> dict[int, Column]:
    """Divide the cells by column; where all rows have the same columns, each column is every n-th cell."""
    letters = [cell[0] for cell in cells]
    width = next((index for index in range(1, len(letters)) if letters[index] == letters[0]), 1)
    pairs = zip(letters, cycle(letters[:width]), strict=False)
    alike = next((index for index, (one, other) in enumerate(pairs) if one != other), len(cells))
    # A row with two cells of one column is malformed.
    alike = alike - alike % width if len(set(letters[:width])) == width else 0
    parted = {letters[index]: list(cells[index:alike:width]) for index in range(min(width, alike))}
    for cell in cells[alike:]:
        parted.setdefault(cell[0], []).append(cell)
    return {column_number(name.decode()): _column(column, strings) for name, column in parted.items()}


def _column(cells: list[_Cell], strings: Sequence[str]) -> Column:
    _, rows, kinds, formulas, values, ends = zip(*cells, strict=True)
    if b"/>" in ends:
        held = [cell for cell in cells if cell[5] != b"/>"]
        return _column(held, strings) if held else Column()
    numbers = list(map(int, rows))
    if b"" in ends or any(map(ge, numbers, numbers[1:])):
        raise OtherwiseError
    try:
        decoded: list[str | float] = (
            list(map(float, values)) if kinds.count(b"") == len(kinds) else _values(kinds, values, strings)
        )
    except (ValueError, IndexError) as error:
        raise OtherwiseError from error
    return Column([number - 1 for number in numbers], decoded, [formula != b"" for formula in formulas])


def _values(kinds: Sequence[bytes], values: Sequence[bytes], strings: Sequence[str]) -> list[str | float]:
    # No text holds this character: the file format cannot store it.
    joined = b"\0".join(values).decode()
    if _ODD_TEXT.search(joined):
        raise OtherwiseError
    if "&" in joined:
        for entity, sign in _ENTITIES:
            joined = joined.replace(entity, sign)
    return [
        strings[int(text)] if kind == b"s" else text if kind else float(text)
        for kind, text in zip(kinds, joined.split("\0"), strict=True)
    ]
