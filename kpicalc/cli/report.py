"""What a command tells: the result to stdout, issues and messages to stderr."""

import os
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kpicalc.cli.options import ATTENTION, PAID, REFUSED
from kpicalc.lang import Language, word

if TYPE_CHECKING:
    from kpicalc.app import Outcome
    from kpicalc.model.inputs import Inputs


def paid_or_attention(outcome: "Outcome", *, strict: bool) -> int:
    """Return the exit code of a run that pays."""
    return ATTENTION if outcome.attention or (strict and outcome.warnings) else PAID


def report(outcome: "Outcome", *, as_json: bool, quiet: bool, strict: bool) -> None:
    """Print the result to stdout and the issues to stderr."""
    if as_json:
        from kpicalc.screen.json import json_text

        payroll = None if outcome.errors else outcome.payroll
        files = [str(path) for path in outcome.files]
        data(json_text(payroll, outcome.issues, files, outcome.language) + "\n")
        return
    if not quiet and outcome.payroll is not None and outcome.files:
        from rich.console import Console

        from kpicalc.screen.terminal import print_summary

        console = Console(highlight=False)
        if console.is_terminal:
            print_summary(outcome.payroll, console)
        else:
            text = StringIO()
            print_summary(outcome.payroll, Console(highlight=False, file=text, width=console.width))
            data(text.getvalue())
    issues(outcome, quiet=quiet, strict=strict)


def data(text: str) -> None:
    """Write to stdout; where nobody reads it any more, or its disk is full, the payroll stands all the same."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # Nothing more can be said there, not even by the interpreter on its way out.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        if not isinstance(error, BrokenPipeError):
            typer.echo(f"stdout: {error.strerror}", err=True)


def issues(outcome: "Outcome", *, quiet: bool, strict: bool) -> None:
    """Print the issues to stderr."""
    from rich.console import Console

    from kpicalc.screen.terminal import print_issues

    console = Console(stderr=True, highlight=False)
    # What changes the exit code is never silent.
    least = "notice" if not quiet else "warning" if strict else "hold"
    print_issues(outcome.issues, outcome.language, console, least=least)


def message(outcome: "Outcome", phrase: str, **blanks: object) -> None:
    """Print a phrase of the catalogue to stderr."""
    typer.echo(word(f"terminal.summary.{phrase}", outcome.language).format(**blanks), err=True)


def payee_index(inputs: "Inputs", payee: str, language: Language) -> int:
    """Return a payee's index by the personnel number or by a name that fits one person; any other ends the command."""
    from kpicalc.model.who import fitting

    wanted = payee.strip()
    fits = fitting([(person.id, person.name) for person in inputs.payees], wanted)
    if len(fits) == 1:
        return fits[0]
    near = next((person for person in inputs.payees if person.id.lstrip("0") == wanted.lstrip("0")), None)
    phrase = "several" if fits else "not_found_near" if near else "not_found"
    text = word(f"terminal.explain.{phrase}", language)
    names = ", ".join(str(inputs.payees[index]) for index in fits)
    facts = {"near": near.id, "name": near.name} if near else {}
    typer.echo(text.format(id=wanted, names=names, **facts), err=True)
    raise typer.Exit(REFUSED)
