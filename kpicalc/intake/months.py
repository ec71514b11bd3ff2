"""Which month is paid: what was asked for, what the Period columns say, what stands in the names."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from kpicalc.intake.sheets.table import Table
from kpicalc.model.fields import SheetRole
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import in_file_name, parse

Months = Mapping[SheetRole, Sequence[str | None]]


def choose_period(
    file: str, asked: str | None, tables: Mapping[SheetRole, Table], months: Months, issues: list[Issue]
) -> str | None:
    """Return the month that is paid, or None with an issue that says how to state it.

    What was asked for wins; else the only month of the Period columns; else the month in the file's name.
    """
    period = _choose(file, asked, months, issues)
    if period is None:
        return None
    for role, table in tables.items():
        if table.month and table.month != period:
            place = Place(file, table.sheet.name)
            issues.append(issue("sheet_of_other_month", place, found=table.month, period=period))
        # Adjustments of other months only mean that this month has none.
        if role in months and role != "adjustments":
            present = _present(months[role])
            if present and period not in present:
                place = table.place(table.head, table.fields["period"])
                issues.append(issue("period_absent", place, sheet=table.sheet.name, period=period, months=present))
    return period


def _choose(file: str, asked: str | None, months: Months, issues: list[Issue]) -> str | None:
    named = in_file_name(PurePath(file).name)
    if asked is not None:
        period = parse(asked)
        if period is None:
            issues.append(issue("not_a_period", None, found=asked))
        elif named and named != period:
            issues.append(issue("file_of_other_month", Place(file), found=named, period=period))
        return period
    figures = sorted({month for role, found in months.items() if role != "adjustments" for month in _present(found)})
    present = figures or _present(months.get("adjustments", ()))
    if named and present and named not in present:
        issues.append(issue("period_conflict", Place(file), found=named, months=present, example=present[-1]))
        return None
    if named:
        return named
    if len(present) == 1:
        return present[0]
    if present:
        issues.append(issue("period_several", Place(file), months=present, example=present[-1]))
    else:
        issues.append(issue("period_unknown", Place(file)))
    return None


def _present(months: Sequence[str | None]) -> list[str]:
    return sorted({month for month in months if month is not None})
