"""A csv file of facts: every column as texts, from its row of headings on.

Nothing is left to the database's own guesses: it would pass over rows that have another number of cells.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpicalc.intake.facts.headers import find_columns, heading_row
from kpicalc.intake.files.csv_folder import sniff_delimiter
from kpicalc.intake.sheets.lines import SEARCHED_ROWS
from kpicalc.model.facts import FactTable
from kpicalc.model.issue import Issue, Place, issue

_HEAD = 1 << 20
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A csv file as it was opened: plainly, with a column `row`, and what stands over its columns."""

    raw: Any
    numbered: Any
    headings: Sequence[str]


def open_csv(connection: Any, path: Path, name: str, spec: FactTable, issues: list[Issue]) -> CsvTable | None:
    """Open a csv file, which the database knows by `name`.

    None, with issues, where it is no text in UTF-8 or its headings are not there.
    """
    import ibis

    place = Place(str(path))
    text = _head(path)
    if text is None:
        issues.append(issue("fact_encoding", place))
        return None
    declared = _SEPARATOR_LINE.match(text)
    above = 1 if declared else 0
    body = text[declared.end() :] if declared else text
    mark = declared[1] if declared else sniff_delimiter(body)
    rows, starts = _first_rows(body, mark)
    head = heading_row(spec, rows, SEARCHED_ROWS)
    if head < 0:
        issues.append(issue("fact_header", place, headings=[spec.payee, spec.date], rows=SEARCHED_ROWS))
        return None
    # The database counts a title of two lines in quotes once.
    headings, passed, above = rows[head], above + head, above + starts[head]
    at = find_columns(spec, headings, place, issues)
    if at is None:
        return None
    names = {f"c{number}": "VARCHAR" for number in range(len(headings))}
    raw = connection.read_csv(
        name, columns=names, auto_detect=False, header=True, skip=passed, delim=mark, quote='"', escape='"',
        ignore_errors=False, hive_partitioning=False,
    )  # fmt: skip
    used = sorted(set(at.values()))

    def filled(table: Any) -> Any:
        # Spreadsheets leave rows of nothing but delimiters below a table.
        return table.filter(ibis.coalesce(*(table[f"c{number}"].strip().nullif("") for number in used)).notnull())

    return CsvTable(filled(raw), filled(raw.mutate(row=ibis.row_number() + above + 2)), headings)


def _first_rows(text: str, mark: str) -> tuple[list[list[str]], list[int]]:
    """Return the first rows of a file, and how many lines stand above each."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=mark)
    rows: list[list[str]] = []
    starts: list[int] = []
    line = 0
    for row in reader:
        rows.append(row)
        starts.append(line)
        line = reader.line_num
        if len(rows) == SEARCHED_ROWS:
            break
    return rows, starts


def _head(path: Path) -> str | None:
    """Return the beginning of a text file in UTF-8; None where it is in another encoding."""
    with path.open("rb") as handle:
        data = handle.read(_HEAD)
    try:
        return data[: data.rfind(b"\n") + 1 or len(data)].decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
