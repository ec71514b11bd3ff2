"""Commands of every month: run, check, explain."""

from typing import Annotated

import typer

from kpicalc.cli.options import (
    ATTENTION,
    PAID,
    REFUSED,
    Json,
    OptionalWorkbook,
    Out,
    Period,
    Quiet,
    SchemeFile,
    Strict,
    Workbook,
    help_of,
    month,
    option_of,
    short_of,
)
from kpicalc.cli.report import data, issues, message, paid_or_attention, payee_index, report


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help=help_of("run"), short_help=short_of("run"))(run)
    app.command(help=help_of("check"), short_help=short_of("check"))(check)
    app.command(help=help_of("explain"), short_help=short_of("explain"))(explain)


def run(
    workbook: Workbook,
    scheme: SchemeFile,
    period: Period = None,
    out: Out = None,
    json: Json = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Pay a month."""
    from kpicalc import app as commands

    outcome = commands.run(workbook, scheme, period=month(period), out=out)
    report(outcome, as_json=json, quiet=quiet, strict=strict)
    if outcome.errors or not outcome.files:
        message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not quiet:
        for path in outcome.files:
            message(outcome, "replaced" if outcome.replaced else "written", path=path)
    raise typer.Exit(paid_or_attention(outcome, strict=strict))


def check(
    scheme: SchemeFile,
    workbook: OptionalWorkbook = None,
    period: Period = None,
    json: Json = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check everything short of paying."""
    from kpicalc import app as commands
    from kpicalc.lang import money

    outcome = commands.check(workbook, scheme, month(period))
    if json:
        report(outcome, as_json=True, quiet=quiet, strict=strict)
    else:
        issues(outcome, quiet=quiet, strict=strict)
    if outcome.errors:
        message(outcome, "check_failed", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not quiet:
        message(outcome, "check_ok")
        message(outcome, "examples", count=outcome.examples)
        if outcome.payroll is not None:
            paid = sum(len(pay.payees) for pay in outcome.payroll.schemes)
            total = money(outcome.payroll.total(), outcome.language)
            currency = outcome.payroll.book.currency
            message(outcome, "would_pay", total=total, currency=currency, count=paid)
    raise typer.Exit(paid_or_attention(outcome, strict=strict))


def explain(
    workbook: Workbook,
    scheme: SchemeFile,
    payee: Annotated[str, typer.Option("--payee", help=option_of("payee"), show_default=False)],
    period: Period = None,
) -> None:
    """Explain one person's pay."""
    from kpicalc import app as commands

    outcome = commands.check(workbook, scheme, month(period))
    if outcome.errors or outcome.payroll is None:
        issues(outcome, quiet=False, strict=False)
        message(outcome, "not_explained", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    from kpicalc.export.explanation import explanation

    index = payee_index(outcome.payroll.inputs, payee, outcome.language)
    data(explanation(outcome.payroll, index) + "\n")
    raise typer.Exit(ATTENTION if index in outcome.payroll.held else PAID)
