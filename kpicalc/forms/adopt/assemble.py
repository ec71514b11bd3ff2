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
from kpicalc.intake.sheets.names import same_unit, words
from kpicalc.intake.sheets.patterns import shown_pattern
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
    own = set(persons.sheets) if persons else set()
    wide: list[Found] = []
    turned: list[Found] = []
    long_ones: list[Found] = []
    for name, seen in sights.tables.items():
        if name in own:
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
        elif found := long_form(seen, draft):
            long_ones += found
        else:
            several(seen, draft)
    for sheet in sights.others:
        if sheet.name not in own:
            turned += across(sheet, find, draft)
    layouts = {one.sheet: "columns" for one in turned} | {one.sheet: "long" for one in long_ones}
    _place(draft, sights, [*wide, *turned, *long_ones], layouts, persons)
    _absent(draft)
    unread(sights, draft, persons)
    return sights


def _place(
    draft: Draft, sights: Sights, found: Sequence[Found], layouts: Mapping[str, str], persons: OfPeople | None
) -> None:
    """Choose the sheet of plans and that of actuals, and add every KPI to the mapping."""
    every = [*found, *(persons.found if persons else ())]
    clear = _agreed(every, draft)
    ask_of_pairs(clear, draft)
    clear = _in_one_unit(clear, draft)
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
    """Map the column by which rows find their person: by numbers if all have them, else by names."""
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
    """Return the places of every figure: all places that agree; if places differ, ask and return none."""
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


def _in_one_unit(found: Sequence[Found], draft: Draft) -> list[Found]:
    """Ask about a KPI whose plan and actual have different units, such as thousands and roubles; read neither."""
    kept = list(found)
    for plan in (one for one in found if one.side == "plan"):
        for actual in (one for one in found if one.side == "actual" and one.same == plan.same):
            units = {plan.unit, actual.unit} - {""}
            scaled = any(name_key(unit).split(" ")[0] in words("scales") for unit in units)
            alike = len(units) < 2 or same_unit(plan.unit, actual.unit)
            if (plan.unit != actual.unit and scaled) or not alike:
                shown = [f"{one.place} ({one.unit or '—'})" for one in (plan, actual)]
                draft.ask("units", plan.place, shown, title=plan.title)
                kept = [one for one in kept if one not in (plan, actual)]
    return kept


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


def _map_persons(draft: Draft, role: SheetRole, persons: OfPeople, found: Sequence[Found]) -> None:
    draft.sheets[role] = persons.pattern
    value = "plan" if role == "plan" else "value"
    draft.columns[role] = {"kpi": persons.columns["kpi"], "value": persons.columns[value]}
    draft.tables[role] = {"people": "sheets"}
    for one in found:
        _known(draft, one)
        draft.tell(one.side, one.place, one.why, title=one.title)


def _known(draft: Draft, one: Found) -> str:
    """Return the key of a KPI, and note its title and unit."""
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
    """Map plans and actuals without a sheet as absent, so that no other sheet is taken for them."""
    roles: tuple[SheetRole, ...] = ("plan", "actuals")
    for role in roles:
        draft.sheets.setdefault(role, ABSENT)
