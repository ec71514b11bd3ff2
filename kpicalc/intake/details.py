"""The optional columns of the Employees sheet that files for 1C and banks need: accounts, numbers, name parts.

They are read as text and not judged here: whether they are in order matters only to the file that uses them.
"""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase

from kpicalc.intake.sheets.cells import shown
from kpicalc.intake.sheets.headings import Table
from kpicalc.model.inputs import Payee
from kpicalc.model.paid import DETAILS, DetailField
from kpicalc.model.texts import clean

_DIGITS: Mapping[DetailField, int] = {"bank_bic": 9, "snils": 11, "inn": 12}
"""A number typed as a number has lost its leading zeros; where the length is fixed they are known."""


def read_details(table: Table, payees: Sequence[Payee]) -> dict[DetailField, list[str]]:
    """Return the columns of details that the sheet has, aligned with the payees; a blank is an empty text."""
    rows = [int(payee.place.cell.lstrip(ascii_uppercase)) - 1 for payee in payees]
    return {
        field: [_text(table, row, column, _DIGITS.get(field, 0)) for row in rows]
        for field in DETAILS
        if (column := table.fields.get(field)) is not None
    }


def _text(table: Table, row: int, column: int, digits: int) -> str:
    if fault := table.sheet.faults.get((row, column)):
        return fault
    value = table.cell(row, column)
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    text = shown(value)
    return text.zfill(digits) if text.isdigit() else text
