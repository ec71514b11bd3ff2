"""Sheets that an earlier payroll used and this workbook lacks, such as adjustments left out of a copied workbook."""

from pathlib import Path

from kpicalc.engine.result import Payroll
from kpicalc.model.fields import SHEETS
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import month_back, payroll_name, title
from kpicalc.model.scheme import SchemeBook
from kpicalc.payroll.manifest import Manifest, beside


def gone_sheets(inputs: Inputs, book: SchemeBook, before: Manifest | None) -> list[Issue]:
    """Report the sheets that a payroll was made from and this month's workbook lacks, unless the scheme allows it."""
    stated = {SHEETS[role].calculation for role, name in book.workbook.sheets.items() if name == "none"}
    named = before.sheets if before else {}
    gone = [name for role, name in named.items() if role not in inputs.sheets and role not in stated]
    if before is None or not gone:
        return []
    facts = {"found": gone, "count": len(gone), "month": title(before.period, book.language)}
    return [issue("sheets_gone", Place(inputs.file), **facts)]


def gone_beside(path: Path, payroll: Payroll) -> list[Issue]:
    """Report the same for the payroll that a new one replaces, else for last month's payroll in its folder."""
    inputs = payroll.inputs
    last = path.with_name(payroll_name(month_back(inputs.period, 1)))
    return gone_sheets(inputs, payroll.book, beside(path)) or gone_sheets(inputs, payroll.book, beside(last))
