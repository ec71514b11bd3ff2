"""Tables of facts in databases, opened read-only. An address that holds a secret is never shown.

DuckDB and SQLite are files: a missing file is an error, where their drivers would create an empty one.
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kpicalc.intake.facts.sources.opening import Opened, Opening, typed_table
from kpicalc.intake.facts.table import Facts, reason
from kpicalc.model.facts import FactConnection
from kpicalc.model.inputs import FactSource
from kpicalc.model.issue import Place

_FILES = {"duckdb": (".duckdb", ".ddb"), "sqlite": (".sqlite", ".sqlite3", ".db")}
"""Databases that are a file, and how the names of such files end."""
_READ_ONLY = {
    "postgres": "SET default_transaction_read_only = on",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
}
_SECRET = re.compile(
    r"://[^@]*:[^@]*@|(?:^|[?&;\s])(?:password|passwd|pwd|passfile|secret|token|motherduck_token)\s*=", re.IGNORECASE
)


class _NoFile(Exception):
    """The file of the database does not exist."""


def holds_secret(address: str) -> bool:
    """Tell whether an address that stands in the scheme file holds a password or a token."""
    return _SECRET.search(address) is not None


def open_database(opening: Opening, source: FactConnection) -> Facts | None:
    """Open a table in a database; None, with issues, where it cannot be read."""
    place = opening.where("from", "connect")
    address = source.connect
    private = address.startswith("$")
    if private:
        address = os.environ.get(address[1:], "")
        if not address:
            # `${NAME:-address}` is no form of ours, and what follows the name may hold a password.
            named = re.match(r"\$\W?(\w+)", source.connect)
            opening.tell("fact_address", place, found=named[1] if named else "…")
            return None
    try:
        connection = _connect(address)
        opening.count_days_in(connection)
        schema, _, name = source.table.rpartition(".")
        raw = connection.table(name, database=schema or None)
    except _NoFile as error:
        opening.tell("fact_database", place, found=source.connect if private else error)
        return None
    except ImportError:
        opening.tell("fact_driver", place, found="—" if private else address.partition("://")[0])
        return None
    except Exception as error:  # noqa: BLE001 - whatever the driver finds wrong
        opening.tell("fact_unreachable", place, table=source.table, found=reason(error, private=private))
        return None
    opened = Opened(connection, raw, list(raw.columns), private=private)
    return typed_table(opening, opened, Place(source.table), None, FactSource(source.table, ""))


def _connect(address: str) -> Any:
    import ibis

    kind, path = _file_of(address)
    if kind and not path.is_file():
        raise _NoFile(path)
    if kind == "duckdb":
        return ibis.duckdb.connect(path, read_only=True)
    if kind == "sqlite":
        import sqlite3

        return ibis.sqlite.from_connection(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))
    if address.startswith(("pyspark://", "spark://")):
        from pyspark.sql import SparkSession

        connection = ibis.pyspark.connect(SparkSession.builder.getOrCreate())
        # Without this setting Spark silently cuts the decimals of wide products.
        connection.raw_sql("SET spark.sql.decimalOperations.allowPrecisionLoss=false")
        return connection
    connection = ibis.connect(address)
    if statement := _READ_ONLY.get(connection.name):
        connection.raw_sql(statement).close()
    return connection


def _file_of(address: str) -> tuple[str, Path]:
    """Return which kind of file a database is, and the file; empty where it is none."""
    scheme, mark, rest = address.partition("://")
    if mark:
        path = unquote(rest.partition("?")[0])
        return scheme if scheme in _FILES and path else "", Path(path)
    kind = next((kind for kind, ends in _FILES.items() if address.lower().endswith(ends)), "")
    return kind, Path(address)
