"""Tables with another layout: a person per column, or a sheet per person; they become rows of person, KPI, figure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.sheets.layout.assembled import Assembled
from kpicalc.intake.sheets.layout.extent import end_at, is_totals
from kpicalc.intake.sheets.layout.headings import locate
from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.intake.sheets.layout.patterns import PAYEE, means, payee_in, shown_pattern
from kpicalc.intake.sheets.layout.sheets import RoleSheets
from kpicalc.intake.sheets.layout.summed import DayTable, rows_of_days, summed
from kpicalc.intake.sheets.layout.table import Above, Table, cells_above
from kpicalc.intake.sheets.scales import is_unit_heading, other_scale, other_unit, unit_column
from kpicalc.intake.sheets.workbook import Workbook
from kpicalc.model.book import Raw, Sheet, cell_name
from kpicalc.model.fields import SheetRole
from kpicalc.model.issue import Place, issue
from kpicalc.model.texts import LIKE, clean, likeness, name_key

_NEAR = 0.005


def of_sheets(role: SheetRole, role_sheets: RoleSheets, workbook: Workbook) -> Table | None:
    """Read a sheet per person, each a list of indicators; a sheet without such a list belongs to nobody."""
    pattern = workbook.map.sheets.get(role) or workbook.map.sheets.get("actuals", "")
    if PAYEE not in pattern:
        place = workbook.schemes.source.place("workbook", "sheets", role)
        workbook.issues.append(issue("people_pattern", place, found=pattern or role_sheets.sheet.name))
        return None
    sheets = [sheet for sheet in (role_sheets.sheet, *role_sheets.more) if _has_list(role, sheet, workbook)]
    if not sheets:
        return locate(role, role_sheets.sheet, _for_lists(role, workbook))
    rows: Assembled | None = None
    unread: dict[str, None] = {}
    for sheet in sheets:
        table = locate(role, sheet, _for_lists(role, workbook))
        if table is None or not table.long:
            return None
        kpi, value = table.fields["kpi"], table.fields["value"]
        rows = rows or Assembled(table.file, (pattern, table.heading(kpi), table.heading(value)))
        rows.above += cells_above(rows.file, sheet, table.head)
        name = _person(sheet, table.head, payee_in(pattern, sheet.name, workbook.period) or sheet.name)
        units = unit_column(sheet.rows[table.head])
        below = False
        for row in range(table.head + 1, end_at(sheet.rows, table.head + 1, workbook.map.shape(role).until)):
            cells = (name, table.cell(row, kpi), table.cell(row, value))
            text = clean(cells[1]) if isinstance(cells[1], str) else ""
            # The list goes on below a blank row; a number without a text is then none of it.
            below = below or all(map(is_blank, sheet.rows[row]))
            if below and not text:
                continue
            if not text or workbook.finder(text)[0] or near_title(text, workbook):
                rows.add(sheet, cells, ((0, 0), (row, kpi), (row, value)))
                if units is not None and (key := workbook.finder(text)[0]):
                    place = table.place(row, units)
                    workbook.add(other_unit(workbook.schemes, key, table.cell(row, units), place, text))
            else:
                # No calculation needs it, and it is no slip in a KPI's title.
                unread.setdefault(text)
    if unread:
        facts = {"sheet": pattern, "found": list(unread)}
        workbook.issues.append(issue("indicators_unread", Place(workbook.book.file), **facts))
    return rows.table(role, pattern) if rows else None


def near_title(text: str, workbook: Workbook) -> bool:
    """Tell whether a text resembles the title of a KPI."""
    kpis = workbook.schemes.kpis
    return any(likeness(text, name) >= LIKE for key in kpis for name in (key, workbook.schemes.kpi_title(key)))


def _person(sheet: Sheet, head: int, name: str) -> str:
    """Return the person of a sheet: its name, or a text above the list that begins with it and is fuller."""
    titles = (clean(cell) for row in sheet.rows[:head] for cell in row if isinstance(cell, str))
    return next((title for title in titles if name_key(title).startswith(name_key(name))), name)


def _for_lists(role: SheetRole, workbook: Workbook) -> Workbook:
    """Return the workbook adapted to lists of indicators: the person is the sheet's name."""
    stated = dict(workbook.map.columns.get(role) or {})
    if role == "plan" and not stated:
        stated = dict(workbook.map.columns.get("actuals", {}))
        stated["value"] = stated.pop("plan", stated.get("value", ""))
    stated.pop("plan", None)
    changed = workbook.map.model_copy(update={"columns": {**workbook.map.columns, role: stated}})
    schemes = replace(workbook.schemes, workbook=changed)
    return replace(workbook, schemes=schemes, elsewhere=frozenset({"id"}))


def _has_list(role: SheetRole, sheet: Sheet, workbook: Workbook) -> bool:
    stated = _for_lists(role, workbook).map.columns.get(role, {})
    wanted = stated.get("kpi")
    keys = {name_key(cell) for row in sheet.rows[:SEARCHED_ROWS] for cell in row if isinstance(cell, str)}
    return name_key(wanted) in keys if wanted else bool(keys & {"показатель", "kpi", "indicator", "кпэ"})


def of_columns(role: SheetRole, sheet: Sheet, workbook: Workbook, names: Sequence[str]) -> Table | None:
    """Read a person per column: the heading row holds their names (`names` are known ones), with texts or days beside.

    A KPI is a row with its title in the first column. Or the figures stand beside days, and those of the month are
    summed: then the KPI is the one to which the scheme file maps the days, or the only one that is expected.
    """
    place = Place(workbook.book.file, sheet.name)
    head = _heading_row(sheet, names)
    if head is None:
        facts = {"sheet": sheet.name, "rows": SEARCHED_ROWS}
        workbook.issues.append(issue("people_missing", place, **facts))
        return None
    columns = zip(*_padded(sheet.rows[head:]), strict=True)
    first = next(n for n, column in enumerate(columns) if not all(map(is_blank, column)))
    people = {
        n: clean(cell)
        for n, cell in enumerate(sheet.rows[head])
        if n > first and isinstance(cell, str) and clean(cell) and not _is_other(cell) and not is_unit_heading(cell)
    }
    units = unit_column(sheet.rows[head])
    corner = clean(str(sheet.rows[head][first] or ""))
    rows = Assembled(workbook.book.file, (corner, "", corner or sheet.name))
    corner_place = Place(rows.file, sheet.name, cell_name(head, first))
    rows.above += [*cells_above(rows.file, sheet, head), Above(corner_place, head, first, sheet.rows[head])]
    wanted = {key: text for key, text in workbook.map.columns.get(role, {}).items() if key in workbook.schemes.kpis}
    lines = range(head + 1, end_at(sheet.rows, head + 1, workbook.map.shape(role).until))
    dated = rows_of_days(sheet, head, first, lines)
    named = {n: _kpis(sheet, n, first, wanted, workbook) for n in lines}
    if (beside := _second_column(sheet, head, people, dated or [n for n in named if named[n]])) is not None:
        nearest = people[max(column for column in people if column < beside[1])]
        place = Place(workbook.book.file, sheet.name, cell_name(*beside))
        workbook.issues.append(issue("people_second_column", place, payee=nearest))
        return None
    if dated:
        return summed(role, DayTable(sheet, head, first, people, dated), workbook, rows, lines)
    kpis: set[str] = set()
    for n, keys in named.items():
        for key in keys:
            kpis.add(key)
            _watch_units(sheet, (n, first), units, key, workbook)
            for column, name in people.items():
                value = sheet.rows[n][column] if column < len(sheet.rows[n]) else None
                rows.add(sheet, (name, key, value), ((head, column), (n, first), (n, column)))
    unread = dict.fromkeys(text for n, keys in named.items() if not keys and (text := _titled(sheet, n, first, people)))
    if unread and kpis:
        workbook.issues.append(issue("indicators_unread", place, sheet=sheet.name, found=list(unread)))
    for key in wanted.keys() - kpis:
        facts = {"sheet": sheet.name, "heading": shown_pattern(wanted[key], workbook.period)}
        workbook.issues.append(issue("row_missing", place, **facts))
    return rows.table(role, sheet.name) if kpis and not wanted.keys() - kpis else None


def _titled(sheet: Sheet, row: int, first: int, people: Collection[int]) -> str:
    """Return the text before the figures of people in a row, unless it is that of a total."""
    cells = sheet.rows[row]
    text = cells[first] if first < len(cells) else None
    has_figures = any(isinstance(cell, float) for column, cell in enumerate(cells) if column in people)
    return clean(text) if has_figures and isinstance(text, str) and not is_totals(text) else ""


def _watch_units(sheet: Sheet, cell: tuple[int, int], units: int | None, key: str, workbook: Workbook) -> None:
    """Compare a KPI's unit with the one behind its title, and with that in a column of units."""
    row, column = cell
    title = clean(str(sheet.rows[row][column]))
    place = Place(workbook.book.file, sheet.name, cell_name(row, column))
    own, unit = workbook.finder(title)
    if own == key and unit:
        workbook.add(other_unit(workbook.schemes, key, unit, place, title))
    else:
        workbook.add(other_scale(workbook.schemes, key, title, place))
    if units is not None and units < len(sheet.rows[row]):
        place = Place(workbook.book.file, sheet.name, cell_name(row, units))
        workbook.add(other_unit(workbook.schemes, key, sheet.rows[row][units], place, title))


def _kpis(sheet: Sheet, row: int, first: int, wanted: Mapping[str, str], workbook: Workbook) -> list[str]:
    """Return the KPIs that the text in a row's first column names."""
    cell = sheet.rows[row][first] if first < len(sheet.rows[row]) else None
    if not isinstance(cell, str) or not clean(cell):
        return []
    keys = [key for key, text in wanted.items() if means(text, cell, workbook.period)]
    key_found = workbook.finder(cell)[0]
    return keys or ([key_found] if key_found and key_found not in wanted else [])


def _second_column(sheet: Sheet, head: int, people: Collection[int], rows: Sequence[int]) -> tuple[int, int] | None:
    """Return the cell of a number in a column without a heading, right of a person's: it may belong to that person.

    A sum over all people is an unlabelled total.
    """
    titles = sheet.rows[head]
    for row in rows:
        figures = [cell for at, cell in enumerate(sheet.rows[row]) if at in people and isinstance(cell, int | float)]
        for at, cell in enumerate(sheet.rows[row]):
            nameless = at >= len(titles) or is_blank(titles[at])
            if nameless and (isinstance(cell, int | float) or (isinstance(cell, str) and clean(cell)[:1].isdigit())):
                named = [column for column in range(min(at, len(titles))) if not is_blank(titles[column])]
                is_sum = len(figures) > 1 and isinstance(cell, int | float) and abs(cell - sum(figures)) < _NEAR
                if named and named[-1] in people and not is_sum:
                    return row, at
    return None


def _padded(rows: Sequence[Sequence[Raw]]) -> list[list[Raw]]:
    width = max(map(len, rows), default=0)
    return [[*row, *[None] * (width - len(row))] for row in rows]


def _heading_row(sheet: Sheet, names: Sequence[str]) -> int | None:
    keys = {name_key(name) for name in names} | {name_key(name).split(" ")[0] for name in names if name_key(name)}
    best, head = 0, None
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        texts = [name_key(cell) for cell in row if isinstance(cell, str)]
        score = sum(text in keys or text.split(" ")[0] in keys for text in texts)
        if score > best:
            best, head = score, number
    return head


def _is_other(text: Raw) -> bool:
    return isinstance(text, str) and is_totals(text)
