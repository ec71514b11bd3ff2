"""Rows of a sheet of facts that stand twice, where the scheme names no column that tells rows apart.

Two equal sales on one day are two sales. But where a column tells all other rows apart, as a number of a deal or a time
does, a row that is equal in every cell was probably pasted twice.
"""

from collections.abc import Iterator, Mapping, Sequence

from kpicalc.intake.facts.sources.headers import DATE, PAYEE
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.model.book import Raw
from kpicalc.model.issue import Issue, issue

_ENOUGH, _FEW = 10, 10
"""So many different rows show that a column tells them apart; days do so only if twins are one row of ten at most."""


def rows_twice(table: Table, rows: Sequence[int], named_in: Mapping[int, int], title: str) -> Iterator[Issue]:
    """Yield the issue for rows that are equal to an earlier one in every cell, if they are so by mistake.

    `named_in` holds the row that names the person, where it is another one: a deal that two people share is no twin.
    """

    def cells_of(row: int) -> tuple[Raw, tuple[Raw, ...]]:
        return table.cell(named_in.get(row, row), table.fields[PAYEE]), tuple(table.sheet.rows[row])

    first: dict[tuple[Raw, tuple[Raw, ...]], int] = {}
    twins = [row for row in rows if first.setdefault(cells_of(row), row) != row]
    if not twins or len(first) < _ENOUGH:
        return
    many = len(twins) * _FEW > len(rows)
    for column in range(max(len(cells) for _, cells in first)):
        if many and column == table.fields[DATE]:
            continue
        values = {cells[column] for _, cells in first if column < len(cells)}
        if len(values) == len(first) and None not in values:
            facts = {"title": title, "heading": table.heading(column), "count": len(twins), "row": twins[0] + 1}
            twin = first[cells_of(twins[0])] + 1
            yield issue("fact_row_twice", table.place(twins[0], column), **facts, first=twin)
            return
