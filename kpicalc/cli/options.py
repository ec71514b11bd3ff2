"""The options that commands share, in the words of the environment's language."""

from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from kpicalc.lang import LANGUAGES, Language, language_of_environment, word

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from kpicalc.app import Wanted

_Value = TypeVar("_Value")

PAID, REFUSED, USAGE, ATTENTION = 0, 1, 2, 3
"""Exit codes of every command."""
_LONGEST_NUMBER = 6
"""The form of a payment order's number."""


def help_of(path: str) -> str:
    """Return a command's help, which begins with an example."""
    return word(f"cli.{path}.help", language_of_environment())


def short_of(path: str) -> str:
    """Return the command's line in the list of commands: its purpose, without the example."""
    return help_of(path).rpartition("\n\n")[2]


def option_of(name: str) -> str:
    """Return an option's help."""
    return word(f"cli.option.{name}", language_of_environment())


Workbook = Annotated[Path, typer.Argument(help=option_of("workbook"), show_default=False, readable=False)]
Workbooks = Annotated[list[Path], typer.Argument(help=option_of("workbooks"), show_default=False, readable=False)]
OptionalWorkbooks = Annotated[
    list[Path] | None, typer.Argument(help=option_of("workbooks"), show_default=False, readable=False)
]
OptionalWorkbook = Annotated[
    Path | None, typer.Argument(help=option_of("workbook"), show_default=False, readable=False)
]
SchemeFile = Annotated[
    Path, typer.Option("--scheme", "-s", help=option_of("scheme"), show_default=False, readable=False)
]
Period = Annotated[str | None, typer.Option("--period", "-p", help=option_of("period"), show_default=False)]
Payee = Annotated[str | None, typer.Option("--payee", help=option_of("payee"), show_default=False)]
Payees = Annotated[list[str] | None, typer.Option("--payee", help=option_of("payees"), show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=option_of("out"), show_default=False, readable=False)]
History = Annotated[
    Path | None, typer.Option("--history", help=option_of("history"), show_default=False, readable=False)
]
PlanOut = Annotated[
    Path | None, typer.Option("--out", "-o", help=option_of("plan_out"), show_default=False, readable=False)
]
Json = Annotated[bool, typer.Option("--json", help=option_of("json"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=option_of("quiet"))]
Strict = Annotated[bool, typer.Option("--strict", help=option_of("strict"))]

Export = Annotated[list[str] | None, typer.Option("--export", help=option_of("export"), show_default=False)]
CheckExport = Annotated[list[str] | None, typer.Option("--export", help=option_of("check_export"), show_default=False)]
OrganisationFile = Annotated[
    Path | None, typer.Option("--organisation", help=option_of("organisation"), show_default=False, readable=False)
]
PayDate = Annotated[str | None, typer.Option("--date", help=option_of("date"), show_default=False)]
Replace = Annotated[bool, typer.Option("--replace", help=option_of("replace"))]
Number = Annotated[str | None, typer.Option("--number", help=option_of("number"), show_default=False)]


def expanded(paths: list[Path] | None) -> list[Path]:
    """Return the files that patterns such as team-*.xlsx match, if the shell has not expanded them.

    The lock files that a spreadsheet keeps beside an open file are left out.
    """
    files: list[Path] = []
    for path in paths or ():
        known = not any(sign in path.name for sign in "*?[") or isfile(path)
        matched = [] if known else [one for one in sorted(path.parent.glob(path.name)) if not one.name.startswith("~$")]
        files += matched or [path]
    return list(dict.fromkeys(files))


def language_option(text: str | None) -> Language:
    """Read the --language option; by default the environment's language."""
    if text is None:
        return language_of_environment()
    for language in LANGUAGES:
        if text == language:
            return language
    raise typer.BadParameter(f"{text}: {', '.join(LANGUAGES)}", param_hint="--language")


def month(text: str | None) -> str | None:
    """Read the --period option; a text that is no month is wrong usage."""
    if text is None:
        return None
    from kpicalc.app import month_in

    period = month_in(text)
    if period is None:
        raise typer.BadParameter(option_of("bad_period").format(found=text), param_hint="--period")
    return period


def wanted(
    targets: list[str] | None,
    organisation: Path | None,
    date: str | None,
    number: str | None,
    *,
    hint: str,
    replace: bool = False,
) -> "Wanted | None":
    """Read the options of exports; an unknown target, an invalid date or a long number is wrong usage."""
    if not targets:
        return None
    from kpicalc import app as commands

    known = commands.targets(language_of_environment())
    for target in targets:
        if target not in known:
            text = option_of("bad_export").format(found=target, known=", ".join(known))
            raise typer.BadParameter(text, param_hint=hint)
    if number is not None and not (number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise typer.BadParameter(option_of("bad_registry").format(found=number), param_hint="--number")
    return commands.Wanted(tuple(dict.fromkeys(targets)), organisation, _day(date), number, replace)


def _day(text: str | None) -> "date | None":
    if text is None:
        return None
    from kpicalc.app import day_in

    day = day_in(text)
    if day is None:
        raise typer.BadParameter(option_of("bad_date").format(found=text), param_hint="--date")
    return day


def understood(read: "Callable[[str], _Value]", text: str, hint: str) -> _Value:
    """Read an option with the given converter; a text that it refuses is wrong usage."""
    from kpicalc.app import NotUnderstood

    try:
        return read(text)
    except NotUnderstood as wrong:
        raise typer.BadParameter(str(wrong), param_hint=hint) from wrong
