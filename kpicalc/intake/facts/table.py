"""A table of facts that can be asked, whatever engine holds it.

The table has the columns `payee` (text), `date` (a day or a time), `key` where one is declared, and `c_<name>` for
every declared column. What could not be read as its type is blank there; then `bad_<name>` holds, and `raw_<name>` has
what was found.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpicalc.intake.facts.spelled import spelled
from kpicalc.lang import Language
from kpicalc.model.facts import FactTable
from kpicalc.model.inputs import FactSource, SkipRule
from kpicalc.model.issue import Place
from kpicalc.model.record import record

MOST = 5
"""Findings of one kind that are told one by one; the rest is counted."""
_TOLD_LINES, _TOLD = 3, 200
_QUERY = re.compile(r"^LINE \d+:|; LINE \d+:", re.MULTILINE)
"""Where a database begins to quote the query, which is not the reader's."""


class Unreadable(Exception):
    """A table of facts that turns out not to be readable while it is asked; `str()` of it is the reason."""


@record
class RowsRead:
    """How many rows a sheet has, and how many of them were left out by which rule before the rest became a table."""

    rows: int
    skipped: Mapping[SkipRule, int]


@record
class Facts:
    """A table of facts: the library's table, its connection, and where its rows stand.

    `bad` are the names of the columns in which something may not be read; `numbered` has a column `row` too. `private`:
    the address is a secret of the environment, so nothing that a driver says is shown. `release` gives back what else
    was taken.
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
    whole: Any = None
    """All rows, those too for which the table's own condition does not hold; None where they are counted already."""
    condition: Any = None
    """The table's own condition on `whole`."""
    counted: RowsRead | None = None
    units: Collection[str] = ()
    """Words that may follow a number, as keys of names."""
    language: Language = "en"
    """The language of the scheme, in which figures are told."""
    folded: frozenset[str] = frozenset()
    """The columns with texts of which one is written in several ways: rows are taken together by what these share."""
    private: bool = False
    unchanged: Callable[[], bool] = lambda: True
    """Tells whether the file still is what its hash was taken of."""
    release: Callable[[], None] = lambda: None

    def same(self, table: Any, column: str) -> Any:
        """Return a column of one of its tables as rows are taken together by it."""
        return spelled(table[column]) if column in self.folded else table[column]

    def title(self) -> str:
        """Return the name that people see."""
        return self.spec.title or self.source.title

    def close(self) -> None:
        """Close the connection; a Spark session is ended by whoever started it."""
        if self.connection.name != "pyspark":
            self.connection.disconnect()
        self.release()

    def ask(self, question: Any) -> list[dict[str, Any]]:
        """Return the rows that answer a question; what the database finds wrong on the way is Unreadable."""
        try:
            return _answers(self.connection, question)
        except Exception as error:  # noqa: BLE001 - whatever the driver finds wrong
            raise Unreadable(reason(error, private=self.private)) from (None if self.private else error)


def _answers(connection: Any, question: Any) -> list[dict[str, Any]]:
    """Return the rows as dictionaries. DuckDB gives them itself; the library's way there loads pandas first."""
    from ibis.expr.operations import InMemoryTable

    if connection.name != "duckdb" or question.op().find(InMemoryTable):
        return connection.to_pyarrow(question).to_pylist()  # type: ignore[no-any-return]
    rows = connection.raw_sql(connection.compile(question)).fetchall()
    return [dict(zip(question.columns, row, strict=True)) for row in rows]


def with_payees(facts: Facts, spellings: Mapping[str, str]) -> Facts:
    """Return the table with one text for everybody who is written in several ways."""

    def one(table: Any) -> Any:
        return table.mutate(payee=table["payee"].substitute(spellings, else_=table["payee"]))

    return replace(facts, table=one(facts.table), numbered=one(facts.numbered))


def reason(error: Exception, *, private: bool = False) -> str:
    """Return the first lines of what a library says, in one; of a private address only what kind of error it is."""
    if private:
        return type(error).__name__
    lines = [" ".join(line.split()) for line in _QUERY.split(str(error).strip())[0].splitlines() if line.strip()]
    return "; ".join(lines[:_TOLD_LINES])[:_TOLD] or type(error).__name__
