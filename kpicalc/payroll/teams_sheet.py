"""The Departments sheet: each department's result as a live sum over its people, beside the levels of its plan.

It is short, so a payee's row looks its figures up here by the department's name without costing a recalculation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpicalc.engine.draft import LEVELS, unit_of_kpi
from kpicalc.engine.excel import ROW
from kpicalc.engine.result import Payroll, Team
from kpicalc.engine.sources import Actual, OfTeam, TeamPart, key_of
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.payroll.calculation_sheet import DEPARTMENT, Laid
from kpicalc.payroll.grid import quoted
from kpicalc.payroll.layout import TEAMS
from kpicalc.payroll.style import Styles, set_up_print

_PER_KPI = 2 + len(LEVELS)
_PARTS: tuple[TeamPart, ...] = ("actual", *LEVELS)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Where each KPI's columns stand, and the departments of the rows."""

    name: str
    kpis: tuple[str, ...]
    departments: tuple[str, ...]

    def letter(self, kpi: str, part: str) -> str:
        """Return the column of a KPI's part: outside, actual, minimum, norm, maximum."""
        offset = ("outside", *_PARTS).index(part)
        return column_letter(1 + self.kpis.index(kpi) * _PER_KPI + offset)

    def look_up(self) -> dict[OfTeam, str]:
        """Return the formula of each department's figure in a payee's row."""
        last = TEAMS.first + len(self.departments)
        area = f"{quoted(self.name)}!${{0}}${TEAMS.first + 1}:${{0}}${last}"
        found: dict[OfTeam, str] = {}
        for kpi in self.kpis:
            for part in _PARTS:
                # MATCH and SUMIFS would take 007 for 7 and a star for a pattern; a comparison takes whole texts.
                is_own = f"({area.format('A')}=${DEPARTMENT}{ROW})"
                found[OfTeam(kpi, part)] = f"SUMPRODUCT({is_own}*{area.format(self.letter(kpi, part))})"
        return found


def lay_out_teams(name: str, payroll: Payroll) -> Blocks:
    """Return where the departments' figures will stand."""
    kpis = tuple(dict.fromkeys(team.kpi for team in payroll.teams))
    departments = tuple(dict.fromkeys(team.department for team in payroll.teams))
    return Blocks(name, kpis, departments)


def write_teams_sheet(sheet: Any, payroll: Payroll, blocks: Blocks, sheets: Sequence[Laid], styles: Styles) -> None:
    """Write a row per department: what its people achieved, and its plan."""
    language = payroll.book.language
    month = period.title(payroll.inputs.period, language)
    widths = [30, *[16] * (len(blocks.kpis) * _PER_KPI)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, word("sheets.teams.title", language).format(period=month), styles.title)
    sheet.set_row(TEAMS.head, 45)
    sheet.write_string(TEAMS.head, 0, word("sheets.payee.department", language), styles.head)
    teams = {(team.kpi, team.department): team for team in payroll.teams}
    for kpi in blocks.kpis:
        _headings(sheet, payroll, blocks, kpi, styles)
    for at, department in enumerate(blocks.departments):
        row = TEAMS.first + at
        sheet.write_string(row, 0, department, styles.text)
        for kpi in blocks.kpis:
            if team := teams.get((kpi, department)):
                _team(sheet, payroll, blocks, team, sheets, styles, row)
    sheet.freeze_panes(TEAMS.first, 1)
    set_up_print(sheet, widths, repeated=1)
    sheet.repeat_rows(TEAMS.head)
    sheet.hide_gridlines(2)


def _headings(sheet: Any, payroll: Payroll, blocks: Blocks, kpi: str, styles: Styles) -> None:
    language = payroll.book.language
    first = 1 + blocks.kpis.index(kpi) * _PER_KPI
    title = payroll.book.kpi_title(kpi)
    names = [word(f"sheets.teams.{part}", language).format(kpi=title) for part in ("outside", "actual")]
    for level in LEVELS:
        level_title = word(f"headings.figure.{level}", language)
        names.append(word("headings.figure.level_of", language).format(kpi=title, level=level_title))
    for index, name in enumerate(names):
        sheet.write_string(TEAMS.head, first + index, name, styles.head)


def _team(
    sheet: Any, payroll: Payroll, blocks: Blocks, team: Team, sheets: Sequence[Laid], styles: Styles, row: int
) -> None:
    book = payroll.book
    first = 1 + blocks.kpis.index(team.kpi) * _PER_KPI
    unit = unit_of_kpi(book.kpis[team.kpi] if book.kpis[team.kpi].unit else book.kpis[team.of])
    given = styles.figure(unit, given=True)
    sheet.write_number(row, first, float(team.outside), given)
    if team.actual is None:
        sheet.write_blank(row, first + 1, None, styles.figure(unit))
    else:
        own = f"{blocks.letter(team.kpi, 'outside')}{row + 1}"
        sums = [
            f"SUMPRODUCT(({laid.area(DEPARTMENT)}=$A{row + 1})*{laid.area(laid.letters[key])})"
            for laid in sheets
            if (key := key_of(Actual(team.of))) in laid.letters and laid.pay.payees
        ]
        sheet.write_formula(row, first + 1, "=" + "+".join([own, *sums]), styles.figure(unit), float(team.actual))
    levels = payroll.inputs.team_plan.get((team.kpi, team.department), {})
    for offset, level in enumerate(LEVELS, 2):
        figure = levels.get(level)
        value: Decimal | None = figure.value if figure else None
        if value is None:
            sheet.write_blank(row, first + offset, None, given)
        else:
            sheet.write_number(row, first + offset, float(value), given)
