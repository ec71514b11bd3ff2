"""Commands beside paying: the funnel, plans from history."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from kpicalc.app.outcome import Outcome, output_path
from kpicalc.app.reading import read_month
from kpicalc.intake.sheets.names import sheet_title
from kpicalc.model.funnel import FunnelMonth
from kpicalc.model.issue import Place, issue
from kpicalc.model.targets import PlanFromHistory
from kpicalc.planning.from_history import plan_from_history, terms_of
from kpicalc.planning.funnel import funnels_of


def funnel(workbook: Path, scheme: Path, period: str | None = None) -> tuple[Outcome, tuple[FunnelMonth, ...]]:
    """Compute a month's funnels."""
    month = read_month(workbook, scheme, period)
    outcome, book = month.outcome(), month.book
    # A scheme with errors may have a funnel that could not be read.
    if book is not None and not book.funnels and not outcome.errors:
        missing = issue("funnel_none", book.source.place())
        return replace(outcome, issues=(*outcome.issues, missing), inputs=None), ()
    if book is None or outcome.inputs is None:
        return outcome, ()
    return outcome, funnels_of(book, outcome.inputs)


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
) -> tuple[Outcome, PlanFromHistory | None]:
    """Plan a month from earlier months, and write the plans if a file or folder is stated."""
    month = read_month(workbook, scheme, period, months=months)
    outcome, book, inputs = month.outcome(), month.book, month.inputs
    if book is None or inputs is None or not month.usable:
        return outcome, None
    terms, issues = terms_of(book, months, growth, step, available=available)
    if "history" not in inputs.sheets and not inputs.history:
        issues.append(issue("planning_no_history", Place(inputs.file), sheet=sheet_title("history", book.language)))
    if terms is None or issues:
        return replace(outcome, issues=(*outcome.issues, *issues)), None
    made, issues = plan_from_history(book, month.statements, inputs, terms)
    outcome = replace(outcome, issues=(*outcome.issues, *issues))
    if out is None or outcome.errors:
        return outcome, made
    from kpicalc.exchange.release import release
    from kpicalc.planning.plan_workbook import write_plan

    path, refused = output_path(out, f"plan-{inputs.period}.xlsx", (workbook, scheme))
    replaced = path.exists()
    if not refused:
        refused = release(path, lambda temporary: write_plan(made, book, inputs, temporary))
    files = () if refused else (path,)
    return replace(outcome, issues=(*outcome.issues, *refused), files=files, replaced=replaced), made
