"""A file of facts beside the workbook: the very file that is named, whatever signs stand in its name.

Its hash is taken before it is asked, and after the last question the file must still be the same: what is shown and
what was counted are one set of bytes.
"""

import re
from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path
from typing import Any

from kpicalc.intake.facts.csv_file import open_csv
from kpicalc.intake.facts.opening import Opened, Opening, typed_table
from kpicalc.intake.facts.table import Facts, reason
from kpicalc.model.facts import FactFile
from kpicalc.model.inputs import FactSource
from kpicalc.model.issue import Place

_TEXTS = (".csv", ".tsv", ".txt")


def literal(path: Path) -> str:
    """Return a path as DuckDB takes it for this file alone: it reads * ? and [ as a pattern of many files."""
    return re.sub(r"([*?[])", r"[\1]", str(path.absolute()))


def unchanged(path: Path) -> Callable[[], bool]:
    """Return a question that tells later whether a file is still the same."""

    def stamp() -> tuple[int, int, int] | None:
        try:
            found = path.stat()
        except OSError:
            return None
        return (found.st_ino, found.st_size, found.st_mtime_ns)

    seen = stamp()
    return lambda: stamp() == seen


def open_file(opening: Opening, source: FactFile) -> Facts | None:
    """Open a file; None, with issues, where it cannot be read."""
    import ibis

    folder = Path(opening.book.file)
    path = (folder if folder.is_dir() else folder.parent) / source.file
    if not path.is_file():
        opening.tell("fact_file", opening.where("from", "file"), found=path)
        return None
    same = unchanged(path)
    connection = ibis.duckdb.connect()
    try:
        opening.count_days_in(connection)
        with path.open("rb") as handle:
            digest = file_digest(handle, "sha256").hexdigest()
        opened = _opened(opening, connection, path, same)
    except Exception as error:  # noqa: BLE001 - whatever the reading library finds wrong with the file
        opening.tell("fact_broken", Place(str(path)), found=reason(error))
        return None
    return (
        None
        if opened is None
        else typed_table(opening, opened, Place(str(path)), source.decimal, FactSource(path.name, digest))
    )


def _opened(opening: Opening, connection: Any, path: Path, same: Callable[[], bool]) -> Opened | None:
    import pyarrow.parquet as pq

    if path.suffix.lower() == ".parquet":
        # A folder called Amount=5 is no column.
        options = {"hive_partitioning": False}
        raw = connection.read_parquet(literal(path), **options)
        numbered = connection.read_parquet(literal(path), file_row_number=True, **options)
        numbered = numbered.mutate(row=numbered.file_row_number + 1)
        with path.open("rb") as handle:
            headings = pq.read_schema(handle).names
        return Opened(connection, raw, numbered, headings, unchanged=same)
    if path.suffix.lower() in _TEXTS:
        table = open_csv(connection, path, literal(path), opening.spec, opening.issues)
        if table is None:
            return None
        return Opened(connection, table.raw, table.numbered, list(table.headings), typed_in=True, unchanged=same)
    opening.tell("fact_file_kind", opening.where("from", "file"), found=path.name)
    return None
