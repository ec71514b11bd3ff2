"""The mapping of a whole workbook from its sheets: the role of each sheet, and the place of each KPI."""

from collections import Counter
from collections.abc import Mapping, Sequence

from kpicalc.forms.adopt.draft import ROLE_OF, Draft, Found
from kpicalc.forms.adopt.formulas import Formulas
from kpicalc.forms.adopt.indicators import ask_of_pairs, kpis_of, merged
from kpicalc.forms.adopt.layouts import OfPeople, across, long_form, of_people
from kpicalc.forms.adopt.looking import Sights, is_report, look_at, not_lists, several, unread
from kpicalc.forms.adopt.roster import map_roster
from kpicalc.forms.adopt.seen import Seen, lone_texts
from kpicalc.forms.adopt.wording import pattern_of
from kpicalc.intake.files.formats import Formats
from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.sheets.layout.patterns import shown_pattern
from kpicalc.intake.sheets.names import same_unit, words
from kpicalc.model.adopted import Side
from kpicalc.model.book import Book, column_letter
from kpicalc.model.fields import SheetRole
from kpicalc.model.period import title as month_title
from kpicalc.model.persons import name_finder
from kpicalc.model.texts import name_key, spelling_key
from kpicalc.model.workbook_map import ABSENT

_SIDES: tuple[Side, ...] = ("plan", "actual")


def assemble(book: Book, draft: Draft, formulas: Formulas, formats: Formats | None) -> Sights:
    """Fill the draft with the mapping of a workbook."""
    sights = look_at(book, draft, formulas, formats)
    roster = sights.roster
    if roster is None:
        others = [name for name, why in draft.notes.items() if why == draft.reason("other_month")]
        if others:
            draft.ask("no_month", others[0], others, month=month_title(draft.period, draft.language))
        else:
            draft.ask("nobody", book.sheets[0].name if book.sheets else "", [sheet.name for sheet in book.sheets])
        return sights
    map_roster(roster, draft)
    find = name_finder(list(roster.people.values()))
    persons = of_people([*sights.others, *not_lists(sights, roster)], find, draft)
    of_persons = set(persons.sheets) if persons else set()
    wide: list[Found] = []
    turned: list[Found] = []
    long_ones: list[Found] = []
    for name, seen in sights.tables.items():
        if name in of_persons:
            continue
        if seen.days is not None:
            draft.notes[name] = draft.reason("events", heading=seen.days.title)
        elif seen is not roster and is_report(seen, find):
            if any(name_key(column.title) in words("indicator") for column in seen.columns):
                draft.ask("blank_names", seen.place(seen.name or 0), [], sheet=name)
            draft.notes[name] = draft.reason("report", heading=seen.column(seen.name or 0).title)
        elif not seen.repeated:
            shown = formats.per_cents(name, [column.at for column in seen.columns]) if formats else frozenset()
            wide += kpis_of(seen, draft, frozenset(at for row, at in shown if row in seen.people))
        elif in_rows := long_form(seen, draft):
            long_ones += in_rows
        else:
            several(seen, draft)
    for sheet in sights.others:
        if sheet.name not in of_persons:
            turned += across(sheet, find, draft)
    layouts = {one.sheet: "columns" for one in turned} | {one.sheet: "long" for one in long_ones}
    _place(draft, sights, [*wide, *turned, *long_ones], layouts, persons)
    _absent(draft)
    unread(sights, draft, persons)
    return sights


def _place(
    draft: Draft, sights: Sights, columns: Sequence[Found], layouts: Mapping[str, str], persons: OfPeople | None
) -> None:
    """Choose the sheet of plans and that of actuals, and add every KPI to the mapping."""
    every = [*columns, *(persons.found if persons else ())]
    clear = _agreed(every, draft)
    ask_of_pairs(clear, draft)
    clear = _in_one_unit(clear, draft)
    tables: dict[SheetRole, Seen | None] = {}
    for side in _SIDES:
        of_side = [column for column in clear if column.side == side]
        home = {column: "" if persons and column.sheet in persons.sheets else column.sheet for column in of_side}
        sheets = Counter(home.values())
        if not sheets:
            continue
        chosen = sheets.most_common(1)[0][0]
        mine = [column for column in of_side if home[column] == chosen]
        for column in of_side:
            if home[column] != chosen:
                draft.ask("another_sheet", column.place, [column.sheet, chosen], title=column.title, sheet=column.sheet)
        if chosen == "" and persons:
            _map_persons(draft, ROLE_OF[side], persons, mine)
        else:
            _map_side(draft, sights, side, mine, layouts.get(chosen, "rows"))
            tables[ROLE_OF[side]] = sights.tables.get(chosen)
    _map_owners(draft, tables, sights.roster)


def _map_owners(draft: Draft, tables: Mapping[SheetRole, Seen | None], roster: Seen | None) -> None:
    """Map the column by which rows find their person: by numbers if all have them, else by names."""
    owners = {role: seen for role, seen in tables.items() if seen is not None}
    if roster is None or roster.id is None or any(seen.id is None for seen in owners.values()):
        draft.match = "name"
    for role, seen in owners.items():
        at = seen.name if draft.match == "name" else seen.id
        if at is None:
            draft.ask("no_names", seen.place(seen.id or 0), [], sheet=seen.sheet.name)
        elif seen is not roster or draft.match == "name":
            draft.columns[role] = {"id": seen.column(at).title, **draft.columns[role]}
    if draft.match == "name" and roster is not None and roster.id is not None:
        named = next((seen for seen in owners.values() if seen.id is None), None)
        if named is not None:
            draft.tell("by_name", named.place(named.name or 0), draft.reason("no_heading"))


def _agreed(columns: Sequence[Found], draft: Draft) -> list[Found]:
    """Return the places of every figure: all places that agree; if places differ, ask and return none."""
    kept: list[Found] = []
    for (_, side), places in merged(columns).items():
        by_sheet = {column.sheet: column for column in places}
        if len(by_sheet) == 1:
            kept.append(places[0])
            continue
        figures = [dict(column.figures) for column in places]
        same = all(_same(figures[0], other) for other in figures[1:]) and all(figures)
        if same or all(column.heading == places[0].heading and not column.figures for column in places):
            kept += places
        else:
            cells = [column.place for column in places]
            draft.ask("differ", cells[0], cells, title=places[0].title, side=draft.reason(side))
    most = {sheet: sum(column.sheet == sheet for column in kept) for sheet in {column.sheet for column in kept}}
    ordered = sorted(kept, key=lambda column: -most[column.sheet])
    first: dict[tuple[str, Side], Found] = {}
    for column in ordered:
        first.setdefault((column.same, column.side), column)
    return list(first.values())


def _in_one_unit(columns: Sequence[Found], draft: Draft) -> list[Found]:
    """Ask about a KPI whose plan and actual have different units, such as thousands and roubles; read neither."""
    kept = list(columns)
    for plan in (column for column in columns if column.side == "plan"):
        for actual in (column for column in columns if column.side == "actual" and column.same == plan.same):
            units = {plan.unit, actual.unit} - {""}
            scaled = any(name_key(unit).split(" ")[0] in words("scales") for unit in units)
            alike = len(units) < 2 or same_unit(plan.unit, actual.unit)
            if (plan.unit != actual.unit and scaled) or not alike:
                shown = [f"{column.place} ({column.unit or '—'})" for column in (plan, actual)]
                draft.ask("units", plan.place, shown, title=plan.title)
                kept = [column for column in kept if column not in (plan, actual)]
    return kept


def _same(first: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return first.keys() == other.keys() and all(first[key] == other[key] for key in first)


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
    for column in found:
        key = _known(draft, column)
        if layout != "long":
            columns[key] = column.heading
        if layout == "rows":
            draft.expected[role, key] = column_letter(column.at)
        draft.tell(side, column.place, column.why, title=column.title)
        if not column.named:
            draft.ask("name", column.place, [column.title], heading=shown_pattern(column.heading, draft.period))


def _map_rows(draft: Draft, role: SheetRole, seen: Seen, roster: Seen) -> None:
    """Map the layout of a sheet's rows: two rows of headings, groups."""
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


def _map_persons(draft: Draft, role: SheetRole, persons: OfPeople, columns: Sequence[Found]) -> None:
    draft.sheets[role] = persons.pattern
    value = "plan" if role == "plan" else "value"
    draft.columns[role] = {"kpi": persons.columns["kpi"], "value": persons.columns[value]}
    draft.tables[role] = {"people": "sheets"}
    for column in columns:
        _known(draft, column)
        draft.tell(column.side, column.place, column.why, title=column.title)


def _known(draft: Draft, column: Found) -> str:
    """Return the key of a KPI, and note its title and unit."""
    key = draft.same.get(column.same)
    if key is None:
        key = draft.same[column.same] = draft.key_for(column.title, column.key)
        draft.kpis[key] = (column.title, column.unit)
        draft.led |= {key} if column.led else set()
    title, unit = draft.kpis[key]
    if key in draft.led and not column.led:
        title = column.title
        draft.led.discard(key)
    if column.side == "plan":
        draft.planned.add(key)
    draft.kpis[key] = (title, unit or column.unit)
    return key


def _absent(draft: Draft) -> None:
    """Map plans and actuals without a sheet as absent, so that no other sheet is taken for them."""
    roles: tuple[SheetRole, ...] = ("plan", "actuals")
    for role in roles:
        draft.sheets.setdefault(role, ABSENT)
