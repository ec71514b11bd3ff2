"""A first look at the sheets: tables of people, events or reports, sheets that are not understood."""

from collections.abc import Sequence
from dataclasses import field

from kpicalc.forms.adopt.draft import Draft
from kpicalc.forms.adopt.formulas import Formulas
from kpicalc.forms.adopt.layouts import OfPeople
from kpicalc.forms.adopt.roster import roster_of
from kpicalc.forms.adopt.seen import Seen
from kpicalc.forms.adopt.sight import table_of
from kpicalc.intake.files.formats import Formats
from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.sheets.layout.extent import is_totals
from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.intake.sheets.layout.sheets import sheets_called
from kpicalc.intake.sheets.month_words import is_another, months_told
from kpicalc.intake.sheets.names import field_names, words
from kpicalc.model.book import Book, Raw, Sheet
from kpicalc.model.fields import SheetRole
from kpicalc.model.persons import NameFinder
from kpicalc.model.record import record
from kpicalc.model.texts import name_key

BESIDE: tuple[SheetRole, ...] = ("team_plan", "adjustments", "history", "changes")
"""Roles whose sheets are recognised by their names."""


@record(frozen=False)
class Sights:
    """The sheets of a workbook: those with tables of people, the others, and the list of people."""

    tables: dict[str, Seen] = field(default_factory=dict)
    others: list[Sheet] = field(default_factory=list)
    roster: Seen | None = None


def look_at(book: Book, draft: Draft, formulas: Formulas, formats: Formats | None) -> Sights:
    """Return the contents of the sheets; report sheets of other months and hidden ones, which are left out."""
    sights = Sights()
    for sheet in book.sheets:
        if not any(not is_blank(cell) for row in sheet.rows for cell in row):
            continue
        if is_another(months_told(sheet.name, name=True), draft.period):
            draft.notes[sheet.name] = draft.reason("other_month")
            continue
        if sheet.hidden:
            draft.notes[sheet.name] = draft.reason("hidden_sheet")
            continue
        hidden = formats.hidden_columns(sheet.name) if formats else frozenset()
        if any(sheet.name in sheets_called(role, book.sheets, draft.period) for role in BESIDE):
            # Adjustments, earlier months, departments' plans: the reader recognises them by their names.
            continue
        seen = table_of(sheet, draft.period, formulas.get(sheet.name, {}), hidden)
        above = {month for text in (seen.above if seen else ()) for month in months_told(text)}
        if seen and is_another(above, draft.period):
            draft.notes[sheet.name] = draft.reason("other_month")
        elif seen:
            sights.tables[sheet.name] = seen
        else:
            sights.others.append(sheet)
    sights.roster = roster_of(list(sights.tables.values()), draft)
    return sights


def not_lists(sights: Sights, roster: Seen) -> list[Sheet]:
    """Return the sheets whose table lists one person: each may be that person's own sheet."""
    return [seen.sheet for seen in sights.tables.values() if seen is not roster and len(seen.people) == 1]


def several(seen: Seen, draft: Draft) -> None:
    """Ask about a table with several rows of a person, and no day or KPI to tell them apart."""
    draft.notes[seen.sheet.name] = draft.reason("repeated")
    at = seen.name if seen.name is not None else seen.id or 0
    draft.ask("repeated", seen.place(at), [], sheet=seen.sheet.name)


def is_report(seen: Seen, find: NameFinder) -> bool:
    """Tell whether half of the rows are not people: documents or clients below a person, as in reports of 1C."""
    if seen.id is not None or seen.name is None:
        return False
    if not any(find(text) for text in seen.people.values()):
        return False
    rows = range(min(seen.people), len(seen.sheet.rows))
    notes = words("not_people") | words("level")
    named = [text for text in seen.people.values() if name_key(text).split(" ")[0] not in notes]
    strangers = [text for text in named if not _begins_with_somebody(text, find)]
    nobodys = [row for row in rows if row not in seen.people and _has_figures(seen.sheet.rows[row])]
    return 2 * len(strangers) >= len(seen.people) or len(nobodys) > max(1, len(seen.people) // 2)


def _begins_with_somebody(text: str, find: NameFinder) -> bool:
    """Tell whether a text is a person's name, with or without a note after it: «Иванова Анна (отпуск)»."""
    parts = text.replace("*", " ").replace("(", " ").split()
    return any(find(" ".join(parts[:count])) for count in range(len(parts), 0, -1))


def _has_figures(line: Sequence[Raw]) -> bool:
    """Tell whether a row has figures and is no total."""
    texts = [cell for cell in line if isinstance(cell, str)]
    return any(isinstance(cell, int | float) for cell in line) and not any(is_totals(text) for text in texts)


def unread(sights: Sights, draft: Draft, persons: OfPeople | None) -> None:
    """Ask about sheets that list people but were not understood."""
    read = {*draft.homes.values(), *(persons.sheets if persons else ()), *draft.notes}
    places = [item.place for item in draft.questions] + [item.place for item in (*draft.understood, *draft.passed)]
    placed = {place.partition("!")[0] for place in places}
    for sheet in sights.others:
        heads = {name_key(cell) for row in sheet.rows[:SEARCHED_ROWS] for cell in row if isinstance(cell, str)}
        if sheet.name not in read and any(field_names("team_plan").get(head) == "department" for head in heads):
            draft.notes[sheet.name] = draft.reason("of_departments")
    names = {name_key(text) for text in (sights.roster.people.values() if sights.roster else ())}
    surnames = {text.split(" ")[0] for text in names}
    for sheet in sights.others:
        if sheet.name in read or sheet.name in placed:
            continue
        texts = {name_key(cell) for row in sheet.rows for cell in row if isinstance(cell, str)}
        if len({text for text in texts if text in names or text.split(" ")[0] in surnames}) > 1:
            draft.ask("people_unread", sheet.name, [], sheet=sheet.name)
