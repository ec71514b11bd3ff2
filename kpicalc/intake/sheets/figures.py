"""The Plan and Actuals sheets: a column per KPI, or a row per figure."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from kpicalc.intake.sheets.cells import fault_issue, is_blank, read_numbers, read_text
from kpicalc.intake.sheets.headings import KpiFinder, Table, is_computed
from kpicalc.intake.sheets.names import currency_words
from kpicalc.intake.sheets.people import People
from kpicalc.intake.sheets.rows import LEFT_OUT
from kpicalc.model.book import column_letter
from kpicalc.model.inputs import Series
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import name_key, spelling_key, unknown


def read_figures(
    table: Table,
    rows: Sequence[int],
    owners: Sequence[int],
    who: People,
    schemes: SchemeBook,
    finder: KpiFinder,
    issues: list[Issue],
) -> dict[str, Series]:
    """Return a column of figures per KPI, aligned with the payees; `owners` is the payee of every row."""
    pairs = [(row, owner) for row, owner in zip(rows, owners, strict=True) if owner != LEFT_OUT]
    if table.long:
        return _long(table, pairs, who, schemes, finder, issues)
    return _wide(table, pairs, who, schemes, issues)


def units_of(schemes: SchemeBook, key: str) -> Collection[str]:
    """Return the words that may follow a figure of a KPI: its unit and the currency."""
    unit = schemes.kpis[key].unit
    return currency_words(schemes.currency) | ({name_key(unit)} if unit else set())


def _wide(
    table: Table, pairs: Sequence[tuple[int, int]], who: People, schemes: SchemeBook, issues: list[Issue]
) -> dict[str, Series]:
    sheet_rows = _place_rows(table, pairs, len(who.payees), table.fields["id"], issues)
    rows = [row for row, _ in pairs]
    series: dict[str, Series] = {}
    for key, column in table.kpis.items():
        figures = read_numbers(table, column, rows, units_of(schemes, key), schemes.language, issues)
        values = _aligned(pairs, figures, len(who.payees))
        series[key] = Series(values, table.file, table.sheet.name, column_letter(column), sheet_rows)
    return series


def _long(
    table: Table,
    pairs: Sequence[tuple[int, int]],
    who: People,
    schemes: SchemeBook,
    finder: KpiFinder,
    issues: list[Issue],
) -> dict[str, Series]:
    column = table.fields["value"]
    by_kpi: dict[str, list[tuple[int, int]]] = {}
    for row, owner, key in _with_kpi(table, pairs, schemes, finder, issues):
        by_kpi.setdefault(key, []).append((row, owner))
    series: dict[str, Series] = {}
    for key, own in by_kpi.items():
        if table.role == "actuals" and is_computed(schemes, key):
            place = table.place(own[0][0], table.fields["kpi"])
            issues.append(issue("computed_kpi", place, sheet=table.sheet.name, headings=schemes.kpi_title(key)))
            continue
        sheet_rows = _place_rows(table, own, len(who.payees), table.fields["kpi"], issues, schemes.kpi_title(key))
        rows = [row for row, _ in own]
        figures = read_numbers(table, column, rows, units_of(schemes, key), schemes.language, issues)
        values = _aligned(own, figures, len(who.payees))
        series[key] = Series(values, table.file, table.sheet.name, column_letter(column), sheet_rows)
    return series


def _with_kpi(
    table: Table, pairs: Sequence[tuple[int, int]], schemes: SchemeBook, finder: KpiFinder, issues: list[Issue]
) -> list[tuple[int, int, str]]:
    """Return every row with the key of its KPI; an unknown KPI is an issue."""
    column = table.fields["kpi"]
    known: dict[str, str | None] = {}
    found: list[tuple[int, int, str]] = []
    for row, owner in pairs:
        value = table.cell(row, column)
        key = known.get(value) if type(value) is str else None
        if key is None:
            key = read_kpi(table, row, schemes, finder, issues)
            if type(value) is str:
                known[value] = key
        if key is not None:
            found.append((row, owner, key))
    return found


def read_kpi(table: Table, row: int, schemes: SchemeBook, finder: KpiFinder, issues: list[Issue]) -> str | None:
    """Return the KPI that a cell names; a blank, an unknown name and a foreign unit are issues."""
    column = table.fields["kpi"]
    place, heading = table.place(row, column), table.heading(column)
    if is_blank(table.cell(row, column)):
        fault = table.sheet.faults.get((row, column))
        issues.append(fault_issue(table, row, column, fault) if fault else issue("blank_kpi", place, heading=heading))
        return None
    before = len(issues)
    name = read_text(table, row, column, issues)
    if len(issues) > before:
        return None
    key, other_unit = finder(name)
    if key is None:
        titles = {spelling_key(item): schemes.kpi_title(item) for item in schemes.kpis}
        issues.append(unknown("unknown_kpi_name", place, name, titles.values(), titles))
    elif other_unit:
        own = schemes.kpis[key].unit or ""
        issues.append(issue("heading_unit", place, heading=name, found=other_unit, unit=own))
    return key


def _place_rows(
    table: Table,
    pairs: Sequence[tuple[int, int]],
    count: int,
    column: int,
    issues: list[Issue],
    kpi: str = "",
) -> list[int]:
    """Return the sheet row (from 1) of every payee; a second row of the same payee is an error."""
    sheet_rows = [0] * count
    for row, owner in pairs:
        if owner < 0:
            continue
        if sheet_rows[owner]:
            facts: Mapping[str, object] = {"first": sheet_rows[owner], "row": row + 1, "sheet": table.sheet.name}
            number = table.cell(row, table.fields["id"])
            place = table.place(row, column)
            if kpi:
                issues.append(issue("duplicate_figure", place, number=_text(number), kpi=kpi, **facts))
            else:
                issues.append(issue("duplicate_row", place, number=_text(number), **facts))
        else:
            sheet_rows[owner] = row + 1
    return sheet_rows


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def _aligned(pairs: Sequence[tuple[int, int]], figures: Sequence[Decimal | None], count: int) -> list[Decimal | None]:
    values: list[Decimal | None] = [None] * count
    for (_, owner), figure in zip(pairs, figures, strict=True):
        if owner >= 0:
            values[owner] = figure
    return values
