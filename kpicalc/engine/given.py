"""The figures that a scheme takes from the workbook, and what a blank or absent one means."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.absent import Absences
from kpicalc.engine.bounds import impossible
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.statement import Figure, Statement
from kpicalc.engine.tree.sources import (
    Actual,
    Adjusted,
    EarlierSum,
    Given,
    MonthAgo,
    OfLines,
    OfPool,
    OfRanking,
    OfTeam,
    OwnColumn,
    PaidByRow,
    Personal,
    Plan,
    StatedPlan,
    key_of,
    series_of,
)
from kpicalc.engine.tree.words import show
from kpicalc.model.inputs import FOLLOWS, Inputs, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import WHOLE, months_before_in
from kpicalc.model.scheme import SchemeBook

_ZERO = Decimal(0)
_MAY_BE_NEGATIVE = Personal("points_balance")
"""Points may be owed; a balance below zero was reported in the month that made it so."""


class GivenFigures:
    """The figures of the workbook, taken scheme by scheme; issues and held people are added to the given lists."""

    def __init__(
        self,
        book: SchemeBook,
        inputs: Inputs,
        issues: list[Issue],
        held: set[int],
        doubtful: Collection[tuple[Given, int]] = (),
    ) -> None:
        self.book = book
        self.inputs = inputs
        self.issues = issues
        self.held = held
        self.doubtful = doubtful
        self.absent = Absences(book, inputs, issues, held)
        self._computed: dict[tuple[str, Place], list[tuple[int, str]]] = {}

    def columns(self, statement: Statement, payees: Sequence[int]) -> dict[str, list[Decimal | None]]:
        """Return a scheme's figures by key, aligned with its payees; None where a figure is unknown."""
        columns: dict[str, list[Decimal | None]] = {}
        for figure in statement.given():
            match figure.source:
                case Adjusted():
                    columns[figure.key] = [
                        sum((item.amount for item in self.inputs.adjustments.get(index, ())), _ZERO) for index in payees
                    ]
                case OfTeam() | OfLines() | OfPool() | OfRanking():
                    pass
                case PaidByRow(_, rule):
                    # Mistakes in a table of facts are reported by its reader; then all its rows are unknown.
                    paid = self.inputs.row_pay.get(rule)
                    columns[figure.key] = [paid.values[index] if paid else None for index in payees]
                case EarlierSum() as source:
                    columns[figure.key] = self._sums(statement, figure, source, payees)
                case StatedPlan(_, since) if not months_before_in(since, self.inputs.period):
                    columns[figure.key] = [_ZERO] * len(payees)
                case Actual() | Plan() | StatedPlan() | MonthAgo() | Personal() | OwnColumn() as source:
                    series = series_of(source, self.inputs)
                    if series is None:
                        columns[figure.key] = [self.absent.no_column(statement, figure, source)] * len(payees)
                    else:
                        columns[figure.key] = self._from_series(statement, figure, source, series, payees)
        self.issues += impossible(statement, self.inputs, self.book, payees, columns)
        return columns

    def of_members(self, statement: Statement, kpi: str, series: Series, payees: Sequence[int]) -> list[Decimal | None]:
        """Return a KPI of payees whose own pay does not depend on it, but whose department's figure does."""
        title, blank = self.book.kpi_title(kpi), self.book.kpis[kpi].missing or statement.scheme.rules.missing
        figure = Figure(key_of(Actual(kpi)), title, title, title, unit_of_kpi(self.book.kpis[kpi]), Actual(kpi), True)
        statement = replace(statement, blanks={figure.key: blank or "error"})
        return self._from_series(statement, figure, Actual(kpi), series, payees)

    def report(self) -> None:
        """Report what is absent and what the calendar supplied: each once, with all payees concerned."""
        self.absent.report()
        for (title, origin), people in self._computed.items():
            index, shown = people[0]
            facts = {"title": title, "found": shown, "calendar": str(origin)}
            payee, place = self.inputs.payees[index], self.inputs.sheet("employee")
            self._report("by_calendar", place, payee=payee, count=len(people), **facts)

    def _sums(
        self, statement: Statement, figure: Figure, source: EarlierSum, payees: Sequence[int]
    ) -> list[Decimal | None]:
        """Return each payee's sum over the earlier months of the year or quarter; a blank month makes it blank."""
        months = months_before_in(source.since, self.inputs.period)
        known = {back: series for back in months if (series := self.inputs.history.get((source.name, back)))}
        if months and not known:
            return [self.absent.no_column(statement, figure, source)] * len(payees)
        blank, values = statement.blanks[figure.key], []
        for index in payees:
            counted = months_counted(source, self.inputs, index)
            figures = {back: known[back].values[index] if back in known else None for back in counted}
            left = [back for back in months if back not in counted and back in known and known[back].values[index]]
            if left and source.of == "actual":
                facts = {"payee": self.inputs.payees[index], "title": figure.title}
                self._report(
                    "before_hiring", known[left[0]].place(index), found=sorted(months[back] for back in left), **facts
                )
            for back, value in figures.items():
                if value is not None and source.of == "actual":
                    self._watch_range(source.key, value, figure, index, known[back].place(index))
            lacking = [back for back, value in figures.items() if value is None]
            total: Decimal | None = sum((value for value in figures.values() if value is not None), _ZERO)
            if lacking:
                places = [known[back].place(index) for back in lacking if back in known]
                place = next((place for place in places if place in self.inputs.unread), None)
                titled = replace(figure, title=f"{figure.title}: {', '.join(months[back] for back in lacking)}")
                place = place or (places[0] if places else self.inputs.sheet("history"))
                total = total if self.absent.blank(blank, titled, index, place) is not None else None
            values.append(total)
        return values

    def _from_series(
        self, statement: Statement, figure: Figure, source: Given, series: Series, payees: Sequence[int]
    ) -> list[Decimal | None]:
        values = [series.values[index] for index in payees]
        ranged = isinstance(source, Actual | MonthAgo) and bool(self.book.kpis[source.kpi].range)
        positive = self._never_negative(source)
        name = source.name if isinstance(source, Personal) else ""
        for index in filter(series.origins.get, payees) if series.origins else ():
            if not (origin := series.origins[index]).sheet and not self._as_its_basis(name, series, index):
                shown = show(series.values[index] or _ZERO, figure.unit, self.book.language)
                self._computed.setdefault((figure.title, origin), []).append((index, shown))
        known = [value for value in values if value is not None]
        sound = not positive or min(known, default=_ZERO) >= 0
        if sound and len(known) == len(values) and not ranged and not self.doubtful:
            return values
        for row, value in enumerate(values):
            if self.doubtful and (source, payees[row]) in self.doubtful:
                values[row] = None
            elif value is None:
                values[row] = self.absent.blank(
                    statement.blanks[figure.key], figure, payees[row], series.place(payees[row])
                )
            elif ranged and isinstance(source, Actual | MonthAgo):
                self._watch_range(source.kpi, value, figure, payees[row], series.place(payees[row]))
            elif positive and value < 0:
                self._report(
                    "negative_input",
                    series.place(payees[row]),
                    payee=self.inputs.payees[payees[row]],
                    title=figure.title,
                    found=show(value, figure.unit, self.book.language),
                )
        return values

    def _watch_range(self, kpi: str, value: Decimal, figure: Figure, index: int, place: Place) -> None:
        """Refuse an actual, of this month or an earlier one, outside the range that its KPI states."""
        entry, language = self.book.kpis[kpi], self.book.language
        if not entry.range or entry.range[0] <= value <= entry.range[-1]:
            return
        unit = unit_of_kpi(entry)
        allowed = "–".join(show(bound, unit, language) for bound in entry.range)
        facts = {"payee": self.inputs.payees[index], "title": figure.title, "key": kpi}
        self._report("out_of_range", place, found=show(value, unit, language), allowed=allowed, **facts)

    def _never_negative(self, source: Given) -> bool:
        """Tell whether a figure may not be below zero: a plan (unless it may be a loss) or a figure of the employee."""
        if isinstance(source, Plan | StatedPlan):
            return self.book.kpis[source.kpi].attainment != "relative"
        return isinstance(source, Personal | OwnColumn) and source != _MAY_BE_NEGATIVE

    def _as_its_basis(self, name: str, series: Series, index: int) -> bool:
        """Tell whether a figure equals the one that it is derived from, which is reported instead."""
        basis = self.inputs.employee.get(FOLLOWS.get(name, ""))
        return basis is not None and series.values[index] == basis.values[index]

    def _report(self, code: str, place: Place, **facts: object) -> None:
        self.issues.append(issue(code, place, **facts))


def months_counted(source: EarlierSum, inputs: Inputs, index: int) -> dict[int, str]:
    """Return the earlier months that a payee's sum counts; a whole period leaves out months before the hiring."""
    employed = inputs.employed.get(index)
    hired = employed.hired if employed and source.since.startswith(WHOLE) else None
    months = months_before_in(source.since, inputs.period)
    return {back: month for back, month in months.items() if hired is None or month >= f"{hired:%Y-%m}"}
