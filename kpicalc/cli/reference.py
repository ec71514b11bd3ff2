"""Commands to look things up: components, schema."""

from typing import Annotated

import typer

from kpicalc.cli.options import USAGE, help_of, option_of, short_of
from kpicalc.lang import language_of_environment, word


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help=help_of("components"), short_help=short_of("components"))(components)
    app.command(help=help_of("schema"), short_help=short_of("schema"))(schema)


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


def schema() -> None:
    """Print the JSON Schema of the scheme file."""
    import json

    from kpicalc import app as commands

    typer.echo(json.dumps(commands.scheme_schema(), ensure_ascii=False, indent=2))
