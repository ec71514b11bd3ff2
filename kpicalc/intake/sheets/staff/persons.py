"""Checks that the name beside a personnel number is the name of that person."""

from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.names import field_names
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.persons import same_person, shortened
from kpicalc.model.texts import clean, name_key


def name_column(table: Table) -> int | None:
    """Return the column of names on a sheet that is read by numbers; None where there is none."""
    names = field_names(table.about.role)
    used = table.used()
    for column, cell in enumerate(table.sheet.rows[table.head]):
        if column not in used and isinstance(cell, str) and names.get(name_key(cell)) == "name":
            return column
    return None


def check_names(reading: Reading) -> None:
    """Warn of every row whose name differs from that of its personnel number; owners below 0 are not payees."""
    column = name_column(reading.table)
    if column is None:
        return
    cells, payees = reading.table.sheet.rows, reading.who.payees
    for row, owner in zip(reading.rows, reading.owners, strict=True):
        line = cells[row]
        value = line[column] if column < len(line) else None
        if owner < 0 or type(value) is not str or value == payees[owner].name:
            continue
        if value[:1] != "#" and not shortened(value, payees[owner].name) and not same_person(value, payees[owner].name):
            payee = payees[owner]
            reading.tell("name_differs", row, column, number=payee.id, name=payee.name, found=clean(value))
