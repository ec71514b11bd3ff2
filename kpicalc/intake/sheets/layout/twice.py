"""A heading that occurs twice on a sheet: the user must choose the column that is meant."""

from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.workbook import Workbook
from kpicalc.model.book import cell_name, column_letter
from kpicalc.model.issue import Issue, issue


def heading_twice(table: Table, columns: list[int], workbook: Workbook) -> Issue:
    """Return the issue, with the letter of a column that can be chosen."""
    first, second = columns[:2]
    hidden = workbook.hidden(table.sheet.name) & set(columns)
    # The suggested letter is that of a visible column.
    offered = next((column for column in reversed(columns) if column not in hidden), second)
    facts = {"heading": table.heading(second), "first": table.heading(first), "cell": cell_name(table.head, first)}
    place = table.place(table.head, second)
    if hidden:
        letters = [column_letter(column) for column in sorted(hidden)]
        return issue("heading_twice_hidden", place, **facts, letter=column_letter(offered), hidden=letters)
    return issue("heading_twice", place, **facts, letter=column_letter(offered))
