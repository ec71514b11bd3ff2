"""Determines which month is paid, and checks it against everything in the workbook that names a month."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import PurePath

from kpicalc.intake.sheets.cells import is_blank, shown
from kpicalc.intake.sheets.layout.above import others_above
from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.intake.sheets.layout.table import Above, Table, cells_above, cells_above_heading
from kpicalc.intake.sheets.longer_spans import has_begun, span_told
from kpicalc.intake.sheets.month_words import (
    Month,
    holds_in,
    is_another,
    is_longer,
    month_in,
    months_told,
    period_of,
    shown_months,
    years_in,
)
from kpicalc.intake.sheets.names import field_title, sheet_title, words
from kpicalc.intake.sheets.scales import unit_at_end
from kpicalc.intake.sheets.workbook import Workbook
from kpicalc.lang import Language
from kpicalc.model.book import Raw, column_letter
from kpicalc.model.days import day_in_text
from kpicalc.model.fields import SHEETS, SheetRole
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import in_file_name, parse, title
from kpicalc.model.texts import clean, name_key

Months = Mapping[SheetRole, Sequence[Month | None]]


def stated_period(file: str, asked: str | None, language: Language, issues: list[Issue]) -> str | None:
    """Return the month asked for, else the one in the file's name; if the two differ, nobody is paid."""
    named = in_file_name(PurePath(file).name)
    if asked is None:
        return named
    period = parse(asked)
    if period is None:
        issues.append(issue("not_a_period", None, found=asked))
    elif named and named != period:
        issues.append(
            issue(
                "other_month",
                Place(file),
                where=PurePath(file).name,
                found=title(named, language),
                period=title(period, language),
            )
        )
    return period


def choose_period(
    workbook: Workbook, asked: str | None, tables: Mapping[SheetRole, Table], months: Months
) -> str | None:
    """Return the month that is paid, or None with an issue that explains how to state it.

    A stated month has priority; otherwise it is the only month of the Period columns.
    """
    file, issues = workbook.book.file, workbook.issues
    period = _choose(file, asked, workbook.period, months, issues)
    if period is None:
        return None
    for role, column in months.items():
        # Adjustments of other months only show that this month has none.
        present = {period_of(month, period) for month in column if month}
        if role not in ("adjustments", "history") and present and period not in present:
            table = tables[role]
            place = table.place(table.head, table.fields["period"])
            facts = {"sheet": table.sheet.name, "period": period, "months": sorted(present)}
            issues.append(issue("period_absent", place, **facts))
    return period


def _choose(file: str, asked: str | None, stated: str | None, months: Months, issues: list[Issue]) -> str | None:
    if asked is not None:
        return stated
    figures = _present(found for role, found in months.items() if role not in ("adjustments", "history"))
    present = figures or _present(found for role, found in months.items() if role == "adjustments")
    if stated and present and stated not in present:
        issues.append(issue("period_conflict", Place(file), found=stated, months=present))
        return None
    if stated:
        return stated
    if len(present) == 1:
        return present[0]
    if present:
        issues.append(issue("period_several", Place(file), months=present, example=present[-1]))
    else:
        issues.append(issue("period_unknown", Place(file)))
    return None


def _present(columns: Iterator[Sequence[Month | None]]) -> list[str]:
    """Return the months of Period columns that include a year."""
    return sorted({period_of(month, "") for column in columns for month in set(column) if month and month[0]})


def prove_month(workbook: Workbook, tables: Mapping[SheetRole, Table], months: Months, period: str) -> None:
    """Refuse a workbook whose own name, sheet names, titles above tables or headings name other months only."""
    file, compared = PurePath(workbook.book.file), set[str]()
    if not in_file_name(file.name) and not holds_in(file.stem, period):
        _compare(workbook, Place(workbook.book.file), file.name, _named(file.stem), period)
    for role, table in tables.items():
        name = table.sheet.name
        if name not in compared and role != "history":
            compared.add(name)
            _compare(workbook, Place(table.file, name), name, _named(name), period)
            _compare_above(workbook, table, months.get(role, ()), period)
        for heading in workbook.map.columns.get(role, {}).values():
            place = workbook.schemes.source.place("workbook", "columns", role)
            if role != "history" and "{" not in heading:
                _compare(workbook, place, heading, _named(heading), period)
        for key, column in table.kpis.items():
            heading = table.heading(column)
            if role != "history" and name_key(heading) != name_key(workbook.schemes.kpi_title(key)):
                told = _named(unit_at_end(heading))
                _compare(workbook, table.place(table.head, column), heading, told, period)
        constant = workbook.map.constants.get(role, {}).get("period")
        if constant is not None:
            month = month_in(constant)
            place = workbook.schemes.source.place("workbook", "constants", role, "period")
            if month is None:
                workbook.issues.append(issue("not_a_month", place, heading="period", found=constant))
            else:
                _compare(workbook, place, constant, {month}, period)
        _watch_column(workbook, role, table, period)


def _named(name: str) -> set[Month]:
    """Return the months that the name of a file or a sheet, or a heading, tells, or those of its quarter or half."""
    return months_told(name, name=True) or span_told(name.replace("_", " "))


def prove_rates(workbook: Workbook, period: str) -> None:
    """Refuse a rate sheet whose name or title names other months only: its rows have no days."""
    for spec in workbook.schemes.rates.values():
        sheet = next((one for one in workbook.book.sheets if name_key(one.name) == name_key(spec.own_sheet)), None)
        if sheet is not None:
            file, name = workbook.book.file, sheet.name
            if not holds_in(name, period):
                _compare(workbook, Place(file, name), name, months_told(name, name=True), period)
            _compare_cells(workbook, _not_lasting(cells_above_heading(file, sheet, spec.rate), period), period)


def _not_lasting(cells: Iterable[Above], period: str) -> list[Above]:
    """Return the cells but those that name a span or a beginning, «с сентября 2026», of what holds in a month."""
    return [cell for cell in cells if not (holds_in(cell.value, period) or has_begun(cell.value, period))]


def check_constants(workbook: Workbook) -> None:
    """Refuse constants that a sheet cannot have."""
    language = workbook.schemes.language
    for role, constants in workbook.map.constants.items():
        known = [field.key for field in SHEETS[role].fields if field.constant]
        for name in constants:
            if name not in known:
                place = workbook.schemes.source.place("workbook", "constants", role, name)
                facts = {"sheet": sheet_title(role, language), "found": name, "known": known or "—"}
                workbook.issues.append(issue("constant_unknown", place, **facts))


def _compare(workbook: Workbook, place: Place, text: str, months: set[Month], period: str) -> None:
    if is_another(months, period):
        language = workbook.schemes.language
        facts = {"where": text, "found": shown_months(months, language), "period": title(period, language)}
        workbook.issues.append(issue("other_month", place, **facts))


def _compare_above(workbook: Workbook, table: Table, months: Sequence[Month | None], period: str) -> None:
    """Compare what stands above a table, or above those that it was assembled from, and above columns that are read."""
    if table.places:
        tables = [list(cells) for _, cells in groupby(table.above, key=lambda cell: cell.place.sheet)]
    else:
        head = table.head - 1 if table.is_joined else table.head
        tables = [list(cells_above(table.file, table.sheet, min(head, SEARCHED_ROWS)))]
    for cells in tables:
        # A list of people holds until the next one.
        told = _not_lasting(cells, period) if table.role == "employees" else cells
        _compare_cells(workbook, told, period, None if table.places else table.used())
    if table.role == "actuals" and not _has_months(table):
        longer = [cell for cells in tables for cell in cells if is_longer(cell.value)]
        for cell in longer:
            facts = {"where": clean(str(cell.value)), "period": title(period, workbook.schemes.language)}
            workbook.issues.append(issue("title_longer", cell.place, **facts))
    # Of people in columns the rows are named by the scheme file, and their texts are no headings.
    patterns = workbook.map.columns.get(table.about.role, {}).values() if table.places else ()
    if _lack_years(table, months) or any("{m" in text and "{y" not in text for text in patterns):
        _compare_years(workbook, table, [cell for cells in tables for cell in cells], period)
    for column in sorted(table.used()) if table.is_joined else ():
        heading = table.heading(column)
        _compare(workbook, table.place(table.head, column), heading, _named(heading), period)


def _has_months(table: Table) -> bool:
    """Tell whether the table itself says of which month each figure is."""
    return "period" in table.fields or any(months_told(table.heading(at), name=True) for at in table.used())


def _compare_cells(
    workbook: Workbook, cells: Sequence[Above], period: str, used: Collection[int] | None = None
) -> None:
    for cell, found in others_above(cells, period, workbook.look, used):
        text = clean(cell.value) if isinstance(cell.value, str) else shown_months(found, workbook.schemes.language)
        _compare(workbook, cell.place, text, found, period)


def _lack_years(table: Table, months: Sequence[Month | None]) -> bool:
    """Tell whether the month is known without its year: from a heading, or from a column of months."""
    headings = (months_told(table.heading(column), name=True) for column in table.used())
    stated = {month for told in headings for month in told} | {month for month in months if month}
    return any(year is None for year, _ in stated)


def _compare_years(workbook: Workbook, table: Table, cells: Sequence[Above], period: str) -> None:
    """Compare the years in a sheet's name and above its table, where nothing else says of which year the months are."""
    file, name = PurePath(table.file), table.sheet.name
    named = [(Place(table.file), file.name, years_in(file.stem)), (Place(table.file, name), name, years_in(name))]
    # A sum may look like a year.
    cells = [cell for cell in cells if not cell.label & words("totals")]
    named += [(cell.place, shown(cell.value), years_in(cell.value)) for cell in cells]
    if any(period[:4] in years for _, _, years in named):
        return
    for place, text, years in named:
        if years:
            facts = {"where": text, "found": sorted(years), "period": title(period, workbook.schemes.language)}
            workbook.issues.append(issue("other_month", place, **facts))


def _watch_column(workbook: Workbook, role: SheetRole, table: Table, period: str) -> None:
    """Refuse a sheet with an unread column of months, if they are not all the month that is paid."""
    if "period" not in {field.key for field in table.about.fields} or "period" in table.fields or table.places:
        return
    used = table.used()
    for column in range(len(table.sheet.rows[table.head])):
        if column in used:
            continue
        months = _months_in(table, column)
        if (months and is_many(months, period)) or (months := _months_before(role, table, column, period)):
            facts = {
                "sheet": table.sheet.name,
                "found": table.heading(column) or column_letter(column),
                "heading": field_title(role, "period", workbook.schemes.language),
                "months": shown_months(months, workbook.schemes.language),
                "period": title(period, workbook.schemes.language),
            }
            workbook.issues.append(issue("months_unread", table.place(table.head, column), **facts))


def _months_in(table: Table, column: int) -> set[Month]:
    """Return the months of a column that holds nothing else."""
    months: set[Month] = set()
    for row in range(table.head + 1, len(table.sheet.rows)):
        cell = table.cell(row, column)
        month = None if cell is None else _month_only(cell)
        if month:
            months.add(month)
        elif not is_blank(cell):
            return set()
    return months


def _months_before(role: SheetRole, table: Table, column: int, period: str) -> set[Month]:
    """Return the months before the one that is paid, in a column of dates of actuals or of adjustments."""
    if role not in ("actuals", "adjustments") or name_key(table.heading(column)) not in words("day_heading"):
        return set()
    cells = [table.cell(row, column) for row in range(table.head + 1, len(table.sheet.rows))]
    days = [day_in_text(clean(cell)) if isinstance(cell, str) else cell for cell in cells]
    months = {(day.year, day.month) for day in days if isinstance(day, date)}
    return {month for month in months if f"{month[0]:04}-{month[1]:02}" < period}


def is_many(months: set[Month], period: str) -> bool:
    """Tell whether the months are anything but the one that is paid."""
    return {period_of(month, period) for month in months} != {period}


def _month_only(cell: Raw) -> Month | None:
    """Return the month that a cell names; a cell with a day is no month."""
    if isinstance(cell, str | int | float) and not isinstance(cell, bool):
        text = str(cell)
        if isinstance(cell, str) and text.count(".") + text.count("-") + text.count("/") > 1:
            return None
        return month_in(cell)
    day = getattr(cell, "day", None)
    return month_in(cell) if day == 1 else None
