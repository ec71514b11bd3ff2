"""Rate sheets: a sheet of the workbook or rows of the scheme file become cases with rates, each case once."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

from kpicalc.intake.facts.paying.odd_rates import far_above, late_twins
from kpicalc.intake.facts.paying.rates_file import only_sheet, open_rates
from kpicalc.intake.facts.sources.headers import columns_at, row_of_headings
from kpicalc.intake.files.formats import formats_of
from kpicalc.intake.sheets.cells import is_blank, read_numbers, read_text, shown
from kpicalc.intake.sheets.formatted import shown_as_per_cents
from kpicalc.intake.sheets.layout.lines import SEARCHED_ROWS
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.book import Book, Sheet
from kpicalc.model.deals import RATE_PLACES, RateRow, RatesFile, RateSheet, RateTable
from kpicalc.model.entry import NotExact, PerCent, exact
from kpicalc.model.inputs import FactSource, SkipRule, TableCount
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import places
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import look, name_key, nearest, spelling_key, wrong_alphabet

_BOUND_PLACES = 6
_LARGEST = Decimal(10**11)
_WHOLE = Decimal(1)
_SHOWN = 8
_READ = "text_number"
"""The issue of a figure that is a text and was read all the same."""


@record
class RatesRead:
    """A rate sheet and, where it is a sheet of the workbook, the account of its rows; no table where it has errors."""

    table: RateTable | None
    count: TableCount | None = None
    source: FactSource | None = None
    """The separate file that holds it."""


@record
class _Case:
    """A row as read; None is a blank."""

    place: Place
    match: tuple[str, ...]
    bounds: tuple[Decimal | None, ...]
    rate: Decimal | None
    plain: bool
    """True where the rate was written without a per cent sign."""


def read_rates(key: str, book: Book, schemes: SchemeBook, issues: list[Issue]) -> RatesRead:
    """Read a rate sheet; problems go to the issues."""
    spec = schemes.rates[key]
    raised: list[Issue] = []
    count = source = None
    if spec.from_ is None:
        cases = _inline(key, spec, schemes, raised)
        title = key
    else:
        name = spec.from_ if isinstance(spec.from_, str) else spec.from_.sheet
        opened = None
        if isinstance(spec.from_, RatesFile):
            opened = open_rates(key, spec.from_, book, schemes, raised)
            book, source = opened or (book, None)
        sheet = None
        if opened or isinstance(spec.from_, str):
            sheet = _sheet(name, key, book, raised) if name else only_sheet(book, raised)
        cases, count = _of_sheet(spec, book, sheet, schemes, raised) if sheet else ([], None)
        title = (sheet.name if sheet else "") or spec.called
    raised += _look_alikes(cases)
    whole = [case for case in cases if _is_sound(case, spec, raised)]
    rows = _rows(whole, raised)
    issues += [*raised, *late_twins(rows, spec), *far_above(rows), *_out_of_order(whole, spec)]
    table = RateTable(title, tuple(spec.match.values()), tuple(spec.steps.values()), spec.rate, tuple(rows))
    return RatesRead(None if raised and any(item.code != _READ for item in raised) else table, count, source)


def _look_alikes(cases: Sequence[_Case]) -> Iterator[Issue]:
    """Yield the texts that look like another text of their column in another alphabet: no row would match both."""
    first: dict[tuple[int, str], str] = {}
    for case in cases:
        for column, text in enumerate(case.match):
            known = first.setdefault((column, look(text)), text)
            if spelling_key(known) != spelling_key(text) and (slip := wrong_alphabet(case.place, text, [known])):
                yield slip


def _out_of_order(cases: Sequence[_Case], spec: RateSheet) -> Iterator[Issue]:
    """Yield the cases whose steps do not rise down the sheet, or fall, as those of others: a bound is a slip."""
    steps: dict[tuple[str, ...], list[_Case]] = {}
    for case in cases:
        steps.setdefault(tuple(map(spelling_key, case.match)), []).append(case)
    groups = [group for group in steps.values() if len(group) > 1]
    falling = 2 * sum(_ordered(group, falling=True) for group in groups) > len(groups)
    for group in groups:
        if not _ordered(group, falling=falling):
            yield issue("fact_rate_order", group[0].place, headings=list(spec.steps.values()), found=_shown(group))


def _ordered(group: Sequence[_Case], *, falling: bool) -> bool:
    """Tell whether the steps of a case stand in order, by the first kind of steps or by the last."""
    by_first = [case.bounds for case in group]
    by_last = [bounds[::-1] for bounds in by_first]
    return any(bounds == sorted(bounds, reverse=falling) for bounds in (by_first, by_last))


def _shown(group: Sequence[_Case]) -> list[str]:
    """Return the bounds of a case's steps as they stand in the sheet."""
    steps = [[f"{bound.normalize():f}" for bound in case.bounds if bound is not None] for case in group[:_SHOWN]]
    return [*(" / ".join(step) for step in steps), *(["…"] if len(group) > _SHOWN else [])]


def _sheet(name: str, key: str, book: Book, issues: list[Issue]) -> Sheet | None:
    sheet = next((item for item in book.sheets if name_key(item.name) == name_key(name)), None)
    if sheet is None:
        names = [item.name for item in book.sheets]
        meant = nearest(name, names)
        facts = {"sheet": name, "key": key, "sheets": names} | ({"nearest": meant} if meant else {})
        issues.append(issue("fact_rates_sheet" if meant else "fact_rates_sheet_far", Place(book.file), **facts))
    return sheet


def _of_sheet(
    spec: RateSheet, book: Book, sheet: Sheet, schemes: SchemeBook, issues: list[Issue]
) -> tuple[list[_Case], TableCount | None]:
    headings = [*spec.match.values(), *spec.steps.values(), spec.rate]
    place = Place(book.file, sheet.name)
    head = row_of_headings(headings, sheet.rows, SEARCHED_ROWS)
    if head < 0:
        issues.append(issue("fact_header", place, headings=headings, rows=SEARCHED_ROWS))
        return [], None
    texts = [cell if isinstance(cell, str) else "" for cell in sheet.rows[head]]
    columns = columns_at(dict(enumerate(headings)), texts, place, issues)
    if columns is None:
        return [], None
    table = Table("facts", book.file, sheet, head, {str(number): column for number, column in columns.items()}, {})
    matched = range(len(spec.match))
    stepped = range(len(spec.match), len(headings) - 1)
    rate_at = columns[len(headings) - 1]
    rows, notes = _rows_of(table, {rate_at, *(columns[number] for number in stepped)})
    reading = Reading(table, schemes, issues, rows=rows, formats=cache(lambda: formats_of(book.file)))
    bounds = [_bounds(reading, columns[number], rows) for number in stepped]
    rates = read_numbers(reading, rate_at, rows, frozenset())
    # Whether a cell has a per cent format is looked up only where it matters.
    large = [row for row, rate in zip(rows, rates, strict=True) if rate and abs(rate) >= _WHOLE]
    bare = [row for row in large if not _signed(table, row, rate_at)]
    signed = shown_as_per_cents(reading, bare, rate_at) if bare else frozenset()
    cases = [
        _Case(
            table.place(row, rate_at),
            tuple(_text(reading, row, columns[number]) for number in matched),
            tuple(column[line] for column in bounds),
            rates[line],
            row in bare and row not in signed,
        )
        for line, row in enumerate(rows)
    ]
    skipped: dict[SkipRule, int] = {"note": notes} if notes else {}
    return cases, TableCount(sheet.name, len(rows) + notes, len(rows), skipped)


def _bounds(reading: Reading, column: int, rows: Sequence[int]) -> list[Decimal | None]:
    """Return the bounds of a column; one of 1 or more that stands as a per cent keeps its sign, as in a scheme."""
    bounds = read_numbers(reading, column, rows, frozenset())
    large = [row for row, bound in zip(rows, bounds, strict=True) if bound and bound >= _WHOLE]
    signed = {row for row in large if _signed(reading.table, row, column)}
    signed |= shown_as_per_cents(reading, large, column) if large else frozenset()
    return [
        PerCent(bound) if bound is not None and row in signed else bound
        for row, bound in zip(rows, bounds, strict=True)
    ]


def _signed(table: Table, row: int, column: int) -> bool:
    value = table.cell(row, column)
    return isinstance(value, str) and "%" in value


def _text(reading: Reading, row: int, column: int) -> str:
    value = reading.table.cell(row, column)
    return shown(value).lower() if isinstance(value, bool) else read_text(reading, row, column)


def _rows_of(table: Table, figures: set[int]) -> tuple[list[int], int]:
    """Return the rows of a rate sheet, and the number of notes below it: texts below a blank row.

    A note has nothing in the columns `figures` (bounds and rates); «3 %» typed as text is a rate all the same.
    """
    used = sorted(table.used())
    rows: list[int] = []
    notes, blank = 0, False
    for row in range(table.head + 1, len(table.sheet.rows)):
        cells = [table.cell(row, column) for column in used]
        faulty = any((row, column) in table.sheet.faults for column in used)
        if all(map(is_blank, cells)) and not faulty:
            blank = bool(rows)
        elif blank and not faulty and _is_note(table, row, used, figures):
            notes += 1
        else:
            rows.append(row)
    return rows, notes


def _is_note(table: Table, row: int, used: Sequence[int], figures: set[int]) -> bool:
    numbers = any(isinstance(table.cell(row, column), int | float) for column in used)
    return not numbers and all(is_blank(table.cell(row, column)) for column in figures)


def _inline(key: str, spec: RateSheet, schemes: SchemeBook, issues: list[Issue]) -> list[_Case]:
    cases = []
    for number, row in enumerate(spec.rows):
        place = schemes.source.place("rates", key, "rows", number)
        cells = {name_key(heading): text for heading, text in row.items()}

        def figure(heading: str, cells: Mapping[str, str] = cells, place: Place = place) -> Decimal | None:
            text = cells.get(name_key(heading), "")
            try:
                return exact(text) if text else None
            except NotExact:
                issues.append(issue("fact_rate_number", place, heading=heading, found=text))
                return None

        bounds = tuple(figure(heading) for heading in spec.steps.values())
        texts = tuple(cells.get(name_key(heading), "") for heading in spec.match.values())
        rate = figure(spec.rate)
        plain = rate is not None and not isinstance(rate, PerCent) and abs(rate) >= _WHOLE
        cases.append(_Case(place, texts, bounds, rate, plain))
    return cases


def _is_sound(case: _Case, spec: RateSheet, issues: list[Issue]) -> bool:
    """Tell whether a case is complete; what it lacks is an issue."""
    before = len(issues)
    blank = [heading for heading, text in zip(spec.match.values(), case.match, strict=True) if not text]
    blank += [heading for heading, bound in zip(spec.steps.values(), case.bounds, strict=True) if bound is None]
    blank += [spec.rate] if case.rate is None else []
    if blank and not any(item.place == case.place and item.code != _READ for item in issues):
        issues.append(issue("fact_rate_blank", case.place, headings=blank))
    if case.plain and case.rate is not None:
        issues.append(issue("fact_rate_per_cent", case.place, heading=spec.rate, found=f"{case.rate.normalize():f}"))
    if case.rate is not None and places(case.rate) > RATE_PLACES:
        issues.append(issue("rate_too_fine", case.place, found=f"{case.rate:f}"[:20]))
    for heading, bound in zip(spec.steps.values(), case.bounds, strict=True):
        if bound is not None and _is_fine(bound):
            issues.append(issue("fact_too_fine", case.place, heading=heading, found=f"{bound:f}"[:20]))
    return not blank and len(issues) == before


def _is_fine(bound: Decimal) -> bool:
    return places(bound) > _BOUND_PLACES or abs(bound) >= _LARGEST


def _rows(cases: Sequence[_Case], issues: list[Issue]) -> list[RateRow]:
    """Return the cases with the ends of their steps; a step ends where the next step of the same case begins."""
    first: dict[tuple[object, ...], _Case] = {}
    for case in cases:
        key: tuple[object, ...] = (*map(spelling_key, case.match), *case.bounds)
        if (twin := first.setdefault(key, case)) is not case:
            words = [*case.match, *(f"{bound.normalize():f}" for bound in case.bounds if bound is not None)]
            issues.append(issue("fact_rate_twice", case.place, found=words, first=twin.place.cell or twin.place.line))
    starts: dict[tuple[object, ...], set[Decimal]] = {}
    for key in first:
        for index, bound in enumerate(key):
            if isinstance(bound, Decimal):
                starts.setdefault(key[:index], set()).add(bound)
    groups = list(dict.fromkeys(key[: len(case.match)] for key, case in first.items()))
    ordered = sorted(first.items(), key=lambda item: (groups.index(item[0][: len(item[1].match)]), item[1].bounds))
    return [
        RateRow(
            case.match,
            tuple(bound for bound in case.bounds if bound is not None),
            tuple(
                min((later for later in starts[key[:index]] if later > bound), default=None)
                for index, bound in enumerate(key)
                if isinstance(bound, Decimal)
            ),
            case.rate or Decimal(0),
            case.place,
        )
        for key, case in ordered
    ]
