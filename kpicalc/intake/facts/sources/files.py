"""A file of facts beside the workbook: exactly the named file, whatever characters its name holds.

The hash is taken before the first query, and after the last one the file must still be the same, so that the hash shown
belongs to the bytes that were counted.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from hashlib import file_digest
from pathlib import Path
from typing import Any

from kpicalc.intake.facts.sources.csv_file import open_csv, read_rows
from kpicalc.intake.facts.sources.headers import ROW
from kpicalc.intake.facts.sources.in_memory import open_in_memory
from kpicalc.intake.facts.sources.opening import Opened, Opening, typed_table
from kpicalc.intake.facts.sources.sheet import choose_sheet, sheet_as_facts
from kpicalc.intake.facts.table import Facts, reason
from kpicalc.intake.files.book import read_book
from kpicalc.intake.files.text_file import Survey, survey
from kpicalc.model.book import Book, Sheet
from kpicalc.model.facts import FactFile
from kpicalc.model.inputs import FactSource
from kpicalc.model.issue import Issue, Place

_TEXTS = (".csv", ".tsv", ".txt")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_DAY = re.compile(
    r"(?<!\d)(?:(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)|([0-3]\d)[-_.]([01]\d)[-_.](20\d\d))(?!\d)"
    r"([-_T ][0-2]\d[-_.:]?[0-5]\d)?"
)
"""A day in a file's name, with a time after it or none: 2026-11-02, 20261102, 02.11.2026."""


def literal(path: Path) -> str:
    """Return a path that DuckDB takes for this one file: unescaped, it reads * ? and [ as a pattern."""
    return re.sub(r"([*?[])", r"[\1]", str(path.absolute()))


def unchanged(path: Path) -> Callable[[], bool]:
    """Return a function that tells later whether a file is unchanged."""

    def stamp() -> tuple[int, int, int] | None:
        try:
            status = path.stat()
        except OSError:
            return None
        return (status.st_ino, status.st_size, status.st_mtime_ns)

    seen = stamp()
    return lambda: stamp() == seen


def open_file(opening: Opening, source: FactFile) -> Facts | None:
    """Open a file; None, with issues, where it cannot be read."""
    path = _path_of(opening, source)
    if path is None:
        return None
    same = unchanged(path)
    suffix = path.suffix.lower()
    if suffix in _WORKBOOKS or (suffix in _TEXTS and opening.spec.groups is not None):
        return _open_workbook(opening, source, path, same)
    if suffix not in (*_TEXTS, ".parquet"):
        opening.tell("fact_file_kind", opening.where("from", "file"), found=path.name)
        return None
    return _open_table(opening, source, path, same)


def _path_of(opening: Opening, source: FactFile) -> Path | None:
    book = Path(opening.book.file)
    folder = book if book.is_dir() else book.parent
    pattern = source.file if source.newest == "pattern" else source.newest
    if source.newest is not None and pattern is not None:
        return _newest(opening, folder / pattern)
    path = folder / str(source.file)
    if not path.is_file():
        opening.tell("fact_file", opening.where("from", "file"), found=path)
        return None
    return path


def _newest(opening: Opening, pattern: Path) -> Path | None:
    """Return the newest file of a pattern: by the days in the names where all have one, else by their own times."""
    place = opening.where("from")
    files = sorted(
        path
        for path in (pattern.parent.iterdir() if pattern.parent.is_dir() else ())
        if fnmatchcase(path.name, pattern.name) and path.is_file() and not path.name.startswith((".", "~$"))
    )
    if not files:
        opening.tell("fact_no_newest", place, found=pattern)
        return None
    days = {path: _day_in(path.name) for path in files}
    dated = all(days.values())
    ages = {path: days[path] if dated else str(path.stat().st_mtime_ns).zfill(24) for path in files}
    last = max(ages.values())
    newest = [path for path in files if ages[path] == last]
    if len(newest) > 1:
        opening.tell("fact_several_newest", place, found=[path.name for path in newest])
        return None
    opening.tell("fact_newest", Place(str(newest[0])), found=newest[0].name, count=len(files), pattern=pattern.name)
    return newest[0]


def _day_in(name: str) -> str:
    """Return the last day in a file's name as sortable digits; empty where the name has none."""
    days = [f"{day[0] or day[5]}{day[1] or day[4]}{day[2] or day[3]}{day[6]}" for day in _DAY.findall(name)]
    return max(days, default="")


def _open_workbook(opening: Opening, source: FactFile, path: Path, same: Callable[[], bool]) -> Facts | None:
    """Open a sheet of another workbook, or a csv file that is read as one."""
    book, issues = _book(opening, source, path)
    opening.issues.extend(issues)
    if book is None:
        return None
    sheet = choose_sheet(opening, book, source.sheet)
    if sheet is None:
        return None
    facts = sheet_as_facts(opening, book, sheet, FactSource(path.name, book.sha256))
    return None if facts is None else replace(facts, unchanged=same)


def _book(opening: Opening, source: FactFile, path: Path) -> tuple[Book | None, list[Issue]]:
    if path.suffix.lower() not in _TEXTS:
        return read_book(path)
    with path.open("rb") as handle:
        surveyed = survey(handle, source.encoding)
    rows = read_rows(opening, path, surveyed)
    if rows is None:
        return None, []
    return Book(str(path), surveyed.sha256, (Sheet("", rows),)), []


def _open_table(opening: Opening, source: FactFile, path: Path, same: Callable[[], bool]) -> Facts | None:
    place = Place(str(path))
    connection = open_in_memory()
    try:
        opening.count_days_in(connection)
        if path.suffix.lower() == ".parquet":
            with path.open("rb") as handle:
                digest = file_digest(handle, "sha256").hexdigest()
            opened: Opened | None = _parquet(connection, path, same)
        else:
            with path.open("rb") as handle:
                surveyed = survey(handle, source.encoding)
            digest = surveyed.sha256
            opened = _csv(opening, connection, path, surveyed, same)
    except Exception as error:  # noqa: BLE001 - whatever fault the reading library finds in the file
        opening.tell("fact_broken", place, found=reason(error))
        return None
    return (
        None if opened is None else typed_table(opening, opened, place, source.decimal, FactSource(path.name, digest))
    )


def _parquet(connection: Any, path: Path, same: Callable[[], bool]) -> Opened:
    # Hive partitioning is off: a folder named Amount=5 must not become a column.
    rows = connection.read_parquet(literal(path), file_row_number=True, hive_partitioning=False)
    rows = rows.mutate(**{ROW: rows.file_row_number + 1})
    return Opened(connection, rows, _headings(connection, literal(path)), unchanged=same)


def _headings(connection: Any, file: str) -> list[str]:
    """Return the columns as the file names them; nested columns are left out."""
    headings: list[str] = []
    question = "SELECT name, coalesce(num_children, 0) FROM parquet_schema(?)"
    inside = [1]
    for name, children in connection.con.execute(question, [file]).fetchall():
        if len(inside) == 2:
            headings.append(name)
        inside[-1] -= 1
        inside.append(children)
        while len(inside) > 1 and not inside[-1]:
            inside.pop()
    return headings


def _csv(opening: Opening, connection: Any, path: Path, surveyed: Survey, same: Callable[[], bool]) -> Opened | None:
    table = open_csv(opening, connection, path, literal(path), surveyed)
    if table is None:
        return None
    return Opened(
        connection, table.rows, list(table.headings), count=table.count, typed_in=True, unchanged=same,
        release=table.release, all_once=table.all_once,
    )  # fmt: skip
