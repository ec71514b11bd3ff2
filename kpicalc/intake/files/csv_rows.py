"""The only reader of csv: finds the delimiter, yields rows with their line numbers, reports broken rows."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO, TextIO

_DELIMITERS = (";", "\t", ",")
_SAMPLE = 50
_HEAD = 1 << 20
_FIELD_LIMIT = 1 << 20
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class BrokenRow(Exception):
    """A row that cannot be read: its line and, where its quotes are wrong, the column and the reason."""

    def __init__(self, line: int, column: int = 0, quotes: str = "") -> None:
        super().__init__(quotes)
        self.line = line
        self.column = column
        self.quotes = quotes


def codec_of(encoding: str) -> str:
    """Return an encoding as Python's codec name; a byte order mark before UTF-8 is no text."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


def head_of(handle: BinaryIO, encoding: str) -> str | None:
    """Return the beginning of a text file; None where it is in another encoding."""
    data = handle.read(_HEAD)
    wide = encoding.startswith(("utf-16", "utf-32"))
    whole = data if wide else data[: data.rfind(b"\n") + 1 or len(data)]
    try:
        return whole.decode(codec_of(encoding), errors="ignore" if wide else "strict")
    except UnicodeDecodeError:
        return None


def delimiter_of(head: str) -> tuple[str, int]:
    """Return the delimiter, and the length of the line that declares it (`sep=;`), 0 where there is none."""
    declared = _SEPARATOR_LINE.match(head)
    return (declared[1], declared.end()) if declared else (sniff_delimiter(head), 0)


def rows_of(handle: TextIO, mark: str, *, declared: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a csv text with the line (from 1) at which each begins; a truncated row raises BrokenRow.

    `declared`: the first line declares the delimiter and is no row.
    """
    row_lines: list[str] = []

    def lines() -> Iterator[str]:
        for text in handle:
            if "\0" in text:
                raise UnicodeError
            row_lines.append(text)
            yield text

    limit = csv.field_size_limit(_FIELD_LIMIT)
    line = 1 + declared
    try:
        if declared:
            next(handle)
        reader = csv.reader(lines(), delimiter=mark, strict=True)
        for row in reader:
            yield line, row
            line = reader.line_num + 1 + declared
            row_lines.clear()
    except csv.Error as error:
        below, column = _open_quote(row_lines, mark)
        raise BrokenRow(line + below - 1, column, str(error)) from None
    except UnicodeError:
        raise BrokenRow(line) from None
    finally:
        csv.field_size_limit(limit)


def first_rows(text: str, mark: str, count: int) -> list[list[str]]:
    """Return the first rows of a text, whatever is wrong with its quotes."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark)
    return [row for _, row in zip(range(count), reader, strict=False)]


def _open_quote(lines: list[str], delimiter: str) -> tuple[int, int]:
    """Return the line and column (from 1) of the quote that opens the field in which a row breaks off."""
    opened = (1, 1)
    inside = closed = False
    starts = True
    for number, line in enumerate(lines, 1):
        for column, sign in enumerate(line, 1):
            if inside:
                inside, closed = sign != '"', sign == '"'
            elif sign == '"' and (starts or closed):
                opened = (number, column) if starts else opened
                inside, closed = True, False
            elif closed and sign not in (delimiter, "\r", "\n"):
                return opened
            else:
                closed = False
            starts = not inside and not closed and sign in (delimiter, "\r", "\n")
    return opened


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that divides the header and the first rows into the same, greatest number of columns."""
    lines = text.split("\n", _SAMPLE)[:_SAMPLE]
    best, best_score = _DELIMITERS[0], (0.0, 1)
    for delimiter in _DELIMITERS:
        try:
            rows = [row for row in csv.reader([line + "\n" for line in lines], delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not rows or len(rows[0]) == 1:
            continue
        width = len(rows[0])
        score = (sum(len(row) == width for row in rows) / len(rows), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best
