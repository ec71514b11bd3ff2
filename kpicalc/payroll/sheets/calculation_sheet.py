"""A Calculation sheet: one scheme, a row per payee, from the inputs to the total.

Every formula refers to its own row, to the Scheme sheet and to the short Departments sheet. So the sheet can be sorted,
and each column is written from one template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from itertools import groupby
from typing import Any

from kpicalc.engine.result import PaidByLines, Payroll, SchemePay, Summed
from kpicalc.engine.statement import ALL, Figure
from kpicalc.engine.statement import DEPARTMENT as BY_DEPARTMENT
from kpicalc.engine.tree.excel import Addresses, formula
from kpicalc.engine.tree.sources import Actual, Adjusted, DuePlan, EarlierSum, Given, MonthAgo, OfTeam, Plan
from kpicalc.lang import Language, word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.record import record
from kpicalc.model.row_days import name_of_row
from kpicalc.payroll.layout import CALCULATION, FIRST_FIGURE, GROUP_ROW, identity_headings, totals_caption
from kpicalc.payroll.sheets.grid import Cell, Rows, Value, quoted, reserve, write_formula, write_headings
from kpicalc.payroll.sheets.scheme_sheet import Placed
from kpicalc.payroll.style import Styles, set_up_print

ID, NAME, DEPARTMENT, POSITION = "A", "B", "C", "D"
_FROZEN = 2
_ID_WIDTH, _FIGURE_WIDTH, _REASON_WIDTH = 12.0, 13, 40
_MIN_WIDTH, _MAX_WIDTH = 16, 34
_DAYS_WIDTH = len(" (01.10.2026 – 15.10.2026)")


@record
class _Column:
    """A column of the sheet: its headings, its width, its cell and its values."""

    heading: str
    group: str
    width: float
    cell: Cell
    values: Sequence[Value]


@record
class Laid:
    """The layout of one Calculation sheet: its name, its figures in column order, the letter of each."""

    name: str
    pay: SchemePay
    figures: tuple[Figure, ...]
    letters: Mapping[str, str]
    groups: Mapping[str, str] = field(default_factory=dict)
    """The letters of the columns by which people are grouped, by key; these columns stand last."""

    def group(self, over: str) -> str:
        """Return the letter of the column by which people are grouped, or an empty text if all are one group."""
        return {BY_DEPARTMENT: DEPARTMENT, ALL: ""}.get(over) or self.groups.get(over, "")

    def in_group(self, over: str, wanted: str) -> str:
        """Return the condition that a row's person belongs to the group that another cell names."""
        return f"({self.area(self.group(over))}={wanted})" if over != ALL else "1"

    def area(self, letter: str) -> str:
        """Return the absolute address of a column over all payees."""
        last = CALCULATION.first + max(len(self.pay.payees), 1)
        return f"{quoted(self.name)}!${letter}${CALCULATION.first + 1}:${letter}${last}"


def lay_out(name: str, pay: SchemePay, payroll: Payroll) -> Laid:
    """Sort a scheme's figures into reading order: the person, the KPIs, the lines, the total."""
    statement = pay.statement
    kpi_titles = [payroll.book.kpi_title(key) for key in payroll.book.kpis]
    employee = word("headings.employee.group", payroll.book.language)
    line_keys = {line.figure for line in statement.lines}

    def rank(item: tuple[int, Figure]) -> tuple[int, int, int]:
        number, figure = item
        if figure.key == statement.total:
            return (4, 0, number)
        if figure.group in beside:
            return (5, beside.index(figure.group), number)
        if figure.group == employee:
            return (0, 0, number)
        if figure.group in kpi_titles and figure.key not in line_keys:
            return (1, kpi_titles.index(figure.group), _within_kpi(figure, number))
        if isinstance(figure.source, OfTeam):
            return (2, 0, number)
        return (3, groups.index(figure.group), number)

    groups = list(dict.fromkeys(figure.group for figure in statement.figures))
    # Figures that belong to no line of pay stand right of the total.
    paid = {statement.figure(key).group for key in line_keys}
    beside = [group for tally in statement.tallies if (group := statement.figure(tally.figure).group) not in paid]
    keys = [line.figure for line in statement.lines if not line.withheld]
    keys += [statement.accrued, *(line.figure for line in statement.lines if line.withheld)]
    order = [groups.index(statement.figure(key).group) for key in keys]
    # The inputs that only one component needs stand just before its line.
    groups = [groups[index] for index in order] + [group for group in groups if groups.index(group) not in order]
    ordered = tuple(figure for _, figure in sorted(enumerate(statement.figures), key=rank))
    letters = {figure.key: column_letter(FIRST_FIGURE + index) for index, figure in enumerate(ordered)}
    reasons = sum(isinstance(figure.source, Adjusted) for figure in ordered)
    last = FIRST_FIGURE + len(ordered) + reasons
    by_text = {over: column_letter(last + index) for index, over in enumerate(grouped_by(payroll))}
    return Laid(name, pay, ordered, letters, by_text)


def grouped_by(payroll: Payroll) -> list[str]:
    """Return the columns of the Employees sheet by whose texts the scheme groups people."""
    overs = {shared.team.over for shared in payroll.common if isinstance(shared, Summed)}
    overs |= {shared.earned.over for shared in payroll.common if isinstance(shared, PaidByLines)}
    return sorted(overs - {BY_DEPARTMENT, ALL})


def _within_kpi(figure: Figure, number: int) -> int:
    """Sort a KPI's figures: the plan, the actual, then the figures computed from them."""
    match figure.role:
        case MonthAgo() | EarlierSum():
            return -4
        case Plan():
            return -3
        case DuePlan():
            return -2
        case Actual():
            return -1
        case _:
            return number


def write_calculation_sheet(
    sheet: Any,
    laid: Laid,
    payroll: Payroll,
    placed: Placed,
    styles: Styles,
    look_up: Mapping[Given, str],
    scheme_sheet: str,
) -> Rows:
    """Write one Calculation sheet and return its rows.

    `look_up` has the formulas of figures from other sheets or other rows: departments, places in a ranking, sums of
    rows.
    """
    language, payees = payroll.book.language, laid.pay.payees
    month = period.title(payroll.inputs.period, language)
    title = word("sheets.calculation.title", language).format(scheme=laid.pay.statement.scheme.title, period=month)
    sheet.write_string(0, 0, title, styles.title)
    sheet.write_string(1, 0, word("sheets.calculation.hint", language).format(sheet=scheme_sheet), styles.note)
    columns = _widened([*_identity(payroll, payees, styles), *_figures(laid, payroll, placed, styles, look_up)])
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    _group_headings(sheet, columns, styles, word("headings.figure.actual", language))
    sheet.set_row(CALCULATION.head, 32)
    write_headings(sheet, CALCULATION.head, [column.heading for column in columns], styles.head)
    shape = [column.cell for column in columns]
    table = ((0, 0, values) for values in zip(*(column.values for column in columns), strict=True))
    rows = Rows(CALCULATION.first, [shape], len(payees), table)
    reserve(sheet, rows)
    _totals(sheet, laid, columns, styles, language)
    sheet.freeze_panes(CALCULATION.first, _FROZEN)
    # Pay that is the sum of several rows would be torn apart by sorting.
    if payees and not any(payroll.inputs.is_joint(index) for index in payees):
        sheet.autofilter(CALCULATION.head, 0, CALCULATION.head + len(payees), len(columns) - 1)
    # A long calculation is printed on several pages side by side, each with the person's name, in readable type.
    titled = (title, GROUP_ROW, CALCULATION.first + len(payees))
    set_up_print(sheet, [column.width for column in columns], language, repeated=_FROZEN, titled=titled)
    sheet.repeat_rows(GROUP_ROW, CALCULATION.head)
    return rows


def _widened(columns: Sequence[_Column]) -> list[_Column]:
    """Widen the columns of a group until its title fits."""
    widened = []
    for title, members in groupby(columns, key=lambda column: column.group):
        group = list(members)
        missing = min(len(title) + 2, _MAX_WIDTH) - sum(column.width for column in group)
        widened += [replace(column, width=column.width + max(missing, 0) / len(group)) for column in group]
    return widened


def group_texts(columns: Sequence[tuple[str, str]], actual: str) -> list[str]:
    """Return what stands above each column, by its group and heading: the group's name above its first one."""
    texts: list[str] = []
    for title, members in groupby(columns, key=lambda column: column[0]):
        headings = [heading for _, heading in members]
        texts += ["" if headings == [title] and title != actual else title, *([""] * (len(headings) - 1))]
    return texts


def _group_headings(sheet: Any, columns: Sequence[_Column], styles: Styles, actual: str) -> None:
    """Write the headings over groups of columns; a group of one column with the same heading needs none.

    Next month the actuals are read back by these headings, so a line with the same name must not look like a KPI.
    """
    at = 0
    texts = group_texts([(column.group, column.heading) for column in columns], actual)
    for _, members in groupby(columns, key=lambda column: column.group):
        group, text = list(members), texts[at]
        style = styles.group if len(group) > 1 else styles.single_group
        sheet.write_string(GROUP_ROW, at, text, style) if text else sheet.write_blank(GROUP_ROW, at, None, style)
        for index in range(at + 1, at + len(group)):
            sheet.write_blank(GROUP_ROW, index, None, styles.group)
        at += len(group)


def _identity(payroll: Payroll, payees: Sequence[int], styles: Styles) -> list[_Column]:
    language = payroll.book.language
    group = word("headings.employee.group", language)
    people = [payroll.inputs.payees[index] for index in payees]

    texts = (
        [payee.id for payee in people],
        [name_of_row(payroll.inputs, index, language) for index in payees],
        [payee.department for payee in people],
        [payee.position for payee in people],
    )
    # A row of one of several positions names its days after the person.
    name = text_width(texts[1], _MAX_WIDTH + (_DAYS_WIDTH if payroll.inputs.further else 0))
    widths = [_ID_WIDTH, name, *map(text_width, texts[2:])]
    cell = Cell(styles.text, "text")
    headings = identity_headings(language)
    return [
        _Column(heading, group, width, cell, values)
        for heading, width, values in zip(headings, widths, texts, strict=True)
    ]


def text_width(texts: Any, most: int = _MAX_WIDTH) -> float:
    """Return a column's width for its longest text, within reason."""
    return float(max(min(max((len(text) + 2 for text in texts), default=0), most), _MIN_WIDTH))


def _figures(
    laid: Laid, payroll: Payroll, placed: Placed, styles: Styles, look_up: Mapping[Given, str]
) -> list[_Column]:
    at = Addresses(laid.letters, placed.params, placed.tables)
    lines = {line.figure for line in laid.pay.statement.lines}
    columns = []
    for figure in laid.figures:
        values = laid.pay.columns[figure.key]
        given = isinstance(figure.source, Given)
        # Where a sheet has no room for all rows, their sum is a plain figure.
        template = look_up.get(figure.source) if isinstance(figure.source, Given) else formula(figure.source, at)
        is_total = figure.key in (laid.pay.statement.accrued, laid.pay.statement.total)
        style = styles.result if is_total else styles.figure(figure.unit, values, given=given)
        word_width = max(map(len, figure.heading.split()), default=0) + 2
        width = max(15 if figure.key in lines or is_total else _FIGURE_WIDTH, min(word_width, _MAX_WIDTH))
        columns.append(_Column(figure.heading, figure.group, width, Cell(style, "number", template), values))
    # Reasons stand last: the letters of the figures depend only on the order of the figures.
    reasons = [
        _reasons(laid, payroll, figure, styles) for figure in laid.figures if isinstance(figure.source, Adjusted)
    ]
    return columns + reasons + [_group(laid, payroll, over, styles) for over in laid.groups]


def _group(laid: Laid, payroll: Payroll, over: str, styles: Styles) -> _Column:
    texts = [payroll.inputs.grouped[over][index] for index in laid.pay.payees]
    title = payroll.book.employees[over].title or over
    return _Column(title, title, text_width(texts), Cell(styles.text, "text"), texts)


def _reasons(laid: Laid, payroll: Payroll, figure: Figure, styles: Styles) -> _Column:
    adjustments = payroll.inputs.adjustments
    texts = ["; ".join(item.reason for item in adjustments.get(index, ())) for index in laid.pay.payees]
    heading = word("sheets.payee.reasons", payroll.book.language)
    return _Column(heading, figure.group, _REASON_WIDTH, Cell(styles.text, "text"), texts)


def _totals(sheet: Any, laid: Laid, columns: Sequence[_Column], styles: Styles, language: Language) -> None:
    """Write the totals row: sums of the lines and of the total."""
    row = CALCULATION.first + len(laid.pay.payees)
    summed = {laid.letters[line.figure]: line.figure for line in laid.pay.statement.lines}
    summed |= {laid.letters[key]: key for key in (laid.pay.statement.accrued, laid.pay.statement.total)}
    summed |= {laid.letters[tally.figure]: tally.figure for tally in laid.pay.statement.tallies}
    for index in range(len(columns)):
        letter = column_letter(index)
        if index == 0:
            sheet.write_string(row, 0, totals_caption(language), styles.total_text)
        elif letter in summed and laid.pay.payees:
            area = f"{letter}{CALCULATION.first + 1}:{letter}{row}"
            figure, values = laid.pay.statement.figure(summed[letter]), laid.pay.columns[summed[letter]]
            style = styles.total(figure.unit, values)
            write_formula(sheet, row, index, f"=SUM({area})", style, float(sum(values)))
        else:
            sheet.write_blank(row, index, None, styles.total_text)
