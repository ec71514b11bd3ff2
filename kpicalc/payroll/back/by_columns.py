"""The fast reader: sheets of a payroll exactly as kpicalc wrote it, read column by column without an object per cell.

Any deviation raises `OtherwiseError`; then `read.py`, which reads every form, says what is wrong.
"""

from collections.abc import Collection, Mapping, Sequence
from math import fsum, isfinite

from kpicalc.intake.files.columns import OtherwiseError, SheetColumns, shared_strings, sheet_columns
from kpicalc.intake.files.guard import sheet_parts
from kpicalc.intake.files.kind import archive_or_kind
from kpicalc.intake.files.parts import Archive
from kpicalc.lang import Language
from kpicalc.model.record import record
from kpicalc.payroll.back.calculated import result_columns
from kpicalc.payroll.back.page import cleaned
from kpicalc.payroll.layout import (
    CALCULATION,
    CURRENCY_ROW,
    DASH,
    FIRST_ACCRUAL,
    FIRST_FIGURE,
    FOR_1C,
    GROUP_ROW,
    PAYROLL,
    Columns,
    columns_of,
    currency_line,
    detail_columns,
    identity_headings,
    is_deals,
    language_of,
    lead_of,
    sheet_name,
    sum_headings,
    totals_caption,
    without_signature,
)

_LARGEST = 1e10
"""Sums of floats up to this amount are exact to far less than a kopeck."""
_LARGEST_SUM = 1e15
"""Of a sum below everybody's amounts only whether it stands there is asked, not how large it is."""
_RUN_FIRST = 2
Amounts = list[float | None]


@record
class Listed:
    """The people of the Payroll or For 1C sheet: their texts by column, their amounts by the column of the sheet."""

    heads: list[str]
    texts: list[list[str]]
    columns: Columns
    amounts: Mapping[int, Amounts]
    first: int
    repeated: Amounts | None = None
    currency: str = ""

    def known(self, at: int) -> list[float]:
        """Return a column's amounts; 0 for people who have none."""
        return [value or 0.0 for value in self.amounts[at]]

    def by_title(self, span: Sequence[int]) -> dict[str, list[float]]:
        """Return the sums of the columns of each title: two lines may have the same title."""
        titles: dict[str, list[int]] = {}
        for at in span:
            if self.heads[at]:
                titles.setdefault(self.heads[at], []).append(at)
        return {title: added([self.known(at) for at in places], len(self.texts[0])) for title, places in titles.items()}


@record
class Calculated:
    """The people of a Calculation sheet: the columns of each line by title, the totals, the results by column."""

    numbers: list[str]
    lines: Mapping[str, list[list[float]]]
    total: list[float]
    results: list[tuple[int, str, Amounts]]


@record
class Written:
    """An open payroll: the parts of its file by sheet name."""

    archive: Archive
    parts: Mapping[str, str]
    strings: Sequence[str]
    language: Language

    def payroll(self) -> Listed:
        """Return the Payroll sheet; every amount on it must come from a formula."""
        sheet = self._sheet(sheet_name("payroll", self.language), PAYROLL.first)
        heads = _heads(sheet, PAYROLL.head)
        lead = lead_of(heads, self.language)
        heads = heads if lead is None else without_signature(heads, lead, self.language)
        columns = None if lead is None else columns_of(heads, lead.first, self.language)
        if lead is None or columns is None:
            raise OtherwiseError
        number, name, *where = lead.identity
        count = self._people(sheet, PAYROLL.first, (number, name))[0]
        figures = [*range(lead.first, len(heads)), *([] if lead.repeated is None else [lead.repeated])]
        amounts = {at: _amounts(sheet, at, PAYROLL.first, count) for at in figures}
        for at in figures:
            column = sheet.column(at)
            cells = zip(column.rows, column.values, column.live, strict=True)
            if not all(column.live) and any(
                not live and isinstance(value, float) and row < PAYROLL.first + count for row, value, live in cells
            ):
                raise OtherwiseError
        currency = currency_line("", self.language).rstrip()
        return Listed(
            heads,
            [_texts(sheet, at, PAYROLL.first, count) for at in (number, name, *where)],
            columns,
            amounts,
            lead.first,
            None if lead.repeated is None else amounts[lead.repeated],
            _text(sheet.heads[CURRENCY_ROW], 0).removeprefix(currency).strip(),
        )

    def one_c(self) -> Listed:
        """Return the For 1C sheet; bank details stand right of the four texts of a person."""
        sheet = self._sheet(sheet_name("for_1c", self.language), FOR_1C.first)
        heads = _heads(sheet, FOR_1C.head)
        details = detail_columns(heads, self.language)
        columns = columns_of(heads[: min(details.values(), default=None)], FIRST_ACCRUAL, self.language)
        if columns is None or heads[:FIRST_FIGURE] != identity_headings(self.language):
            raise OtherwiseError
        count = self._people(sheet, FOR_1C.first, (0, 1))[0]
        texts = [_texts(sheet, at, FOR_1C.first, count) for at in (*range(FIRST_FIGURE), *details.values())]
        amounts = (*columns.earned, columns.accrued, *columns.withheld, columns.total)
        return Listed(
            heads, texts, columns, {at: _amounts(sheet, at, FOR_1C.first, count) for at in amounts}, FIRST_ACCRUAL
        )

    def run(self) -> dict[str, str | float | None]:
        """Return the value beside each caption of the Run sheet; of repeated captions the first counts."""
        sheet = self._sheet(sheet_name("run", self.language), _RUN_FIRST)
        captions, beside = sheet.column(0), sheet.column(1)
        values = dict(zip(beside.rows, beside.values, strict=True))
        by_caption: dict[str, str | float | None] = {}
        for row, caption in zip(captions.rows, captions.values, strict=True):
            by_caption.setdefault(cleaned(str(caption)), values.get(row))
        return by_caption

    def calculation(self, name: str, titles: Collection[str], kpis: Collection[str]) -> Calculated:
        """Return a Calculation sheet with the lines of these titles and the actuals of these KPIs."""
        heads: list[str] = []
        results: list[tuple[int, str]] = []
        summing = {*titles, *sum_headings(self.language)}

        def chosen(rows: list[list[str]]) -> set[int]:
            heads[:] = _stripped(rows[CALCULATION.head])
            groups = [_text(rows[GROUP_ROW], at) for at in range(len(heads))]
            results[:] = result_columns(groups, heads, kpis, self.language)
            lines = (at for at in range(FIRST_FIGURE, len(heads)) if heads[at] in summing)
            return {0, 1, *lines, *(at for at, _ in results)}

        first = CALCULATION.first
        sheet = sheet_columns(self.archive, self.parts[name], self.strings, first, chosen)
        count, totals = self._people(sheet, first, (0, 1))
        if not totals or "" in _texts(sheet, 0, first, count) + _texts(sheet, 1, first, count):
            raise OtherwiseError
        below = {at: _amounts(sheet, at, first + count, 1, _LARGEST_SUM)[0] for at in range(FIRST_FIGURE, len(heads))
                 if heads[at] in summing}  # fmt: skip
        summed = [at for at, value in below.items() if value is not None]
        sums = columns_of([heads[at] for at in summed], 0, self.language)
        if sums is None:
            raise OtherwiseError
        lines: dict[str, list[list[float]]] = {}
        for index, at in enumerate(summed):
            if index not in (sums.accrued, sums.total):
                column = [value or 0.0 for value in _amounts(sheet, at, first, count)]
                lines.setdefault(heads[at], []).append(column)
        return Calculated(
            _texts(sheet, 0, first, count),
            lines,
            [value or 0.0 for value in _amounts(sheet, summed[sums.total], first, count)],
            [(at, title, _amounts(sheet, at, first, count)) for at, title in results],
        )

    def _sheet(self, name: str, first: int) -> SheetColumns:
        if name not in self.parts:
            raise OtherwiseError
        return sheet_columns(self.archive, self.parts[name], self.strings, first)

    def _people(self, sheet: SheetColumns, first: int, at: tuple[int, int]) -> tuple[int, bool]:
        """Return the number of consecutive rows with a number and a name, and whether a totals row follows."""
        numbers, names = (sheet.column(column) for column in at)
        count = 0
        for row, other in zip(numbers.rows, names.rows, strict=False):
            if row != first + count or other != row:
                break
            count += 1
        follows = numbers.cut(first + count, 1)[0]
        totals = isinstance(follows, str) and cleaned(follows) == totals_caption(self.language)
        return count, totals and sheet.column(at[1]).cut(first + count, 1)[0] is None


def opened(data: bytes) -> Written:
    """Return a payroll's sheets from its bytes; refuse one with rows paid one by one, which `read.py` must read."""
    kind, archive = archive_or_kind(data)
    if kind != "xlsx" or archive is None:
        raise OtherwiseError
    parts = sheet_parts(kind, archive)
    language = language_of(list(parts))
    if language is None or any(is_deals(name, language) for name in parts):
        raise OtherwiseError
    return Written(archive, parts, shared_strings(archive), language)


def added(columns: Sequence[Sequence[float]], count: int) -> list[float]:
    """Return the sums of columns, row by row."""
    if len(columns) == 1:
        return list(columns[0])
    return list(map(sum, zip(*columns, strict=True))) if columns else [0.0] * count


def _heads(sheet: SheetColumns, row: int) -> list[str]:
    return _stripped(sheet.heads[row])


def _stripped(row: Sequence[str]) -> list[str]:
    texts = list(map(cleaned, row))
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text(row: Sequence[str], at: int) -> str:
    return cleaned(row[at]) if at < len(row) else ""


def _texts(sheet: SheetColumns, at: int, first: int, count: int) -> list[str]:
    values = sheet.column(at).cut(first, count)
    if float in set(map(type, values)):
        raise OtherwiseError
    return [cleaned(str(value)) if value else "" for value in values]


def _amounts(sheet: SheetColumns, at: int, first: int, count: int, most: float = _LARGEST) -> Amounts:
    values = sheet.column(at).cut(first, count)
    known = [value for value in values if isinstance(value, float)]
    if len(known) < count and not set(values) - set(known) <= {None, DASH}:
        raise OtherwiseError
    if known and not (max(known) < most and min(known) > -most and isfinite(fsum(known))):
        raise OtherwiseError
    return known if len(known) == count else [value if isinstance(value, float) else None for value in values]  # type: ignore[return-value]
