"""A csv file of facts: every column as texts below the row of headings, and no row lost.

A plain file is read by the database, and the number of rows it finds must equal the number of lines in the file. Any
other file (windows-1251, utf-16, line breaks inside quotes, two kinds of line end, a title above the headings) is first
rewritten as a plain one, row by row; a row with more or fewer cells than the headings is an error that names its line.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from kpicalc.intake.facts.sources.headers import ROW, find_columns, heading_row
from kpicalc.intake.facts.sources.opening import Opening
from kpicalc.intake.facts.table import answers
from kpicalc.intake.facts.twins import FIRST, alike_by_chance, apart_in, count_apart, repeats
from kpicalc.intake.files.csv_rows import BrokenRow, codec_of, delimiter_of, first_rows, head_of, rows_of
from kpicalc.intake.files.text_file import Survey
from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.model.book import Raw
from kpicalc.model.issue import Place
from kpicalc.model.record import record

_LINE = "kpicalc_line"


@record
class CsvTable:
    """A csv file as it was opened: its rows with their places, and what stands over its columns."""

    rows: Any
    count: int
    headings: Sequence[str]
    all_once: bool
    release: Callable[[], None] = field(default=lambda: None)


class _WrongWidth(Exception):
    """A row with more or fewer cells than the headings: its line, and how many it has."""

    def __init__(self, line: int, found: int) -> None:
        super().__init__(found)
        self.line = line
        self.found = found


def open_csv(opening: Opening, connection: Any, path: Path, name: str, survey: Survey) -> CsvTable | None:
    """Open a csv file, which the database knows by `name`; None, with issues, where it cannot be read."""
    place, spec = Place(str(path)), opening.spec
    form = _form(path, survey)
    if form is None:
        opening.tell("fact_encoding", place)
        return None
    rows = first_rows(form.head[form.above :], form.mark, FIRST)
    head = heading_row(spec, rows, SEARCHED_ROWS)
    if head < 0:
        opening.tell("fact_header", place, headings=[spec.payee, spec.date], rows=SEARCHED_ROWS)
        return None
    headings = rows[head]
    columns = find_columns(spec, headings, place, opening.issues)
    if columns is None:
        return None
    used = list(dict.fromkeys(columns.values()))
    chance = alike_by_chance(spec, columns, survey.lines)
    below = [row[: len(headings)] for row in rows[head + 1 :] if len(row) >= len(headings)]
    apart = [at for at in apart_in(below) if at not in chance] if spec.key is None else []
    if survey.plain and head == 0:
        declared = int(bool(form.above))
        raw = _read(connection, name, form.mark, len(headings), skip=declared)
        every, filled, all_once = _counts(connection, raw, used, apart, survey.lines)
        if every == survey.lines - 1 - declared:
            numbered = _numbered(raw, 2 + declared)
            return CsvTable(numbered.filter(_filled(numbered, used)), filled, headings, all_once)
    folder = tempfile.TemporaryDirectory(prefix="kpicalc-")
    try:
        clean = Path(folder.name) / "facts.csv"
        written = _write_anew(path, form, head, len(headings), clean)
    except BrokenRow as broken:
        folder.cleanup()
        _tell(opening, path, broken)
        return None
    except _WrongWidth as wrong:
        folder.cleanup()
        opening.tell("fact_width", Place(str(path), line=wrong.line), found=wrong.found, allowed=len(headings))
        return None
    raw = _read(connection, str(clean), ",", len(headings) + 1, skip=0)
    every, filled, all_once = _counts(connection, raw, used, apart, written)
    if every != written:
        folder.cleanup()
        opening.tell("fact_broken", place, found=f"{every} / {written}")
        return None
    names = [f"c{number}" for number in range(len(headings))]
    numbered = raw.select(*names, **{ROW: raw[f"c{len(headings)}"].cast("int64")})
    return CsvTable(numbered.filter(_filled(numbered, used)), filled, headings, all_once, folder.cleanup)


def read_rows(opening: Opening, path: Path, survey: Survey) -> list[list[Raw]] | None:
    """Return all rows of a csv file as a sheet has them; None, with an issue, where it cannot be read."""
    form = _form(path, survey)
    if form is None:
        opening.tell("fact_encoding", Place(str(path)))
        return None
    try:
        return [[cell or None for cell in row] for _, row in _rows(path, form)]
    except BrokenRow as broken:
        _tell(opening, path, broken)
        return None


@record
class _Form:
    """How a csv file is written: its encoding, its beginning, its delimiter, how long the line is that declares it."""

    encoding: str
    head: str
    mark: str
    above: int


def _form(path: Path, survey: Survey) -> _Form | None:
    if not survey.encoding:
        return None
    with path.open("rb") as handle:
        head = head_of(handle, survey.encoding)
    return None if head is None else _Form(survey.encoding, head, *delimiter_of(head))


def _tell(opening: Opening, path: Path, broken: BrokenRow) -> None:
    if broken.quotes:
        opening.tell("csv_broken", Place(str(path), line=broken.line, column=broken.column), found=broken.quotes)
    else:
        opening.tell("fact_encoding", Place(str(path), line=broken.line))


def _read(connection: Any, name: str, mark: str, width: int, *, skip: int) -> Any:
    columns = {f"c{number}": "VARCHAR" for number in range(width)}
    return connection.read_csv(
        name, columns=columns, auto_detect=False, header=True, skip=skip, delim=mark, quote='"', escape='"',
        ignore_errors=False, hive_partitioning=False,
    )  # fmt: skip


def _counts(connection: Any, raw: Any, used: Sequence[int], apart: Sequence[int], rows: int) -> tuple[int, int, bool]:
    """Return how many rows the database finds, how many hold anything in the columns that are read, and one thing more.

    It is whether each stands there once, for all that the columns `apart` show. Where the database fails there are -1
    rows: reading row by row will then say why.
    """
    asked = {"every": raw.count(), "not_blank": raw.count(where=_filled(raw, used))}
    if apart:
        # The rows are read once for all questions: reading takes most of the time.
        asked |= count_apart(raw[f"c{apart[0]}"], rows)
    try:
        found = answers(connection, raw.aggregate(**asked))[0]
    except Exception:  # noqa: BLE001 - the driver's own message is replaced by ours
        return -1, -1, True
    repeated = repeats(found) if apart else False
    return found["every"], found["not_blank"], repeated is False or (repeated is None and len(apart) == 1)


def _numbered(raw: Any, first: int) -> Any:
    import ibis

    return raw.mutate(**{ROW: ibis.row_number() + first})


def _filled(table: Any, used: Sequence[int]) -> Any:
    """Return the condition that a row is not of nothing but delimiters, as spreadsheets leave below a table."""
    import ibis

    # Nearly every row begins with a visible sign; every blank sorts before the first of them.
    whole = ibis.coalesce(*(table[f"c{number}"].strip().nullif("") for number in used)).notnull()
    return ibis.ifelse(table[f"c{used[0]}"] >= "!", True, whole)


def _write_anew(path: Path, form: _Form, head: int, width: int, clean: Path) -> int:
    """Write the rows below the headings as a plain csv file, each with its line; return how many there are."""
    count = 0
    with clean.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow([*(f"c{number}" for number in range(width)), _LINE])
        for number, (line, row) in enumerate(_rows(path, form)):
            if number <= head:
                continue
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < width or any(cell.strip() for cell in row[width:]):
                raise _WrongWidth(line, len(row))
            cells = [" ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell for cell in row[:width]]
            writer.writerow([*cells, line])
            count += 1
    return count


def _rows(path: Path, form: _Form) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=codec_of(form.encoding), newline="") as handle:
        yield from rows_of(handle, form.mark, declared=bool(form.above))
