"""Payrolls that were paid, as tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.api.findings import AnyPath, Finding, Refused, findings
from kpicalc.api.tables import table
from kpicalc.lang import language_of_environment
from kpicalc.payroll.back.read import read_payroll as payroll_file
from kpicalc.payroll.months.folder import of_other_month, payrolls_in

if TYPE_CHECKING:
    import pandas as pd


def read_payroll(path: AnyPath) -> "pd.DataFrame":
    """Return a payroll that was written before: a row per payee and line, in the columns of `Result.frame`.

    Only what a payroll says is there: lines have their titles, `line` and `scheme` are None. A payroll that was edited
    since, or is none, raises Refused.
    """
    return table(_paid_rows({Path(path): ""}))


def read_payrolls(folder: AnyPath) -> "pd.DataFrame":
    """Return all payrolls of a folder, `payroll-2026-10.xlsx` and the like, below each other in order of the months.

    Of a payroll in two formats the .xlsx is read. Raises Refused with all that is wrong where one of them cannot be
    relied upon, also where its name is of another month than the payroll, and FileNotFoundError without any.
    """
    months = payrolls_in(Path(folder))
    if not months:
        raise FileNotFoundError(f"{folder}: payroll-YYYY-MM.xlsx")
    return table(_paid_rows({paths[0]: month for month, paths in months.items()}))


def _paid_rows(files: Mapping[Path, str]) -> list[tuple[object, ...]]:
    """Return the rows of payrolls, each with the month of its name, if that matters; all faults are raised together."""
    rows: list[tuple[object, ...]] = []
    issues: list[Finding] = []
    for path, month in files.items():
        paid, found = payroll_file(path)
        if paid is None:
            issues += findings(found, language_of_environment())
            continue
        if month and paid.period != month:
            issues += findings([of_other_month(path, month, paid.period, paid.language)], paid.language)
            continue
        where = {person.id: (person.department, person.position) for person in paid.table.people}
        for number, person in paid.people.items():
            who = (paid.period, number, person.name, *where.get(number, ("", "")))
            # A line of another role stands on the sheet too, and is blank for this person.
            amounts = [(line, figure.value) for line, figure in person.lines.items() if figure.value is not None]
            rows += [(*who, None, None, line, amount) for line, amount in amounts]
    if issues:
        raise Refused(issues)
    return rows
