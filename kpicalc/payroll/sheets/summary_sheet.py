"""The Summary sheet: pay by department, person and component, attainment by KPI, as live tables and charts.

Every chart shows everything: if a page has no room for all bars, it shows the largest and the sum of the others.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from heapq import nlargest
from operator import itemgetter
from typing import Any

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Line
from kpicalc.engine.tree.sources import Attainment
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.money import exact_context
from kpicalc.payroll.layout import PAYROLL, sheet_name
from kpicalc.payroll.sheets.bar_tables import BAR_COLOUR, BESIDE, MOST_BARS, VALUE, Bar, BarTables
from kpicalc.payroll.sheets.calculation_sheet import NAME, Laid
from kpicalc.payroll.sheets.grid import quoted, write_formula
from kpicalc.payroll.sheets.payroll_columns import Entry, Shape
from kpicalc.payroll.style import Styles, set_up_print

_WIDTHS = (46, 15, 14, 3)
_CHART_WIDTH = 88
"""In units of column width."""
_BEHIND = "#C55A11"
_AVERAGE = "0.0%"


def write_summary_sheet(
    workbook: Any,
    sheet: Any,
    payroll: Payroll,
    rows: Sequence[Entry],
    shape: Shape,
    sheets: Sequence[Laid],
    styles: Styles,
) -> None:
    """Write the tables one below the other with a chart beside each."""
    language = payroll.book.language
    month = period.title(payroll.inputs.period, language)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, word("sheets.summary.title", language).format(period=month), styles.title)
    writer = _Writer(workbook, sheet, payroll, rows, shape, styles)
    writer.departments()
    writer.people()
    writer.lines()
    writer.withheld()
    writer.attainments(sheets)
    set_up_print(sheet, [*_WIDTHS, _CHART_WIDTH], language)
    sheet.set_h_pagebreaks(writer.breaks)
    sheet.repeat_rows(0)
    sheet.hide_gridlines(2)


class _Writer(BarTables):
    """The sheet, written table by table."""

    def __init__(
        self, workbook: Any, sheet: Any, payroll: Payroll, rows: Sequence[Entry], shape: Shape, styles: Styles
    ) -> None:
        language = payroll.book.language
        super().__init__(workbook, sheet, sheet_name("summary", language), styles, language)
        self.payroll, self.rows, self.shape = payroll, rows, shape
        self.payroll_sheet = sheet_name("payroll", language)
        self.last = PAYROLL.first + len(rows)

    def area(self, index: int) -> str:
        letter = column_letter(index)
        return f"{quoted(self.payroll_sheet)}!${letter}${PAYROLL.first + 1}:${letter}${self.last}"

    # -- the tables ---------------------------------------------------------------------------------------------------

    def departments(self) -> None:
        names, total = self.area(self.shape.lead.identity[2]), self.area(self.shape.at("accrued"))

        # Only people with several rows may be in several departments: they are few, and collected once.
        several = [entry for entry in self.rows if entry.more]

        # The fast SUMIFS takes some names for patterns; SUMPRODUCT compares whole texts.
        def bar(name: str, people: int, amount: Decimal) -> Bar:
            more = self.apart(name, several)
            pay = "".join(f"+{formula}" for formula in more)
            count = f"+{len(more)}" if more else ""
            return Bar(
                name,
                lambda row: f"SUMPRODUCT(({names}=$A{row})*{total}){pay}",
                amount,
                lambda row: f"SUMPRODUCT(({names}=$A{row})*1){count}",
                Decimal(people),
            )

        bars = [bar(name, people, amount) for name, (people, amount) in self.payroll.by_department.items()]
        heads = [self.word(name) for name in ("department", "pay", "people")]
        twice = sum(people for people, _ in self.payroll.by_department.values()) - len(self.rows)
        self.table(heads, bars, "by_department", self.payroll.accrued(), people=len(self.rows), twice=twice)

    def apart(self, department: str, several: Sequence[Entry]) -> list[str]:
        """Return the pay in this department of people who have several; the table lists them with all."""
        payees, terms = self.payroll.inputs.payees, []
        for entry in several:
            parts = [part for part in entry.parts if payees[part.payee].department == department]
            if parts and len(parts) < len(entry.parts):
                terms.append("+".join(part.sum_of(lambda pay: pay.statement.accrued) for part in parts))
        return terms

    def people(self) -> None:
        """Write the largest pay, and the rest of the people below, so that the sheet shows all pay at once.

        The bar of the rest is their average: their sum would dwarf all other bars.
        """
        if len(self.rows) < 2:
            return
        sheets = {id(part.laid): part.laid.pay for entry in self.rows for part in entry.parts}
        accrued = {at: pay.columns[pay.statement.accrued] for at, pay in sheets.items()}

        def of(entry: Entry) -> Decimal:
            earned = accrued[id(entry.laid)][entry.at]
            return earned if not entry.more else earned + sum((of(part) for part in entry.more), Decimal(0))

        paid = [(of(entry), entry) for entry in self.rows]
        amount = self.payroll.accrued()
        if len(paid) <= MOST_BARS:
            bars = [self.person(*pair) for pair in paid]
            self.table([self.word("person"), self.word("pay")], bars, "by_person", amount)
            return
        largest = nlargest(MOST_BARS - 1, paid, key=itemgetter(0))
        shown, count = [self.person(*pair) for pair in largest], len(paid) - len(largest)
        first = self.heads(*(self.word(name) for name in ("person", "pay", "each")))
        for bar in shown:
            self.bar(replace(bar, beside=lambda row: f"B{row}", value=bar.amount), "money")
        rest = sum((pay for pay, _ in paid), Decimal(0)) - sum((pay for pay, _ in largest), Decimal(0))
        whole = f"SUM({self.area(self.shape.at('accrued'))})-SUM(B{first + 1}:B{self.row})"
        name = self.word("others", count=count)
        self.bar(Bar(name, lambda _: whole, rest, lambda row: f"B{row}/{count}", rest / count), "money")
        self.total(first, self.row, amount)
        each = [*(bar.amount for bar in shown), rest / count]
        self.chart("by_person_each", first, each, "#,##0", column=BESIDE)
        self.ends(first - 1)

    def person(self, amount: Decimal, entry: Entry) -> Bar:
        payee = self.payroll.inputs.payees[entry.payee]
        if entry.more:
            # Their calculation stands in several rows.
            formula = entry.sum_of(lambda pay: pay.statement.accrued)
            return Bar(payee.name, lambda _: formula, amount)
        sheet, letter = quoted(entry.laid.name), entry.laid.letters[entry.laid.pay.statement.accrued]
        at = f"{sheet}!${letter}${entry.row}"
        name = f'{sheet}!${NAME}${entry.row}&""'
        return Bar(payee.name, lambda _: at, amount, live_name=name)

    def lines(self) -> None:
        bars = [self.sum_of(line) for line in self.payroll.earned]
        self.table([self.word("line"), self.word("pay")], bars, "by_line", self.payroll.accrued())

    def sum_of(self, line: Line) -> Bar:
        area = self.area(self.shape.at(line))
        return Bar(line.title, lambda _: f"SUM({area})", self.payroll.by_line[line.id, line.title])

    def withheld(self) -> None:
        """Write the withholdings from the accrued sum, and the amount to be paid."""
        if not self.payroll.withheld:
            return
        accrued = self.area(self.shape.at("accrued"))
        title = word("headings.figure.accrued", self.language)
        bars = [Bar(title, lambda _: f"SUM({accrued})", self.payroll.accrued())]
        bars += [self.sum_of(line) for line in self.payroll.withheld]
        first = self.heads(self.word("withheld"), self.word("amount"))
        for bar in bars:
            self.bar(bar)
        self.total(first, self.row, self.payroll.total(), title="headings.figure.to_pay")
        self.ends(first - 1)

    def of(self, over: str, kpi: str) -> str:
        """Return the title of a KPI over a longer period."""
        return word(f"headings.figure.of_{over}", self.language).format(kpi=kpi)

    def attainments(self, sheets: Sequence[Laid]) -> None:
        """Write the average attainment of every KPI; an average below plan is marked.

        The attainment of a quarter is shown only in its last month, when it is known.
        """
        month = self.payroll.inputs.period
        rows = [
            (laid, figure, figure.group if role.over == "month" else self.of(role.over, figure.group))
            for laid in sheets
            for figure in laid.figures
            if isinstance(role := figure.role, Attainment) and laid.pay.payees and period.ends(month, role.over)
        ]
        for at in range(0, len(rows), MOST_BARS):
            first = self.heads(self.word("kpi"), self.word("attainment"))
            averages = []
            for laid, figure, name in rows[at : at + MOST_BARS]:
                title = name if len(sheets) == 1 else f"{name} ({laid.pay.statement.scheme.title})"
                self.sheet.write_string(self.row, 0, title, self.styles.text)
                values = laid.pay.columns[figure.key]
                with exact_context():
                    averages.append(sum(values, Decimal(0)) / len(values))
                formula = f"=AVERAGE({laid.area(laid.letters[figure.key])})"
                style = self.styles.bordered(num_format=_AVERAGE)
                write_formula(self.sheet, self.row, VALUE, formula, style, float(averages[-1]))
                self.row += 1
            behind = {"type": "cell", "criteria": "<", "value": 1, "format": self.styles.behind}
            self.sheet.conditional_format(first, VALUE, self.row - 1, VALUE, behind)
            self.sheet.write_string(self.row, 0, self.word("behind"), self.styles.note)
            self.row += 1
            points: list[dict[str, object]] = [
                {"fill": {"color": _BEHIND if average < 1 else BAR_COLOUR}} for average in averages
            ]
            self.chart("by_kpi", first, averages, "0%", points)
            self.ends(first - 1)
