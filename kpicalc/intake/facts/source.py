"""Where facts come from: a sheet, a file beside the workbook, a table in a database; each becomes one typed table.

The table has the columns `payee` (text), `date` (a day or a time), `key` where one is declared, and `c_<name>` for
every declared column. What could not be read as its type is blank there; then `bad_<name>` holds, and `raw_<name>` has
what was found.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from kpicalc.intake.facts.csv_file import open_csv
from kpicalc.intake.facts.headers import DATE, KEY, PAYEE, find_columns
from kpicalc.intake.facts.sheet import read_sheet
from kpicalc.intake.facts.typed import identity, typed
from kpicalc.intake.sheets.people import People
from kpicalc.model.book import Book
from kpicalc.model.facts import FactConnection, FactFile, FactTable
from kpicalc.model.inputs import FactSource
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import name_key, nearest

_TOLD_LINES, _TOLD = 3, 200
_QUERY = re.compile(r"^LINE \d+:|; LINE \d+:", re.MULTILINE)
"""Where a database begins to quote the query, which is not the reader's."""
_SECRET = re.compile(r"^[a-z0-9+]+://[^/@:]*:[^/@]+@", re.IGNORECASE)


class Unreadable(Exception):
    """A table of facts that turns out not to be readable while it is asked; `str()` of it is the reason."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of facts that can be asked: the library's table, its connection, and where its rows stand.

    `bad` are the names of the columns in which something may not be read; `numbered` has a column `row` too.
    """

    key: str
    spec: FactTable
    connection: Any
    table: Any
    numbered: Any
    bad: Sequence[str]
    place: Place
    letters: Mapping[str, int]
    source: FactSource

    def title(self) -> str:
        """Return the name that people see."""
        return self.spec.title or self.source.title

    def close(self) -> None:
        """Give the connection back; a Spark session is its owner's to end."""
        if self.connection.name != "pyspark":
            self.connection.disconnect()

    def ask(self, question: Any) -> list[dict[str, Any]]:
        """Return the rows that answer a question; what the database finds wrong on the way is Unreadable."""
        try:
            return self.connection.to_pyarrow(question).to_pylist()  # type: ignore[no-any-return]
        except Exception as error:
            raise Unreadable(reason(error)) from error


def open_facts(key: str, book: Book, schemes: SchemeBook, who: People, issues: list[Issue]) -> Facts | None:
    """Open a table of facts; None, with issues, where it cannot be read."""
    spec = schemes.facts[key]
    match spec.from_:
        case str(sheet):
            return _of_sheet(key, spec, sheet, book, schemes, who, issues)
        case FactFile():
            return _of_file(key, spec, spec.from_, book, schemes, issues)
        case FactConnection():
            return _of_database(key, spec, spec.from_, schemes, issues)


def _of_sheet(
    key: str, spec: FactTable, name: str, book: Book, schemes: SchemeBook, who: People, issues: list[Issue]
) -> Facts | None:
    import ibis

    sheet = next((sheet for sheet in book.sheets if name_key(sheet.name) == name_key(name)), None)
    if sheet is None:
        names = [sheet.name for sheet in book.sheets]
        meant = nearest(name, names)
        facts = {"sheet": name, "sheets": names} | ({"nearest": meant} if meant else {})
        issues.append(issue("fact_sheet" if meant else "fact_sheet_far", Place(book.file), **facts))
        return None
    found = read_sheet(book.file, sheet, spec, schemes, who, issues)
    if found is None:
        return None
    rows, letters = found
    table = ibis.memtable(rows)
    place = Place(book.file, sheet.name)
    return Facts(key, spec, ibis.duckdb.connect(), table, table, (), place, letters, FactSource(sheet.name, ""))


def _of_file(
    key: str, spec: FactTable, source: FactFile, book: Book, schemes: SchemeBook, issues: list[Issue]
) -> Facts | None:
    import ibis
    import pyarrow.parquet as pq

    folder = Path(book.file)
    path = (folder if folder.is_dir() else folder.parent) / source.file
    place = Place(str(path))
    if not path.is_file():
        where = schemes.source.place("facts", key, "from", "file")
        issues.append(issue("fact_file", where, found=path))
        return None
    connection = ibis.duckdb.connect()
    try:
        _count_days_in(connection, spec.zone)
        with path.open("rb") as handle:
            digest = file_digest(handle, "sha256").hexdigest()
        if path.suffix.lower() == ".parquet":
            raw = connection.read_parquet(path)
            headings = pq.read_schema(path).names
            numbered = connection.read_parquet(path, file_row_number=True)
            numbered = numbered.mutate(row=numbered.file_row_number + 1)
        elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
            table = open_csv(connection, path, spec, issues)
            if table is None:
                return None
            raw, numbered, headings = table.raw, table.numbered, list(table.headings)
        else:
            where = schemes.source.place("facts", key, "from", "file")
            issues.append(issue("fact_file_kind", where, found=path.name))
            return None
    except Exception as error:  # noqa: BLE001 - whatever the reading library finds wrong with the file
        issues.append(issue("fact_broken", place, found=reason(error)))
        return None
    facts = FactSource(path.name, digest)
    opened = _Opened(connection, raw, numbered, headings, typed_in=path.suffix.lower() != ".parquet")
    return _typed(key, spec, opened, place, source.decimal, facts, schemes, issues)


def _of_database(
    key: str, spec: FactTable, source: FactConnection, schemes: SchemeBook, issues: list[Issue]
) -> Facts | None:
    place = schemes.source.place("facts", key, "from", "connect")
    address = source.connect
    if address.startswith("$"):
        address = os.environ.get(address[1:], "")
        if not address:
            issues.append(issue("fact_address", place, found=source.connect[1:]))
            return None
    elif _SECRET.match(address):
        issues.append(issue("fact_secret", place))
        return None
    try:
        connection = _connect(address)
        _count_days_in(connection, spec.zone)
        schema, _, name = source.table.rpartition(".")
        raw = connection.table(name, database=schema or None)
    except ImportError:
        issues.append(issue("fact_driver", place, found=address.partition("://")[0]))
        return None
    except Exception as error:  # noqa: BLE001 - whatever the driver finds wrong; never with the address: it may hold a secret
        issues.append(issue("fact_unreachable", place, table=source.table, found=_without_secret(error, address)))
        return None
    facts = FactSource(source.table, "")
    opened = _Opened(connection, raw, raw, list(raw.columns))
    return _typed(key, spec, opened, Place(source.table), None, facts, schemes, issues)


def _connect(address: str) -> Any:
    import ibis

    if address.startswith(("pyspark://", "spark://")):
        from pyspark.sql import SparkSession

        connection = ibis.pyspark.connect(SparkSession.builder.getOrCreate())
        # Without this Spark cuts decimals of wide products off without a word.
        connection.raw_sql("SET spark.sql.decimalOperations.allowPrecisionLoss=false")
        return connection
    return ibis.connect(address)


def _count_days_in(connection: Any, zone: str | None) -> None:
    """Show times that carry a zone as the clocks of this one do."""
    if zone is None:
        return
    setting = "spark.sql.session.timeZone" if connection.name == "pyspark" else "TimeZone"
    value = zone if connection.name == "pyspark" else f"'{zone}'"
    connection.raw_sql(f"SET {setting} = {value}")


def _without_secret(error: Exception, address: str) -> str:
    text = reason(error)
    return "—" if address in text or ("password" in text.casefold() and "@" in text) else text


def reason(error: Exception) -> str:
    """Return the first lines of what a library says, in one."""
    lines = [" ".join(line.split()) for line in _QUERY.split(str(error).strip())[0].splitlines() if line.strip()]
    return "; ".join(lines[:_TOLD_LINES])[:_TOLD] or type(error).__name__


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file or table as it was opened: plainly, with a column `row`, and what stands over its columns."""

    connection: Any
    raw: Any
    numbered: Any
    headings: Sequence[str]
    typed_in: bool = False


def _typed(
    key: str,
    spec: FactTable,
    opened: "_Opened",
    place: Place,
    decimal: str | None,
    source: FactSource,
    schemes: SchemeBook,
    issues: list[Issue],
) -> Facts | None:
    """Return a file or a database table with its columns typed."""
    raw, headings = opened.raw, opened.headings
    at = find_columns(spec, headings, place, issues)
    if at is None:
        return None
    complete = True
    bad: list[str] = []

    def columns(table: Any) -> dict[str, Any]:
        nonlocal complete
        found: dict[str, Any] = {}
        for name, number in at.items():
            own = table[raw.columns[number]]
            if name in (PAYEE, KEY):
                found[name] = identity(own, typed_in=opened.typed_in)
                continue
            wanted = "time" if name == DATE else spec.column(name.removeprefix("c_")).type
            if wanted in ("date", "time") and spec.zone is None and getattr(own.type(), "timezone", None) is not None:
                if table is raw:
                    issues.append(issue("fact_zone", schemes.source.place("facts", key), heading=headings[number]))
                complete = False
                continue
            column = typed(own, wanted, decimal, typed_in=opened.typed_in)
            if column is None:
                if table is raw:
                    where = schemes.source.place("facts", key, *_path(name))
                    issues.append(issue("fact_column_type", where, heading=headings[number], found=own.type(),
                                        allowed=wanted))  # fmt: skip
                complete = False
                continue
            found[name] = column.value
            if column.bad is not None:
                # A narrow float shows 0.1 and holds 0.10000000149011612.
                shown = own.cast("float64") if own.type().is_floating() else own
                found[f"bad_{name}"], found[f"raw_{name}"] = column.bad, shown.cast("string")
                if table is raw:
                    bad.append(name)
        return found

    numbered = opened.numbered
    plain = columns(raw)
    if not complete:
        return None
    with_rows = columns(numbered) | ({"row": numbered["row"]} if "row" in numbered.columns else {})
    return Facts(
        key, spec, opened.connection, raw.select(**plain), numbered.select(**with_rows), bad, place, {}, source
    )


def _path(name: str) -> tuple[str, ...]:
    return ("date",) if name == DATE else ("columns", name.removeprefix("c_"))
