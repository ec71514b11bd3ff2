"""Where a table stands on its sheet: the row of headings and the column of every field and KPI."""

import re
from collections.abc import Collection, Mapping
from dataclasses import field, replace
from typing import get_args

from kpicalc.intake.sheets.earlier_headings import earlier_name
from kpicalc.intake.sheets.kpis import is_computed
from kpicalc.intake.sheets.layout.lines import JOINT, SEARCHED_ROWS, Line, candidates
from kpicalc.intake.sheets.layout.patterns import is_pattern, means, shown_pattern
from kpicalc.intake.sheets.layout.said import as_said
from kpicalc.intake.sheets.layout.table import Table
from kpicalc.intake.sheets.layout.twice import heading_twice
from kpicalc.intake.sheets.month_words import months_told
from kpicalc.intake.sheets.names import field_names, field_title
from kpicalc.intake.sheets.workbook import Workbook
from kpicalc.model.book import Sheet, column_letter
from kpicalc.model.fields import SHEETS, Level, SheetRole
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.texts import LIKE, likeness, name_key, nearest, unknown, wrong_alphabet

_LEVELS = get_args(Level)
_LETTER = re.compile(r"[A-Z]{1,3}")
_OTHER: Mapping[SheetRole, SheetRole] = {"plan": "actuals", "actuals": "plan"}
_SLIP = 0.8
"""How alike an unread heading and a missing column must be for the heading to count as a slip."""


def locate(role: SheetRole, sheet: Sheet, workbook: Workbook) -> Table | None:
    """Find the row of headings and the columns; None, with issues, where a required column is missing."""
    return _Search(role, sheet, workbook).table()


@record(slots=False)
class _Search:
    role: SheetRole
    sheet: Sheet
    workbook: Workbook
    mapped: dict[str, str] = field(default_factory=dict)
    """The scheme file's own headings: {field or KPI key: heading, pattern or letter}."""
    names: dict[str, str] = field(default_factory=dict)
    """The headings that are known without the scheme file: key -> field."""

    def table(self) -> Table | None:
        """Return the table, or None with issues."""
        workbook, about, issues = self.workbook, SHEETS[self.role], self.workbook.issues
        self.mapped.update(_mapped(self.role, workbook))
        # A heading that the scheme file assigns to a field has no other meaning.
        stated = {name_key(text) for text in self.mapped.values()}
        known = {key: name for key, name in field_names(self.role).items() if name not in self.mapped}
        self.names.update({key: name for key, name in known.items() if key not in stated})
        line = self._line()
        if line is None:
            wanted = [self._title(name) for name in workbook.required(self.role)]
            facts = {"sheet": self.sheet.name, "headings": wanted, "rows": SEARCHED_ROWS}
            issues.append(issue("header_missing", self._place(), **facts))
            return None
        blank = Table(self.role, workbook.book.file, self.sheet, line.row, {}, {}, line.titles)
        fields, sure = self._fields(line, blank)
        required, keys = workbook.required(self.role), about.keys
        for name in (*required, *(name for name in self.mapped if name in keys and name not in required)):
            if name not in fields and not (name in workbook.schemes.kpis and about.per_kpi):
                issues.append(self._missing(blank, name, fields.values()))
                sure = False
        if self.role == "team_plan" and not any(level in fields for level in _LEVELS):
            wanted = [field_title(self.role, level, workbook.schemes.language) for level in _LEVELS]
            facts = {"sheet": self.sheet.name, "headings": wanted, "row": line.row + 1}
            issues.append(issue("levels_missing", blank.place(line.row, 0), **facts))
            sure = False
        table = replace(blank, fields=fields)
        if about.per_kpi and not table.long:
            table, complete = self._with_kpis(line, table)
            sure = sure and complete
        _mention_slips(table, line, workbook)
        return table if sure else None

    def _place(self) -> Place:
        return Place(self.workbook.book.file, self.sheet.name)

    def _title(self, name: str) -> str:
        """Return the heading that is expected for a field."""
        mapped = self.mapped.get(name)
        if mapped is None:
            return field_title(self.role, name, self.workbook.schemes.language)
        return shown_pattern(mapped, self.workbook.period)

    def _line(self) -> Line | None:
        """Return the row of headings: the one with most of the expected headings, above all that of a person."""
        by_name = self.workbook.map.match == "name"
        best: tuple[tuple[bool, int], Line] | None = None
        person = {key for key, name in field_names(self.role).items() if name in ("id", "name")}
        person |= {name_key(text) for name, text in self.mapped.items() if name in ("id", "name")}
        rows = self.workbook.map.shape(self.role).headings
        for line in candidates(self.sheet, int(rows) if rows else None, person.__contains__):
            fields = {name for _, _, keys, _ in line for key in keys if (name := self.names.get(key))}
            fields |= {name for name in self.mapped if self._columns(line, name)}
            kpis = {key for _, title, _, _ in line if (key := self._kpi(title)[0])} if SHEETS[self.role].per_kpi else ()
            score = len({*fields, *kpis})
            whose = "id" in fields or (by_name and "name" in fields)
            if score and (best is None or (whose, score) > best[0]):
                best = (whose, score), line
        return best[1] if best else None

    def _columns(self, line: Line, name: str) -> list[int]:
        """Return the columns that the scheme file's heading of a field or KPI means."""
        return self._meant(line, self.mapped[name])

    def _meant(self, line: Line, wanted: str) -> list[int]:
        """Return the columns that a heading of the scheme file means: by its text, or else by its letter."""
        period = self.workbook.period
        if is_pattern(wanted):
            titled = {column for column, title, _, cell in line if means(wanted, title, period)}
            return sorted(titled | {column for column, _, _, cell in line if means(wanted, cell, period)})
        key = name_key(wanted)
        columns = [column for column, _, keys, _ in line if keys and keys[0] == key]
        columns = columns or [column for column, _, keys, _ in line if key in keys]
        if not columns and _LETTER.fullmatch(wanted):
            columns = [column for column, _, _, _ in line if column_letter(column) == wanted]
        return columns

    def _kpi(self, title: str) -> tuple[str | None, str]:
        """Return the KPI of a heading: «Продажи», or under a joined one «Продажи / Факт» on the Actuals sheet."""
        key, unit = self.workbook.finder(title)
        if key is None and JOINT in title:
            group, _, below = title.rpartition(JOINT)
            if field_names(self.role).get(name_key(below)) == "value":
                return self.workbook.finder(group)
        return as_said((key, unit), title, self.role, self.workbook.schemes)

    def _fields(self, line: Line, table: Table) -> tuple[dict[str, int], bool]:
        """Return the columns of the fields that this sheet is read for; a repeated heading is an error."""
        columns: dict[str, list[int]] = {}
        known = table.about.keys | {"name"}
        for column, _, keys, _ in line:
            name = next((name for key in keys if (name := self.names.get(key))), None)
            if name in known:
                columns.setdefault(name, []).append(column)
        for name in self.mapped:
            if name in known and (numbers := self._columns(line, name)):
                columns[name] = numbers
        by_name = self.workbook.map.match == "name"
        numbered = "id" in self.mapped or (self.role == "employees" and "id" in columns)
        if by_name and "name" in columns and not numbered:
            columns["id"] = columns["name"]
        if self.role != "employees":
            columns.pop("name", None)
        if table.about.per_kpi and not {"kpi", "value"} <= columns.keys():
            # Only both together make the long form: alone, «План» may be any column of a wide sheet.
            columns = {name: numbers for name, numbers in columns.items() if name not in ("kpi", "value", "plan")}
        twice = [numbers for numbers in columns.values() if len(numbers) > 1]
        self.workbook.issues.extend(heading_twice(table, numbers, self.workbook) for numbers in twice)
        return {name: numbers[0] for name, numbers in columns.items()}, not twice

    def _with_kpis(self, line: Line, table: Table) -> tuple[Table, bool]:
        """Add the columns of the KPIs to a wide table; mention likely slips, and columns of KPIs that are computed."""
        schemes, issues = self.workbook.schemes, self.workbook.issues
        wanted = {key: self._columns(line, key) for key in self.mapped if key in schemes.kpis}
        mapped = {column for numbers in wanted.values() for column in numbers} | self._of_the_other(line)
        taken = set(table.fields.values())
        columns: dict[str, list[int]] = {key: numbers for key, numbers in wanted.items() if numbers}
        strangers: list[int] = []
        other_units: dict[int, Issue] = {}
        earlier: dict[str, list[int]] = {}
        for column, title, keys, _ in line:
            if column in taken or column in mapped:
                continue
            if self.role == "history" and (name := earlier_name(title, self.workbook.finder, schemes)):
                earlier.setdefault(name, []).append(column)
                continue
            key, other_unit = self._kpi(title)
            if key is None or key in self.mapped:
                if not any(name in field_names(self.role) for name in keys):
                    strangers.append(column)
                continue
            columns.setdefault(key, []).append(column)
            if other_unit and not months_told(other_unit, name=True):
                facts = {"heading": title, "found": other_unit, "unit": schemes.kpis[key].unit or ""}
                other_units[column] = issue("heading_unit", table.place(line.row, column), **facts)
        computed = {key for key in columns if self.role == "actuals" and is_computed(schemes, key)}
        twice = [numbers for key, numbers in columns.items() if len(numbers) > 1 and key not in computed]
        twice += [numbers for numbers in earlier.values() if len(numbers) > 1]
        issues.extend(heading_twice(table, numbers, self.workbook) for numbers in twice)
        # What makes one of two such headings different may be no unit: «Продажи, новый расчёт».
        issues.extend(item for column, item in other_units.items() if not any(column in numbers for numbers in twice))
        absent = [key for key, numbers in wanted.items() if not numbers and key not in table.fields]
        used = {*taken, *(column for numbers in (*columns.values(), *earlier.values()) for column in numbers)}
        issues.extend(self._missing(table, key, used) for key in absent)
        if computed:
            first = sorted(columns[key][0] for key in computed)
            names = [f"{table.heading(column)} ({column_letter(column)})" for column in first]
            place = table.place(table.head, first[0])
            issues.append(issue("computed_kpi", place, sheet=table.sheet.name, headings=names))
        kpis = {key: numbers[0] for key, numbers in columns.items() if key not in computed}
        _mention_likes(table, strangers, kpis, self.workbook)
        beside = {name: numbers[0] for name, numbers in earlier.items()}
        return replace(table, kpis=kpis, earlier=beside), not twice and not absent

    def _of_the_other(self, line: Line) -> set[int]:
        """On a sheet with both plan and actual, return the columns that belong to the other of the two.

        So the column of a KPI's actual is not found by its title as the plan too.
        """
        other = _OTHER.get(self.role)
        sheets, columns = self.workbook.map.sheets, self.workbook.map.columns
        if other is None or sheets.get(other) is None or sheets.get(other) != sheets.get(self.role):
            return set()
        kpis = self.workbook.schemes.kpis
        named = [heading for key, heading in columns.get(other, {}).items() if key in kpis]
        return {column for heading in named for column in self._meant(line, heading)}

    def _missing(self, table: Table, name: str, used: Collection[int]) -> Issue:
        """Return the issue for a missing column, with the nearest heading that is no other field or KPI."""
        heading = self._title(name)
        known = [text for text, other in field_names(self.role).items() if other == name]
        meant = [heading] if name in self.mapped else known
        columns = [column for column, text in enumerate(table.titles) if text and column not in used]
        for column in columns:
            place, title = table.place(table.head, column), table.heading(column)
            if look_alike := wrong_alphabet(place, title, [heading]) or wrong_alphabet(place, title, meant):
                return look_alike
        # Renaming another month's column would mean paying by it.
        spare = [text for text in map(table.heading, columns) if not self.workbook.of_another_month(text)]
        if name not in self.workbook.schemes.kpis:
            spare = [text for text in spare if self._kpi(text)[0] is None]
        nearest_one = nearest(meant, spare)
        facts = {"sheet": table.sheet.name, "heading": heading, "row": table.head + 1}
        place = table.place(table.head, 0)
        if nearest_one:
            return issue("column_missing", place, **facts, nearest=nearest_one)
        return issue("column_missing_far", place, **facts)


def _mapped(role: SheetRole, workbook: Workbook) -> dict[str, str]:
    """Return the scheme file's own headings: {field or KPI key: heading}; a key that is neither is an issue."""
    schemes, known = workbook.schemes, SHEETS[role].keys
    mapped: dict[str, str] = {}
    for name, heading in workbook.map.columns.get(role, {}).items():
        kpi = workbook.finder(name)[0] if SHEETS[role].per_kpi else None
        if name in schemes.kpis and SHEETS[role].per_kpi:
            # A KPI may have the name of a field that this table does not need.
            kpi, by_name = name, None
        else:
            by_name = name if name in known or name == "name" else field_names(role).get(name_key(name))
        if by_name in known or (by_name == "name" and role != "employees"):
            mapped[str(by_name)] = heading
        elif kpi is not None:
            mapped[kpi] = heading
        elif role == "employees" and name in schemes.employees:
            # Columns that the scheme file declares are found with the figures.
            continue
        elif not (role == "actuals" and name == "plan"):
            words = sorted(known | (set(schemes.kpis) if SHEETS[role].per_kpi else set()))
            place = schemes.source.place("workbook", "columns", role, name)
            workbook.issues.append(unknown("mapped_unknown", place, name, words))
    return mapped


def _mention_likes(table: Table, strangers: list[int], columns: Mapping[str, int], workbook: Workbook) -> None:
    """Mention unread headings that resemble a KPI without a column."""
    schemes = workbook.schemes
    absent = [
        schemes.kpi_title(key)
        for key in schemes.kpis
        if key not in columns and not (table.role == "actuals" and is_computed(schemes, key))
    ]
    for column in strangers:
        heading = table.heading(column)
        if look_alike := wrong_alphabet(table.place(table.head, column), heading, absent):
            workbook.issues.append(look_alike)
            continue
        if JOINT not in heading and (like := nearest(heading, absent, LIKE)):
            place = table.place(table.head, column)
            workbook.issues.append(issue("heading_like_kpi", place, found=heading, nearest=like))


def _mention_slips(table: Table, line: Line, workbook: Workbook) -> None:
    """Mention unread headings that are probably a slip for a missing column."""
    used, fields = table.used(), table.about.keys
    names = field_names(table.about.role)
    # A missing required column is an error of its own.
    required = {*table.fields, *workbook.required(table.about.role), *workbook.map.columns.get(table.about.role, {})}
    absent = {text for text, name in names.items() if name in fields and name not in required}
    for column, title, keys, _ in line:
        if column in used or any(key in names for key in keys) or workbook.finder(title)[0]:
            continue
        own = name_key(title)
        # The one that is most like it, and of two alike the same in every run.
        if meant := max(
            (text for text in absent if _is_slip(own, text)), key=lambda text: (likeness(own, text), text), default=None
        ):
            place = table.place(line.row, column)
            workbook.issues.append(issue("heading_like_field", place, found=title, nearest=meant.capitalize()))


def _is_slip(heading: str, meant: str) -> bool:
    return heading != meant and min(len(heading), len(meant)) > 3 and likeness(heading, meant) >= _SLIP
