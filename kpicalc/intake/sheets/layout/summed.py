"""People in columns with a row per day: the figures of the month's days are added up."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from kpicalc.intake.sheets.cells import is_blank, number_or_code, shown
from kpicalc.intake.sheets.figures import units_of
from kpicalc.intake.sheets.formatted import in_unit
from kpicalc.intake.sheets.layout.assembled import Assembled
from kpicalc.intake.sheets.layout.extent import is_totals
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.month_words import Month, is_another, month_in
from kpicalc.intake.sheets.names import times_in, words
from kpicalc.intake.sheets.per_cents import is_per_cent
from kpicalc.intake.sheets.workbook import Workbook
from kpicalc.model.book import Raw, Sheet, cell_name
from kpicalc.model.days import day_in_text
from kpicalc.model.fields import SheetRole
from kpicalc.model.issue import Issue, Place, issue, listed, ranges
from kpicalc.model.period import parse
from kpicalc.model.record import record
from kpicalc.model.texts import clean, fold, name_key

_MOST_DAYS = 31
_LISTED = 5
_DATE = re.compile(r"\d([./-])\d{1,2}\1\d")


@record
class DayTable:
    """The row of names (`head`) and the column of days (`first`), from 0; people by column, and the rows of days."""

    sheet: Sheet
    head: int
    first: int
    people: Mapping[int, str]
    dated: Sequence[int]

    def cell(self, row: int, column: int) -> Raw:
        """Return a raw cell; None beyond the end of its row."""
        line = self.sheet.rows[row]
        return line[column] if column < len(line) else None

    def place(self, workbook: Workbook, row: int) -> Place:
        """Return the cell of a day."""
        return Place(workbook.book.file, self.sheet.name, cell_name(row, self.first))


def rows_of_days(sheet: Sheet, head: int, first: int, rows: Sequence[int]) -> list[int]:
    """Return the rows whose first cell is a day or a month, or a number under a heading such as «День»."""
    numbered = name_key(str(sheet.rows[head][first] or "")) in words("day_heading")
    cells = {row: sheet.rows[row][first] if first < len(sheet.rows[row]) else None for row in rows}
    return [row for row, cell in cells.items() if _month(cell) or (numbered and _is_number_of_day(cell))]


def summed(role: SheetRole, table: DayTable, workbook: Workbook, rows: Assembled, lines: Sequence[int]) -> Table | None:
    """Return the sums of the days of the month that is paid; `lines` are all rows of the table."""
    sheet, place = table.sheet, table.place(workbook, table.head)
    stated = [key for key in workbook.map.columns.get(role, {}) if key in workbook.schemes.kpis]
    sought = [key for key, kpi in workbook.schemes.kpis.items() if not (kpi.formula or kpi.team or kpi.from_)]
    keys = stated or sought
    if len(keys) != 1 or workbook.period is None:
        workbook.issues.append(issue("days_of_kpis", place, sheet=sheet.name, found=keys or "—"))
        return None
    kpi = workbook.schemes.kpi_title(keys[0])
    looks = workbook.formats.looks(sheet.name, table.people.keys()) if workbook.formats else {}
    period, dated = workbook.period, frozenset(table.dated)
    signed = any("%" in look.text for (row, _), look in looks.items() if row in dated)
    if signed or is_per_cent(workbook.schemes.kpis[keys[0]]):
        workbook.issues.append(issue("days_of_shares", place, sheet=sheet.name, kpi=kpi))
        return None
    days = [
        row
        for row in table.dated
        if not is_another({_month(table.cell(row, table.first)) or (None, int(period[5:]))}, period)
    ]
    if not days:
        workbook.issues.append(issue("period_absent", place, sheet=sheet.name, period=period, months="—"))
        return None
    units = units_of(workbook.schemes, keys[0])
    workbook.issues.extend(_unread(table, workbook, units, lines))
    seen: dict[object, int] = {}
    for row in days:
        if (other := seen.setdefault(_day(table.cell(row, table.first)), row)) != row:
            facts = {"found": shown(table.cell(row, table.first)), "first": cell_name(other, table.first)}
            workbook.issues.append(issue("day_twice", table.place(workbook, row), **facts))
    whole = max(map(times_in, units), default=1)
    odd = {cell for cell, look in looks.items() if not in_unit(look, whole)}
    for column, name in table.people.items():
        at, total = _total(table, column, days, units, {fold(text) for text in workbook.map.shape(role).blank}, odd)
        # A value that cannot be added is read by itself, which reports it.
        value = table.cell(at, column) if total is None else total
        rows.add(sheet, (name, keys[0], value), ((table.head, column), (table.head, table.first), (at, column)))
    others = len(table.dated) - len(days)
    workbook.issues.append(issue("days_summed", place, sheet=sheet.name, kpi=kpi, count=len(days), others=others))
    return rows.table(role, sheet.name)


def _total(
    table: DayTable,
    column: int,
    days: Sequence[int],
    units: Collection[str],
    blanks: Collection[str],
    odd: Collection[tuple[int, int]],
) -> tuple[int, float | None]:
    """Return a person's sum over the days with its first row, or a row whose figure cannot be added, or is blank.

    `blanks` are texts that mean nothing, `odd` cells in other units.
    """
    total: Decimal | None = None
    for row in days:
        value = table.cell(row, column)
        if (row, column) in table.sheet.faults:
            return row, None
        if is_blank(value) or (isinstance(value, str) and fold(value) in blanks):
            continue
        answer = number_or_code(value, units)
        is_odd = (row, column) in odd and value != 0
        if not isinstance(answer, Decimal) or ("%" in value if isinstance(value, str) else is_odd):
            return row, None
        total = (total or Decimal(0)) + answer
    blank = next((row for row in days if is_blank(table.cell(row, column))), days[0])
    # The sum has no cell of its own, and no unit of a day without anything.
    first = next((row for row in days if (row, column) not in odd), days[0])
    return (blank, None) if total is None else (first, float(total))


def _unread(table: DayTable, workbook: Workbook, units: Collection[str], lines: Sequence[int]) -> Iterator[Issue]:
    """Yield the issues for rows with figures and without a day: slips; totals, and plans or means, are passed over."""
    dated = frozenset(table.dated)
    totals: list[int] = []
    labelled: dict[int, str] = {}
    for row in lines:
        figures = (table.cell(row, column) for column in table.people)
        if row in dated or all(isinstance(number_or_code(cell, units), str) for cell in figures if cell):
            continue
        cell, place = table.cell(row, table.first), table.place(workbook, row)
        text = shown(cell) if isinstance(cell, str | float) else ""
        if not text and row < max(dated):
            yield issue("day_blank", place, sheet=table.sheet.name)
        elif not text or is_totals(text):
            totals.append(row)
        elif text[:1].isdigit() or len(_DATE.findall(text)) == 1:
            heading = str(table.cell(table.head, table.first) or "—")
            yield issue("not_a_day", place, heading=heading, found=text)
        else:
            labelled[row] = text
    labels = {"found": listed(list(dict.fromkeys(labelled.values())), _LISTED)}
    for code, rows, facts in (("totals_row", totals, {}), ("rows_without_day", list(labelled), labels)):
        if rows:
            facts |= {"sheet": table.sheet.name, "rows": ranges(rows), "count": str(len(rows))}
            yield issue(code, table.place(workbook, rows[0]), **facts)


def _month(cell: Raw) -> Month | None:
    return None if is_blank(cell) else month_in(cell)


def _is_number_of_day(cell: Raw) -> bool:
    return isinstance(cell, float) and cell in range(1, _MOST_DAYS + 1)


def _day(cell: Raw) -> object:
    """Return what two cells of one day share: the day, the month, or the number."""
    day = cell if isinstance(cell, date) else day_in_text(clean(cell)) if isinstance(cell, str) else None
    if day is not None:
        return day.year, day.month, day.day
    return (parse(cell) or name_key(cell)) if isinstance(cell, str) else cell
