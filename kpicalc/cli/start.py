"""Commands to start with: adopt, init, templates."""

import re
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated

import typer

from kpicalc.cli.options import (
    REFUSED,
    USAGE,
    Json,
    Period,
    language_option,
    month,
    option_of,
)
from kpicalc.cli.report import data, issues, message
from kpicalc.lang import NBSP, word


def adopt(
    workbook: Annotated[Path, typer.Argument(help=option_of("adopt_workbook"), show_default=False, readable=False)],
    period: Period = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help=option_of("adopt_out"), show_default=False)] = None,
    paid: Annotated[str | None, typer.Option("--paid", help=option_of("adopt_paid"), show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Adopt a workbook as it is."""
    from kpicalc import app as commands

    taken = commands.adopt(workbook, month(period), out, paid)
    outcome, files = taken.outcome, [str(path) for path in taken.outcome.files]
    if as_json:
        from kpicalc.screen.data.adopt_json import adopt_json

        data(adopt_json(taken.adopted, files, outcome.issues, outcome.language) + "\n", files)
    else:
        issues(outcome, quiet=False, strict=False)
    if taken.adopted is None:
        message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not as_json:
        from kpicalc.screen.adopt_screen import adopt_text

        width = get_terminal_size().columns
        data(adopt_text(taken.adopted, files, taken.command, outcome.language, width), files)


def init(
    template: Annotated[str, typer.Option("--template", "-t", help=option_of("template"), show_default=False)],
    folder: Annotated[Path, typer.Argument(help=option_of("folder"), show_default=False)] = Path(),
    language: Annotated[str | None, typer.Option("--language", help=option_of("language"), show_default=False)] = None,
) -> None:
    """Make a folder to start from."""
    from kpicalc import app as commands
    from kpicalc.app.adopting import as_typed

    chosen = language_option(language)
    known = commands.templates(chosen)
    # Both spellings are accepted: kpi-card, head_of_sales.
    template = {name.replace("-", "_"): name for name in known}.get(template.replace("-", "_"), template)
    if template not in known:
        text = word("terminal.init.unknown", chosen)
        typer.echo(text.format(name=template, known=", ".join(known)), err=True)
        raise typer.Exit(USAGE)
    outcome = commands.init(folder, known[template].path)
    issues(outcome, quiet=False, strict=False)
    if outcome.errors:
        message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    scheme, workbook, readme = map(as_typed, outcome.files)
    text = word("terminal.init.done", outcome.language)
    typer.echo(text.format(scheme=scheme, workbook=workbook, readme=readme))


def templates(
    language: Annotated[str | None, typer.Option("--language", help=option_of("language"), show_default=False)] = None,
) -> None:
    """List the templates."""
    from textwrap import wrap

    from kpicalc import app as commands

    known = commands.templates(language_option(language))
    margin = max(map(len, known)) + 2
    width = get_terminal_size().columns
    for name, template in known.items():
        # 15 000 and 5 % stay in one piece.
        text = re.sub(r"(?<=\d) (?=[\d%])", NBSP, template.about)
        first, *others = wrap(text, max(width - margin, 40)) or [""]
        typer.echo(f"{name:<{margin}}{first}")
        for line in others:
            typer.echo(" " * margin + line)
