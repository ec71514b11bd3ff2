"""A folder of csv files is a workbook too: every file a sheet named as the file, every value a text."""

import csv
import hashlib
import re
import unicodedata
from pathlib import Path

from kpicalc.model.book import Book, Raw, Sheet
from kpicalc.model.issue import Issue, Place, issue

_DELIMITERS = (";", "\t", ",")
_SAMPLE = 50
_FIELD_LIMIT = 1 << 20
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def csv_files(folder: Path) -> list[Path]:
    """Return the folder's csv files by name, without hidden ones and what editors leave beside a file in use."""
    found = [
        path for path in folder.iterdir() if path.suffix.lower() == ".csv" and not path.name.startswith((".", "~$"))
    ]
    return sorted((path for path in found if path.is_file()), key=_name)


def read_csv_folder(folder: Path) -> tuple[Book | None, list[Issue]]:
    """Read every csv file of a folder; all files that cannot be read are reported together."""
    paths = csv_files(folder)
    if not paths:
        return None, [issue("folder_without_csv", Place(str(folder)))]
    digest = hashlib.sha256()
    sheets: list[Sheet] = []
    issues: list[Issue] = []
    for path in paths:
        try:
            data = path.read_bytes()
        except PermissionError:
            issues.append(issue("file_locked", Place(str(path))))
            continue
        name = _name(path)
        # The size stands between the name and the bytes, so that two folders never add up to the same text.
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
        rows = _rows(data, str(path))
        if isinstance(rows, Issue):
            issues.append(rows)
        else:
            sheets.append(Sheet(name[: -len(path.suffix)], rows))
    if issues:
        return None, issues
    return Book(str(folder), digest.hexdigest(), tuple(sheets)), []


def _name(path: Path) -> str:
    """Return the file's name in composed letters: some systems store й as two."""
    return unicodedata.normalize("NFC", path.name)


def _rows(data: bytes, file: str) -> list[list[Raw]] | Issue:
    text = _decoded(data)
    if text is None:
        return issue("csv_not_text", Place(file))
    declared = _SEPARATOR_LINE.match(text)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else sniff_delimiter(text)
    limit = csv.field_size_limit(_FIELD_LIMIT)
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[list[Raw]] = []
    read = 0
    try:
        for row in reader:
            rows.append([value or None for value in row])
            read = reader.line_num
    except csv.Error as error:
        line, column = _open_quote(lines[read : reader.line_num], delimiter)
        return issue("csv_broken", Place(file, line=read + line + bool(declared), column=column), found=error)
    else:
        return rows
    finally:
        csv.field_size_limit(limit)


def _open_quote(lines: list[str], delimiter: str) -> tuple[int, int]:
    """Return the line and column (from 1) of the quote that opens the field at which a row breaks off."""
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


def _decoded(data: bytes) -> str | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


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
