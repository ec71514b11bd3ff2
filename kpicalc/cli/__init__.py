"""The command line: options in, exit code out. The work of the commands is in `kpicalc.app`.

A module of this room holds the commands of one purpose; it is imported when one of them is called.
"""

import os
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from kpicalc import __version__
from kpicalc.cli.options import REFUSED, help_of, option_of, short_of
from kpicalc.cli.spoken import SpokenCommand, SpokenGroup

_HOMES = {
    "pay": ("run", "check", "explain"),
    "people": ("statements", "progress"),
    "files": ("export",),
    "bank": ("reconcile",),
    "months": ("compare",),
    "planning": ("funnel", "plan"),
    "whatif": ("replay", "seek", "balance"),
    "start": ("adopt", "init", "templates"),
    "reference": ("components", "error", "schema"),
}
"""The commands of each module, in the order in which help lists them."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kpicalc {__version__}")
        raise typer.Exit


def _top(
    version: Annotated[
        bool, typer.Option("--version", "-V", help=option_of("version"), callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version


@cache
def application(only: str | None = None) -> typer.Typer:
    """Return the command line with all commands, or with one: importing all takes as long as reading a month."""
    app = typer.Typer(
        name="kpicalc",
        cls=SpokenGroup,
        help=help_of("app"),
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_top)
    for home, names in _HOMES.items():
        for name in names:
            if only in (None, name):
                command = getattr(import_module(f"{__name__}.{home}"), name)
                app.command(cls=SpokenCommand, help=help_of(name), short_help=short_of(name))(command)
    return app


def __getattr__(name: str) -> typer.Typer:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return application()


def _full() -> bool:
    """Tell whether stdout takes no more."""
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except OSError:
        return True
    return False


def answer() -> None:
    """Run the command line."""
    called = next(iter(sys.argv[1:]), None)
    command_line = application(called if any(called in names for names in _HOMES.values()) else None)
    try:
        command_line()
    except OSError as error:
        # Help, lists and pages of the reference are written to stdout as they are.
        if not _full():
            raise
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        typer.echo(f"stdout: {error.strerror}", err=True)
        sys.exit(REFUSED)
