"""Reports grouped by person, as 1C writes them: a row that names a person, the facts of that person, subtotals.

A row with a date is a fact; a row without one that has a text in the payee column names the person of the rows below.
Its figures must be the sum of those rows. A report with groups inside groups fails this check and is refused: its rows
would be given to the wrong person.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kpicalc.intake.facts.sources.headers import DATE, PAYEE
from kpicalc.intake.sheets.cells import is_blank, read_numbers
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.names import currency_words, words
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.book import Raw
from kpicalc.model.days import moment_in_text
from kpicalc.model.facts import FactTable
from kpicalc.model.issue import Issue
from kpicalc.model.record import record
from kpicalc.model.texts import clean


@record
class Grouped:
    """The rows of facts of a grouped report, the heading row of each, and the number of rows that are no facts."""

    rows: list[int]
    named_in: dict[int, int]
    groups: int
    totals: int


def read_groups(reading: Reading, spec: FactTable) -> Grouped:
    """Separate facts from heading rows and totals; a subtotal that differs from its rows is an issue."""
    table = reading.table
    payee, day = table.fields[PAYEE], table.fields[DATE]
    used = sorted(table.used())
    grouped = Grouped([], {}, 0, 0)
    members: dict[int, list[int]] = {}
    groups, totals = [], []
    group = -1
    for row in range(table.head + 1, len(table.sheet.rows)):
        if all(is_blank(table.cell(row, column)) for column in used):
            continue
        name = table.cell(row, payee)
        if is_moment(table.cell(row, day)):
            grouped.rows.append(row)
            # A row of facts may name its person itself, unless the same column holds the document too.
            grouped.named_in[row] = row if (payee != day and not is_blank(name)) or group < 0 else group
            members.setdefault(group, []).append(row)
        elif _is_total(table, row):
            totals.append(row)
        elif not is_blank(name):
            groups.append(row)
            group = row
        else:
            grouped.rows.append(row)
            grouped.named_in[row] = row if group < 0 else group
            members.setdefault(group, []).append(row)
    numbers = [name for name in spec.columns if spec.column(name).type == "number"]
    _check_sums(reading, [(row, members.get(row, [])) for row in groups], numbers)
    _check_sums(reading, [(row, grouped.rows) for row in totals], numbers)
    return Grouped(grouped.rows, grouped.named_in, len(groups), len(totals))


def is_moment(value: Raw) -> bool:
    """Tell whether a cell holds a day, as a date or as a text."""
    return isinstance(value, date) or (isinstance(value, str) and moment_in_text(clean(value)) is not None)


def _is_total(table: Table, row: int) -> bool:
    texts = (clean(value) for value in table.sheet.rows[row] if isinstance(value, str))
    first = next((text for text in texts if text), "").casefold().partition(" ")[0]
    return first.rstrip(".:,") in words("totals")


def _check_sums(reading: Reading, sums: Sequence[tuple[int, Sequence[int]]], numbers: Sequence[str]) -> None:
    """Report every heading row whose figures are not the sums of its rows, by the first column that differs."""
    table, units = reading.table, currency_words(reading.schemes.currency)
    for row, rows in sums:
        for name in numbers:
            column = table.fields[f"c_{name}"]
            unread: list[Issue] = []
            stated, *parts = read_numbers(replace(reading, issues=unread), column, [row, *rows], units)
            total = sum((part for part in parts if part is not None), Decimal(0))
            if stated is not None and stated != total:
                heading = table.heading(column)
                facts = {"heading": heading, "found": f"{stated.normalize():f}", "total": f"{total.normalize():f}"}
                reading.tell("fact_group_sum", row, column, **facts)
                break
