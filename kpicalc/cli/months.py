"""The command about closed months: compare."""

from pathlib import Path
from typing import Annotated

import typer

from kpicalc.cli.options import PAID, REFUSED, Json, Quiet, option_of
from kpicalc.cli.report import data, print_data
from kpicalc.lang import language_of_environment, word


def compare(
    old: Annotated[Path, typer.Argument(help=option_of("old"), show_default=False, readable=False)],
    new: Annotated[Path, typer.Argument(help=option_of("new"), show_default=False, readable=False)],
    adjustments: Annotated[
        Path | None, typer.Option("--adjustments", help=option_of("adjustments"), show_default=False, readable=False)
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare two payrolls of a month."""
    from rich.console import Console

    from kpicalc import app as commands
    from kpicalc.screen.comparison import comparison_json, print_comparison
    from kpicalc.screen.terminal import print_issues
    from kpicalc.screen.ticking import listening

    with listening(language_of_environment(), quiet=quiet or json):
        result = commands.compare(old, new, adjustments)
    files = [str(path) for path in result.files]
    if json:
        data(comparison_json(result.comparison, result.issues, files, result.language) + "\n", files)
    else:
        if result.comparison and not quiet:
            comparison = result.comparison
            print_data(lambda console: print_comparison(comparison, result.language, console), files)
        least = "hold" if quiet else "notice"
        print_issues(result.issues, result.language, Console(stderr=True, highlight=False), least=least)
    if result.errors:
        typer.echo(word("compare.table.refused", result.language).format(errors=result.errors), err=True)
        raise typer.Exit(REFUSED)
    if not quiet:
        for path in files:
            typer.echo(word("compare.table.written", result.language).format(path=path), err=True)
    raise typer.Exit(PAID)
