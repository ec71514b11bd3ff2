"""Commands of what one person and the head see: statements."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpicalc.cli.options import (
    REFUSED,
    History,
    Json,
    Payees,
    Period,
    SchemeFile,
    Strict,
    Workbook,
    help_of,
    month,
    option_of,
    short_of,
)
from kpicalc.cli.report import data, issues, message, paid_or_attention, payee_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpicalc.screen.statements import Page

FolderOut = Annotated[
    Path | None, typer.Option("--out", "-o", help=option_of("statements_out"), show_default=False, readable=False)
]
Department = Annotated[str | None, typer.Option("--department", "-d", help=option_of("department"), show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help=help_of("statements"), short_help=short_of("statements"))(statements)


def statements(
    workbook: Workbook,
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

    outcome, explained = commands.explain(workbook, scheme, month(period), history)
    pages: Sequence[Page] = ()
    if explained is not None and not outcome.errors:
        chosen = tuple(payee_index(outcome, one) for one in payee) if payee else None
        selected = commands.Selected(chosen, department)
        outcome, pages = commands.statements(outcome, explained, workbook, out or Path(), history, selected)
    if json:
        data(statements_json(outcome.payroll, pages, outcome.issues, outcome.files, outcome.language) + "\n")
    else:
        issues(outcome, quiet=False, strict=strict)
    if outcome.errors or not outcome.files:
        message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    message(outcome, "statements", count=len(pages), folder=outcome.files[0].parent)
    raise typer.Exit(paid_or_attention(outcome, strict=strict))
