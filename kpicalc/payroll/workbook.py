"""The payroll workbook: all its sheets in reading order, written to a temporary file and put in place at once."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpicalc import __version__
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.sources import Given, PaidByRow
from kpicalc.lang import word
from kpicalc.model import period
from kpicalc.model.deals import RateTable, RowRule
from kpicalc.model.funnel import FunnelMonth
from kpicalc.model.paid import Paid
from kpicalc.payroll.digest import Sheet, digest, exact_texts
from kpicalc.payroll.layout import ORDER, SheetKey, sheet_name
from kpicalc.payroll.paid import paid_from
from kpicalc.payroll.sheets.calculation_sheet import Laid, lay_out, write_calculation_sheet
from kpicalc.payroll.sheets.deals_sheet import DealRows, deal_rows, look_up, write_deals_sheet
from kpicalc.payroll.sheets.grid import Rows, assemble
from kpicalc.payroll.sheets.jointly import common_look_up
from kpicalc.payroll.sheets.one_c_sheet import accrued_column, write_1c_sheet
from kpicalc.payroll.sheets.one_c_sheet import headings as one_c_headings
from kpicalc.payroll.sheets.payroll_columns import entries, shape_of
from kpicalc.payroll.sheets.payroll_sheet import columns_shown, write_payroll_sheet
from kpicalc.payroll.sheets.rates_sheet import PlacedRates, write_rates_sheet
from kpicalc.payroll.sheets.run_sheet import write_run_sheet
from kpicalc.payroll.sheets.scheme_sheet import Placed, write_scheme_sheet
from kpicalc.payroll.sheets.summary_sheet import write_summary_sheet
from kpicalc.payroll.sheets.teams_sheet import lay_out_teams, write_teams_sheet
from kpicalc.payroll.sheets.written_results import result_marks
from kpicalc.payroll.style import Styles, workbook_options

if TYPE_CHECKING:
    from kpicalc.model.organisation import Organisation

_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def write_workbook(
    payroll: Payroll,
    path: Path,
    funnels: Sequence[FunnelMonth] = (),
    organisation: "Organisation | None" = None,
    *,
    paid: Paid | None = None,
    mark: str = "",
) -> None:
    """Write the payroll workbook to a path, with a sheet per funnel; the same payroll gives the same bytes.

    `organisation` is the employer, with those who sign; without it these lines stay blank. `paid` and `mark` (the
    digest) are computed here unless they are given.
    """
    skeleton, tables = laid_out(payroll, funnels, organisation, paid, mark)
    assemble(skeleton, path, {number: rows for number, (_, rows) in tables.items()})


def laid_out(
    payroll: Payroll,
    funnels: Sequence[FunnelMonth] = (),
    organisation: "Organisation | None" = None,
    paid: Paid | None = None,
    mark: str = "",
) -> tuple[BytesIO, dict[int, tuple[str, Rows]]]:
    """Return the skeleton of the workbook, and its big tables: by sheet number, the sheet's name and its rows."""
    import xlsxwriter

    skeleton = BytesIO()
    workbook = xlsxwriter.Workbook(skeleton, workbook_options(in_memory=True))
    month = period.first_day(payroll.inputs.period)
    workbook.set_properties(
        {
            "title": payroll.book.title,
            "author": f"kpicalc {__version__}",
            # The only time stamp is that of the period, so the same inputs give the same bytes.
            "created": datetime.combine(month, time()),
        }
    )
    language = payroll.book.language
    titles = {key: sheet_name(key, language) for key in ORDER}
    paid_rows = deal_rows(payroll)
    if any(item.paid.rates for item in paid_rows):
        titles["rates"] = sheet_name("rates", language)
    names = _names(
        sheet_name("calculation", language), [pay.statement.scheme.title for pay in payroll.schemes], titles.values()
    )
    sheets = [lay_out(name, pay, payroll) for name, pay in zip(names, payroll.schemes, strict=True)]
    teams = lay_out_teams(titles["teams"], payroll)
    styles = Styles(workbook)
    added: dict[SheetKey, Any] = {"payroll": workbook.add_worksheet(titles["payroll"])}
    calculation = [workbook.add_worksheet(laid.name) for laid in sheets]
    taken = [*titles.values(), *names]
    deal_names = _names(sheet_name("deals", language), [deals.title for deals in paid_rows], taken)
    paid_rows = [replace(deals, name=name) for deals, name in zip(paid_rows, deal_names, strict=True)]
    for name in deal_names:
        workbook.add_worksheet(name)
    for key in ORDER[1:]:
        if key != "teams" or teams.kpis:
            added[key] = workbook.add_worksheet(titles[key])
        if key == "scheme" and "rates" in titles:
            added["rates"] = workbook.add_worksheet(titles["rates"])
        if key == "summary":
            funnel_names = _names(
                word("funnel.sheet.name", language), [item.title for item in funnels], [*taken, *deal_names]
            )
            funnel_sheets = [workbook.add_worksheet(name) for name in funnel_names]
    rows = entries(sheets, payroll.inputs)
    placed = write_scheme_sheet(
        added["scheme"], titles["scheme"], styles, [laid.pay.statement for laid in sheets], language
    )
    tables = {}
    for number, (sheet, laid) in enumerate(zip(calculation, sheets, strict=True), 2):
        parameters = placed[laid.pay.statement.scheme.key]
        looked_up: dict[Given, str] = {
            **teams.look_up(laid),
            **common_look_up(laid, sheets, payroll),
            **dict(_of_rows(laid, look_up(paid_rows, joint=bool(payroll.inputs.further)))),
        }
        tables[number] = write_calculation_sheet(sheet, laid, payroll, parameters, styles, looked_up, titles["scheme"])
    tables |= _rows(workbook, paid_rows, payroll, styles, placed)
    if teams.kpis:
        write_teams_sheet(added["teams"], payroll, teams, sheets, styles)
    paid = paid or paid_from(payroll)
    mark = mark or digest_of(payroll, paid)
    shape = shape_of(payroll, rows)
    tables[1] = write_payroll_sheet(added["payroll"], payroll, rows, shape, organisation, styles, mark)
    write_summary_sheet(workbook, added["summary"], payroll, rows, shape, sheets, styles)
    for sheet, name, month_of in zip(funnel_sheets, funnel_names, funnels, strict=True):
        from kpicalc.payroll.sheets.funnel_sheet import write_funnel_sheet

        number = workbook.worksheets().index(sheet) + 1
        tables[number] = write_funnel_sheet(workbook, sheet, name, month_of, payroll, styles)
    one_c = workbook.worksheets().index(added["for_1c"]) + 1
    tables[one_c] = write_1c_sheet(added["for_1c"], paid, styles)
    control = (titles["for_1c"], accrued_column(paid))
    write_run_sheet(added["run"], payroll, shape, styles, control, len(rows), mark, result_marks(sheets, payroll))
    workbook.close()
    return skeleton, {number: (workbook.worksheets()[number - 1].name, rows) for number, rows in tables.items()}


def _of_rows(laid: Laid, formulas: Mapping[RowRule, str]) -> Iterator[tuple[Given, str]]:
    """Yield the formulas that add up a scheme's rows of facts on their own sheets."""
    for figure in laid.pay.statement.given():
        if isinstance(figure.source, PaidByRow) and figure.source.rule in formulas:
            yield figure.source, formulas[figure.source.rule]


def digest_of(payroll: Payroll, paid: Paid) -> str:
    """Return the digest of a payroll's workbook before it is written."""
    schemes = [Laid("", pay, (), {}) for pay in payroll.schemes]
    headings, figures = columns_shown(payroll, entries(schemes, payroll.inputs))
    people = paid.table
    sheets: list[Sheet] = [
        ("payroll", people.texts, map(exact_texts, figures)),
        ("for_1c", (*people.texts, *people.details.values()), map(exact_texts, people.amounts())),
    ]
    return digest(paid.period, paid.currency, (headings, one_c_headings(paid)), sheets)


def _rows(
    workbook: Any, paid_rows: Sequence[DealRows], payroll: Payroll, styles: Styles, placed: Mapping[str, Placed]
) -> dict[int, Rows]:
    """Write the sheets of rows that are paid one by one, and the rates to which they refer."""
    language = payroll.book.language
    month, rates_name = period.title(payroll.inputs.period, language), sheet_name("rates", language)
    rates = list(dict.fromkeys(item.paid.rates for item in paid_rows if item.paid.rates is not None))
    placed_rates: Mapping[RateTable, PlacedRates] = {}
    if rates:
        sheet = workbook.get_worksheet_by_name(rates_name)
        placed_rates = write_rates_sheet(sheet, rates_name, rates, month, styles, language)
    tables = {}
    for deals in paid_rows:
        sheet = workbook.get_worksheet_by_name(deals.name)
        names = (
            rates_name if deals.paid.rates else sheet_name("scheme", language),
            sheet_name("calculation", language),
        )
        number = workbook.worksheets().index(sheet) + 1
        tables[number] = write_deals_sheet(sheet, deals, payroll, styles, placed, placed_rates, names)
    return tables


def _names(word_: str, titles: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Return the name of each sheet of one kind, with its title if there are several."""
    used = {name.casefold() for name in taken}
    names = []
    for title in titles:
        wanted = word_ if len(titles) == 1 else f"{word_} {title}"
        names.append(_free_name(_FORBIDDEN.sub(" ", wanted).strip("' "), used))
        used.add(names[-1].casefold())
    return names


def _free_name(wanted: str, taken: Iterable[str]) -> str:
    name, number = wanted[:_LONGEST_NAME].rstrip(" '"), 2
    while name.casefold() in taken:
        ending = f" {number}"
        name, number = wanted[: _LONGEST_NAME - len(ending)].rstrip(" '") + ending, number + 1
    return name
