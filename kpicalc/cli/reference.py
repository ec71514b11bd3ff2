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
    from kpicalc.engine.components import all_components
    from kpicalc.screen.reference import component_line, component_page

    known = all_components()
    language = language_of_environment()
    if name is None:
        for component in known.values():
            typer.echo(component_line(component, language))
        return
    if name not in known:
        text = word("terminal.components.unknown", language)
        typer.echo(text.format(name=name, known=", ".join(known)), err=True)
        raise typer.Exit(USAGE)
    typer.echo(component_page(known[name], language))


def schema() -> None:
    """Print the JSON Schema of the scheme file."""
    import json

    from kpicalc.intake.scheme.json_schema import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
