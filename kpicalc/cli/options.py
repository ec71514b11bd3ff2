"""The options that commands share, in the words of the environment's language."""

from pathlib import Path
from typing import Annotated

import typer

from kpicalc.lang import LANGUAGES, Language, language_of_environment, word

PAID, REFUSED, USAGE, ATTENTION = 0, 1, 2, 3
"""Exit codes of every command."""


def help_of(path: str) -> str:
    """Return a command's help: an example first."""
    return word(f"cli.{path}.help", language_of_environment())


def short_of(path: str) -> str:
    """Return the command's line in the list of commands: what it does, without the example."""
    return help_of(path).rpartition("\n\n")[2]


def option_of(name: str) -> str:
    """Return an option's help."""
    return word(f"cli.option.{name}", language_of_environment())


Workbook = Annotated[Path, typer.Argument(help=option_of("workbook"), show_default=False, readable=False)]
OptionalWorkbook = Annotated[
    Path | None, typer.Argument(help=option_of("workbook"), show_default=False, readable=False)
]
SchemeFile = Annotated[
    Path, typer.Option("--scheme", "-s", help=option_of("scheme"), show_default=False, readable=False)
]
Period = Annotated[str | None, typer.Option("--period", "-p", help=option_of("period"), show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=option_of("out"), show_default=False, readable=False)]
History = Annotated[
    Path | None, typer.Option("--history", help=option_of("history"), show_default=False, readable=False)
]
Json = Annotated[bool, typer.Option("--json", help=option_of("json"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=option_of("quiet"))]
Strict = Annotated[bool, typer.Option("--strict", help=option_of("strict"))]


def language_option(text: str | None) -> Language:
    """Read the --language option; the environment's language unless stated."""
    if text is None:
        return language_of_environment()
    for language in LANGUAGES:
        if text == language:
            return language
    raise typer.BadParameter(f"{text}: {', '.join(LANGUAGES)}", param_hint="--language")


def month(text: str | None) -> str | None:
    """Read the --period option; what is no month is wrong usage."""
    if text is None:
        return None
    from kpicalc.model.period import parse

    month = parse(text)
    if month is None:
        raise typer.BadParameter(option_of("bad_period").format(found=text), param_hint="--period")
    return month
