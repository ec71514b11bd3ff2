"""Other layouts of tables: people side by side, a sheet per person, a row per person and KPI."""

from collections.abc import Mapping, Sequence

from kpicalc.forms.adopt.draft import ROLE_OF, Draft, Found
from kpicalc.forms.adopt.seen import Seen
from kpicalc.forms.adopt.wording import heading_of, is_goal, known_part, kpi_named, pattern_of, without_unit
from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.sheets.layout.extent import is_totals
from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS, Line, candidates
from kpicalc.intake.sheets.layout.patterns import PAYEE
from kpicalc.intake.sheets.month_words import is_another, month_in
from kpicalc.intake.sheets.names import field_names, words
from kpicalc.model.adopted import Side
from kpicalc.model.book import Sheet, cell_name
from kpicalc.model.persons import NameFinder
from kpicalc.model.record import record
from kpicalc.model.texts import clean, name_key


def across(sheet: Sheet, find: NameFinder, draft: Draft) -> list[Found]:
    """Return the KPIs of a sheet on which people stand side by side."""
    head = next((at for at, row in enumerate(sheet.rows[:SEARCHED_ROWS]) if len(_named(row, find)) > 1), None)
    if head is None:
        return []
    people = _named(sheet.rows[head], find)
    first = min(at for row in sheet.rows[head:] for at, cell in enumerate(row) if not is_blank(cell))
    if first in people:
        return []
    if doubtful := _beside(sheet, head, people):
        draft.ask("across_wide", f"{sheet.name}!{cell_name(head, doubtful)}", [], sheet=sheet.name)
        return []
    corner = sheet.rows[head][first] if first < len(sheet.rows[head]) else None
    below = range(head + 1, len(sheet.rows))
    label = {row: sheet.rows[row][first] for row in below if first < len(sheet.rows[row])}
    months = {row: month for row, cell in label.items() if not is_blank(cell) and (month := month_in(cell))}
    why = draft.reason("across", cell=f"{sheet.name}!{cell_name(head, min(people))}")
    place = f"{sheet.name}!{cell_name(head, first)}"
    if months:
        if all(is_another({month}, draft.period) for month in months.values()):
            draft.notes[sheet.name] = draft.reason("other_month")
            return []
        above = [cell for row in sheet.rows[:head] for cell in row if isinstance(cell, str)]
        title, key = next((known for text in (sheet.name, *above) if (known := known_part(text))[0]), ("", ""))
        heading = clean(corner) if isinstance(corner, str) and clean(corner) else "{month}"
        return [Found(title or draft.reason("indicator"), key, "actual", "", sheet.name, heading, first, place,
                      why, (), bool(title))]  # fmt: skip
    kpis: list[Found] = []
    for row, cell in label.items():
        if not isinstance(cell, str) or not clean(cell) or is_totals(clean(cell)):
            continue
        figures = [value for at, value in enumerate(sheet.rows[row]) if at in people and not is_blank(value)]
        said, place = heading_of(clean(cell), None, draft.period), f"{sheet.name}!{cell_name(row, first)}"
        if not any(isinstance(value, int | float) for value in figures):
            continue
        if said.kind != "figure":
            draft.skip(said.kind, clean(cell), place)
        elif not said.rest:
            draft.ask("whose", place, [], heading=clean(cell))
        else:
            title, key = kpi_named(said.rest, led=said.led)
            side = said.side or _side(sheet, draft) or "actual"
            kpis.append(Found(title, key, side, said.unit, sheet.name, clean(cell), first, place, why))
    return kpis


def _beside(sheet: Sheet, head: int, people: Mapping[int, str]) -> int | None:
    """Return a column of figures between those of people that is no total: each person then has several columns."""
    first, last = min(people), max(people)
    for row in sheet.rows[head + 1 :]:
        for at in range(first, min(len(row), last + 2)):
            heading = sheet.rows[head][at] if at < len(sheet.rows[head]) else None
            named = isinstance(heading, str) and bool(clean(heading))
            if at not in people and not named and not is_blank(row[at]):
                return at
    return None


def _named(row: Sequence[object], find: NameFinder) -> dict[int, str]:
    return {at: clean(cell) for at, cell in enumerate(row) if isinstance(cell, str) and len(find(clean(cell))) == 1}


def _side(sheet: Sheet, draft: Draft) -> Side | None:
    from kpicalc.forms.adopt.wording import side_of_name

    del draft
    return side_of_name(sheet.name)


_VALUES: Mapping[Side, str] = {"plan": "plan", "actual": "value"}


@record
class OfPeople:
    """Sheets of one person each: the pattern of their names, the headings by field, and the KPIs with their cells."""

    pattern: str
    sheets: tuple[str, ...]
    columns: Mapping[str, str]
    found: tuple[Found, ...]


def of_people(sheets: Sequence[Sheet], find: NameFinder, draft: Draft) -> OfPeople | None:
    """Return the sheets that list one person's indicators each; None if there are none, or if their layouts differ."""
    sheets_of: dict[str, list[tuple[Sheet, Line, dict[str, int]]]] = {}
    for sheet in sheets:
        pattern = _payee_pattern(sheet.name, find, draft.period)
        head = _indicator_line(sheet, draft) if pattern else None
        if pattern and head is None:
            draft.ask("own_sheet", sheet.name, [], sheet=sheet.name)
        if pattern and head:
            sheets_of.setdefault(pattern, []).append((sheet, *head))
    if not sheets_of:
        return None
    pattern, members = max(sheets_of.items(), key=lambda item: len(item[1]))
    if len(sheets_of) > 1:
        draft.ask("patterns", members[0][0].name, sorted(sheets_of))
        return None
    titles = {tuple(sorted((name, line.titles[at]) for name, at in columns.items())) for _, line, columns in members}
    if len(titles) > 1:
        draft.ask("unlike_sheets", members[0][0].name, [sheet.name for sheet, _, _ in members])
        return None
    kpis: dict[tuple[str, str], Found] = {}
    for sheet, line, columns in members:
        for row in range(line.row + 1, len(sheet.rows)):
            for kpi in _indicators(sheet, row, line, columns, draft):
                kpis.setdefault((name_key(kpi.title), kpi.side), kpi)
    headings = {name: pattern_of(title, draft.period) for name, title in next(iter(titles))}
    return OfPeople(pattern, tuple(sheet.name for sheet, _, _ in members), headings, tuple(kpis.values()))


def _indicators(sheet: Sheet, row: int, line: Line, columns: Mapping[str, int], draft: Draft) -> list[Found]:
    cells = sheet.rows[row]
    text = cells[columns["kpi"]] if columns["kpi"] < len(cells) else None
    if not isinstance(text, str) or not clean(text) or is_totals(clean(text)):
        return []
    heading = heading_of(clean(text), None, draft.period)
    place = f"{sheet.name}!{cell_name(row, columns['kpi'])}"
    title, unit = without_unit(clean(text))
    figures = {name: cells[at] for name, at in columns.items() if name != "kpi" and at < len(cells)}
    if not any(isinstance(value, int | float) and not isinstance(value, bool) for value in figures.values()):
        return []
    if heading.kind in ("pay", "total", "odd", "span"):
        draft.skip(heading.kind, clean(text), place)
        return []
    key = kpi_named(title)[1]
    why = draft.reason("own_sheet", heading=line.titles[columns["kpi"]])
    return [
        Found(title, key, side, unit, sheet.name, clean(text), columns[name], place, why)
        for side, name in _VALUES.items()
        if name in columns and not is_blank(figures.get(name))
    ]


def _payee_pattern(name: str, find: NameFinder, period: str) -> str:
    """Return the pattern of a sheet's name that contains one person's name; empty if it contains none."""
    parts = clean(name).split(" ")
    for count in range(len(parts), 0, -1):
        for start in range(len(parts) - count + 1):
            if len(find(" ".join(parts[start : start + count]))) == 1:
                before, after = " ".join(parts[:start]), " ".join(parts[start + count :])
                rest = [pattern_of(before, period) if before else "", PAYEE, pattern_of(after, period) if after else ""]
                return " ".join(part for part in rest if part)
    return ""


def _indicator_line(sheet: Sheet, draft: Draft) -> tuple[Line, dict[str, int]] | None:
    """Return the row of headings of a list of indicators, with the columns of indicator, plan and actual."""
    for line in candidates(sheet, 1, lambda _: False):
        columns: dict[str, int] = {}
        levels: list[int] = []
        for column, title, _, _ in line:
            key = name_key(title)
            if key in _indicator_headings():
                columns.setdefault("kpi", column)
            elif (
                (heading := heading_of(title, None, draft.period)).kind == "figure"
                and not heading.rest
                and heading.side
            ):
                columns.setdefault("plan" if heading.side == "plan" else "value", column)
            elif heading.kind == "level":
                levels.append(column)
            elif key in words("value"):
                columns.setdefault("value", column)
        if levels and "plan" in columns and is_goal(line.titles[columns["plan"]]):
            places = [f"{sheet.name}!{cell_name(line.row, at)}" for at in (columns.pop("plan"), *levels)]
            draft.ask("goal", places[0], places, title=line.titles[columns.get("kpi", 0)])
        if "kpi" in columns and len(columns) > 1:
            return line, columns
    return None


def _indicator_headings() -> frozenset[str]:
    """Return the headings, as keys, that a column of KPI names may have."""
    return words("indicator").union(key for key, field in field_names("actuals").items() if field == "kpi")


def long_form(seen: Seen, draft: Draft) -> list[Found]:
    """Return the KPIs of a table with a row per person and KPI."""
    heads = _indicator_headings()
    at = next((column.at for column in seen.columns if name_key(column.title) in heads), None)
    if at is None:
        return []
    values: dict[Side, int] = {}
    for column in seen.columns:
        heading = column.heading
        if heading.kind == "figure" and not heading.rest and heading.side and column.is_figures:
            values.setdefault(heading.side, column.at)
        elif name_key(column.title) in words("value") and column.is_figures:
            values.setdefault("plan" if _side(seen.sheet, draft) == "plan" else "actual", column.at)
    levels = [seen.place(column.at) for column in seen.columns if column.heading.kind == "level" and column.is_figures]
    if levels and "plan" in values and is_goal(seen.column(values["plan"]).title):
        place = seen.place(values.pop("plan"))
        draft.ask("goal", place, [place, *levels], title=seen.column(at).title)
    kpis: dict[tuple[str, Side], Found] = {}
    for row in seen.people:
        text = seen.sheet.rows[row][at] if at < len(seen.sheet.rows[row]) else None
        if not isinstance(text, str) or not clean(text):
            continue
        title, unit = without_unit(clean(text))
        why = draft.reason("long", heading=seen.column(at).title)
        for side, column_at in values.items():
            kpi = Found(title, kpi_named(title)[1], side, unit, seen.sheet.name, clean(text), column_at,
                        seen.place(at, row), why)  # fmt: skip
            kpis.setdefault((name_key(title), side), kpi)
    for side, column_at in values.items():
        role = ROLE_OF[side]
        draft.columns.setdefault(role, {})["kpi"] = seen.column(at).title
        draft.columns[role]["value"] = seen.column(column_at).title
    return list(kpis.values())
