"""The command line: options in, exit code out. What the commands do stands in `kpicalc.app`."""

import os
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpicalc import __version__
from kpicalc.lang import LANGUAGES, Language, language_of_environment, word

if TYPE_CHECKING:
    from kpicalc.app import Outcome

PAID, REFUSED, USAGE, ATTENTION = 0, 1, 2, 3


def _help(path: str) -> str:
    return word(f"cli.{path}.help", language_of_environment())


def _short(path: str) -> str:
    """Return the command's line in the list of commands: what it does, without the example."""
    return _help(path).rpartition("\n\n")[2]


def _option(name: str) -> str:
    return word(f"cli.option.{name}", language_of_environment())


app = typer.Typer(
    name="kpicalc",
    help=_help("app"),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Workbook = Annotated[Path, typer.Argument(help=_option("workbook"), show_default=False, readable=False)]
OptionalWorkbook = Annotated[Path | None, typer.Argument(help=_option("workbook"), show_default=False, readable=False)]
SchemeFile = Annotated[Path, typer.Option("--scheme", "-s", help=_option("scheme"), show_default=False, readable=False)]
Period = Annotated[str | None, typer.Option("--period", "-p", help=_option("period"), show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=_option("out"), show_default=False, readable=False)]
Json = Annotated[bool, typer.Option("--json", help=_option("json"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=_option("quiet"))]
Strict = Annotated[bool, typer.Option("--strict", help=_option("strict"))]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kpicalc {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", "-V", help=_option("version"), callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version


@app.command(help=_help("run"), short_help=_short("run"))
def run(
    workbook: Workbook,
    scheme: SchemeFile,
    period: Period = None,
    out: Out = None,
    json: Json = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Pay a month."""
    from kpicalc import app as commands

    outcome = commands.run(workbook, scheme, period=_month(period), out=out)
    _report(outcome, as_json=json, quiet=quiet, strict=strict)
    if outcome.errors or not outcome.files:
        _message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not quiet:
        for path in outcome.files:
            _message(outcome, "replaced" if outcome.replaced else "written", path=path)
    raise typer.Exit(_paid(outcome, strict=strict))


@app.command(help=_help("check"), short_help=_short("check"))
def check(
    scheme: SchemeFile,
    workbook: OptionalWorkbook = None,
    period: Period = None,
    json: Json = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check everything short of paying."""
    from kpicalc import app as commands
    from kpicalc.lang import money

    outcome = commands.check(workbook, scheme, _month(period))
    if json:
        _report(outcome, as_json=True, quiet=quiet, strict=strict)
    else:
        _issues(outcome, quiet=quiet, strict=strict)
    if outcome.errors:
        _message(outcome, "check_failed", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not quiet:
        _message(outcome, "check_ok")
        _message(outcome, "examples", count=outcome.examples)
        if outcome.payroll is not None:
            paid = sum(len(pay.payees) for pay in outcome.payroll.schemes)
            total = money(outcome.payroll.total(), outcome.language)
            currency = outcome.payroll.book.currency
            _message(outcome, "would_pay", total=total, currency=currency, count=paid)
    raise typer.Exit(_paid(outcome, strict=strict))


@app.command(help=_help("explain"), short_help=_short("explain"))
def explain(
    workbook: Workbook,
    scheme: SchemeFile,
    payee: Annotated[str, typer.Option("--payee", help=_option("payee"), show_default=False)],
    period: Period = None,
) -> None:
    """Explain one person's pay."""
    from kpicalc import app as commands

    outcome = commands.check(workbook, scheme, _month(period))
    if outcome.errors or outcome.payroll is None:
        _issues(outcome, quiet=False, strict=False)
        _message(outcome, "not_explained", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    from kpicalc.export.explanation import explanation

    for index, person in enumerate(outcome.payroll.inputs.payees):
        if person.id == payee.strip():
            _data(explanation(outcome.payroll, index) + "\n")
            raise typer.Exit(ATTENTION if index in outcome.payroll.held else PAID)
    known = {person.id: person.name for person in outcome.payroll.inputs.payees}
    near = next((number for number in known if number.lstrip("0") == payee.strip().lstrip("0")), None)
    phrase = "not_found_near" if near else "not_found"
    text = word(f"terminal.explain.{phrase}", outcome.language)
    typer.echo(text.format(id=payee, near=near, name=known.get(near or "")), err=True)
    raise typer.Exit(REFUSED)


@app.command(help=_help("init"), short_help=_short("init"))
def init(
    template: Annotated[str, typer.Option("--template", "-t", help=_option("template"), show_default=False)],
    folder: Annotated[Path, typer.Argument(help=_option("folder"), show_default=False)] = Path(),
    language: Annotated[str | None, typer.Option("--language", help=_option("language"), show_default=False)] = None,
) -> None:
    """Make a folder to start from."""
    from kpicalc import app as commands
    from kpicalc.intake.templates import templates as known_templates
    from kpicalc.model.period import month_before

    chosen = _language(language)
    known = known_templates(chosen)
    if template not in known:
        text = word("terminal.init.unknown", chosen)
        typer.echo(text.format(name=template, known=", ".join(known)), err=True)
        raise typer.Exit(USAGE)
    outcome = commands.init(folder, known[template], month_before(date.today()))  # noqa: DTZ011 - the clerk's own date
    _issues(outcome, quiet=False, strict=False)
    if outcome.errors:
        _message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    scheme, workbook = outcome.files
    typer.echo(word("terminal.init.done", outcome.language).format(scheme=scheme, workbook=workbook))


@app.command(help=_help("templates"), short_help=_short("templates"))
def templates(
    language: Annotated[str | None, typer.Option("--language", help=_option("language"), show_default=False)] = None,
) -> None:
    """List the templates."""
    from kpicalc.intake.scheme import read_scheme
    from kpicalc.intake.templates import templates as known_templates

    for name, path in known_templates(_language(language)).items():
        book, _ = read_scheme(path)
        typer.echo(f"{name:<12} {book.title if book else ''}")


@app.command(help=_help("components"), short_help=_short("components"))
def components(
    name: Annotated[str | None, typer.Argument(help=_option("component"), show_default=False)] = None,
) -> None:
    """Print the reference of pay components."""
    from kpicalc.engine.components import all_components
    from kpicalc.export.reference import component_line, component_page

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


@app.command(help=_help("schema"), short_help=_short("schema"))
def schema() -> None:
    """Print the JSON Schema of the scheme file."""
    import json

    from kpicalc.intake.json_schema import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def _language(text: str | None) -> Language:
    """Read the --language option; the environment's language unless stated."""
    if text is None:
        return language_of_environment()
    for language in LANGUAGES:
        if text == language:
            return language
    raise typer.BadParameter(f"{text}: {', '.join(LANGUAGES)}", param_hint="--language")


def _month(text: str | None) -> str | None:
    """Read the --period option; what is no month is wrong usage."""
    if text is None:
        return None
    from kpicalc.model.period import parse

    month = parse(text)
    if month is None:
        raise typer.BadParameter(_option("bad_period").format(found=text), param_hint="--period")
    return month


def _paid(outcome: "Outcome", *, strict: bool) -> int:
    return ATTENTION if outcome.attention or (strict and outcome.warnings) else PAID


def _report(outcome: "Outcome", *, as_json: bool, quiet: bool, strict: bool) -> None:
    """Print the result to stdout and the issues to stderr."""
    if as_json:
        from kpicalc.export.json_text import json_text

        payroll = None if outcome.errors else outcome.payroll
        files = [str(path) for path in outcome.files]
        _data(json_text(payroll, outcome.issues, files, outcome.language) + "\n")
        return
    if not quiet and outcome.payroll is not None and outcome.files:
        from rich.console import Console

        from kpicalc.export.terminal import print_summary

        console = Console(highlight=False)
        if console.is_terminal:
            print_summary(outcome.payroll, console)
        else:
            text = StringIO()
            print_summary(outcome.payroll, Console(highlight=False, file=text, width=console.width))
            _data(text.getvalue())
    _issues(outcome, quiet=quiet, strict=strict)


def _data(text: str) -> None:
    """Write to stdout; where nobody reads it any more, or its disk is full, the payroll stands all the same."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # Nothing more can be said there, not even by the interpreter on its way out.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        if not isinstance(error, BrokenPipeError):
            typer.echo(f"stdout: {error.strerror}", err=True)


def _issues(outcome: "Outcome", *, quiet: bool, strict: bool) -> None:
    from rich.console import Console

    from kpicalc.export.terminal import print_issues

    console = Console(stderr=True, highlight=False)
    # What changes the exit code is never silent.
    least = "notice" if not quiet else "warning" if strict else "hold"
    print_issues(outcome.issues, outcome.language, console, least=least)


def _message(outcome: "Outcome", phrase: str, **blanks: object) -> None:
    typer.echo(word(f"terminal.summary.{phrase}", outcome.language).format(**blanks), err=True)
