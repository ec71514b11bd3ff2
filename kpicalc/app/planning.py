"""Commands beside paying: the funnel, plans from history, progress."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from kpicalc.app.outcome import Outcome, output_path
from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.intake.files.book import read_book
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.intake.sheets.names import sheet_title
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import language_of_environment
from kpicalc.model.funnel import FunnelMonth
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Place, issue
from kpicalc.model.progress import Progress
from kpicalc.model.targets import PlanFromHistory
from kpicalc.planning.from_history import plan_from_history, terms_of
from kpicalc.planning.funnel import funnels_of
from kpicalc.planning.progress import progress_of


def read(
    workbook: Path, scheme: Path, period: str | None = None, months: Decimal | None = Decimal(0)
) -> tuple[Outcome, Inputs | None]:
    """Read both files without paying, for all that is done besides; no inputs where an error forbids using them.

    `months` is how many earlier months are wanted of KPIs that come from facts; None: as many as plans are made from.
    """
    raw, found_in_file = read_book(workbook)
    book, issues = read_scheme(scheme)
    issues = [*issues, *found_in_file]
    if book is None:
        return Outcome(tuple(issues), language_of_environment()), None
    statements, found = compile_schemes(book)
    earlier = earlier_months(statements)
    wanted = {str(back) for back in range(1, 1 + int((book.planning.months if months is None else months) or 0))}
    for key, kpi in book.kpis.items():
        if kpi.from_ is not None and wanted:
            earlier.setdefault(key, set()).update(wanted)
    inputs, found_in_sheets = read_inputs(raw, book, period, earlier) if raw else (None, [])
    outcome = Outcome(tuple(dict.fromkeys([*issues, *found, *found_in_sheets])), book.language, book)
    return outcome, None if outcome.errors else inputs


def funnel(
    workbook: Path, scheme: Path, period: str | None = None
) -> tuple[Outcome, Inputs | None, tuple[FunnelMonth, ...]]:
    """Count a month's funnels."""
    outcome, inputs = read(workbook, scheme, period)
    # A scheme with errors may have a funnel that could not be read.
    if outcome.book is not None and not outcome.book.funnels and not outcome.errors:
        found = issue("funnel_none", outcome.book.source.place())
        return replace(outcome, issues=(*outcome.issues, found)), None, ()
    if outcome.book is None or inputs is None:
        return outcome, None, ()
    return outcome, inputs, funnels_of(outcome.book, inputs)


def plan(
    workbook: Path,
    scheme: Path,
    *,
    period: str | None = None,
    out: Path | None = None,
    months: Decimal | None = None,
    growth: Decimal | None = None,
    step: Decimal | None = None,
    available: bool = False,
) -> tuple[Outcome, Inputs | None, PlanFromHistory | None]:
    """Plan a month from the months before it, and write the plans where a file or folder is named."""
    outcome, inputs = read(workbook, scheme, period, months)
    book = outcome.book
    if book is None or inputs is None:
        return outcome, None, None
    terms, found = terms_of(book, months, growth, step, available=available)
    if "history" not in inputs.sheets and not inputs.history:
        found.append(issue("planning_no_history", Place(inputs.file), sheet=sheet_title("history", book.language)))
    if terms is None or found:
        return replace(outcome, issues=(*outcome.issues, *found)), None, None
    made, found = plan_from_history(book, compile_schemes(book)[0], inputs, terms)
    outcome = replace(outcome, issues=(*outcome.issues, *found))
    if out is None or outcome.errors:
        return outcome, inputs, made
    from kpicalc.exchange.release import release
    from kpicalc.planning.plan_workbook import write_plan

    path, refused = output_path(out, f"plan-{inputs.period}.xlsx", (workbook, scheme))
    replaced = path.exists()
    if not refused:
        refused = release(path, lambda temporary: write_plan(made, book, inputs, temporary))
    files = () if refused else (path,)
    return replace(outcome, issues=(*outcome.issues, *refused), files=files, replaced=replaced), inputs, made


def progress(
    workbook: Path, scheme: Path, period: str | None = None
) -> tuple[Outcome, Inputs | None, Callable[[int, date], Progress] | None]:
    """Return what tells a payee's progress at a date."""
    outcome, inputs = read(workbook, scheme, period)
    book = outcome.book
    if book is None or inputs is None:
        return outcome, None, None
    statements, _ = compile_schemes(book)
    working: Sequence[date] = ()
    if book.calendar is not None:
        from kpicalc.intake.calendar import month_of

        working = month_of(book.calendar, inputs.period).working
    return outcome, inputs, lambda payee, on: progress_of(book, statements, inputs, payee, on, working)
