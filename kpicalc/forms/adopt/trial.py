"""The mapping tried out: the reader of every run reads the workbook by it, and its errors become questions."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from kpicalc.forms.adopt.draft import Draft
from kpicalc.forms.adopt.seen import Seen
from kpicalc.forms.adopt.sight import is_no_person
from kpicalc.intake.scheme.read import read_scheme_text
from kpicalc.intake.sheets.cells import is_blank
from kpicalc.intake.tables import read_sheets
from kpicalc.lang import message, remedy, severity
from kpicalc.model.adopted import Both, Member, Question
from kpicalc.model.book import Book
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.issue import Issue, folded
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook

_CELL = re.compile(r"([A-Z]+)(\d+)")
_ROW = re.compile(r"[A-Z]*(\d+)")
_WHOLE_COLUMN = frozenset({"heading_twice", "heading_twice_hidden", "heading_unit"})
"""Errors at one cell that make the whole column unreadable."""


@record(slots=False)
class Trial:
    """The reader's result with a scheme file; `inputs` is None if it could not begin."""

    schemes: SchemeBook | None
    inputs: Inputs | None
    issues: Sequence[Issue]

    @property
    def errors(self) -> list[Issue]:
        """Return the reader's errors."""
        return [item for item in self.issues if severity(item) == "error"]


def tried(text: str, book: Book, period: str) -> Trial:
    """Read a workbook by the text of a scheme file; return the errors together with what could be read."""
    schemes, _ = read_scheme_text("scheme.yaml", text.encode())
    if schemes is None:
        return Trial(None, None, ())
    issues: list[Issue] = []
    part = read_sheets(book, schemes, period, issues)
    return Trial(schemes, part.inputs if part else None, issues)


def questions_of(trial: Trial, draft: Draft) -> list[Question]:
    """Return the reader's errors as questions; equal errors of several cells make one question."""
    return [
        Question(message(item, draft.language), _place(item), (remedy(item, draft.language),))
        for item in folded(trial.errors)
    ]


def _place(item: Issue) -> str:
    place = item.place
    return f"{place.sheet}!{place.cell}" if place.cell else place.sheet or place.file


def beyond(trial: Trial, seen: Seen) -> bool:
    """Tell whether the reader met rows below the first blank row under the people.

    Notes and second tables stand there; the table then ends at that row.
    """
    name, last = seen.sheet.name, max(seen.people)
    blank = next((row for row in range(seen.line.row + 1, len(seen.sheet.rows)) if _is_blank(seen, row)), None)
    if blank is None or blank < last:
        return False
    cells = [item.place.cell for item in trial.errors if item.place.sheet == name]
    cells += [payee.place.cell for payee in (trial.inputs.payees if trial.inputs else ()) if payee.place.sheet == name]
    rows = [int(match[2]) - 1 for cell in cells if (match := _CELL.fullmatch(cell))]
    return any(row > blank for row in rows)


def _is_blank(seen: Seen, row: int) -> bool:
    return all(is_blank(cell) for cell in seen.sheet.rows[row])


def people_of(trial: Trial, draft: Draft, expected: Mapping[tuple[str, str], str]) -> list[Member]:
    """Return the people with their figures as the reader has them, without those that have an error.

    `expected` are the columns (letters) of the figures by side and KPI: a figure that the reader took from another
    column does not count.
    """
    inputs, schemes = trial.inputs, trial.schemes
    if inputs is None or schemes is None:
        return []
    doubt = _Doubt(trial.errors)
    open_kpis = {
        key
        for item in trial.errors
        for key in schemes.kpis
        if item.code == "per_cent_open" and item.fact("line") == str(schemes.source.place("kpis", key, "unit").line)
    }
    constants = draft.constants.get("employees", {})
    members: list[Member] = []
    for index, payee in enumerate(inputs.payees):
        if doubt.about_person(payee.id, payee.place.sheet, payee.place.cell):
            continue
        if is_no_person(payee.name):
            draft.ask("not_a_person", f"{payee.place.sheet}!{payee.place.cell}", [payee.name], name=payee.name)
            continue
        figures = {}
        for key in (key for key in schemes.kpis if key not in open_kpis):
            both = Both(
                _figure(inputs.plan.get(key), index, doubt, expected.get(("plan", key))),
                _figure(inputs.actual.get(key), index, doubt, expected.get(("actuals", key))),
            )
            if both != Both():
                figures[schemes.kpi_title(key)] = both
        department = "" if constants.get("department") == payee.department else payee.department
        members.append(Member(payee.id, payee.name, department, payee.position, figures))
    return members


def _figure(series: Series | None, index: int, doubt: "_Doubt", letter: str | None) -> Decimal | None:
    if series is None or not series.rows[index]:
        return None
    place = series.place(index)
    if letter is not None and not place.cell.startswith(letter):
        return None
    return None if doubt.about(place.sheet, place.cell) else series.values[index]


class _Doubt:
    """The cells of an error: its row; its column, if the error is about a heading; or the whole sheet."""

    def __init__(self, errors: Sequence[Issue]) -> None:
        self.sheets: set[str] = set()
        self.rows: set[tuple[str, str]] = set()
        self.columns: set[tuple[str, str]] = set()
        self.people: set[str] = set()
        for item in errors:
            place = item.place
            match = _CELL.fullmatch(place.cell)
            if item.code == "duplicate_payee":
                self.people.add(item.fact("number"))
            if match is None:
                if place.sheet:
                    self.sheets.add(place.sheet)
            elif item.code == "per_cent_open":
                continue
            elif item.code in _WHOLE_COLUMN:
                self.columns.add((place.sheet, match[1]))
            else:
                self.rows.add((place.sheet, match[2]))
                for name in ("first", "row"):
                    if other := _ROW.fullmatch(item.fact(name)):
                        self.rows.add((place.sheet, other[1]))

    def about(self, sheet: str, cell: str) -> bool:
        """Tell whether an error concerns a cell."""
        match = _CELL.fullmatch(cell)
        letter, row = (match[1], match[2]) if match else ("", "")
        return sheet in self.sheets or (sheet, row) in self.rows or (sheet, letter) in self.columns

    def about_person(self, number: str, sheet: str, cell: str) -> bool:
        """Tell whether an error concerns a person's row in the list."""
        return number in self.people or self.about(sheet, cell)
