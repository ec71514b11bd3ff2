"""The Plan, Actuals and History sheets: a column per KPI, or a row per figure."""

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.terms.season import season_of
from kpicalc.engine.tree.sources import PAID, PLANNED
from kpicalc.intake.sheets.cells import fault_issue, is_blank, read_numbers, read_text
from kpicalc.intake.sheets.kpis import is_computed
from kpicalc.intake.sheets.layout.rows import LEFT_OUT
from kpicalc.intake.sheets.month_words import Month, period_of
from kpicalc.intake.sheets.names import currency_words
from kpicalc.intake.sheets.per_cents import as_money, as_shares
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.scales import other_scale, other_unit, unit_column
from kpicalc.intake.sheets.staff.position_rows import for_all_rows, of_position
from kpicalc.model.inputs import Series
from kpicalc.model.issue import issue
from kpicalc.model.money import exact_context
from kpicalc.model.period import months_between
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.targets import MOST_MONTHS
from kpicalc.model.texts import name_key, spelling_key, unknown


def read_figures(reading: Reading) -> dict[str, Series]:
    """Return a column of figures per KPI, aligned with the payees."""
    rows = [pair for pair in zip(reading.rows, reading.owners, strict=True) if pair[1] != LEFT_OUT]
    pairs, whole = of_position(reading, rows)
    figures = _long(reading, pairs) if reading.table.long else _wide(reading, pairs)
    return {key: for_all_rows(series, whole) for key, series in figures.items()} if whole else figures


def read_history(reading: Reading, months: Sequence[Month | None], period: str | None) -> dict[tuple[str, int], Series]:
    """Return columns of earlier figures by KPI and number of months ago; people who have left are skipped.

    Rows of the month itself, 0 months ago, are there to be compared: they are not used, so nothing in them is a fault.
    """
    history: dict[tuple[str, int], Series] = {}
    if period is None:
        return history
    periods = [period_of(month, period, earlier=True) if month else None for month in months]
    beyond: list[str] = []
    for month in sorted({month for month in periods if month}):
        back = months_between(month, period)
        if not 0 <= back <= MOST_MONTHS:
            beyond.append(month)
        else:
            chosen = [index for index, its_month in enumerate(periods) if its_month == month]
            rows, owners = [reading.rows[index] for index in chosen], [reading.owners[index] for index in chosen]
            own = replace(reading, rows=rows, owners=owners, issues=reading.issues if back else [])
            for key, series in read_figures(own).items():
                # This month's plans stand on their sheet before the season too.
                history[key, back] = _in_season(key, series, month, reading.schemes) if back else series
    if beyond:
        facts = {"sheet": reading.table.sheet.name, "count": sum(month in beyond for month in periods)}
        at = reading.table.head, reading.table.fields["period"]
        reading.tell("other_months", *at, **facts, period=period, months=beyond)
    return history


def _in_season(name: str, series: Series, month: str, schemes: SchemeBook) -> Series:
    """Return a column of an earlier month's plan adjusted by its season, as the month's own plan is.

    A plan from a payroll workbook is adjusted already.
    """
    kpi = schemes.kpis.get(name.removesuffix(PLANNED)) if name.endswith(PLANNED) else None
    share = season_of(kpi, month) if kpi else 1
    if share == 1:
        return series
    with exact_context():
        return replace(series, values=[value if value is None else value * share for value in series.values])


def units_of(schemes: SchemeBook, key: str) -> Collection[str]:
    """Return the words that may follow a figure of a KPI: its unit and the currency."""
    unit = schemes.kpis[key].unit
    return currency_words(schemes.currency) | ({name_key(unit)} if unit else set())


def _wide(reading: Reading, pairs: Sequence[tuple[int, int]]) -> dict[str, Series]:
    table, count = reading.table, len(reading.who.payees)
    sheet_rows = _place_rows(reading, pairs, table.fields["id"])
    rows = [row for row, _ in pairs]
    series: dict[str, Series] = {}
    named = [*((key, key, column) for key, column in table.kpis.items())]
    named += [(name, name.removesuffix(PLANNED), column) for name, column in table.earlier.items()]
    for name, key, column in named:
        if name.endswith(PAID):
            figures = read_numbers(reading, column, rows, currency_words(reading.schemes.currency))
            figures = as_money(reading, column, rows, figures)
        else:
            figures = read_numbers(reading, column, rows, units_of(reading.schemes, key))
            figures = as_shares(reading, key, column, rows, figures)
        series[name] = table.series(_aligned(pairs, figures, count), column, sheet_rows)
    return series


def _long(reading: Reading, pairs: Sequence[tuple[int, int]]) -> dict[str, Series]:
    table, schemes = reading.table, reading.schemes
    columns = {"": table.fields["value"]} | ({PLANNED: table.fields["plan"]} if "plan" in table.fields else {})
    by_kpi: dict[str, list[tuple[int, int]]] = {}
    for row, owner, key in _with_kpi(reading, pairs):
        by_kpi.setdefault(key, []).append((row, owner))
    series: dict[str, Series] = {}
    _watch_units(reading, by_kpi, columns)
    for key, own in by_kpi.items():
        if table.role == "actuals" and is_computed(schemes, key):
            facts = {"sheet": table.sheet.name, "headings": schemes.kpi_title(key)}
            reading.tell("computed_kpi", own[0][0], table.fields["kpi"], **facts)
            continue
        sheet_rows = _place_rows(reading, own, table.fields["kpi"], schemes.kpi_title(key))
        rows = [row for row, _ in own]
        for name, column in columns.items():
            figures = read_numbers(reading, column, rows, units_of(schemes, key))
            figures = as_shares(reading, key, column, rows, figures)
            series[key + name] = table.series(_aligned(own, figures, len(reading.who.payees)), column, sheet_rows)
    return series


def _watch_units(reading: Reading, by_kpi: Mapping[str, Sequence[tuple[int, int]]], columns: Mapping[str, int]) -> None:
    """Compare each KPI's unit with that in a column of units, and with thousands in the headings of figures."""
    table, schemes = reading.table, reading.schemes
    units = unit_column(table.sheet.rows[table.head]) if not table.places else None
    for key, own in by_kpi.items():
        found = [
            other_scale(schemes, key, table.heading(column), table.place(table.head, column))
            for column in columns.values()
        ]
        if units is not None:
            title = schemes.kpi_title(key)
            found += [
                other_unit(schemes, key, table.cell(row, units), table.place(row, units), title) for row, _ in own
            ]
        reading.issues.extend(item for item in found if item)


def _with_kpi(reading: Reading, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Return every row with the key of its KPI; an unknown KPI is an issue."""
    table = reading.table
    column = table.fields["kpi"]
    known: dict[str, str | None] = {}
    rows: list[tuple[int, int, str]] = []
    for row, owner in pairs:
        value = table.cell(row, column)
        key = known.get(value) if type(value) is str else None
        if key is None:
            key = read_kpi(reading, row)
            if type(value) is str:
                known[value] = key
        if key is not None:
            rows.append((row, owner, key))
    return rows


def read_kpi(reading: Reading, row: int) -> str | None:
    """Return the KPI that a cell names; a blank, an unknown name and another unit are issues."""
    table, schemes, issues = reading.table, reading.schemes, reading.issues
    column = table.fields["kpi"]
    place, heading = table.place(row, column), table.heading(column)
    if is_blank(table.cell(row, column)):
        fault = table.sheet.faults.get((row, column))
        issues.append(fault_issue(table, row, column, fault) if fault else issue("blank_kpi", place, heading=heading))
        return None
    before = len(issues)
    name = read_text(reading, row, column)
    if len(issues) > before:
        return None
    key, other_unit = reading.finder(name)
    if key is None:
        titles = {spelling_key(item): schemes.kpi_title(item) for item in schemes.kpis}
        issues.append(unknown("unknown_kpi_name", place, name, titles.values(), titles))
    elif other_unit:
        unit = schemes.kpis[key].unit or ""
        issues.append(issue("heading_unit", place, heading=name, found=other_unit, unit=unit))
    return key


def _place_rows(reading: Reading, pairs: Sequence[tuple[int, int]], column: int, kpi: str = "") -> Sequence[int]:
    """Return the sheet row (from 1) of every payee; a second row of one payee is an error."""
    table = reading.table
    sheet_rows = array("L", [0]) * len(reading.who.payees)
    # Where one sheet has several roles, the reader of the Employees sheet has reported a second row already.
    reported = {item.place for item in reading.issues if item.code in ("duplicate_payee", "duplicate_row")}
    for row, owner in pairs:
        if owner < 0:
            continue
        if sheet_rows[owner]:
            facts: dict[str, object] = {"first": sheet_rows[owner], "row": row + 1, "sheet": table.sheet.name}
            number = table.cell(row, table.fields["id"])
            if kpi:
                facts |= {"first": table.place(sheet_rows[owner] - 1, table.fields["value"]).cell, "kpi": kpi}
                reading.tell("duplicate_figure", row, table.fields["value"], number=_text(number), **facts)
            elif table.place(row, table.fields["id"]) not in reported:
                reading.tell("duplicate_row", row, column, number=_text(number), **facts)
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
