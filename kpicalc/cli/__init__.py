"""The command line: options in, exit code out. The work of the commands is in `kpicalc.app`.

A module of this room holds the commands of one purpose; they register themselves in the order in which help lists them.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.main import get_command_name

from kpicalc import __version__
from kpicalc.cli import bank, files, months, pay, people, planning, reference, start, whatif
from kpicalc.cli.options import REFUSED, help_of, option_of
from kpicalc.cli.spoken import SpokenCommand, SpokenGroup

app = typer.Typer(
    name="kpicalc",
    cls=SpokenGroup,
    help=help_of("app"),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kpicalc {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", "-V", help=option_of("version"), callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version


for commands in (pay, people, files, bank, months, planning, whatif, start, reference):
    commands.register(app)
for command in app.registered_commands:
    command.cls = SpokenCommand


def answer() -> None:
    """Run the command line. Only the stated command is imported: importing all takes as long as reading a month."""
    commands = app.registered_commands
    named = [item for item in commands if item.callback and get_command_name(item.callback.__name__) in sys.argv[1:2]]
    app.registered_commands = named or commands
    try:
        app()
    except OSError as error:
        # A stream that takes no more has no name: help, lists and pages of the reference go to stdout alone.
        if error.filename is not None:
            raise
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        typer.echo(f"stdout: {error.strerror}", err=True)
        sys.exit(REFUSED)
