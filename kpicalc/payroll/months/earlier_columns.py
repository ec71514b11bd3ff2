"""A column of earlier figures: those of this month's workbook and, where it has none, those of an earlier payroll."""

from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal
from pathlib import Path

from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.paid_month import PaidFigure, Taken
from kpicalc.model.period import title
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook

_PLACES = 9


@record(frozen=False)
class Joining:
    """The month's inputs, the issues found in joining their columns, and the places whose figures are unknown."""

    given: Inputs
    book: SchemeBook
    issues: list[Issue]
    unread: set[Place] = field(default_factory=set)

    def joined(
        self,
        paid: Taken | None,
        path: Path,
        heading: str,
        ours: Series | None,
        figures: Mapping[str, PaidFigure],
        unit: Unit,
        differs: str,
    ) -> Series | None:
        """Return a column with this month's workbook's figures, and a payroll's where it has none.

        None where the workbook's own column stays as it is.
        """
        if not figures and ours is not None:
            return None
        if not figures:
            # The payroll's fault is reported once: its figures are unknown, not blank.
            if paid is not None:
                month = title(paid.period, self.book.language)
                self.issues.append(issue("payroll_lacks_figure", paid.sheet, title=heading, month=month))
            place = Place(str(path))
            self.unread.add(place)
            return self._unknown(place)
        assert paid is not None
        series = ours or self._unknown(paid.sheet)
        values, origins = list(series.values), dict(series.origins)
        for index, payee in enumerate(self.given.payees):
            figure = figures.get(payee.id) or PaidFigure(self._nothing_yet(index, paid, differs), paid.sheet)
            typed = ours.values[index] if ours else None
            if typed is None and not (ours and ours.place(index) in self.given.unread):
                values[index], origins[index] = figure.value, figure.place
            elif ours and typed is not None and figure.value is not None:
                self._compare(differs, index, heading, (typed, ours.place(index)), (figure.value, figure.place), unit)
        return replace(series, values=values, origins=origins)

    def _nothing_yet(self, index: int, paid: Taken, differs: str) -> Decimal | None:
        """Return 0 as the balance of a payee hired this month and absent from the earlier payroll; None for others."""
        employed = self.given.employed.get(index)
        new = employed is not None and employed.hired is not None and f"{employed.hired:%Y-%m}" == self.given.period
        unknown = self.given.payees[index].id not in paid.names
        return Decimal(0) if differs == "balance_differs" and new and unknown else None

    def _compare(
        self,
        code: str,
        index: int,
        heading: str,
        ours: tuple[Decimal, Place],
        other: tuple[Decimal, Place],
        unit: Unit,
    ) -> None:
        (typed, place), (paid, cell) = ours, other
        if round(typed, _PLACES) == round(paid, _PLACES):
            return
        payee, language = self.given.payees[index], self.book.language
        facts = {
            "payee": payee,
            "title": heading,
            "found": show(typed, unit, language),
            "other": show(paid, unit, language),
            "cell": replace(cell, file=Path(cell.file).name),
        }
        self.issues.append(issue(code, place, **facts))

    def _unknown(self, place: Place) -> Series:
        people = len(self.given.payees)
        return Series([None] * people, place.file, place.sheet, "", [0] * people)
