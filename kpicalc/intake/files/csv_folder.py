"""A folder of csv files as a workbook: every file is a sheet with the file's name, every value a text."""

import hashlib
import unicodedata
from io import BytesIO, TextIOWrapper
from pathlib import Path

from kpicalc.intake.files.csv_rows import BrokenRow, codec_of, delimiter_of, head_of, rows_of
from kpicalc.intake.files.text_file import survey
from kpicalc.model.book import Book, Raw, Sheet
from kpicalc.model.issue import Issue, Place, issue


def csv_files(folder: Path) -> list[Path]:
    """Return the folder's csv files by name, without hidden files and the lock files of editors."""
    files = [
        path for path in folder.iterdir() if path.suffix.lower() == ".csv" and not path.name.startswith((".", "~$"))
    ]
    return sorted((path for path in files if path.is_file()), key=_name)


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
        # The size stands before the bytes, so that two different folders never give the same input to the hash.
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
    """Return the file's name with composed letters: some systems store й as two characters."""
    return unicodedata.normalize("NFC", path.name)


def _rows(data: bytes, file: str) -> list[list[Raw]] | Issue:
    encoding = survey(BytesIO(data)).encoding
    head = head_of(BytesIO(data), encoding) if encoding else None
    if head is None:
        return issue("csv_not_text", Place(file))
    mark, above = delimiter_of(head)
    text = TextIOWrapper(BytesIO(data), codec_of(encoding), newline="")
    try:
        return [[value or None for value in row] for _, row in rows_of(text, mark, declared=bool(above))]
    except BrokenRow as broken:
        if not broken.quotes:
            return issue("csv_not_text", Place(file))
        return issue("csv_broken", Place(file, line=broken.line, column=broken.column), found=broken.quotes)
