"""The output of a command: the result to stdout, issues and messages to stderr."""

import os
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kpicalc.cli.options import ATTENTION, PAID, REFUSED
from kpicalc.lang import word

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from rich.console import Console

    from kpicalc.app import Outcome


_NEVER_SILENT = ("paid_otherwise", "details_changed", "replaced_edited", "files_of_another_payroll")
"""Issues shown even with --quiet: payments that differ from earlier ones."""


def paid_or_attention(outcome: "Outcome", *, strict: bool) -> int:
    """Return the exit code of a run that pays."""
    return ATTENTION if outcome.attention or (strict and outcome.warnings) else PAID


def report(outcome: "Outcome", *, as_json: bool, quiet: bool, strict: bool) -> None:
    """Print the result to stdout and the issues to stderr."""
    if as_json:
        from kpicalc.screen.data.json import json_text

        payroll = None if outcome.errors else outcome.payroll
        files = [str(path) for path in outcome.files]
        data(json_text(payroll, outcome.issues, files, outcome.language) + "\n", files)
        return
    if not quiet and outcome.payroll is not None and outcome.files:
        from kpicalc.screen.terminal import print_summary

        payroll = outcome.payroll
        print_data(lambda console: print_summary(payroll, console), outcome.files)
    issues(outcome, quiet=quiet, strict=strict)


def print_data(show: "Callable[[Console], None]", files: "Collection[object]" = ()) -> None:
    """Let a table print itself to a terminal, or as plain text to any other stdout; `files` as for `data`."""
    from rich.console import Console

    console = Console(highlight=False)
    if console.is_terminal:
        show(console)
        return
    text = StringIO()
    show(Console(highlight=False, file=text, width=console.width))
    data("".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines()), files)


def data(text: str, files: "Collection[object]" = ()) -> None:
    """Write to stdout. If its disk is full, the command ends there, unless it has written `files`: they stand."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # Nothing more can be written there, not even by the interpreter on exit.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        if not isinstance(error, BrokenPipeError):
            typer.echo(f"stdout: {error.strerror}", err=True)
            if not files:
                raise typer.Exit(REFUSED) from None


def issues(outcome: "Outcome", *, quiet: bool, strict: bool) -> None:
    """Print the issues to stderr."""
    from rich.console import Console

    from kpicalc.screen.terminal import print_issues

    console = Console(stderr=True, highlight=False)
    # An issue that changes the exit code is never silent.
    least = "notice" if not quiet else "warning" if strict else "hold"
    print_issues(outcome.issues, outcome.language, console, least=least, always=_NEVER_SILENT)


def message(outcome: "Outcome", phrase: str, **blanks: object) -> None:
    """Print a phrase of the catalogue to stderr."""
    typer.echo(word(f"terminal.summary.{phrase}", outcome.language).format(**blanks), err=True)


def payee_index(outcome: "Outcome", payee: str) -> int:
    """Return a payee's index in the month's inputs; an unknown payee ends the command."""
    from kpicalc.app import NotUnderstood, payee_in

    assert outcome.inputs is not None
    try:
        return payee_in(outcome.inputs, payee, outcome.language)
    except NotUnderstood as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(REFUSED) from wrong
