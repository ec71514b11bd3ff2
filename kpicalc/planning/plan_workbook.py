"""The workbook of plans: a Plan sheet as the reader of months accepts it, and a sheet that shows its origin.

The Plan sheet holds plain values: it is copied into the month's workbook, where formulas would lose their references,
and people may still change a plan. The other sheet is live, from the months to the plan.
"""

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpicalc import __version__
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.terms.growth import AVERAGE, GROWTH, planned_from
from kpicalc.engine.tree.excel import ROW, Addresses, formula
from kpicalc.lang import Language, catalogue, word
from kpicalc.model import period
from kpicalc.model.book import column_letter
from kpicalc.model.inputs import Inputs
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.targets import PlanFromHistory, Planned
from kpicalc.payroll.sheets.grid import write_headings
from kpicalc.payroll.style import Styles, set_up_print, workbook_options

_HEAD = 2
_DASH = "—"


def write_plan(plan: PlanFromHistory, book: SchemeBook, inputs: Inputs, path: Path) -> None:
    """Write the workbook; the same history gives the same bytes."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), workbook_options())
    created = datetime.combine(period.first_day(inputs.period), time())
    workbook.set_properties({"title": book.title, "author": f"kpicalc {__version__}", "created": created})
    styles = Styles(workbook)
    names = catalogue("tables")["sheets"]["plan"][book.language]
    _plan_sheet(workbook.add_worksheet(names[0]), plan, book, inputs, styles)
    basis = workbook.add_worksheet(word("planning.sheet.basis", book.language))
    _basis_sheet(basis, plan, book, inputs, styles)
    workbook.close()


def _heading(sheet: str, field: str, language: Language) -> str:
    """Return a heading by which the reader of workbooks knows a column."""
    heading: str = catalogue("tables")["fields"][sheet][field][language][0]
    return heading


def _plan_sheet(sheet: Any, plan: PlanFromHistory, book: SchemeBook, inputs: Inputs, styles: Styles) -> None:
    language = book.language
    heads = [_heading("employees", "id", language), _heading("employees", "name", language)]
    heads += [_heading("plan", "period", language), *map(book.kpi_title, plan.kpis)]
    write_headings(sheet, 0, heads, styles.head)
    sheet.set_row(0, 32)
    for column, width in ((0, 16), (1, 34), (2, 12)):
        sheet.set_column(column, column, width)
    sheet.set_column(3, 2 + len(plan.kpis), 16)
    figures = {(figure.payee, figure.kpi): figure.plan for figure in plan.figures}
    payees = [index for index in range(len(inputs.payees)) if any((index, kpi) in figures for kpi in plan.kpis)]
    for row, index in enumerate(payees, 1):
        for column, text in enumerate((inputs.payees[index].id, inputs.payees[index].name, inputs.period)):
            sheet.write_string(row, column, text, styles.text)
        for column, kpi in enumerate(plan.kpis, 3):
            value = figures.get((index, kpi))
            style = styles.figure(unit_of_kpi(book.kpis[kpi]), [value])
            if value is None:
                sheet.write_blank(row, column, None, style)
            else:
                sheet.write_number(row, column, float(value), style)
    sheet.freeze_panes(1, 2)
    set_up_print(sheet, [16, 34, 12, *[16] * len(plan.kpis)], language, repeated=2)
    sheet.repeat_rows(0)


def _basis_sheet(sheet: Any, plan: PlanFromHistory, book: SchemeBook, inputs: Inputs, styles: Styles) -> None:
    language, count = book.language, len(plan.months)
    months = [period.title(month, language) for month in plan.months]
    title = word("planning.plan.title", language).format(
        period=period.title(inputs.period, language), months=count, first=months[0], last=months[-1]
    )
    sheet.write_string(0, 0, title, styles.title)
    sheet.write_string(1, 0, word("planning.sheet.hint", language), styles.note)
    heads = [_heading("employees", "id", language), _heading("employees", "name", language)]
    heads += [word("planning.plan.kpi", language), *months]
    heads += [word(f"planning.plan.{name}", language) for name in ("average", "growth", "plan")]
    sheet.set_row(_HEAD, 32)
    write_headings(sheet, _HEAD, heads, styles.head)
    for column, width in ((0, 16), (1, 34), (2, 28)):
        sheet.set_column(column, column, width)
    sheet.set_column(3, 5 + count, 13)
    letters = [column_letter(3 + at) for at in range(count + 2)]
    at = Addresses({AVERAGE.key: letters[count], GROWTH.key: letters[count + 1]}, {}, {})
    for row, planned in enumerate(plan.figures, _HEAD + 1):
        payee = inputs.payees[planned.payee]
        for column, text in enumerate((payee.id, payee.name, book.kpi_title(planned.kpi))):
            sheet.write_string(row, column, text, styles.text)
        _months(sheet, row, planned, book, styles)
        unit = unit_of_kpi(book.kpis[planned.kpi])
        sheet.write_number(row, 4 + count, float(planned.growth), styles.term("percent", planned.growth))
        if planned.average is None or planned.plan is None:
            for column in (3 + count, 5 + count):
                sheet.write_string(row, column, _DASH, styles.bordered(align="right"))
            continue
        average = f"=AVERAGE({letters[0]}{row + 1}:{letters[count - 1]}{row + 1})"
        sheet.write_formula(row, 3 + count, average, styles.figure(unit, [planned.average]), float(planned.average))
        text = formula(planned_from(plan.terms.rounding_of(planned.kpi)), at).replace(ROW, str(row + 1))
        sheet.write_formula(row, 5 + count, f"={text}", styles.figure(unit, [planned.plan]), float(planned.plan))
    if plan.figures:
        sheet.autofilter(_HEAD, 0, _HEAD + len(plan.figures), 5 + count)
    sheet.freeze_panes(_HEAD + 1, 3)
    set_up_print(sheet, [16, 34, 28, *[13] * (3 + count)], language, repeated=3)
    sheet.repeat_rows(_HEAD)


def _months(sheet: Any, row: int, planned: Planned, book: SchemeBook, styles: Styles) -> None:
    values: Sequence[Decimal | None] = planned.months
    style = styles.figure(unit_of_kpi(book.kpis[planned.kpi]), values, given=True)
    for column, value in enumerate(values, 3):
        if value is None:
            sheet.write_blank(row, column, None, style)
        else:
            sheet.write_number(row, column, float(value), style)
