"""The workbook of a replay: summary, people by month, reasons line by line, terms.

Every sheet says at its top that nobody is paid by it; there is no sheet for 1C or a bank. Sums are live formulas over
the sheet of reasons, so that a reader can filter and check there.
"""

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpicalc import __version__
from kpicalc.lang import Language, word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.replay import Amounts, Outcomes, Replay
from kpicalc.model.scheme import SchemeBook
from kpicalc.payroll.sheets.grid import quoted, write_headings
from kpicalc.payroll.style import FONT, PERCENT, Styles, set_up_print, workbook_options
from kpicalc.planning.replay.terms import terms

_HEAD = 3
_FIRST = _HEAD + 1
_OUTCOMES = ("least", "lower", "middle", "upper", "most")


def write_replay(replay: Replay, old: SchemeBook, new: SchemeBook, settings: Sequence[object], path: Path) -> None:
    """Write the workbook; `settings` are the options that were set. The same replay gives the same bytes."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), workbook_options())
    created = datetime.combine(period.first_day(replay.months[-1].period), time())
    workbook.set_properties(
        {"title": word("replay.title.whole", old.language), "author": f"kpicalc {__version__}", "created": created}
    )
    written = _Written(replay, old, new, workbook, Styles(workbook), old.language)
    sheets = {name: workbook.add_worksheet(written.text(f"sheet.{name}")) for name in
              ("summary", "people", "reasons", "terms")}  # fmt: skip
    written.reasons(sheets["reasons"])
    written.people(sheets["people"])
    written.summary(sheets["summary"])
    written.terms(sheets["terms"], settings)
    workbook.close()


class _Written:
    """The sheets while they are written."""

    def __init__(
        self, replay: Replay, old: SchemeBook, new: SchemeBook, workbook: Any, styles: Styles, language: Language
    ) -> None:
        self.replay = replay
        self.old = old
        self.new = new
        self.workbook = workbook
        self.styles = styles
        self.language = language
        self.rows = [row for row in replay.rows if row.old or row.new]
        """The reasons: lines that pay nothing under both schemes are left out."""
        self.last = _FIRST + max(len(self.rows), 1)
        """Row (from 1) of the last row of reasons."""

    def text(self, path: str, **facts: object) -> str:
        return word(f"replay.{path}", self.language).format(**facts)

    def headed(self, sheet: Any, name: str, heads: Sequence[str], widths: Sequence[int]) -> None:
        """Write the title and the headings of a sheet's table."""
        styles = self.styles
        sheet.write_string(0, 0, self.text(f"sheet.{name}"), styles.title)
        warning = styles.make(bold=True, font_color="#C00000")
        sheet.write_string(1, 0, self.text("title.whole"), warning)
        note = f"{self.text('text.act_as_they_did')} {self.text('text.accrued')}"
        sheet.write_string(2, 0, note, styles.note)
        write_headings(sheet, _HEAD, heads, styles.head)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_header(f'&R&"{FONT},Bold"{self.text("title.whole")}')
        set_up_print(sheet, widths, self.language)
        sheet.repeat_rows(_HEAD)

    # -- reasons ------------------------------------------------------------------------------------------------------

    def reasons(self, sheet: Any) -> None:
        """Write a row per month, person and line; all other figures add these up."""
        names = ("month", "number", "payee", "department", "position", "line", "old", "new", "difference")
        heads = [self.text(f"head.{name}") for name in names]
        self.headed(sheet, "reasons", heads, (10, 12, 32, 22, 26, 30, 15, 15, 15))
        text, figure = self.styles.text, self.styles.figure("money")
        for row, one in enumerate(self.rows, _FIRST):
            for column, value in enumerate((one.period, one.id, one.name, one.department, one.position, one.title)):
                sheet.write_string(row, column, value, text)
            sheet.write_number(row, 6, float(one.old), figure)
            sheet.write_number(row, 7, float(one.new), figure)
            sheet.write_formula(row, 8, f"=ROUND(H{row + 1}-G{row + 1},9)", figure, float(one.new - one.old))
        sheet.autofilter(_HEAD, 0, self.last - 1, 8)
        sheet.freeze_panes(_FIRST, 3)

    def summed(self, letter: str, *conditions: tuple[str, str]) -> str:
        """Return the formula of a sum over the reasons: their column, and (column, condition) pairs."""
        sheet = quoted(self.text("sheet.reasons"))

        def column(name: str) -> str:
            return f"{sheet}!${name}${_FIRST + 1}:${name}${self.last}"

        # SUMIFS takes 007 for 7; a product of exact comparisons does not.
        factors = [f"EXACT({column(name)},{wanted})" for name, wanted in conditions]
        return f"=ROUND(SUMPRODUCT({'*'.join(['1', *factors])},{column(letter)}),9)"

    # -- people -------------------------------------------------------------------------------------------------------

    def people(self, sheet: Any) -> None:
        """Write a row per person: the pay by both schemes, and the difference of each month."""
        replay = self.replay
        heads = [self.text(f"head.{name}") for name in
                 ("number", "payee", "department", "position", "old", "new", "difference")]  # fmt: skip
        heads += [month.period for month in replay.months]
        widths = (12, 32, 22, 26, 15, 15, 15, *([13] * len(replay.months)))
        self.headed(sheet, "people", heads, widths)
        text, figure = self.styles.text, self.styles.figure("money")
        for row, (number, person) in enumerate(replay.people.items(), _FIRST):
            for column, value in enumerate((number, person.name, person.department, person.position)):
                sheet.write_string(row, column, value, text)
            amounts = replay.by_person[number]
            cell = ("B", f"$A{row + 1}")
            for column, letter, amount in ((4, "G", amounts.old), (5, "H", amounts.new)):
                sheet.write_formula(row, column, self.summed(letter, cell), figure, float(amount))
            sheet.write_formula(row, 6, f"=ROUND(F{row + 1}-E{row + 1},9)", figure, float(amounts.difference))
            for column, month in enumerate(replay.months, 7):
                fund = replay.by_person_month.get((number, month.period))
                if fund is None:
                    sheet.write_string(row, column, "—", text)
                else:
                    sheet.write_number(row, column, float(fund.difference), figure)
        last = _FIRST + len(replay.people)
        self.total_row(sheet, last, replay.total, 4)
        for column, month in enumerate(replay.months, 7):
            letter = column_letter(column)
            formula = f"=ROUND(SUM({letter}{_FIRST + 1}:{letter}{last}),9)"
            sheet.write_formula(last, column, formula, self.styles.total(), float(month.fund.difference))
        sheet.autofilter(_HEAD, 0, last - 1, len(heads) - 1)
        sheet.freeze_panes(_FIRST, 2)

    def total_row(self, sheet: Any, row: int, total: Amounts, column: int) -> None:
        """Write a row of sums over the rows above it."""
        styles = self.styles
        for at in range(column):
            sheet.write_string(row, at, self.text("head.all") if at == 0 else "", styles.total_text)
        for at, amount in enumerate((total.old, total.new, total.difference), column):
            letter = column_letter(at)
            formula = f"=ROUND(SUM({letter}{_FIRST + 1}:{letter}{row}),9)"
            sheet.write_formula(row, at, formula, styles.total(), float(amount))

    # -- summary ------------------------------------------------------------------------------------------------------

    def summary(self, sheet: Any) -> None:
        """Write the months with their funds, the spread of pay, the lines, and the effects of moved results."""
        replay, figure = self.replay, self.styles.figure("money")
        heads = [self.text(f"head.{name}") for name in ("month", "old", "new", "difference", "people", "left_out")]
        if replay.base is not None:
            heads += [self.text("head.base", kpi=""), self.text("head.old_share"), self.text("head.new_share")]
        self.headed(sheet, "summary", heads, (34, 16, 16, 16, 9, 9, 16, 12, 12))
        for row, month in enumerate(replay.months, _FIRST):
            sheet.write_string(row, 0, month.period, self.styles.text)
            for column, letter, amount in ((1, "G", month.fund.old), (2, "H", month.fund.new)):
                formula = self.summed(letter, ("A", f"$A{row + 1}"))
                sheet.write_formula(row, column, formula, figure, float(amount))
            sheet.write_formula(row, 3, f"=ROUND(C{row + 1}-B{row + 1},9)", figure, float(month.fund.difference))
            paid = sum(key[1] == month.period for key in replay.by_person_month)
            sheet.write_number(row, 4, paid, self.styles.figure("number"))
            sheet.write_number(row, 5, len(month.left_out), self.styles.figure("number"))
            self._shares(sheet, row, month.fund, month.base)
        row = _FIRST + len(replay.months)
        self.total_row(sheet, row, replay.total, 1)
        self._shares(sheet, row, replay.total, replay.base)
        row = self._outcomes(sheet, row + 2)
        first = row = self._lines(sheet, row + 1)
        row = self._varied(sheet, row + 1)
        self._charts(sheet, max(first, row) + 2)
        sheet.freeze_panes(_FIRST, 1)

    def _shares(self, sheet: Any, row: int, fund: Amounts, base: Decimal | None) -> None:
        if self.replay.base is None:
            return
        if base is None:
            for column in (6, 7, 8):
                sheet.write_string(row, column, "—", self.styles.text)
            return
        sheet.write_number(row, 6, float(base), self.styles.figure("money"))
        share = self.styles.bordered(num_format=PERCENT)
        for column, letter, amount in ((7, "B", fund.old), (8, "C", fund.new)):
            formula = f'=IF(G{row + 1}=0,"—",{letter}{row + 1}/G{row + 1})'
            sheet.write_formula(row, column, formula, share, float(amount / base) if base else "—")

    def _outcomes(self, sheet: Any, row: int) -> int:
        """Write the distribution of a month's fund: every past month is one outcome."""
        old, new = self.replay.outcomes("old"), self.replay.outcomes("new")
        if old is None or new is None:
            return row
        first, last = _FIRST + 1, _FIRST + len(self.replay.months)
        for at, name in enumerate(_OUTCOMES):
            sheet.write_string(row, 0, self.text(f"head.{name}"), self.styles.text)
            for column, letter, outcomes in ((1, "B", old), (2, "C", new)):
                formula = f"=ROUND(QUARTILE({letter}{first}:{letter}{last},{at}),2)"
                sheet.write_formula(row, column, formula, self.styles.figure("money"), float(_of(outcomes, name)))
            row += 1
        above = sum(month.fund.new > old.most for month in self.replay.months)
        sheet.write_string(row, 0, self.text("head.above"), self.styles.text)
        formula = f'=COUNTIF(C{first}:C{last},">"&B{row})'
        sheet.write_formula(row, 2, formula, self.styles.figure("number"), above)
        return row + 2

    def _lines(self, sheet: Any, row: int) -> int:
        heads = [self.text(f"head.{name}") for name in ("line", "old", "new", "difference")]
        write_headings(sheet, row, heads, self.styles.head)
        titles: dict[str, Amounts] = {}
        for (_, title), amounts in self.replay.by_line.items():
            titles[title] = titles[title] + amounts if title in titles else amounts
        for title, amounts in titles.items():
            row += 1
            sheet.write_string(row, 0, title, self.styles.text)
            for column, letter, amount in ((1, "G", amounts.old), (2, "H", amounts.new)):
                formula = self.summed(letter, ("F", f"$A{row + 1}"))
                sheet.write_formula(row, column, formula, self.styles.figure("money"), float(amount))
            formula = f"=ROUND(C{row + 1}-B{row + 1},9)"
            sheet.write_formula(row, 3, formula, self.styles.figure("money"), float(amounts.difference))
        return row + 1

    def _varied(self, sheet: Any, row: int) -> int:
        if not self.replay.varied:
            return row
        heads = [self.text(f"head.{name}") for name in ("varied", "old", "new", "difference")]
        write_headings(sheet, row, heads, self.styles.head)
        for one in self.replay.varied:
            row += 1
            sheet.write_number(row, 0, float(one.by), self.styles.make(border=1, num_format="+0.##%;-0.##%;0%"))
            for column, amount in enumerate((one.fund.old, one.fund.new), 1):
                sheet.write_number(row, column, float(amount), self.styles.figure("money"))
            formula = f"=ROUND(C{row + 1}-B{row + 1},9)"
            sheet.write_formula(row, 3, formula, self.styles.figure("money"), float(one.fund.difference))
        return row + 1

    def _charts(self, sheet: Any, row: int) -> None:
        """Add the funds by month, and the people who gain and lose."""
        name, last = self.text("sheet.summary"), _FIRST + len(self.replay.months) - 1
        chart = self.workbook.add_chart({"type": "column"})
        for column, colour in ((1, "#8EA9DB"), (2, "#ED7D31")):
            chart.add_series(
                {
                    "name": [name, _HEAD, column],
                    "categories": [name, _FIRST, 0, last, 0],
                    "values": [name, _FIRST, column, last, column],
                    "fill": {"color": colour},
                }
            )
        chart.set_title({"name": self.text("title.months"), "name_font": {"size": 11}})
        chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}})
        chart.set_legend({"position": "bottom"})
        sheet.insert_chart(row, 0, chart, {"x_scale": 1.2})

    # -- terms --------------------------------------------------------------------------------------------------------

    def terms(self, sheet: Any, settings: Sequence[object]) -> None:
        """Write the compared schemes and files, the assumptions and what was left out."""
        self.headed(sheet, "terms", [self.text("sheet.terms"), ""], (34, 110))
        for row, (name, value) in enumerate(terms(self.replay, self.old, self.new, settings, self.language), _FIRST):
            sheet.write_string(row, 0, name, self.styles.wrapped)
            sheet.write_string(row, 1, value, self.styles.wrapped)


def _of(outcomes: Outcomes, name: str) -> Decimal:
    value: Decimal = getattr(outcomes, name)
    return value
