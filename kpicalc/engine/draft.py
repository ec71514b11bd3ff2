"""The calculation of one scheme while its components lay it out: figures, lines, parameters, issues."""

from collections.abc import Mapping
from dataclasses import field
from typing import get_args

from kpicalc.engine.statement import (
    Assumption,
    Figure,
    Line,
    ParamBlock,
    Pool,
    Ranking,
    Tally,
    TeamFigure,
)
from kpicalc.engine.tree.formula import Column, Node, Unit
from kpicalc.engine.tree.sources import Given, OfLines, OfTeam, PaidByRow, key_of
from kpicalc.model.fields import EmployeeField, Level, employee_fields
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import Blank, Kpi, Rounding, Rules, SchemeBook

EMPLOYEE_FIELDS: tuple[EmployeeField, ...] = get_args(EmployeeField)
EMPLOYEE_UNITS: Mapping[str, Unit] = {
    "salary_after": "money",
    **dict.fromkeys(("hired", "month_start", "month_end"), "day"),
    **{field.key: field.unit for field in employee_fields("pay", "withholding", figures=True)},
}
"""The units of the employee's figures that are no plain numbers."""
LEVELS: tuple[Level, ...] = ("minimum", "norm", "maximum")
_STRICTNESS: dict[Blank, int] = {"zero": 0, "hold": 1, "error": 2}
_MONEY_UNITS = frozenset({"руб", "руб.", "₽", "rub", "тг", "₸", "kzt", "byn", "usd", "$", "eur", "€", "р", "р."})


@record(frozen=False)
class Draft:
    """What the components of one scheme have laid out so far; their workings share it."""

    book: SchemeBook
    issues: list[Issue]
    rules: Rules
    """The scheme's own rules; a KPI computed by a formula follows them, whichever component uses it."""
    unread: frozenset[str]
    """Ids of lines whose components could not be read: naming such a line is no further mistake."""
    figures: dict[str, Figure] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    blocks: list[ParamBlock] = field(default_factory=list)
    blanks: dict[str, Blank] = field(default_factory=dict)
    teams: dict[tuple[str, str], TeamFigure] = field(default_factory=dict)
    pools: list[Pool] = field(default_factory=list)
    rankings: list[Ranking] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    standings: dict[tuple[frozenset[str], int], Node] = field(default_factory=dict)
    """What lines stand at, by their ids and the number of the component that uses them; a cache."""
    money_rules: list[Rounding] = field(default_factory=list)
    """The different rules for rounding money so far: more than one where a component states its own."""
    open_formulas: list[str] = field(default_factory=list)

    def add(self, figure: Figure) -> Column:
        """Add a figure unless it is there already, and return the node that refers to it."""
        return self.figures.setdefault(figure.key, figure).column

    def given(
        self,
        source: Given,
        names: tuple[str, str, str],
        unit: Unit,
        blank: Blank,
    ) -> Column:
        """Add a figure of the workbook; `names` are its title, heading and group.

        Where several components use it, the strictest meaning of a blank counts.
        """
        key = key_of(source)
        known = self.blanks.get(key)
        if known is None or _STRICTNESS[blank] > _STRICTNESS[known]:
            self.blanks[key] = blank
        title, heading, group = names
        # A spreadsheet adds up sums of a group or of rows in floats; every other given figure is typed in.
        added = isinstance(source, OfLines | PaidByRow) or (isinstance(source, OfTeam) and source.part == "actual")
        settled = not added
        return self.add(Figure(key, title, heading, group, unit, source, settled, source))

    def column(self, line: Line) -> Column:
        """Return the node that refers to a line's amount."""
        return self.figures[line.figure].column

    def report(self, code: str, place: Place, **facts: object) -> None:
        """Report an issue once, however many components report it."""
        reported = issue(code, place, **facts)
        if reported not in self.issues:
            self.issues.append(reported)


def line_titles(book: SchemeBook) -> dict[str, list[str]]:
    """Return the titles of the lines of every id in all schemes; a line that could not be read has its id as title."""
    titles: dict[str, list[str]] = {}
    for scheme in book.schemes.values():
        for item in scheme.pay:
            known_titles = titles.setdefault(item.component.id or item.name, [])
            known_titles += {item.component.called(book.language)} - {*known_titles}
    for scheme in book.schemes.values():
        for name in scheme.unread:
            titles.setdefault(name, [name])
    return titles


def unit_of_kpi(kpi: Kpi) -> Unit:
    """Return the unit in which a KPI's figures are shown, from the unit that the scheme states."""
    return unit_stated(kpi.unit)


def unit_stated(text: str | None) -> Unit:
    """Return the unit of figures whose unit is stated as a text: руб, шт, %."""
    unit = (text or "").strip().casefold()
    if unit == "%":
        return "percent"
    return "money" if unit in _MONEY_UNITS else "number"
