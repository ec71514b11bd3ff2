"""The progress of a team at a day of the month, the forecast pay, and the pages that show both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from kpicalc.app.organisation import organisation_beside
from kpicalc.app.outcome import Outcome
from kpicalc.app.people import Selected
from kpicalc.app.reading import read_again, read_month
from kpicalc.engine.payroll import compute
from kpicalc.engine.probing.next_step import NextStep, next_steps
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.sources import Actual
from kpicalc.lang import severity
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import first_day, month_back
from kpicalc.model.progress import Forecast
from kpicalc.model.record import record
from kpicalc.model.team_progress import PersonProgress, TeamProgress, sum_of
from kpicalc.planning.figures import with_due_plans
from kpicalc.planning.forecast import forecasts
from kpicalc.planning.pace import unclear_paces
from kpicalc.planning.persons import as_one
from kpicalc.planning.progress import progress_of

_MOST_DAYS = 3
"""So many indicators are shown day by day."""


@record(slots=False)
class Underway:
    """A month in progress: its figures up to a day, computed as if nothing more was achieved."""

    workbook: Path | Sequence[Path]
    payroll: Payroll
    working: Sequence[date]
    on: date


def underway(
    workbook: Path | Sequence[Path], scheme: Path, on: date, period: str | None = None, history: Path | None = None
) -> tuple[Outcome, Underway | None]:
    """Read and compute a month up to a day; facts of later days do not count.

    None if nobody can be shown. A figure that is still missing keeps no other payee from being shown.
    """
    month = read_month(workbook, scheme, period, history, until=on)
    book, inputs = month.book, month.inputs
    if book is None or inputs is None or not month.sound:
        return month.outcome(), None
    used = {
        figure.role.kpi
        for statement in month.statements.values()
        for figure in statement.figures
        if isinstance(figure.role, Actual)
    }
    unclear = unclear_paces(book, used)
    payroll = compute(book, month.statements, inputs)
    outcome = replace(month.outcome(), payroll=payroll, inputs=inputs)
    remarks = tuple(dict.fromkeys((*month.issues, *unclear, *payroll.issues)))
    outcome = replace(outcome, issues=remarks)
    if unclear:
        return outcome, None
    working: Sequence[date] = ()
    if book.calendar is not None:
        from kpicalc.intake.calendar import month_of

        working = month_of(book.calendar, inputs.period).working
    return outcome, Underway(workbook, payroll, working, _inside(on, inputs.period))


def team_progress(month: Underway, selected: Selected) -> tuple[TeamProgress | None, list[Issue]]:
    """Return people's progress, and their forecast pay."""
    payroll = month.payroll
    people, issues = selected.of(payroll)
    if issues:
        return None, issues
    statements = {pay.statement.scheme.key: pay.statement for pay in payroll.schemes}
    everybody = range(len(payroll.inputs.payees))
    due = with_due_plans(payroll)
    progress = {
        index: progress_of(payroll.book, statements, due, index, month.on, month.working) for index in everybody
    }
    pay_of = forecasts(payroll, {index: progress[index].days for index in everybody})
    chosen = tuple(
        as_one([PersonProgress(progress[row], pay_of[row]) for row in payroll.inputs.rows_of(index)], payroll.book)
        for index in people
    )
    pay = [item.pay for item in chosen]
    totals = Forecast(
        sum_of([item.now for item in pay]), sum_of([item.pace for item in pay]), sum_of([item.plan for item in pay])
    )
    days = chosen[0].progress.days if chosen else progress[0].days
    return TeamProgress(month.on, days, chosen, totals), []


def progress_pages(
    month: Underway, team: TeamProgress, html: Path | None, folder: Path | None
) -> tuple[tuple[Path, ...], list[Issue]]:
    """Write the head's page, and each person's page into a folder; all files or none."""
    from kpicalc.exchange.release import release_all
    from kpicalc.people.pages import page_name, secret_of
    from kpicalc.people.progress_page import person_page, team_page

    payroll = month.payroll
    rows = [row for person in team.people for row in payroll.inputs.rows_of(person.payee)]
    by_row = next_steps(payroll, rows)
    steps: Mapping[int, Sequence[NextStep]] = {
        person.payee: [step for row in payroll.inputs.rows_of(person.payee) for step in by_row.get(row, ())]
        for person in team.people
    }
    files: dict[Path, bytes] = {}
    organisation, issues = organisation_beside(payroll.book.source.file)
    if any(severity(item) == "error" for item in issues):
        return (), issues
    name = organisation.data.name if organisation else payroll.book.title
    if html is not None:
        files[html] = team_page(payroll, replace(team, by_day=_by_day(month)), steps, name).encode()
    if folder is not None:
        pages_folder = folder / f"progress-{month.on.isoformat()}"
        secret = secret_of(payroll)
        for person in team.people:
            path = pages_folder / page_name(secret, payroll, person.payee)
            files[path] = person_page(payroll, team, person, steps.get(person.payee, ()), name).encode()
    refused = [issue("output_is_input", Place(str(html)))] if html and _same(html, month) else []
    refused = refused or release_all({path: partial(_write, data) for path, data in files.items()})
    return () if refused else tuple(files), [*issues, *refused]


def _by_day(month: Underway) -> dict[str, dict[int, dict[date, Decimal]]]:
    """Return the results of dated facts by KPI, payee and day, for the first few KPIs that add up by day."""
    payroll, book = month.payroll, month.payroll.book
    ways = ("sum", "count", "distinct")
    kpis = [
        kpi
        for kpi, entry in book.kpis.items()
        if entry.from_ is not None
        and any(getattr(entry, way) is not None for way in ways[:2])
        and entry.over in (None, "month")
    ]
    if not kpis:
        return {}
    from kpicalc.intake.facts.listing import values_by_day

    raw = read_again(month.workbook, book)
    if raw is None:
        return {}
    return {kpi: values_by_day(raw, book, payroll.inputs, kpi, month.on, []) for kpi in kpis[:_MOST_DAYS]}


def _inside(on: date, period: str) -> date:
    """Move a day into the month: an earlier day becomes its start, a later one its end."""
    first, after = first_day(period), first_day(month_back(period, -1))
    return min(max(on, date.fromordinal(first.toordinal() - 1)), date.fromordinal(after.toordinal() - 1))


def _same(html: Path, month: Underway) -> bool:
    books = [month.workbook] if isinstance(month.workbook, Path) else month.workbook
    return html.resolve() in {path.resolve() for path in (*books, Path(month.payroll.book.source.file))}


def _write(data: bytes, path: Path) -> None:
    path.write_bytes(data)
