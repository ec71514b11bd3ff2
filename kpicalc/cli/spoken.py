"""The command line's own words (Usage, Options, Missing argument) in the language of the environment.

The library has them in English only. Help is translated before it is laid out in columns, a message about wrong usage
when it is shown; words that the catalogue lacks stay in English.
"""

import re
import string
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from kpicalc.lang import catalogue, language_of_environment


class SpokenCommand(TyperCommand):
    """A command whose help is in the language of the environment."""

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line of the command."""
        return _usage(self, ctx)

    def get_help(self, ctx: Any) -> str:
        """Return the whole help."""
        return _help(self, ctx)


class SpokenGroup(TyperGroup):
    """The group of all commands; errors of usage are shown in the language of the environment."""

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line of the program."""
        return _usage(self, ctx)

    def get_help(self, ctx: Any) -> str:
        """Return the whole help."""
        return _help(self, ctx)

    def make_context(self, *arguments: Any, **more: Any) -> Any:
        """Parse the arguments before the command."""
        try:
            return super().make_context(*arguments, **more)
        except Exception as error:
            _put_into_words(error)
            raise

    def invoke(self, ctx: Any) -> Any:
        """Parse the command's own options, and run it."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            _put_into_words(error)
            raise


def said(text: str) -> str:
    """Return a message of the library in the language of the environment."""
    language = language_of_environment()
    for entry in catalogue("typer")["errors"].values():
        if match := _pattern(entry["en"]).fullmatch(text):
            blanks = match.groupdict()
            # A reason may be the library's own too; kpicalc's reasons are in the right language already.
            return str(entry[language].format(**{name: said(part) for name, part in blanks.items()}))
    return text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = [
        re.escape(literal) + (f"(?P<{name}>.+?)" if name else "")
        for literal, name, _, _ in string.Formatter().parse(template)
    ]
    return re.compile("".join(parts), re.DOTALL)


def _phrase(text: str) -> str:
    """Return a piece of help with the library's words translated into the language of the environment."""
    language = language_of_environment()
    for entry in catalogue("typer")["help"].values():
        text = text.replace(entry["en"], entry[language])
    return text


class _SpokenFormatter:
    """A formatter that lays help out as the library does, with other words. It precedes the library's own class."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _phrase(args), _phrase(prefix or "Usage: "))  # type: ignore[misc]

    def write_heading(self, heading: str) -> None:
        super().write_heading(_phrase(heading))  # type: ignore[misc]

    def write_dl(self, rows: Iterable[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        phrased = [(_phrase(term), _phrase(meaning)) for term, meaning in rows]
        super().write_dl(phrased, *arguments, **more)  # type: ignore[misc]


def _formatter(ctx: Any) -> Any:
    formatter = ctx.make_formatter()
    formatter.__class__ = type("SpokenFormatter", (_SpokenFormatter, type(formatter)), {})
    return formatter


def _usage(command: Any, ctx: Any) -> str:
    formatter = _formatter(ctx)
    command.format_usage(ctx, formatter)
    return str(formatter.getvalue()).rstrip("\n")


def _help(command: Any, ctx: Any) -> str:
    formatter = _formatter(ctx)
    command.format_help(ctx, formatter)
    return str(formatter.getvalue()).rstrip("\n")


def _put_into_words(error: Exception) -> None:
    """Translate an error of usage when it shows itself; other errors are shown as they are."""
    # Without any argument the error is the whole help, which is translated already.
    if hasattr(error, "format_message") and "NoArgs" not in type(error).__name__:
        error.show = partial(_show, error)  # type: ignore[attr-defined]


def _show(error: Any, file: Any = None) -> None:
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        typer.echo(ctx.get_usage(), file=file, err=True)
        hint = f"Try '{ctx.command_path} {ctx.help_option_names[0]}' for help."
        typer.echo(f"{said(hint)}\n", file=file, err=True)
    typer.echo(said(f"Error: {error.format_message()}"), file=file, err=True)
