"""Determines which rows of a sheet are its table: where the table ends, and which rows inside it hold no data.

Blank rows, totals, headings of groups and repeated headings are skipped; notes and a second table below the table are
not read. All of them are counted: every other row needs a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Literal, TypeAlias

from kpicalc.intake.sheets.cells import faults_of, is_blank
from kpicalc.intake.sheets.names import field_names, words
from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.book import Raw
from kpicalc.model.money import from_cell
from kpicalc.model.record import record
from kpicalc.model.texts import clean, name_key
from kpicalc.model.workbook_map import BLANK_ROW, TableShape

Kind: TypeAlias = Literal["totals", "groups", "repeated", "notes"]


@record(slots=False)
class Extent:
    """The rows of a table (from 0): rows with data, skipped rows by kind, the group that every group row names.

    `lost` are rows with figures and without a person.
    """

    rows: list[int] = field(default_factory=list)
    passed: Mapping[Kind, list[int]] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)
    lost: Sequence[int] = ()


def extent_of(
    reading: Reading,
    key: int | None,
    shape: TableShape,
    is_person: Callable[[str], bool],
    departments: Callable[[str], bool],
) -> Extent:
    """Return which rows of a table hold data; `key` is the column in which every such row names its person.

    `is_person` tells whether a text of that column is a number or name of a person, `departments` whether a text is a
    department's name.
    """
    return _Look(reading, key, shape, is_person, departments).extent()


def end_at(rows: Sequence[Sequence[Raw]], first: int, until: str | None) -> int:
    """Return the row at which a table ends that begins at row `first`: at a text, at a blank row, or below the last."""
    wanted = name_key(until or "")
    for row in range(first, len(rows) if until else first):
        line = rows[row]
        if until == BLANK_ROW:
            ends = all(is_blank(cell) for cell in line) and row > first
        else:
            ends = any(isinstance(cell, str) and name_key(cell).startswith(wanted) for cell in line)
        if ends:
            return row
    return len(rows)


@record(frozen=False, slots=False)
class _Look:
    reading: Reading
    key: int | None
    shape: TableShape
    is_person: Callable[[str], bool]
    is_department: Callable[[str], bool]
    rows: list[int] = field(default_factory=list)
    groups: dict[int, str] = field(default_factory=dict)
    passed: dict[Kind, list[int]] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        table = self.reading.table
        self.cells = table.sheet.rows
        # A month copied down an empty form is no figure.
        used = table.used() - {table.fields.get("period"), table.fields.get("year")}
        self.used = sorted(used - {self.key})
        self.needed = [at for name, at in table.fields.items() if name in ("name", "department", "position")]
        kpis = self.reading.schemes.kpis
        # Shares do not add up to a total, so the share of everybody is no sum.
        added = {at for key, at in table.kpis.items() if (kpis[key].unit or "").strip() != "%"}
        self.figures = sorted(added | {at for name, at in table.fields.items() if name in _FIGURES})
        self.faulty = {row for row, column in table.sheet.faults if column in used} | set(
            faults_of(table.sheet, self.key) if self.key is not None else ()
        )

    def extent(self) -> Extent:
        """Return the extent of the table."""
        key, is_person = self.key, self.is_person
        odd: list[int] = []
        for row in range(self.reading.table.head + 1, self._end()):
            line = self.cells[row]
            value = line[key] if key is not None and key < len(line) else None
            if type(value) is str and is_person(value):
                self.rows.append(row)
            elif any(cell is not None for cell in line) or row in self.faulty:
                odd.append(row)
        self._judge(odd)
        if self.shape.until is None:
            self._cut_tail()
        self.rows.sort()
        return Extent(self.rows, self.passed, self.groups, self.lost)

    def _end(self) -> int:
        """Return the row at which the table ends according to the scheme file, or the end of the sheet."""
        end = end_at(self.cells, self.reading.table.head + 1, self.shape.until)
        if end < len(self.cells):
            self.passed["notes"] = [at for at in range(end, len(self.cells)) if not all(map(is_blank, self.cells[at]))]
        return end

    def _judge(self, odd: Sequence[int]) -> None:
        """Classify every row without a known person."""
        for index, row in enumerate(odd):
            line = self.cells[row]
            value = line[self.key] if self.key is not None and self.key < len(line) else None
            texts = [text for cell in line if isinstance(cell, str) and (text := clean(cell))]
            filled = sum(not is_blank(cell) for cell in line)
            if (not filled or not (texts or self._holds_used(line))) and row not in self.faulty:
                # Nothing, or a number or a month copied down an empty form.
                continue
            if _is_totals(value, texts):
                self._pass("totals", row)
            elif len(texts) == 1 and (filled == 1 or self._holds_sums(row)) and self._is_group(row, texts[0]):
                self._pass("groups", row)
                self.groups[row] = texts[0]
            elif len(texts) > 1 and (again := self._is_heading(row)):
                if again == "repeated":
                    self._pass("repeated", row)
                    continue
                self._end_at(row, odd[index:])
                return
            elif value is not None and not (isinstance(value, str) and not clean(value)):
                self.rows.append(row)
            elif self._is_sum(row, texts):
                self._pass("totals", row)
            elif row in self.faulty or self._holds_used(line):
                (self.rows if self.key is None else self.lost).append(row)
            else:
                self._pass("notes", row)

    def _holds_used(self, line: Sequence[Raw]) -> bool:
        columns = [*self.used, *([] if self.key is None else [self.key])]
        return any(not is_blank(line[column]) for column in columns if column < len(line))

    def _pass(self, kind: Kind, row: int) -> None:
        self.passed.setdefault(kind, []).append(row)

    def _end_at(self, row: int, odd: Sequence[int]) -> None:
        """End the table before a second one."""
        beyond = [other for other in self.rows if other >= row]
        self.rows[:] = [other for other in self.rows if other < row]
        self.passed["notes"] = sorted({*self.passed.get("notes", []), *beyond, *odd})

    def _is_group(self, row: int, text: str) -> bool:
        """Tell whether a row's only text names the group of the rows below: by the scheme file, or as a department."""
        if self.is_person(text) or text[:1].isdigit():
            return False
        below = row + 1 < len(self.cells) and any(not is_blank(cell) for cell in self.cells[row + 1])
        return below and (self.shape.groups is not None or self.is_department(text))

    def _holds_sums(self, row: int) -> bool:
        """Tell whether the numbers beside a group's name are the sums of the rows below, up to the next group.

        Only where the scheme file says that there are groups, and of two rows at least: beside the same figures of one
        row the text may be a person whose number was forgotten.
        """
        line = self.cells[row]
        numbers = [at for at, cell in enumerate(line) if not is_blank(cell) and not isinstance(cell, str)]
        if self.shape.groups is None or row in self.faulty or not numbers:
            return False
        below = list(takewhile(self._is_member, range(row + 1, len(self.cells))))
        return len(below) > 1 and all(_same_sum([self.cells[at] for at in below], line[at], at) for at in numbers)

    def _is_member(self, row: int) -> bool:
        """Tell whether a row belongs to a person: it has a number, a known name, or a text in addition to the name."""
        line = self.cells[row]
        value = line[self.key] if self.key is not None and self.key < len(line) else None
        texts = [text for cell in line if isinstance(cell, str) and (text := clean(cell))]
        known = self.is_person(value) if isinstance(value, str) else value is not None
        return known or (len(texts) > 1 and not is_totals(texts[0]))

    def _is_heading(self, row: int) -> Literal["repeated", "second"] | None:
        """Tell whether a row of texts repeats the table's headings, or is the headings of a second table."""
        table, line = self.reading.table, self.cells[row]
        if any(isinstance(cell, int | float | date) for cell in line):
            return None
        used = [*self.used, *([self.key] if self.key is not None else [])]
        headed = [column for column in used if column < len(line) and isinstance(line[column], str)]
        same = [column for column in headed if name_key(str(line[column])) in name_key(table.heading(column))]
        if headed and len(same) == len(headed) == len(used):
            return "repeated"
        names = field_names(table.about.role)
        texts = [cell for cell in line if isinstance(cell, str)]
        fields = [cell for cell in texts if name_key(cell) in names]
        kpis = [cell for cell in texts if cell not in fields and self.reading.finder(cell)[0] is not None]
        return "second" if fields and len(fields) + len(kpis) > 1 else None

    def _is_sum(self, row: int, texts: Sequence[str]) -> bool:
        """Tell whether a row without any text holds only sums of the figures above it."""
        line = self.cells[row]
        own = [at for at in self.figures if at < len(line) and not is_blank(line[at])]
        if texts or not own or row in self.faulty:
            return False
        above = [at for at in self.rows if at < row]
        return len(above) > 1 and all(_same_sum([self.cells[at] for at in above], line[at], at) for at in own)

    def _cut_tail(self) -> None:
        """End the table before notes: rows below a blank one, or with a single text, without figures."""
        self.rows.sort()
        last = next((row for row in reversed(self.rows) if self._is_sure(row)), self.reading.table.head)
        notes = [row for row in self.rows if row > last and self._is_note(row, last)]
        if notes:
            self.rows[:] = [row for row in self.rows if row not in set(notes)]
            self.passed["notes"] = sorted({*self.passed.get("notes", []), *notes})

    def _is_sure(self, row: int) -> bool:
        line = self.cells[row]
        value = line[self.key] if self.key is not None and self.key < len(line) else None
        if isinstance(value, str) and self.is_person(value):
            return True
        if self.reading.table.role == "employees" and isinstance(value, str) and clean(value):
            by_name = self.reading.schemes.workbook.match == "name"
            needed = [column for column in self.needed if column != self.key]
            filled = [column for column in needed if column < len(line) and not is_blank(line[column])]
            return len(filled) == len(needed) or bool(by_name and filled) or _like_a_number(clean(value))
        return row in self.faulty or any(
            isinstance(line[column], int | float | date)
            for column in {*self.used, self.key}
            if column is not None and column < len(line)
        )

    def _is_note(self, row: int, last: int) -> bool:
        line = self.cells[row]
        filled = sum(not is_blank(cell) for cell in line)
        gap = any(all(map(is_blank, self.cells[between])) for between in range(last + 1, row))
        lone = next(cell for cell in line if not is_blank(cell)) if filled else None
        text = clean(lone) if isinstance(lone, str) else ""
        return gap or (filled == 1 and " " in text and self.key == self.reading.table.fields.get("id"))


_FIGURES = frozenset({"value", "salary", "amount", "minimum", "norm", "maximum"})


def _like_a_number(text: str) -> bool:
    return " " not in text and any(map(str.isdigit, text))


def _is_totals(value: Raw, texts: Sequence[str]) -> bool:
    """Tell whether a row is a totals row by its first text; a number of people may stand before it."""
    if not texts:
        return False
    if value is not None and not isinstance(value, str):
        return is_totals(texts[0], whole=True)
    return is_totals(texts[0])


def is_totals(text: str, *, whole: bool = False) -> bool:
    """Tell whether a text begins with a word such as Итого or, with `whole`, is only that word."""
    known, key = words("totals"), clean(text).casefold().rstrip(".:, ")
    if whole:
        return key in known
    parts = key.split(" ")
    return parts[0].rstrip(".:,") in known or " ".join(parts[:2]).rstrip(".:,") in known


def _same_sum(above: Sequence[Sequence[Raw]], value: Raw, column: int) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    figures = [line[column] for line in above if column < len(line)]
    total = sum((from_cell(float(x)) for x in figures if isinstance(x, int | float)), Decimal(0))
    return value != 0 and total == from_cell(float(value))
