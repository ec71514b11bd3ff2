"""Columns of the Employees sheet that group people: a region, a team, a manager."""

from dataclasses import field

from kpicalc.intake.sheets.cells import read_text
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.book import column_letter
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import look, name_key, wrong_alphabet


@record
class Groups:
    """The text of every payee in each of these columns by its key, and the columns' letters."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)


def grouping_columns(schemes: SchemeBook) -> set[str]:
    """Return the declared columns over which results are summed: they hold texts."""
    asked = {kpi.over for kpi in schemes.kpis.values() if kpi.team}
    lines = [item for scheme in schemes.schemes.values() for item in scheme.pay]
    asked |= {item.component.over for item in lines if item.name == "override"}
    return {key for key in schemes.employees if key in asked}


def read_groups(reading: Reading) -> Groups:
    """Return the texts that group people; a missing column is refused."""
    table, schemes, groups = reading.table, reading.schemes, Groups()
    mapped = schemes.workbook.columns.get("employees", {})
    for key in sorted(grouping_columns(schemes)):
        title = schemes.employees[key].title or key
        names = {name_key(mapped[key])} if key in mapped else {name_key(key), name_key(title)}
        width = range(len(table.sheet.rows[table.head]))
        column = next((column for column in width if name_key(table.heading(column)) in names), None)
        if column is None:
            facts = {"sheet": table.sheet.name, "title": title, "found": key}
            reading.tell("no_group_column", table.head, table.fields["id"], **facts)
            groups.texts[key] = [""] * len(reading.rows)
            continue
        groups.texts[key] = [read_text(reading, row, column) for row in reading.rows]
        groups.letters[key] = column_letter(column)
        _watch_spelling(reading, column, title, groups.texts[key])
    return groups


def _watch_spelling(reading: Reading, column: int, title: str, texts: list[str]) -> None:
    """Report a second spelling of a group: it would be a second group."""
    first: dict[str, str] = {}
    reported: set[str] = set()
    for row, text in zip(reading.rows, texts, strict=True):
        known = first.setdefault(look(text), text)
        if text and known != text and text not in reported:
            reported.add(text)
            place = reading.table.place(row, column)
            if slip := wrong_alphabet(place, text, [known]):
                reading.issues.append(slip)
            else:
                reading.tell("group_spelling", row, column, found=text, first=known, title=title)
