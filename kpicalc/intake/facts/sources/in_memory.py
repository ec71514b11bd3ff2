"""The DuckDB in memory that reads sheets and files of facts.

What does not fit into memory DuckDB writes to a folder. By default that is `.tmp` in the working folder, which others
may read; here it is a folder that only the user may read, removed with the connection.
"""

import shutil
import tempfile
import weakref
from typing import Any


def as_table(connection: Any, name: str, table: Any) -> Any:
    """Return an Arrow table as one of the connection, under a name of its own."""
    connection.con.register(name, table)
    return connection.table(name)


def as_view(connection: Any, name: str, table: Any) -> Any:
    """Return a table as a view of the connection, so that its expressions are put into SQL once for all questions."""
    try:
        connection.raw_sql(f'CREATE TEMP VIEW "{name}" AS {connection.compile(table)}')
    except Exception:  # noqa: BLE001 - a file that went away meanwhile: the questions to come tell of it
        return table
    return connection.table(name)


def open_in_memory() -> Any:
    """Return a new DuckDB in memory; without a folder for temporary files it stops where memory is not enough."""
    import ibis

    try:
        folder = tempfile.mkdtemp(prefix="kpicalc-")
    except OSError:
        return ibis.duckdb.connect(temp_directory="")
    connection = ibis.duckdb.connect(temp_directory=folder)
    weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
    return connection
