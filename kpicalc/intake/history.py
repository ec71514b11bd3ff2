"""The History sheet: the figures of earlier months, for `previous()`."""

from kpicalc.intake.sheets.figures import read_figures
from kpicalc.intake.sheets.headings import KpiFinder, Table
from kpicalc.intake.sheets.people import People
from kpicalc.intake.sheets.rows import data_rows, months_of, payees_of
from kpicalc.model.inputs import Series
from kpicalc.model.issue import Issue
from kpicalc.model.period import months_between
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.targets import MOST_MONTHS

_FORMER_STAFF = frozenset({"unknown_payee", "unknown_payee_named", "unknown_payee_far"})


def read_history(
    table: Table, period: str | None, who: People, schemes: SchemeBook, finder: KpiFinder, issues: list[Issue]
) -> dict[tuple[str, int], Series]:
    """Return columns of earlier figures by `kpi:months back`; people who have left since are passed over."""
    rows = data_rows(table, table.fields["id"], issues)
    months = months_of(table, rows, issues)
    found: list[Issue] = []
    owners = payees_of(table, rows, who, found)
    issues += [item for item in found if item.code not in _FORMER_STAFF]
    history: dict[tuple[str, int], Series] = {}
    if period is None:
        return history
    for month in sorted({month for month in months if month}):
        back = months_between(month, period)
        if not 1 <= back <= MOST_MONTHS:
            continue
        own = [at for at, its_month in enumerate(months) if its_month == month]
        figures = read_figures(
            table, [rows[at] for at in own], [owners[at] for at in own], who, schemes, finder, issues
        )
        history |= {(key, back): series for key, series in figures.items()}
    return history
