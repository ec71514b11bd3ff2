"""Whose row is it: the name beside a personnel number must not be somebody else's."""

from collections.abc import Sequence

from kpicalc.intake.sheets.headings import Table
from kpicalc.intake.sheets.names import field_names
from kpicalc.model.inputs import Payee
from kpicalc.model.issue import Issue, issue
from kpicalc.model.persons import same_person, shortened
from kpicalc.model.texts import clean, name_key


def name_column(table: Table) -> int | None:
    """Return the column of names on a sheet that is not read for them; None where there is none."""
    names = field_names(table.role)
    used = table.used()
    for column, cell in enumerate(table.sheet.rows[table.head]):
        if column not in used and isinstance(cell, str) and names.get(name_key(cell)) == "name":
            return column
    return None


def check_names(table: Table, rows: Sequence[int], owners: Sequence[int], payees: Sequence[Payee]) -> list[Issue]:
    """Warn of every row whose name is not the name of its personnel number; `owners` below 0 are nobody's rows."""
    column = name_column(table)
    if column is None:
        return []
    cells = table.sheet.rows
    found: list[Issue] = []
    for row, owner in zip(rows, owners, strict=True):
        line = cells[row]
        value = line[column] if column < len(line) else None
        if owner < 0 or type(value) is not str or value == payees[owner].name:
            continue
        if value[:1] != "#" and not shortened(value, payees[owner].name) and not same_person(value, payees[owner].name):
            payee = payees[owner]
            place = table.place(row, column)
            found.append(issue("name_differs", place, number=payee.id, name=payee.name, found=clean(value)))
    return found
