"""A csv file of facts: every column as texts, from its row of headings on, and not one row lost.

A plain file is read by the database, which must find as many rows as the file has lines. Any other one (windows-1251,
utf-16, lines inside quotes, lines that end in two ways, a title above the headings) is first written anew, row by row,
as a plain one; a row that has more or fewer cells than the headings is an error with its line.
"""

import csv
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from kpicalc.intake.facts.headers import find_columns, heading_row
from kpicalc.intake.facts.opening import Opening
from kpicalc.intake.facts.text_file import Survey
from kpicalc.intake.files.csv_folder import sniff_delimiter
from kpicalc.intake.sheets.lines import SEARCHED_ROWS
from kpicalc.model.book import Raw
from kpicalc.model.issue import Place

_HEAD = 1 << 20
_FIELD_LIMIT = 1 << 20
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LINE = "kpicalc_line"


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A csv file as it was opened: plainly, with a column `row`, and what stands over its columns."""

    raw: Any
    numbered: Any
    headings: Sequence[str]
    release: Callable[[], None] = field(default=lambda: None)


class _BrokenRow(Exception):
    """A row that cannot be read: its line, the code of the issue and its facts."""

    def __init__(self, line: int, code: str, **facts: object) -> None:
        super().__init__(code)
        self.line = line
        self.code = code
        self.facts = facts


def open_csv(opening: Opening, connection: Any, path: Path, name: str, found: Survey) -> CsvTable | None:
    """Open a csv file, which the database knows by `name`; None, with issues, where it cannot be read."""
    place, spec = Place(str(path)), opening.spec
    text = _head(path, found.encoding) if found.encoding else None
    if text is None:
        opening.tell("fact_encoding", place)
        return None
    declared = _SEPARATOR_LINE.match(text)
    above = declared.end() if declared else 0
    mark = declared[1] if declared else sniff_delimiter(text[above:])
    rows = _first_rows(text[above:], mark)
    head = heading_row(spec, rows, SEARCHED_ROWS)
    if head < 0:
        opening.tell("fact_header", place, headings=[spec.payee, spec.date], rows=SEARCHED_ROWS)
        return None
    headings = rows[head]
    at = find_columns(spec, headings, place, opening.issues)
    if at is None:
        return None
    used = sorted(set(at.values()))
    if found.plain and head == 0:
        raw = _read(connection, name, mark, len(headings), skip=int(bool(declared)))
        if _count(raw) == found.lines - 1 - bool(declared):
            numbered = _numbered(raw, 2 + bool(declared))
            return CsvTable(_filled(raw, used), _filled(numbered, used), headings)
    folder = tempfile.TemporaryDirectory(prefix="kpicalc-")
    try:
        clean = Path(folder.name) / "facts.csv"
        written = _write_anew(path, found.encoding, bool(declared), mark, head, len(headings), clean)
    except _BrokenRow as broken:
        folder.cleanup()
        opening.tell(broken.code, Place(str(path), line=broken.line), **broken.facts)
        return None
    raw = _read(connection, str(clean), ",", len(headings) + 1, skip=0)
    if _count(raw) != written:
        folder.cleanup()
        opening.tell("fact_broken", place, found=f"{_count(raw)} / {written}")
        return None
    names = [f"c{number}" for number in range(len(headings))]
    numbered = raw.mutate(row=raw[f"c{len(headings)}"].cast("int64")).select(*names, "row")
    return CsvTable(_filled(raw.select(*names), used), _filled(numbered, used), headings, folder.cleanup)


def read_rows(opening: Opening, path: Path, found: Survey) -> list[list[Raw]] | None:
    """Return all rows of a csv file as a sheet has them; None, with an issue, where it cannot be read."""
    text = _head(path, found.encoding) if found.encoding else None
    if text is None:
        opening.tell("fact_encoding", Place(str(path)))
        return None
    declared = _SEPARATOR_LINE.match(text)
    mark = declared[1] if declared else sniff_delimiter(text)
    try:
        return [[cell or None for cell in row] for _, row in _rows(path, found.encoding, bool(declared), mark)]
    except _BrokenRow as broken:
        opening.tell(broken.code, Place(str(path), line=broken.line), **broken.facts)
        return None


def _read(connection: Any, name: str, mark: str, width: int, *, skip: int) -> Any:
    columns = {f"c{number}": "VARCHAR" for number in range(width)}
    return connection.read_csv(
        name, columns=columns, auto_detect=False, header=True, skip=skip, delim=mark, quote='"', escape='"',
        ignore_errors=False, hive_partitioning=False,
    )  # fmt: skip


def _count(raw: Any) -> int:
    """Return how many rows the database finds; none where it stumbles: reading row by row will say why."""
    try:
        return int(raw.count().to_pyarrow().as_py())
    except Exception:  # noqa: BLE001 - the database's own words are worse than ours
        return -1


def _numbered(raw: Any, first: int) -> Any:
    import ibis

    return raw.mutate(row=ibis.row_number() + first)


def _filled(table: Any, used: Sequence[int]) -> Any:
    """Leave out rows of nothing but delimiters, which spreadsheets leave below a table."""
    import ibis

    return table.filter(ibis.coalesce(*(table[f"c{number}"].strip().nullif("") for number in used)).notnull())


def _write_anew(path: Path, encoding: str, declared: bool, mark: str, head: int, width: int, clean: Path) -> int:
    """Write the rows below the headings as a plain csv file, each with its line; return how many there are."""
    count = 0
    with clean.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow([*(f"c{number}" for number in range(width)), _LINE])
        for number, (line, row) in enumerate(_rows(path, encoding, declared, mark)):
            if number <= head:
                continue
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < width or any(cell.strip() for cell in row[width:]):
                raise _BrokenRow(line, "fact_width", found=len(row), allowed=width)
            cells = [" ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell for cell in row[:width]]
            writer.writerow([*cells, line])
            count += 1
    return count


def _rows(path: Path, encoding: str, declared: bool, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Return the rows of a csv file with the line (from 1) at which each begins."""
    limit = csv.field_size_limit(_FIELD_LIMIT)
    try:
        with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as handle:
            if declared:
                next(handle)
            reader = csv.reader(handle, delimiter=mark, strict=True)
            line = 1 + declared
            try:
                for row in reader:
                    yield line, row
                    line = reader.line_num + 1 + declared
            except csv.Error as error:
                raise _BrokenRow(line, "fact_broken", found=error) from None
            except UnicodeDecodeError:
                raise _BrokenRow(line, "fact_encoding") from None
    finally:
        csv.field_size_limit(limit)


def _first_rows(text: str, mark: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in csv.reader(StringIO(text, newline=""), delimiter=mark):
        rows.append(row)
        if len(rows) == SEARCHED_ROWS:
            break
    return rows


def _head(path: Path, encoding: str) -> str | None:
    """Return the beginning of a text file; None where it is in another encoding."""
    with path.open("rb") as handle:
        data = handle.read(_HEAD)
    wide = encoding.startswith(("utf-16", "utf-32"))
    whole = data if wide else data[: data.rfind(b"\n") + 1 or len(data)]
    try:
        text = whole.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="ignore" if wide else "strict")
    except UnicodeDecodeError:
        return None
    return text
