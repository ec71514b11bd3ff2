"""A payroll workbook that kpicalc wrote -> what it says. One that was changed since, or is none, is refused.

The layout is that of `export/payroll_sheet.py`, `calculation_sheet.py` and `run_sheet.py`; headings are looked for in
both languages. A test writes payrolls and reads them back.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeGuard

from kpicalc.intake.files.book import read_book
from kpicalc.intake.files.faults_xlsx import FORMULA
from kpicalc.lang import LANGUAGES, Language, number, severity, word
from kpicalc.model.book import Book, Raw, Sheet, cell_name
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import from_cell
from kpicalc.model.paid_month import PaidFigure, PaidMonth, PaidPerson
from kpicalc.model.period import parse
from kpicalc.model.texts import clean, name_key

_GROUP_ROW, _HEAD_ROW, _FIRST_ROW = 2, 3, 4
_IDENTITY = ("id", "name", "department", "position")
_SUMS = ("total", "accrued", "to_pay")
_PLACES = 9
_ZERO = Decimal(0)
_SPOILT = ("payroll_cell", "payroll_unsaved")


def read_payroll(path: Path, kpis: Collection[str] = ()) -> tuple[PaidMonth | None, list[Issue]]:
    """Read a payroll, and the actuals of the KPIs of these titles; without a month the issues say why."""
    book, issues = read_book(path)
    if book is None:
        return None, issues
    for language in LANGUAGES:
        sheets = {sheet.name: sheet for sheet in book.sheets}
        payroll, run = (sheets.get(word(f"sheets.name.{name}", language)) for name in ("payroll", "run"))
        if payroll and run:
            return _Written(book, language, payroll, run).month(kpis)
    found = ", ".join(sheet.name for sheet in book.sheets)
    return None, [issue("payroll_foreign", Place(book.file), found=found)]


@dataclass
class _Written:
    """One payroll workbook while it is read, and what is found wrong with it."""

    book: Book
    language: Language
    payroll: Sheet
    run: Sheet
    issues: list[Issue] = field(default_factory=list)

    def month(self, kpis: Collection[str]) -> tuple[PaidMonth | None, list[Issue]]:
        heads = _row(self.payroll, _HEAD_ROW)
        own = [word(f"sheets.payee.{name}", self.language) for name in _IDENTITY]
        total, accrued, to_pay = (word(f"headings.figure.{name}", self.language) for name in _SUMS)
        stated = self._caption(word("sheets.run.period", self.language))
        period = None if stated is None else parse(_cell_text(self.run, stated, 1))
        # Lines may bear such a name too, but the sums stand last.
        ends = [at for at, head in enumerate(heads) if head == (to_pay if to_pay in heads else total)]
        if heads[: len(own)] != own or not ends or period is None:
            return None, [issue("payroll_foreign", self._place(self.payroll), found=self.payroll.name)]
        self._check_control()
        at = ends[-1]
        earned = max((column for column in range(at) if heads[column] == accrued and to_pay in heads), default=at)
        lines = [column for column in range(len(own), at) if column != earned]
        people: dict[str, PaidPerson] = {}
        for row, person in self._people(heads, lines, at):
            if person.id in people:
                facts = {"number": person.id, "first": people[person.id].total.place.cell}
                self.issues.append(issue("payroll_person_twice", self._place(self.payroll, row, 0), **facts))
            people[person.id] = person
        month = PaidMonth(
            file=self.book.file,
            sha256=self.book.sha256,
            period=period,
            language=self.language,
            sheet=self._place(self.payroll),
            lines=tuple(dict.fromkeys(heads[column] for column in lines)),
            withheld=frozenset(heads[earned + 1 : at]),
            beside=tuple(head for head in heads[at + 1 :] if head),
            people=people,
            results=self._results(kpis) if kpis else {},
        )
        refused = any(severity(found) == "error" for found in self.issues)
        return None if refused else month, self.issues

    # -- sheets -------------------------------------------------------------------------------------------------

    def _people(self, heads: list[str], lines: list[int], total: int) -> Iterator[tuple[int, PaidPerson]]:
        """Yield the rows of the Payroll sheet down to its totals; lines that do not add up are an issue."""
        sheet, place = self.payroll, self._place(self.payroll)
        beside = [at for at in range(total + 1, len(heads)) if heads[at]]
        for row, number_, name in _rows(sheet):
            own: dict[str, PaidFigure] = {}
            added = _ZERO
            for at in lines:
                figure = self._figure(sheet, place, row, at)
                # Lines may bear one title: those of two schemes, of which a person has one, or two of one scheme.
                twin = own.setdefault(heads[at], figure)
                if twin.value is None:
                    own[heads[at]] = figure
                elif twin is not figure and figure.value is not None:
                    own[heads[at]] = twin._replace(value=twin.value + figure.value)
                added += figure.value or _ZERO
            kept = {heads[at]: self._figure(sheet, place, row, at) for at in beside}
            person = PaidPerson(number_, name, own, self._figure(sheet, place, row, total), kept)
            spoilt = any(found.code in _SPOILT for found in self.issues)
            if not spoilt and _rounded(added) != _rounded(person.total.value or _ZERO):
                facts = {"found": self._shown(added), "total": self._shown(person.total.value or _ZERO)}
                self.issues.append(issue("payroll_row_sum", person.total.place, payee=f"{number_} {name}", **facts))
            yield row, person

    def _results(self, kpis: Collection[str]) -> dict[str, dict[str, PaidFigure]]:
        """Return the actuals that the Calculation sheets show, by KPI title and personnel number."""
        found: dict[str, dict[str, PaidFigure]] = {title: {} for title in kpis}
        keys = {name_key(title): title for title in kpis}
        name = word("sheets.name.calculation", self.language)
        actual = word("headings.figure.actual", self.language)
        for sheet in self.book.sheets:
            if sheet.name != name and not sheet.name.startswith(f"{name} "):
                continue
            group, columns = "", []
            for column, head in enumerate(_row(sheet, _HEAD_ROW)):
                group = _cell_text(sheet, _GROUP_ROW, column) or group
                if head == actual and name_key(group) in keys:
                    columns.append((column, keys[name_key(group)]))
            place = self._place(sheet)
            for row, number_, _ in _rows(sheet) if columns else ():
                for column, title in columns:
                    figure = self._figure(sheet, place, row, column)
                    twin = found[title].get(number_)
                    # One KPI, rounded in two ways by two components: which of them is meant is not ours to say.
                    differ = twin and _rounded(twin.value) != _rounded(figure.value)
                    found[title][number_] = figure._replace(value=None) if differ else figure
        return found

    def _check_control(self) -> None:
        """Make sure that the payroll still says what was computed: nobody changed it by hand."""
        at = self._caption(word("sheets.run.difference", self.language))
        place = self._place(self.run)
        figure = PaidFigure(None, place) if at is None else self._figure(self.run, place, at, 1)
        if figure.value:
            self.issues.append(issue("payroll_edited", figure.place, found=self._shown(figure.value)))
        elif figure.value is None and not self.issues:
            self.issues.append(issue("payroll_cell", figure.place, found="—"))

    # -- cells --------------------------------------------------------------------------------------------------

    def _caption(self, caption: str) -> int | None:
        """Return the row in which a caption stands on the Run sheet."""
        rows = range(len(self.run.rows))
        return next((row for row in rows if _cell_text(self.run, row, 0) == caption), None)

    def _figure(self, sheet: Sheet, place: Place, row: int, column: int) -> PaidFigure:
        """Return a figure; a text, an error or a formula without its value is an issue, a blank is no figure."""
        value = _cell(sheet, row, column)
        fault = sheet.faults.get((row, column)) if sheet.faults else None
        if fault or (value is not None and not _is_number(value)):
            self._spoilt(sheet, self._place(sheet, row, column), fault or str(value))
            value = None
        return PaidFigure(from_cell(float(value)) if _is_number(value) else None, place, row, column)

    def _spoilt(self, sheet: Sheet, place: Place, found: str) -> None:
        """Report the first cell of a sheet that holds no figure: a program that drops values drops them all."""
        if all(item.place.sheet != sheet.name for item in self.issues if item.code in _SPOILT):
            unsaved = found == FORMULA
            facts = {} if unsaved else {"found": found}
            self.issues.append(issue("payroll_unsaved" if unsaved else "payroll_cell", place, **facts))

    def _shown(self, amount: Decimal) -> str:
        return number(amount, self.language)

    def _place(self, sheet: Sheet, row: int | None = None, column: int = 0) -> Place:
        return Place(self.book.file, sheet.name, "" if row is None else cell_name(row, column))


def _rows(sheet: Sheet) -> Iterator[tuple[int, str, str]]:
    """Yield the row, the number and the name of everybody on a sheet, down to its totals."""
    for row in range(_FIRST_ROW, len(sheet.rows)):
        number_, name = _cell_text(sheet, row, 0), _cell_text(sheet, row, 1)
        if not number_ or not name:
            return
        yield row, number_, name


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, _PLACES)


def _cell(sheet: Sheet, row: int, column: int) -> Raw:
    line = sheet.rows[row] if row < len(sheet.rows) else []
    return line[column] if column < len(line) else None


def _cell_text(sheet: Sheet, row: int, column: int) -> str:
    value = _cell(sheet, row, column)
    return clean(value) if isinstance(value, str) else ""


def _row(sheet: Sheet, row: int) -> list[str]:
    """Return the texts of a row, without the blanks after the last one."""
    width = len(sheet.rows[row]) if row < len(sheet.rows) else 0
    texts = [_cell_text(sheet, row, column) for column in range(width)]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _is_number(value: Raw) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
