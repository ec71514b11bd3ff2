"""All sheets of a workbook -> one mapping: whose sheet is which, and which KPIs stand where."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpicalc.forms.adopt.draft import ROLE_OF, Draft, Found
from kpicalc.forms.adopt.formulas import Formulas
from kpicalc.forms.adopt.indicators import ask_of_pairs, kpis_of, merged
from kpicalc.forms.adopt.layouts import OfPeople, across, long_form, of_people
from kpicalc.forms.adopt.roster import map_roster, roster_of
from kpicalc.forms.adopt.sight import Seen, lone_texts, table_of
from kpicalc.forms.adopt.wording import pattern_of
from kpicalc.intake.files.formats import Formats
from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.sheets.extent import is_totals
from kpicalc.intake.sheets.month_words import is_another, months_told
from kpicalc.intake.sheets.patterns import shown_pattern
from kpicalc.intake.sheets.sheets import sheets_called
from kpicalc.model.adopted import Side
from kpicalc.model.book import Book, Raw, Sheet, column_letter
from kpicalc.model.fields import SheetRole
from kpicalc.model.persons import NameFinder, name_finder
from kpicalc.model.texts import spelling_key
from kpicalc.model.workbook_map import ABSENT

BESIDE: tuple[SheetRole, ...] = ("team_plan", "adjustments", "history", "changes")
"""Roles whose sheets are known by their names."""
_SIDES: tuple[Side, ...] = ("plan", "actual")


@dataclass
class Sights:
    """The sheets of a workbook: their tables of people, those without one, the list of people."""

    tables: dict[str, Seen] = field(default_factory=dict)
    others: list[Sheet] = field(default_factory=list)
    roster: Seen | None = None


def look_at(book: Book, draft: Draft, formulas: Formulas, formats: Formats | None) -> Sights:
    """Return what stands on the sheets, those of other months and hidden ones left out and told."""
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
            # Adjustments, earlier months, departments' plans: the reader knows them by their names.
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


def assemble(book: Book, draft: Draft, formulas: Formulas, formats: Formats | None) -> Sights:
    """Fill the draft with the mapping of a workbook."""
    sights = look_at(book, draft, formulas, formats)
    roster = sights.roster
    if roster is None:
        draft.ask("nobody", book.sheets[0].name if book.sheets else "", [sheet.name for sheet in book.sheets])
        return sights
    map_roster(roster, draft)
    find = name_finder(list(roster.people.values()))
    persons = of_people([*sights.others, *_not_lists(sights, roster)], find, draft)
    own = set(persons.sheets) if persons else set()
    wide: list[Found] = []
    turned: list[Found] = []
    long_ones: list[Found] = []
    for name, seen in sights.tables.items():
        if name in own:
            continue
        if seen.days is not None:
            draft.notes[name] = draft.reason("events", heading=seen.days.title)
        elif seen is not roster and _is_report(seen, find):
            draft.notes[name] = draft.reason("report", heading=seen.column(seen.name or 0).title)
        elif not seen.repeated:
            shown = formats.per_cents(name, [column.at for column in seen.columns]) if formats else frozenset()
            wide += kpis_of(seen, draft, frozenset(at for row, at in shown if row in seen.people))
        elif found := long_form(seen, draft):
            long_ones += found
        else:
            _several(seen, draft)
    for sheet in sights.others:
        if sheet.name not in own:
            turned += across(sheet, find, draft)
    layouts = {one.sheet: "columns" for one in turned} | {one.sheet: "long" for one in long_ones}
    _place(draft, sights, [*wide, *turned, *long_ones], layouts, persons)
    _absent(draft)
    return sights


def _not_lists(sights: Sights, roster: Seen) -> list[Sheet]:
    return [seen.sheet for seen in sights.tables.values() if seen is not roster and len(seen.people) == 1]


def _several(seen: Seen, draft: Draft) -> None:
    """Ask of a table with several rows of a person, and no day or KPI beside them, which one is right."""
    draft.notes[seen.sheet.name] = draft.reason("repeated")
    at = seen.name if seen.name is not None else seen.id or 0
    draft.ask("repeated", seen.place(at), [], sheet=seen.sheet.name)


def _is_report(seen: Seen, find: NameFinder) -> bool:
    """Tell whether half of the rows are nobody's: documents or clients below their person, as in reports of 1C."""
    if seen.id is not None or seen.name is None:
        return False
    if not any(find(text) for text in seen.people.values()):
        return False
    rows = range(min(seen.people), len(seen.sheet.rows))
    strangers = [text for text in seen.people.values() if not find(text)]
    nobodys = [row for row in rows if row not in seen.people and _has_figures(seen.sheet.rows[row])]
    return 2 * len(strangers) >= len(seen.people) or len(nobodys) > max(1, len(seen.people) // 2)


def _has_figures(line: Sequence[Raw]) -> bool:
    """Tell whether a row is one of figures, and no totals."""
    texts = [cell for cell in line if isinstance(cell, str)]
    return any(isinstance(cell, int | float) for cell in line) and not any(is_totals(text) for text in texts)


def _place(
    draft: Draft, sights: Sights, found: Sequence[Found], layouts: Mapping[str, str], persons: OfPeople | None
) -> None:
    """Choose the sheet of plans and that of actuals, and name every KPI in the mapping."""
    every = [*found, *(persons.found if persons else ())]
    clear = _agreed(every, draft)
    ask_of_pairs(clear, draft)
    tables: dict[SheetRole, Seen | None] = {}
    for side in _SIDES:
        own = [one for one in clear if one.side == side]
        home = {one: "" if persons and one.sheet in persons.sheets else one.sheet for one in own}
        sheets = Counter(home.values())
        if not sheets:
            continue
        chosen = sheets.most_common(1)[0][0]
        mine = [one for one in own if home[one] == chosen]
        for one in own:
            if home[one] != chosen:
                draft.ask("another_sheet", one.place, [one.sheet, chosen], title=one.title, sheet=one.sheet)
        if chosen == "" and persons:
            _map_persons(draft, ROLE_OF[side], persons, mine)
        else:
            _map_side(draft, sights, side, mine, layouts.get(chosen, "rows"))
            tables[ROLE_OF[side]] = sights.tables.get(chosen)
    _map_owners(draft, tables, sights.roster)


def _map_owners(draft: Draft, tables: Mapping[SheetRole, Seen | None], roster: Seen | None) -> None:
    """Say by which column the rows of every sheet find their person: by numbers where all have them, else by names."""
    own = {role: seen for role, seen in tables.items() if seen is not None}
    if roster is None or roster.id is None or any(seen.id is None for seen in own.values()):
        draft.match = "name"
    for role, seen in own.items():
        at = seen.name if draft.match == "name" else seen.id
        if at is None:
            draft.ask("no_names", seen.place(seen.id or 0), [], sheet=seen.sheet.name)
        elif seen is not roster or draft.match == "name":
            draft.columns[role] = {"id": seen.column(at).title, **draft.columns[role]}
    if draft.match == "name" and roster is not None and roster.id is not None:
        named = next((seen for seen in own.values() if seen.id is None), None)
        if named is not None:
            draft.tell("by_name", named.place(named.name or 0), draft.reason("no_heading"))


def _agreed(found: Sequence[Found], draft: Draft) -> list[Found]:
    """Return one place for every figure; of several places that say the same all stay, those that differ are asked."""
    kept: list[Found] = []
    for (_, side), places in merged(found).items():
        by_sheet = {one.sheet: one for one in places}
        if len(by_sheet) == 1:
            kept.append(places[0])
            continue
        figures = [dict(one.figures) for one in places]
        same = all(_same(figures[0], other) for other in figures[1:]) and all(figures)
        if same or all(one.heading == places[0].heading and not one.figures for one in places):
            kept += places
        else:
            cells = [one.place for one in places]
            draft.ask("differ", cells[0], cells, title=places[0].title, side=draft.reason(side))
    most = {sheet: sum(one.sheet == sheet for one in kept) for sheet in {one.sheet for one in kept}}
    ordered = sorted(kept, key=lambda one: -most[one.sheet])
    first: dict[tuple[str, Side], Found] = {}
    for one in ordered:
        first.setdefault((one.same, one.side), one)
    return list(first.values())


def _same(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return one.keys() == other.keys() and all(one[key] == other[key] for key in one)


def _map_side(draft: Draft, sights: Sights, side: Side, found: Sequence[Found], layout: str) -> None:
    role, name = ROLE_OF[side], found[0].sheet
    draft.sheets[role] = pattern_of(name, draft.period)
    if layout == "columns":
        draft.tables.setdefault(role, {})["people"] = "columns"
    if layout == "rows":
        draft.homes[role] = name
    columns = draft.columns.setdefault(role, {})
    seen = sights.tables.get(name)
    if seen is not None and sights.roster is not None:
        _map_rows(draft, role, seen, sights.roster)
    for one in found:
        key = _known(draft, one)
        if layout != "long":
            columns[key] = one.heading
        if layout == "rows":
            draft.expected[role, key] = column_letter(one.at)
        draft.tell(side, one.place, one.why, title=one.title)
        if not one.named:
            draft.ask("name", one.place, [one.title], heading=shown_pattern(one.heading, draft.period))


def _map_rows(draft: Draft, role: SheetRole, seen: Seen, roster: Seen) -> None:
    """Say how the rows of a sheet lie: two rows of headings, groups."""
    shape = draft.tables.setdefault(role, {})
    if seen.stated:
        shape["headings"] = "2"
    groups = lone_texts(seen)
    if groups and (seen is not roster or draft.tables.get("employees", {}).get("groups")):
        departments = _departments(roster)
        first = {spelling_key(str(next(cell for cell in seen.sheet.rows[row] if not is_blank(cell)))) for row in groups}
        if not first <= departments:
            shape["groups"] = "department"
    if not shape:
        draft.tables.pop(role, None)


def _departments(roster: Seen) -> set[str]:
    columns = roster.fields.get("department", ())
    return {spelling_key(str(value)) for at in columns for value in roster.column(at).cells.values()}


def _map_persons(draft: Draft, role: SheetRole, persons: OfPeople, found: Sequence[Found]) -> None:
    draft.sheets[role] = persons.pattern
    value = "plan" if role == "plan" else "value"
    draft.columns[role] = {"kpi": persons.columns["kpi"], "value": persons.columns[value]}
    draft.tables[role] = {"people": "sheets"}
    for one in found:
        _known(draft, one)
        draft.tell(one.side, one.place, one.why, title=one.title)


def _known(draft: Draft, one: Found) -> str:
    """Return the key of a KPI, with its title and unit noted."""
    key = draft.same.get(one.same)
    if key is None:
        key = draft.same[one.same] = draft.key_for(one.title, one.key)
        draft.kpis[key] = (one.title, one.unit)
        draft.led |= {key} if one.led else set()
    title, unit = draft.kpis[key]
    if key in draft.led and not one.led:
        title = one.title
        draft.led.discard(key)
    if one.side == "plan":
        draft.planned.add(key)
    draft.kpis[key] = (title, unit or one.unit)
    return key


def _absent(draft: Draft) -> None:
    """Say of plans and actuals that have no sheet that there is none, whatever another sheet is called."""
    roles: tuple[SheetRole, ...] = ("plan", "actuals")
    for role in roles:
        draft.sheets.setdefault(role, ABSENT)
