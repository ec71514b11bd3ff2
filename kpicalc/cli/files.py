"""Commands for files that 1C and banks load: export."""

from pathlib import Path
from typing import Annotated

import typer

from kpicalc.cli.options import (
    PAID,
    REFUSED,
    USAGE,
    Number,
    OrganisationFile,
    PayDate,
    Quiet,
    Replace,
    option_of,
    wanted,
)
from kpicalc.cli.report import issues, message
from kpicalc.lang import language_of_environment, word


def export(
    payroll: Annotated[
        Path | None, typer.Argument(help=option_of("payroll"), show_default=False, readable=False)
    ] = None,
    to: Annotated[list[str] | None, typer.Option("--to", help=option_of("to"), show_default=False)] = None,
    organisation: OrganisationFile = None,
    date: PayDate = None,
    number: Number = None,
    replace: Replace = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help=option_of("out_folder"), show_default=False, readable=False)
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help=option_of("list"))] = False,
    quiet: Quiet = False,
) -> None:
    """Write files for 1C and the bank from a payroll workbook."""
    from kpicalc import app as commands
    from kpicalc.screen.ticking import listening

    if list_:
        for name, title in commands.targets(language_of_environment()).items():
            typer.echo(f"{name:<16} {title}")
        return
    files = wanted(to, organisation, date, number, hint="--to", replace=replace)
    if payroll is None or files is None:
        typer.echo(word("terminal.export.usage", language_of_environment()), err=True)
        raise typer.Exit(USAGE)
    with listening(language_of_environment(), quiet=quiet):
        outcome = commands.export(payroll, files, out=out)
    issues(outcome, quiet=quiet, strict=False)
    if outcome.errors:
        message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not quiet:
        for path in outcome.files:
            message(outcome, "written", path=path)
    raise typer.Exit(PAID)
