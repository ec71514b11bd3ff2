"""The command for a bank's answer: reconcile."""

from pathlib import Path
from typing import Annotated

import typer

from kpicalc.cli.options import ATTENTION, PAID, REFUSED, Json, option_of
from kpicalc.cli.report import data, issues, print_data
from kpicalc.lang import money, word


def reconcile(
    payroll: Annotated[Path, typer.Argument(help=option_of("sent"), show_default=False, readable=False)],
    answer: Annotated[Path, typer.Argument(help=option_of("answer"), show_default=False, readable=False)],
    json: Json = False,
) -> None:
    """Compare a bank's answer with what was sent."""
    from kpicalc import app as commands
    from kpicalc.screen.reconciliation import print_reconciliation, reconciliation_text

    outcome, result = commands.reconcile(payroll, answer)
    language = outcome.language

    def say(phrase: str, **blanks: object) -> None:
        typer.echo(word(f"terminal.reconcile.{phrase}", language).format(**blanks), err=True)

    if json:
        data(reconciliation_text(result, outcome.issues, language) + "\n")
    else:
        if result is not None:
            print_data(lambda console: print_reconciliation(result, language, console))
        issues(outcome, quiet=False, strict=False)
    if result is None:
        say("failed", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if outcome.errors:
        say("contradicts", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    sent, credited = result.sent, result.count("credited")
    if result.complete:
        say("all_credited", count=sent.people, total=money(credited.total, language))
        raise typer.Exit(PAID)
    rest = money(sent.total - credited.total, language)
    say("not_all", credited=credited.people, count=sent.people, rest=rest)
    raise typer.Exit(ATTENTION)
