"""What it means that a figure is blank in the workbook, or that its row, column or sheet is absent."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from kpicalc.engine.statement import Figure, Statement
from kpicalc.engine.tree.sources import Actual, Given, OwnColumn, Personal, Plan, kpi_of, sheet_of
from kpicalc.engine.tree.words import show
from kpicalc.lang import severity, word
from kpicalc.model.inputs import FOLLOWS, Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import Blank, SchemeBook

_ZERO = Decimal(0)
_NO_ROW: dict[Blank, str] = {"zero": "no_row_is_zero", "hold": "no_row_holds", "error": "no_row"}
"""The code of the issue about a payee without a row, by what a blank means, from the mildest to the strictest."""
_SINCE = frozenset({"days_after", "hours_after"})
"""Time worked after a change of salary or rate: 0 where there is no such change."""


@record(frozen=False)
class _NoRow:
    """A payee without a row on a sheet: the figures that are needed from it, and what a blank means for each."""

    place: Place
    blanks: set[Blank] = field(default_factory=set)
    titles: list[str] = field(default_factory=list)


class Absences:
    """Absent sheets, rows and cells, noted scheme by scheme; issues and held people are added to the given lists."""

    def __init__(self, book: SchemeBook, inputs: Inputs, issues: list[Issue], held: set[int]) -> None:
        self.book = book
        self.inputs = inputs
        self.issues = issues
        self.held = held
        self._no_sheet: dict[str, list[str]] = {}
        self._no_row: dict[tuple[int, str], _NoRow] = {}

    def no_sheet(self, sheet: str, title: str) -> None:
        """Note a KPI that is needed from a sheet which the workbook does not have."""
        titles = self._no_sheet.setdefault(sheet, [])
        if title not in titles:
            titles.append(title)

    def refuses(self) -> bool:
        """Tell whether an error already forbids paying: here, or in cells that could not be read."""
        lacking = self._no_sheet or any("error" in row.blanks for row in self._no_row.values())
        return bool(lacking or self.inputs.unread) or any(severity(issue_) == "error" for issue_ in self.issues)

    def report(self) -> None:
        """Report the absent sheets and rows: each once, with all figures that are needed from it."""
        for sheet, titles in self._no_sheet.items():
            self._report(f"no_{sheet}_sheet", Place(self.inputs.file), found=titles)
        for (index, _), row in self._no_row.items():
            code = next(code for blank, code in reversed(_NO_ROW.items()) if blank in row.blanks)
            facts = {"sheet": row.place.sheet, "title": row.titles, "period": self.inputs.period}
            self._report(code, row.place, payee=self.inputs.payees[index], **facts)

    def no_column(self, statement: Statement, figure: Figure, source: Given) -> Decimal | None:
        """Report an absent column; return the value everybody gets instead, or None if there is none."""
        if isinstance(source, Personal) and source.name in _SINCE:
            return _ZERO
        sheet = sheet_of(source)
        title = figure.group if isinstance(source, Plan | Actual) else figure.title
        if sheet != "employee" and sheet not in self.inputs.sheets:
            self.no_sheet(sheet, title)
            return None
        name, absent = (
            (source.name, source.absent) if isinstance(source, Personal) else (kpi_of(source) or "", "refused")
        )
        if name in FOLLOWS:
            # The absence of the column that this figure is derived from is reported separately.
            return None
        place = self.inputs.sheet(sheet)
        if name == "days_norm" and self.book.calendar is None:
            self._report("no_calendar", place, sheet=place.sheet, title=title, scheme=statement.scheme.title)
            return None
        if name in ("months_employed", "hired"):
            name, title = "hired", word("headings.employee.hired", self.book.language)
        facts = {"sheet": place.sheet, "found": name, "title": title, "scheme": statement.scheme.title}
        if absent == "refused":
            self._report(f"no_{sheet}_column", place, **facts)
            return None
        if absent == "zero":
            self._report("balance_begins", place, **facts)
        return _ZERO

    def blank(self, blank: Blank, figure: Figure, index: int, place: Place) -> Decimal | None:
        """Report a blank cell of a payee; return 0 where it counts as zero, else None."""
        if place in self.inputs.unread:
            return None
        facts = {"payee": self.inputs.payees[index], "title": figure.title}
        source = figure.source
        name = source.name if isinstance(source, Personal) else ""
        if name in ("months_employed", "hired"):
            facts["title"] = word("headings.employee.hired", self.book.language)
        if name in _SINCE:
            self._report("change_days", place, **facts)
            return None
        if name in FOLLOWS:
            return self._unknown(index, name, blank, facts)
        if blank == "zero" and not self.inputs.blanks_are_sure:
            self._report("blank_unsure", place, **facts)
            return None
        if isinstance(source, Personal) and source.absent == "none":
            return _ZERO
        if blank == "hold":
            self.held.add(index)
        if any(place.file == payroll.file for payroll in self.inputs.payrolls):
            code = {"zero": "payroll_blank_is_zero", "hold": "payroll_blank_holds", "error": "payroll_blank"}[blank]
            self._report(code, place, **facts)
        elif (
            not place.cell
            and isinstance(source, Actual | Plan | Personal | OwnColumn)
            and self.inputs.lacks_row(sheet := sheet_of(source), index)
        ):
            row = self._no_row.setdefault((index, sheet), _NoRow(place))
            row.blanks.add(blank)
            row.titles.append(figure.title)
        else:
            self._report({"zero": "blank_is_zero", "hold": "blank_holds", "error": "blank"}[blank], place, **facts)
        return _ZERO if blank == "zero" else None

    def _unknown(self, index: int, name: str, blank: Blank, facts: Mapping[str, object]) -> Decimal | None:
        """Report working days of employment that cannot be counted; a blank norm is reported separately."""
        series = self.inputs.employee.get(FOLLOWS[name])
        basis = series.values[index] if series else None
        if basis is None:
            return _ZERO if blank == "zero" else None
        if blank == "hold":
            self.held.add(index)
        code = "days_employed_holds" if blank == "hold" else "days_employed_unknown"
        norm = show(basis, "number", self.book.language)
        self._report(code, self.inputs.employed[index].place, norm=norm, **facts)
        return None

    def _report(self, code: str, place: Place, **facts: object) -> None:
        self.issues.append(issue(code, place, **facts))
