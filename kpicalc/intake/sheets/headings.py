"""Where a table stands on its sheet: the row of headings and the column of every field and KPI."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias, get_args

from kpicalc.intake.alphabets import wrong_alphabet
from kpicalc.intake.sheets.names import (
    LIKE,
    clean,
    field_names,
    field_title,
    likeness,
    name_key,
    near,
    nearest,
    same_unit,
)
from kpicalc.intake.sheets.sheets import Found
from kpicalc.intake.sheets.table import Table
from kpicalc.model.book import Raw, cell_name, column_letter
from kpicalc.model.fields import SHEETS, Level, SheetRole
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook

SEARCHED_ROWS = 30
LEVELS = get_args(Level)
_WITH_UNIT = re.compile(r"^(.+?)\s*(?:,\s*([^,]+)|\(([^()]+)\))$")


KpiFinder: TypeAlias = Callable[[str], tuple[str | None, str]]
"""A heading -> the KPI's key, and the unit in the heading where it is not the KPI's own."""


def kpi_finder(schemes: SchemeBook) -> KpiFinder:
    """Return the look-up of KPIs by key or title, with or without the unit: `Продажи, руб`."""
    by_title = {name_key(kpi.title): key for key, kpi in schemes.kpis.items() if kpi.title}
    names = by_title | {name_key(key): key for key in schemes.kpis}

    def find(heading: str) -> tuple[str | None, str]:
        if key := names.get(name_key(heading)):
            return key, ""
        parts = _WITH_UNIT.match(clean(heading))
        if parts and (key := names.get(name_key(parts[1]))):
            unit = parts[2] or parts[3]
            own = schemes.kpis[key].unit
            return key, "" if own is None or same_unit(unit, own) else unit
        return None, ""

    return find


def locate(
    role: SheetRole, found: Found, file: str, schemes: SchemeBook, finder: KpiFinder, issues: list[Issue]
) -> Table | None:
    """Find the row of headings and the columns; None, with issues, where a required column is missing."""
    sheet = found.sheet
    mapped = _mapped(role, schemes, finder, issues)
    # A heading that is taken for a field by the scheme file's choice is nothing else.
    elsewhere = {name: field for name, field in field_names(role).items() if field not in mapped}
    names = elsewhere | {name_key(heading): field for field, heading in mapped.items()}
    best, head = (-1, -1), -1
    for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        texts = {name_key(cell) for cell in row if isinstance(cell, str)}
        fields = {names[text] for text in texts if text in names}
        score = len(fields) + (_kpis_in(row, finder) if SHEETS[role].per_kpi else 0)
        if score and ("id" in fields, score) > best:
            best, head = ("id" in fields, score), index
    required = SHEETS[role].required
    place = Place(file, sheet.name)
    if head < 0:
        wanted = [mapped.get(field) or field_title(role, field, schemes.language) for field in required]
        issues.append(issue("header_missing", place, sheet=sheet.name, headings=wanted, rows=SEARCHED_ROWS))
        return None
    blank = Table(role, file, sheet, head, {}, {}, found.period or "")
    fields_at, complete = _fields(blank, names, issues)
    for field in (*required, *(field for field in mapped if field not in required)):
        if field in fields_at or (field in schemes.kpis and field not in SHEETS[role].keys):
            continue
        wanted_one = mapped.get(field) or field_title(role, field, schemes.language)
        meant = (
            [wanted_one] if field in mapped else [name for name, other in field_names(role).items() if other == field]
        )
        issues.append(_missing(blank, wanted_one, meant, fields_at.values(), finder))
        complete = False
    if role == "team_plan" and not any(level in fields_at for level in LEVELS):
        wanted = [field_title(role, level, schemes.language) for level in LEVELS]
        issues.append(issue("levels_missing", blank.place(head, 0), sheet=sheet.name, headings=wanted, row=head + 1))
        complete = False
    table = Table(role, file, sheet, head, fields_at, {}, blank.month)
    if SHEETS[role].per_kpi:
        table, sure = _with_kpis(table, mapped, schemes, finder, issues)
        complete = complete and sure
    return table if complete else None


def _mapped(role: SheetRole, schemes: SchemeBook, finder: KpiFinder, issues: list[Issue]) -> dict[str, str]:
    """Return the scheme file's own headings: {field or KPI key: heading}."""
    mapped: dict[str, str] = {}
    for name, heading in schemes.workbook.columns.get(role, {}).items():
        kpi = finder(name)[0] if SHEETS[role].per_kpi else None
        field = name if name in SHEETS[role].keys else field_names(role).get(name_key(name))
        if role == "employees" and name in schemes.employees:
            # Found by `own_columns`, after the table is.
            continue
        if field in SHEETS[role].keys:
            mapped[str(field)] = heading
        elif kpi is not None:
            mapped[kpi] = heading
        else:
            known = sorted(SHEETS[role].keys | (set(schemes.kpis) if SHEETS[role].per_kpi else set()))
            place = schemes.source.place("workbook", "columns", role, name)
            facts = {"found": name, "nearest": nearest(name, known), "known": known}
            issues.append(wrong_alphabet(place, name, known) or issue("mapped_unknown", place, **facts))
    return mapped


def _kpis_in(row: list[Raw], finder: KpiFinder) -> int:
    return len({key for cell in row if isinstance(cell, str) and (key := finder(cell)[0])})


def _fields(table: Table, names: Mapping[str, str], issues: list[Issue]) -> tuple[dict[str, int], bool]:
    """Return the columns of the fields that this sheet is read for; the same heading twice is an error."""
    columns: dict[str, int] = {}
    sure = True
    for column, cell in enumerate(table.sheet.rows[table.head]):
        field = names.get(name_key(cell)) if isinstance(cell, str) else None
        if field is None or field not in table.about.keys:
            continue
        if field in columns:
            issues.append(_twice(table, columns[field], column))
            sure = False
        else:
            columns[field] = column
    if table.about.per_kpi and not {"kpi", "value"} <= columns.keys():
        # Only both together make the long form: alone, «План» may be any column of a wide sheet.
        columns = {field: column for field, column in columns.items() if field not in {"kpi", "value"}}
    return columns, sure


def _twice(table: Table, first: int, second: int) -> Issue:
    cell = cell_name(table.head, first)
    place = table.place(table.head, second)
    return issue("heading_twice", place, heading=table.heading(second), first=table.heading(first), cell=cell)


def _with_kpis(
    table: Table, mapped: Mapping[str, str], schemes: SchemeBook, finder: KpiFinder, issues: list[Issue]
) -> tuple[Table, bool]:
    """Add the columns of the KPIs to a wide table, and mention what looks like one or is computed anyway."""
    if table.long:
        return table, True
    wanted = {name_key(heading): key for key, heading in mapped.items() if key in schemes.kpis}
    ignored = field_names(table.about.role)
    taken = set(table.fields.values())
    columns: dict[str, int] = {}
    strangers: list[int] = []
    computed: dict[str, int] = {}
    sure = True
    for column, cell in enumerate(table.sheet.rows[table.head]):
        if column in taken or not isinstance(cell, str) or not clean(cell):
            continue
        key, other_unit = (wanted[name_key(cell)], "") if name_key(cell) in wanted else finder(cell)
        if key is None or (key in mapped and name_key(cell) not in wanted):
            if name_key(cell) not in ignored:
                strangers.append(column)
        elif table.role == "actuals" and is_computed(schemes, key):
            computed[key] = column
        elif key in columns:
            issues.append(_twice(table, columns[key], column))
            sure = False
        else:
            columns[key] = column
            if other_unit:
                place = table.place(table.head, column)
                own = schemes.kpis[key].unit or ""
                issues.append(issue("heading_unit", place, heading=table.heading(column), found=other_unit, unit=own))
    for key, heading in mapped.items():
        if key in schemes.kpis and key not in columns.keys() | computed.keys() | table.fields.keys():
            used = {*table.fields.values(), *columns.values(), *computed.values()}
            issues.append(_missing(table, heading, [heading], used, lambda _: (None, "")))
            sure = False
    if computed:
        names = [f"{table.heading(column)} ({column_letter(column)})" for column in computed.values()]
        place = table.place(table.head, min(computed.values()))
        issues.append(issue("computed_kpi", place, sheet=table.sheet.name, headings=names))
    _mention_likes(table, strangers, columns, schemes, issues)
    return Table(table.role, table.file, table.sheet, table.head, table.fields, columns, table.month), sure


def _missing(table: Table, heading: str, meant: Collection[str], used: Collection[int], finder: KpiFinder) -> Issue:
    """Name a column that is not there, with the nearest heading that is no other field or KPI."""
    width = len(table.sheet.rows[table.head])
    spare = [text for column in range(width) if column not in used and (text := table.heading(column))]
    for column in range(width):
        if column not in used and (look_alike := _look_alike(table, column, heading, meant)):
            return look_alike
    nearest_one = near(meant, [text for text in spare if finder(text)[0] is None])
    facts = {"sheet": table.sheet.name, "heading": heading, "row": table.head + 1}
    place = table.place(table.head, 0)
    if nearest_one:
        return issue("column_missing", place, **facts, nearest=nearest_one)
    return issue("column_missing_far", place, **facts)


def _look_alike(table: Table, column: int, heading: str, meant: Collection[str]) -> Issue | None:
    """Name the letters of the other alphabet in a heading that looks like the one that is meant."""
    place, found = table.place(table.head, column), table.heading(column)
    return wrong_alphabet(place, found, [heading]) or wrong_alphabet(place, found, meant)


def is_computed(schemes: SchemeBook, key: str) -> bool:
    """Tell whether a KPI's actual comes from other figures and not from the workbook."""
    kpi = schemes.kpis[key]
    return kpi.formula is not None or kpi.team is not None or kpi.from_ is not None


def _mention_likes(
    table: Table, strangers: list[int], columns: Mapping[str, int], schemes: SchemeBook, issues: list[Issue]
) -> None:
    absent = [
        schemes.kpi_title(key)
        for key in schemes.kpis
        if key not in columns and not (table.role == "actuals" and is_computed(schemes, key))
    ]
    for column in strangers:
        heading = table.heading(column)
        if look_alike := wrong_alphabet(table.place(table.head, column), heading, absent):
            issues.append(look_alike)
            continue
        like = nearest(heading, absent)
        if like and likeness(heading, like) >= LIKE:
            place = table.place(table.head, column)
            issues.append(issue("heading_like_kpi", place, found=heading, nearest=like))
