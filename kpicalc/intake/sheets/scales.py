"""Units that stand beside figures: thousands of roubles in a heading or above a table, a column of units."""

import re
from collections.abc import Iterable, Iterator, Mapping

from kpicalc.intake.sheets.layout.table import Table, cells_above, cells_above_heading
from kpicalc.intake.sheets.names import any_currency, currency_words, same_unit, words
from kpicalc.intake.sheets.workbook import Workbook
from kpicalc.model.book import Book, Raw
from kpicalc.model.fields import SheetRole
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import clean, fold, name_key

_UNIT = re.compile(r"(?:,\s*([^,()]+)|\(([^()]+)\))$")
_WORD = re.compile(r"[\w$€₽₸]+")


def is_scaled(text: str) -> bool:
    """Tell whether a text states amounts in thousands or millions: «тыс. руб.», but not «не в тыс. руб.».

    «100 тыс. руб.» is one amount.
    """
    parts = ["", "", *_WORD.findall(fold(text))]
    return any(
        scale.startswith(tuple(words("scaled")))
        and money in any_currency()
        and not before[-1:].isdigit()
        and (earlier if before in words("joining") else before) not in words("denials")
        for earlier, before, scale, money in zip(parts, parts[1:], parts[2:], parts[3:], strict=False)
    )


def unit_at_end(heading: str) -> str:
    """Return what stands after a comma or in brackets at the end of a heading."""
    found = _UNIT.search(clean(heading))
    return (found[1] or found[2]).strip() if found else ""


def without_unit(heading: str) -> str:
    """Return a heading without what stands after a comma or in brackets at its end."""
    return _UNIT.sub("", clean(heading)).strip()


def other_unit(schemes: SchemeBook, key: str, unit: Raw, place: Place, heading: str) -> Issue | None:
    """Return the issue for a unit beside a KPI's figures that is not its own."""
    stated = schemes.kpis[key].unit
    text = clean(unit) if isinstance(unit, str) else ""
    if not name_key(text) or stated is None or same_unit(text, stated):
        return None
    return issue("heading_unit", place, heading=heading, found=text, unit=stated)


def other_scale(schemes: SchemeBook, key: str, heading: str, place: Place) -> Issue | None:
    """Return the issue for a heading in thousands above figures of a KPI in roubles; other words of it are names."""
    unit = unit_at_end(heading)
    is_money = name_key(schemes.kpis[key].unit or "") in currency_words(schemes.currency)
    return other_unit(schemes, key, unit, place, heading) if is_money and is_scaled(unit) else None


def is_unit_heading(text: Raw) -> bool:
    """Tell whether a heading is that of a column of units."""
    return isinstance(text, str) and name_key(text) in words("unit_heading")


def unit_column(titles: Iterable[Raw]) -> int | None:
    """Return the column that holds units, by its heading."""
    return next((column for column, title in enumerate(titles) if is_unit_heading(title)), None)


def scaled_tables(workbook: Workbook, tables: Mapping[SheetRole, Table]) -> Iterator[Issue]:
    """Yield the issues for sheets with thousands above their table or in a heading that the scheme file names.

    Above a table they belong to whichever KPI of the sheet has them for its unit.
    """
    schemes = workbook.schemes
    kpis: dict[str, set[str]] = {}
    for role, table in tables.items():
        keys = table.kpis if table.about.per_kpi and not table.long else schemes.kpis if table.about.per_kpi else ()
        kpis.setdefault(table.sheet.name, set()).update(keys)
        for key in table.kpis.keys() & workbook.map.columns.get(role, {}).keys():
            column = table.kpis[key]
            if found := other_scale(schemes, key, table.heading(column), table.place(table.head, column)):
                yield found
    told: set[Place] = set()
    for table in tables.values():
        units = [schemes.kpis[key].unit for key in kpis[table.sheet.name]]
        holds_money = not units or any(unit is None or name_key(unit) in any_currency() for unit in units)
        if not holds_money or any(unit and is_scaled(unit) for unit in units):
            continue
        for cell in table.above if table.places else cells_above(table.file, table.sheet, table.head):
            if isinstance(cell.value, str) and is_scaled(cell.value) and cell.place not in told:
                told.add(cell.place)
                yield issue("table_scale", cell.place, found=clean(cell.value), sheet=cell.place.sheet)


def scaled_steps(schemes: SchemeBook) -> Iterator[Issue]:
    """Yield the issues for rate sheets whose steps are in thousands by their heading, and whose rows are not."""
    headings = {
        name: column if isinstance(column, str) else column.heading
        for spec in schemes.facts.values()
        for name, column in spec.columns.items()
    }
    for key, rates in schemes.rates.items():
        for name, heading in rates.steps.items():
            unit = unit_at_end(heading)
            if is_scaled(unit) and not is_scaled(unit_at_end(headings.get(name, ""))):
                place = schemes.source.place("rates", key, "steps", name)
                yield issue("heading_unit", place, heading=heading, found=unit, unit=schemes.currency)


def scaled_facts(book: Book, schemes: SchemeBook) -> Iterator[Issue]:
    """Yield the issues for tables of facts with thousands in a heading or above them, whose KPIs are in roubles."""
    for key, spec in schemes.facts.items():
        units = [kpi.unit for kpi in schemes.kpis.values() if kpi.from_ == key and kpi.sum]
        if any(unit and is_scaled(unit) for unit in units):
            continue
        money = next((unit for unit in units if unit and name_key(unit) in any_currency()), None)
        if money is None:
            continue
        for name, column in spec.columns.items():
            heading = column if isinstance(column, str) else column.heading
            unit = unit_at_end(heading)
            if is_scaled(unit):
                place = schemes.source.place("facts", key, "columns", name)
                yield issue("heading_unit", place, heading=heading, found=unit, unit=money)
        sheet = next((one for one in book.sheets if name_key(one.name) == name_key(spec.own_sheet())), None)
        if sheet is not None:
            for cell in cells_above_heading(book.file, sheet, spec.payee):
                if isinstance(cell.value, str) and is_scaled(cell.value):
                    yield issue("table_scale", cell.place, found=clean(cell.value), sheet=sheet.name)
