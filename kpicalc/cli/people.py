"""Commands for employees and their head: statements, progress."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpicalc.cli.options import (
    ATTENTION,
    PAID,
    REFUSED,
    History,
    Json,
    Payees,
    Period,
    Quiet,
    SchemeFile,
    Strict,
    Workbooks,
    expanded,
    month,
    option_of,
)
from kpicalc.cli.report import data, issues, message, paid_or_attention, payee_index, print_data
from kpicalc.lang import language_of_environment, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpicalc.screen.statements import Page

FolderOut = Annotated[
    Path | None, typer.Option("--out", "-o", help=option_of("statements_out"), show_default=False, readable=False)
]
Department = Annotated[str | None, typer.Option("--department", "-d", help=option_of("department"), show_default=False)]


def statements(
    workbook: Workbooks,
    scheme: SchemeFile,
    out: FolderOut = None,
    payee: Payees = None,
    department: Department = None,
    history: History = None,
    period: Period = None,
    json: Json = False,
    strict: Strict = False,
) -> None:
    """Write everybody's statement of pay."""
    from kpicalc import app as commands
    from kpicalc.screen.statements import statements_json
    from kpicalc.screen.ticking import listening

    workbook, span = expanded(workbook), month(period)
    with listening(language_of_environment(), quiet=json):
        outcome, explained = commands.explain(workbook, scheme, span, history)
    pages: Sequence[Page] = ()
    if explained is not None and not outcome.errors:
        chosen = tuple(payee_index(outcome, text) for text in payee) if payee else None
        selected = commands.Selected(chosen, department)
        outcome, pages = commands.statements(outcome, explained, workbook, out or Path(), history, selected)
    if json:
        text = statements_json(outcome.payroll, pages, outcome.issues, outcome.files, outcome.language)
        data(text + "\n", outcome.files)
    else:
        issues(outcome, quiet=False, strict=strict)
    if outcome.errors or not outcome.files:
        message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    message(outcome, "statements", count=len(pages), folder=outcome.files[0].parent)
    raise typer.Exit(paid_or_attention(outcome, strict=strict))


def progress(
    workbook: Workbooks,
    scheme: SchemeFile,
    on: Annotated[str | None, typer.Option("--on", help=option_of("on"), show_default=False)] = None,
    payee: Payees = None,
    department: Department = None,
    html: Annotated[
        Path | None, typer.Option("--html", help=option_of("html"), show_default=False, readable=False)
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--statements", help=option_of("private"), show_default=False, readable=False)
    ] = None,
    history: History = None,
    period: Period = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show how far the team is at a date, and what the month will pay."""
    from kpicalc import app as commands
    from kpicalc.screen.data.progress_json import progress_json
    from kpicalc.screen.progress_table import print_person, print_team
    from kpicalc.screen.ticking import listening

    day = _day(on)
    books, span = expanded(workbook), month(period)
    with listening(language_of_environment(), quiet=quiet or json):
        outcome, under = commands.underway(books, scheme, day, span, history)
    if on is not None and outcome.inputs is not None and f"{day:%Y-%m}" != outcome.inputs.period:
        wrong = word("planning.progress.other_day", outcome.language).format(found=on, period=outcome.inputs.period)
        raise typer.BadParameter(wrong, param_hint="--on")
    team = None
    if under is not None:
        chosen = tuple(payee_index(outcome, person) for person in payee) if payee else None
        team, all_issues = commands.team_progress(under, commands.Selected(chosen, department))
        files: tuple[Path, ...] = ()
        if team is not None and (html or folder):
            files, refused = commands.progress_pages(under, team, html, folder)
            all_issues = [*all_issues, *refused]
        outcome = replace(outcome, issues=(*outcome.issues, *all_issues), files=files)
    if json:
        text = progress_json(under.payroll if under else None, team, outcome.issues, outcome.language)
        data(text + "\n", outcome.files)
    if under is None or team is None or ((html or folder) and not outcome.files):
        if not json:
            issues(outcome, quiet=quiet, strict=False)
        message(outcome, "not_shown", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not json and not quiet:
        shown = team
        if len(shown.people) == 1:
            print_data(lambda console: print_person(shown, under.payroll, console), outcome.files)
        else:
            print_data(lambda console: print_team(shown, under.payroll, console), outcome.files)
        for path in outcome.files[:1]:
            message(outcome, "written", path=path)
    if not json:
        issues(outcome, quiet=True, strict=False)
    ranged = any(person.pay.now is None or person.pay.now.low != person.pay.now.high for person in team.people)
    raise typer.Exit(ATTENTION if ranged else PAID)


def _day(text: str | None) -> date:
    """Read the --on option: a day; by default today."""
    today = date.today()  # noqa: DTZ011 - the clerk's own date
    if text is None:
        return today
    from kpicalc.app import day_in

    day = day_in(text)
    if day is None:
        wrong = word("planning.progress.bad_day", language_of_environment())
        raise typer.BadParameter(wrong.format(found=text, period=f"{today:%Y-%m}"), param_hint="--on")
    return day
