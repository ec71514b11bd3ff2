"""The Departments sheet: each department's result as a live sum over its people, with the levels of its plan.

It is short, so a payee's row can look figures up here by the department's name without slow recalculation.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kpicalc.engine.draft import LEVELS, unit_of_kpi
from kpicalc.engine.groups.teams import group_name
from kpicalc.engine.result import Payroll, Team
from kpicalc.engine.statement import ALL
from kpicalc.engine.statement import DEPARTMENT as DEPARTMENT_KEY
from kpicalc.engine.terms.season import season_of
from kpicalc.engine.tree.excel import ROW
from kpicalc.engine.tree.sources import Actual, Given, OfTeam, TeamPart, key_of
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.record import record
from kpicalc.payroll.layout import TEAMS
from kpicalc.payroll.sheets.calculation_sheet import Laid
from kpicalc.payroll.sheets.grid import quoted, write_formula
from kpicalc.payroll.style import Styles, set_up_print

_PER_KPI = 2 + len(LEVELS)
_PARTS: tuple[TeamPart, ...] = ("actual", *LEVELS)


@record
class Block:
    """The groups of one kind, a row each from `first` (from 0), and their KPIs."""

    over: str
    groups: tuple[str, ...]
    first: int


@record
class Blocks:
    """The columns of each KPI, and the rows of the groups: the departments first."""

    name: str
    kpis: tuple[str, ...]
    blocks: tuple[Block, ...]

    def letter(self, kpi: str, part: str) -> str:
        """Return the column of a KPI's part: outside, actual, minimum, norm, maximum."""
        offset = ("outside", *_PARTS).index(part)
        return column_letter(1 + self.kpis.index(kpi) * _PER_KPI + offset)

    def look_up(self, laid: Laid) -> dict[Given, str]:
        """Return the formula of each group's figure in a payee's row."""
        formulas: dict[Given, str] = {}
        for block in self.blocks:
            area = f"{quoted(self.name)}!${{0}}${block.first + 1}:${{0}}${block.first + len(block.groups)}"
            group = f"${laid.group(block.over)}{ROW}"
            # MATCH and SUMIFS would take 007 for 7 and a star for a pattern; a comparison takes whole texts.
            is_own = f"({area.format('A')}={group})" if block.over != ALL else "1"
            for kpi in self.kpis:
                for part in _PARTS:
                    figures = area.format(self.letter(kpi, part))
                    formulas[OfTeam(kpi, part, block.over)] = f"SUMPRODUCT({is_own}*{figures})"
        return formulas


def lay_out_teams(name: str, payroll: Payroll) -> Blocks:
    """Return the places of the groups' figures: the departments, then other groups, everybody last."""
    kpis = tuple(dict.fromkeys(team.kpi for team in payroll.teams))
    kinds = sorted({team.over for team in payroll.teams}, key=lambda over: (over != DEPARTMENT_KEY, over == ALL, over))
    blocks, first = [], TEAMS.first
    for over in kinds:
        groups = tuple(dict.fromkeys(team.department for team in payroll.teams if team.over == over))
        blocks.append(Block(over, groups, first))
        # A heading row separates the kinds of groups.
        first += len(groups) + 1
    return Blocks(name, kpis, tuple(blocks))


def write_teams_sheet(sheet: Any, payroll: Payroll, blocks: Blocks, sheets: Sequence[Laid], styles: Styles) -> None:
    """Write a row per department or other group: the sum of its people, and its plan."""
    language = payroll.book.language
    month = period.title(payroll.inputs.period, language)
    widths = [30, *[16] * (len(blocks.kpis) * _PER_KPI)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, word("sheets.teams.title", language).format(period=month), styles.title)
    sheet.set_row(TEAMS.head, 45)
    teams = {(team.kpi, team.over, team.department): team for team in payroll.teams}
    for kpi in blocks.kpis:
        _headings(sheet, payroll, blocks, kpi, styles)
    for block in blocks.blocks:
        sheet.write_string(block.first - 1, 0, _kind(payroll, block.over), styles.head)
        for at, group in enumerate(block.groups):
            sheet.write_string(block.first + at, 0, group_name(group, language), styles.text)
            for kpi in blocks.kpis:
                if team := teams.get((kpi, block.over, group)):
                    _team(sheet, payroll, blocks, team, sheets, styles, block.first + at)
    sheet.freeze_panes(TEAMS.first, 1)
    set_up_print(sheet, widths, language, repeated=1)
    sheet.repeat_rows(TEAMS.head)
    sheet.hide_gridlines(2)


def _kind(payroll: Payroll, over: str) -> str:
    """Return the name of a group: a department, a region, everybody."""
    if over in (DEPARTMENT_KEY, ALL):
        name = "sheets.payee.department" if over == DEPARTMENT_KEY else "headings.everybody"
        return word(name, payroll.book.language)
    return payroll.book.employees[over].title or over


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
        outside = f"{blocks.letter(team.kpi, 'outside')}{row + 1}"
        sums = [
            f"SUMPRODUCT({laid.in_group(team.over, f'$A{row + 1}')}*{laid.area(laid.letters[key])})"
            for laid in sheets
            if (key := key_of(Actual(team.of))) in laid.letters and laid.pay.payees
        ]
        write_formula(sheet, row, first + 1, "=" + "+".join([outside, *sums]), styles.figure(unit), float(team.actual))
    levels = payroll.inputs.team_plan.get((team.kpi, team.department), {})
    for offset, level in enumerate(LEVELS, 2):
        figure = levels.get(level)
        value: Decimal | None = figure.value if figure else None
        if value is None:
            sheet.write_blank(row, first + offset, None, given)
        elif figure is not None and figure.typed is not None:
            # The typed plan times its season, so that a change of either changes the pay.
            share = season_of(book.kpis[team.kpi], payroll.inputs.period)
            write_formula(sheet, row, first + offset, f"={figure.typed:f}*{share:f}", given, float(value))
        else:
            sheet.write_number(row, first + offset, float(value), given)
