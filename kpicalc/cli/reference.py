"""Commands to look things up: components, error, schema."""

from typing import Annotated

import typer

from kpicalc.cli.options import USAGE, option_of
from kpicalc.lang import language_of_environment, word


def components(
    name: Annotated[str | None, typer.Argument(help=option_of("component"), show_default=False)] = None,
) -> None:
    """Print the reference of pay components."""
    from kpicalc.screen.reference import component_names, component_page_of, components_list

    language = language_of_environment()
    if name is None:
        typer.echo(components_list(language))
        return
    known = component_names()
    if name not in known:
        text = word("terminal.components.unknown", language)
        typer.echo(text.format(name=name, known=", ".join(known)), err=True)
        raise typer.Exit(USAGE)
    typer.echo(component_page_of(name, language))


def schema(
    of: Annotated[str | None, typer.Option("--of", help=option_of("of"), show_default=False)] = None,
) -> None:
    """Print the JSON Schema of the scheme file, or of what a command prints with --json."""
    import json

    from kpicalc import app as commands
    from kpicalc.screen.schemas import described_commands, schema_of

    known = described_commands()
    if of is None:
        shown = commands.scheme_schema(language_of_environment())
    elif of in known:
        shown = schema_of(of)
    else:
        raise typer.BadParameter(option_of("bad_of").format(found=of, known=", ".join(known)), param_hint="--of")
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))


def error(
    code: Annotated[str, typer.Argument(help=option_of("code"), show_default=False)],
) -> None:
    """Print the meaning of a message, and its remedy."""
    from kpicalc.screen.reference import entry_of_error, nearest_error

    language = language_of_environment()
    entry = entry_of_error(code, language)
    if entry is None:
        near = nearest_error(code)
        phrase = "near" if near else "unknown"
        typer.echo(word(f"terminal.error.{phrase}", language).format(code=code, near=near), err=True)
        raise typer.Exit(USAGE)
    typer.echo(entry)
