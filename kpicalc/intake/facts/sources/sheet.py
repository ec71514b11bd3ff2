"""A sheet of facts as a table: its headings, its rows, and the rows that meet the table's own condition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from kpicalc.intake.facts.measuring.language import Term
from kpicalc.intake.facts.measuring.measures import where_of
from kpicalc.intake.facts.mistyped import look_alikes, near_texts
from kpicalc.intake.facts.sources.groups import read_groups
from kpicalc.intake.facts.sources.headers import DATE, KEY, PAYEE, declared, find_columns, heading_row
from kpicalc.intake.facts.sources.in_memory import as_table, open_in_memory
from kpicalc.intake.facts.sources.opening import Opening
from kpicalc.intake.facts.sources.typed_cells import arrow_type, read_payees, read_values
from kpicalc.intake.facts.spellings import stated_texts
from kpicalc.intake.facts.table import MOST, Facts, RowsRead, answers
from kpicalc.intake.facts.twins import rows_twice
from kpicalc.intake.files.formats import formats_of
from kpicalc.intake.sheets.cells import is_blank, read_text
from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.intake.sheets.layout.rows import data_rows
from kpicalc.intake.sheets.layout.table import Table, hidden_in_use
from kpicalc.intake.sheets.per_cents import as_money, without_per_cents
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.book import Book, Raw, Sheet
from kpicalc.model.days import day_in_text
from kpicalc.model.facts import FactTable, FactType
from kpicalc.model.inputs import FactSource, SkipRule
from kpicalc.model.issue import Place
from kpicalc.model.texts import clean, name_key, nearest, wrong_alphabet


def choose_sheet(opening: Opening, book: Book, name: str | None) -> Sheet | None:
    """Return the sheet that is named, or the only one with anything in it."""
    sheets = [sheet for sheet in book.sheets if any(any(cell is not None for cell in row) for row in sheet.rows)]
    names = [sheet.name for sheet in book.sheets]
    if name is None:
        if len(sheets) == 1:
            return sheets[0]
        opening.tell("fact_which_sheet", Place(book.file), sheets=[sheet.name for sheet in sheets] or "—")
        return None
    sheet = next((sheet for sheet in book.sheets if name_key(sheet.name) == name_key(name)), None)
    if sheet is None:
        meant = nearest(name, names)
        facts = {"sheet": name, "sheets": names} | ({"nearest": meant} if meant else {})
        opening.tell("fact_sheet" if meant else "fact_sheet_far", Place(book.file), **facts)
    return sheet


def sheet_as_facts(opening: Opening, book: Book, sheet: Sheet, source: FactSource) -> Facts | None:
    """Return a sheet as a table of facts with a column `row` (from 1); None, with issues, where it cannot be read."""
    spec, issues = opening.spec, opening.issues
    place = Place(book.file, sheet.name)
    table = _located(opening, book, sheet)
    if table is None:
        return None
    columns = table.fields
    look = cache(lambda: formats_of(book.file))
    reading = Reading(table, opening.schemes, issues, who=opening.who, formats=look)
    if formats := look():
        issues += hidden_in_use(table, formats.hidden_columns(sheet.name))
    skipped: dict[SkipRule, int] = {}
    if spec.groups is None:
        rows = data_rows(reading, (columns[PAYEE], columns[DATE]))
        named: Mapping[int, int] = {}
        totals = _filled(table) - len(rows)
    else:
        grouped = read_groups(reading, spec)
        rows, named, totals = grouped.rows, grouped.named_in, grouped.totals
        if grouped.groups:
            skipped["group"] = grouped.groups
    if totals:
        skipped["total"] = totals
    if spec.key is None:
        issues += rows_twice(table, rows, named, spec.title or sheet.name)
    every = len(rows) + sum(skipped.values())
    connection = open_in_memory()
    kept, left = _judged(opening, replace(reading, rows=rows), connection)
    if left:
        skipped["where"] = left
    arrow = as_table(connection, "rows", _arrow(replace(reading, rows=kept), named, opening))
    return Facts(
        key=opening.key, spec=spec, connection=connection, table=arrow, bad=(), place=place,
        letters=columns, source=source, counted=RowsRead(every, skipped),
    )  # fmt: skip


def _located(opening: Opening, book: Book, sheet: Sheet) -> Table | None:
    """Return the sheet with known columns, where the cells with texts declared as `blank` are blank."""
    spec = opening.spec
    place = Place(book.file, sheet.name)
    head = heading_row(spec, sheet.rows, SEARCHED_ROWS)
    if head < 0:
        opening.tell("fact_header", place, headings=[spec.payee, spec.date], rows=SEARCHED_ROWS)
        return None
    last = head + 1 if spec.groups is not None and _goes_on(spec, sheet.rows, head) else head
    width = max((len(row) for row in sheet.rows[head : last + 1]), default=0)
    headings = [
        cell if isinstance(cell, str) else ""
        for row in sheet.rows[head : last + 1]
        for cell in (*row, *[None] * (width - len(row)))
    ]
    columns = find_columns(spec, headings, place, opening.issues)
    if columns is None:
        return None
    columns = {name: number % width for name, number in columns.items()}
    return Table("facts", book.file, _without_blanks(sheet, spec, columns.values()), last, columns, {})


def _goes_on(spec: FactTable, rows: Sequence[Sequence[object]], head: int) -> bool:
    """Tell whether the row below the headings holds declared headings that the heading row lacks."""
    first, second = (
        {name_key(cell) for cell in row if isinstance(cell, str)} for row in (*rows[head : head + 2], (), ())[:2]
    )
    wanted = {name_key(heading) for heading in declared(spec).values()}
    return bool((wanted - first) & second)


def _without_blanks(sheet: Sheet, spec: FactTable, columns: Iterable[int]) -> Sheet:
    texts = {clean(text).casefold() for text in spec.blank}
    if not texts:
        return sheet
    used = sorted(set(columns))
    rows: list[list[Raw]] = []
    for line in sheet.rows:
        row = list(line)
        for column in used:
            if column < len(row) and isinstance(row[column], str) and clean(str(row[column])).casefold() in texts:
                row[column] = None
        rows.append(row)
    return replace(sheet, rows=rows)


def _filled(table: Table) -> int:
    """Return how many rows below the headings hold anything in the columns that are read, totals rows included."""
    used = sorted(table.used())
    return sum(
        any(column < len(line) and not is_blank(line[column]) for column in used)
        or any((row, column) in table.sheet.faults for column in used)
        for row, line in enumerate(table.sheet.rows[table.head + 1 :], table.head + 1)
    )


def _judged(opening: Opening, reading: Reading, connection: Any) -> tuple[Sequence[int], int]:
    """Return the rows that meet the table's own condition, and the number of the others.

    The columns of the condition are read first, so that faults in rows left out are not reported.
    """
    import pyarrow as pa

    spec, table, rows = opening.spec, reading.table, reading.rows
    term = where_of(spec)
    if term is None:
        return rows, 0
    arrays = {"at": pa.array(rows, pa.int64())}
    for name in sorted(term.columns()):
        kind = spec.column(name).type
        values = read_values(reading, table.fields[f"c_{name}"], kind)
        arrays[f"c_{name}"] = pa.array(values, arrow_type(kind))
    _tell_alike(opening, reading, term, {name: arrays[f"c_{name}"].to_pylist() for name in term.columns()})
    asked = as_table(connection, "judged", pa.table(arrays))
    found = answers(connection, asked.select("at", holds=opening.condition(asked)))
    unsure = [row["at"] for row in found if row["holds"] is None]
    names = sorted(f"c_{name}" for name in term.columns())
    for row in unsure[:MOST]:
        blank = [name for name in names if is_blank(table.cell(row, table.fields[name]))] or names[:1]
        headings = [table.heading(table.fields[name]) for name in blank]
        place = table.place(row, table.fields[blank[0]])
        opening.tell("fact_where_blank", place, title=spec.title or table.sheet.name, headings=headings)
    if len(unsure) > MOST:
        more = {"title": spec.title or table.sheet.name, "count": len(unsure) - MOST, "kind": "fact_where_blank"}
        opening.tell("fact_more", Place(table.file, table.sheet.name), **more)
    kept = sorted(row["at"] for row in found if row["holds"])
    return kept, len(rows) - len(kept) - len(unsure)


def _tell_alike(opening: Opening, reading: Reading, term: Term, values: Mapping[str, Sequence[Any]]) -> None:
    """Report cells that only look like a text of the table's own condition, or are a letter away from it."""
    table = reading.table
    for name, stated in stated_texts([term]).items():
        column = table.fields[f"c_{name}"]
        rows: dict[str, list[int]] = {}
        for row, text in zip(reading.rows, values[name], strict=True):
            if text:
                rows.setdefault(text, []).append(row)
        for text, meant in near_texts(stated, rows).items():
            near = [row for row in rows[text] if _may_be_of(opening.month, table.cell(row, table.fields[DATE]))]
            if near:
                facts = {"heading": table.heading(column), "found": text, "meant": meant, "count": len(near)}
                opening.tell("fact_text_near", table.place(near[0], column), **facts)
        for text, meant in look_alikes(stated, rows):
            first, *others = rows[text]
            if slip := wrong_alphabet(table.place(first, column), text, [meant]):
                opening.issues.append(slip)
                if others:
                    more = {"title": opening.spec.title or table.sheet.name, "count": len(others), "kind": slip.code}
                    opening.tell("fact_more", Place(table.file, table.sheet.name), **more)


def _may_be_of(month: str, cell: Raw) -> bool:
    """Tell whether a row with this date, or with none that can be read, may belong to a month."""
    day = day_in_text(clean(cell)) if isinstance(cell, str) else cell
    return not isinstance(day, date) or f"{day:%Y-%m}" == month


def _arrow(reading: Reading, named_in: Mapping[int, int], opening: Opening) -> Any:
    import pyarrow as pa

    spec, rows = opening.spec, reading.rows
    amounts, money = opening.amounts("money", "number"), opening.amounts("money")
    arrays: dict[str, pa.Array] = {"row": pa.array([row + 1 for row in rows], pa.int64())}
    for name, column in reading.table.fields.items():
        kind: FactType = "time" if name == DATE else "text"
        if name == PAYEE:
            naming = replace(reading, rows=[named_in.get(row, row) for row in rows])
            values: Sequence[object] = read_payees(naming, column)
        elif name == KEY:
            values = [read_text(reading, row, column) or None for row in rows]
        else:
            kind = spec.column(name.removeprefix("c_")).type if name != DATE else kind
            values = read_values(reading, column, kind)
            if name in amounts:
                figures = [value if isinstance(value, Decimal) else None for value in values]
                values = (as_money if name in money else without_per_cents)(reading, column, rows, figures)
        arrays[name] = pa.array(values, arrow_type(kind))
    return pa.table(arrays)
