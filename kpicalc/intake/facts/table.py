"""A table of facts that can be queried, whatever engine holds it.

The table has the columns `payee` (text), `date` (a day or a time), `key` where one is declared, `c_<name>` for every
declared column, and `row` where its rows have a place in a file. A cell that could not be read as its type is blank;
then `bad_<name>` is true and `raw_<name>` holds the original text.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpicalc.intake.facts.measuring.spelled import spelled
from kpicalc.lang import Language
from kpicalc.model.facts import FactTable
from kpicalc.model.inputs import FactSource, SkipRule
from kpicalc.model.issue import Place
from kpicalc.model.record import record

MOST = 5
"""So many issues of one kind are listed; the others are counted."""
_TOLD_LINES, _TOLD = 3, 200
_QUERY = re.compile(r"^LINE \d+:|; LINE \d+:", re.MULTILINE)
"""Where a database starts to quote the query, which the user has not written."""


class Unreadable(Exception):
    """A table of facts that fails while it is queried; `str()` of the exception is the reason."""


@record
class RowsRead:
    """How many rows a sheet or a csv has, and how many were left out by which rule before the rest became a table."""

    rows: int
    skipped: Mapping[SkipRule, int]


@record
class Facts:
    """A table of facts: the library's table, its connection, and how its rows are named.

    `bad`: the columns in which some cells may be unreadable. `private`: the address is a secret from the environment,
    so no message of the driver is shown. `release` frees other resources.
    """

    key: str
    spec: FactTable
    connection: Any
    table: Any
    bad: Sequence[str]
    place: Place
    letters: Mapping[str, int]
    source: FactSource
    whole: Any = None
    """All rows, those included that fail the table's own condition; None where they were counted already."""
    condition: Any = None
    """The table's own condition, over `whole`."""
    counted: RowsRead | None = None
    units: Collection[str] = ()
    """Words that may follow a number, as keys of names."""
    language: Language = "en"
    """The language in which figures are written in messages."""
    folded: frozenset[str] = frozenset()
    """Columns in which some text has several spellings: rows are grouped there by what the spellings share."""
    private: bool = False
    unchanged: Callable[[], bool] = lambda: True
    """Tells whether the file is unchanged since its hash was taken."""
    release: Callable[[], None] = lambda: None

    def same(self, table: Any, column: str) -> Any:
        """Return a column of one of its tables, as rows are grouped by it."""
        return spelled(table[column]) if column in self.folded else table[column]

    def title(self) -> str:
        """Return the name that people see."""
        return self.spec.title or self.source.title

    def close(self) -> None:
        """Close the connection; a Spark session is left to the code that started it."""
        if self.connection.name != "pyspark":
            self.connection.disconnect()
        self.release()

    def ask(self, question: Any) -> list[dict[str, Any]]:
        """Return the rows of a query; an error of the database becomes Unreadable."""
        try:
            return answers(self.connection, question)
        except Exception as error:  # noqa: BLE001 - whatever the driver raises
            raise Unreadable(reason(error, private=self.private)) from (None if self.private else error)


def answers(connection: Any, question: Any) -> list[dict[str, Any]]:
    """Return the rows as dictionaries, fetched from DuckDB directly: the library would load pandas first."""
    if connection.name != "duckdb":
        return connection.to_pyarrow(question).to_pylist()  # type: ignore[no-any-return]
    rows = connection.raw_sql(connection.compile(question)).fetchall()
    return [dict(zip(question.columns, row, strict=True)) for row in rows]


def with_payees(facts: Facts, spellings: Mapping[str, str]) -> Facts:
    """Return the table with one text for each payee who is written in several ways."""
    payee = facts.table["payee"]
    return replace(facts, table=facts.table.mutate(payee=payee.substitute(spellings, else_=payee)))


def reason(error: Exception, *, private: bool = False) -> str:
    """Return the first lines of an exception as one; of a private address only the exception's type."""
    if private:
        return type(error).__name__
    lines = [" ".join(line.split()) for line in _QUERY.split(str(error).strip())[0].splitlines() if line.strip()]
    return "; ".join(lines[:_TOLD_LINES])[:_TOLD] or type(error).__name__
