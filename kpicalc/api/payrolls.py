"""Payrolls that were paid, as tables."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.api.findings import AnyPath, Finding, Refused, findings
from kpicalc.api.tables import table
from kpicalc.lang import language_of_environment
from kpicalc.payroll.folder import payrolls_in
from kpicalc.payroll.read import read_payroll as payroll_file

if TYPE_CHECKING:
    import pandas as pd


def read_payroll(path: AnyPath) -> "pd.DataFrame":
    """Return a payroll that was written before: a row per payee and line, in the columns of `Result.frame`.

    Only what a payroll says is there: lines have their titles, `line` and `scheme` are None. A payroll that was edited
    since, or is none, raises Refused.
    """
    return table(_paid_rows([Path(path)]))


def read_payrolls(folder: AnyPath) -> "pd.DataFrame":
    """Return all payrolls of a folder, `payroll-2026-10.xlsx` and the like, below each other in order of the months.

    Raises Refused with all that is wrong where one of them cannot be relied upon, and FileNotFoundError without any.
    """
    found = [paths[0] for paths in payrolls_in(Path(folder)).values()]
    if not found:
        raise FileNotFoundError(f"{folder}: payroll-YYYY-MM.xlsx")
    return table(_paid_rows(found))


def _paid_rows(paths: Iterable[Path]) -> list[tuple[object, ...]]:
    """Return the rows of payrolls; all that is wrong with any of them is told together."""
    rows: list[tuple[object, ...]] = []
    issues: list[Finding] = []
    for path in paths:
        paid, found = payroll_file(path)
        if paid is None:
            issues += findings(found, language_of_environment())
            continue
        where = {person.id: (person.department, person.position) for person in paid.table.people}
        for number, person in paid.people.items():
            who = (paid.period, number, person.name, *where.get(number, ("", "")))
            # A line of another role stands on the sheet too, and is blank for this person.
            amounts = [(title, figure.value) for title, figure in person.lines.items() if figure.value is not None]
            rows += [(*who, None, None, title, amount) for title, amount in amounts]
    if issues:
        raise Refused(issues)
    return rows
