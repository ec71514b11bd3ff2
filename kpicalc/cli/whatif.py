"""Commands for deciding before paying: replay, seek, balance."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpicalc.cli.options import (
    ATTENTION,
    PAID,
    REFUSED,
    History,
    Json,
    OptionalWorkbook,
    Period,
    Quiet,
    SchemeFile,
    month,
    option_of,
    understood,
)
from kpicalc.cli.report import data, issues, print_data
from kpicalc.lang import language_of_environment, word

if TYPE_CHECKING:
    from kpicalc.app import Sought, Tried

Months = Annotated[list[Path], typer.Argument(help=option_of("past_months"), show_default=False, readable=False)]


def replay(
    months: Months,
    scheme: SchemeFile,
    other: Annotated[
        Path | None, typer.Option("--with", help=option_of("with"), show_default=False, readable=False)
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=option_of("set"), show_default=False)] = None,
    vary: Annotated[str | None, typer.Option("--vary", help=option_of("vary"), show_default=False)] = None,
    base: Annotated[str | None, typer.Option("--base", help=option_of("base"), show_default=False)] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help=option_of("replay_out"), show_default=False, readable=False)
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help=option_of("replay_html"), show_default=False, readable=False)
    ] = None,
    history: History = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Pay past months by another scheme."""
    from kpicalc import app as commands
    from kpicalc.screen.ticking import ticking

    settings = [understood(commands.setting_in, text, "--set") for text in set_ or ()]
    if bool(settings) == (other is not None):
        raise typer.BadParameter(option_of("bad_other"), param_hint="--with / --set")
    moved = None if vary is None else understood(commands.span_in, vary, "--vary")
    with ticking(language_of_environment(), quiet=quiet or json) as tick:
        tried = commands.replay(
            months,
            scheme,
            other=other,
            settings=settings,
            history=history,
            base=base,
            vary=moved,
            out=out,
            html=html,
            tick=tick,
        )
    result = tried.replay
    if json:
        from kpicalc.screen.data.replay_json import replay_json

        files = [str(path) for path in tried.files]
        data(replay_json(result, tried.issues, files, tried.language) + "\n", files)
    else:
        if result is not None and not quiet:
            from kpicalc.screen.replay_table import print_replay

            base, varied = tried.base, tried.varied
            print_data(lambda console: print_replay(result, tried.language, console, base, varied), tried.files)
        tell(tried, quiet=quiet)
    if tried.errors or result is None:
        typer.echo(word("replay.text.refused", tried.language).format(errors=tried.errors), err=True)
        raise typer.Exit(REFUSED)
    if not quiet:
        for path in tried.files:
            typer.echo(word("replay.text.written", tried.language).format(path=path), err=True)
    raise typer.Exit(ATTENTION if result.incomplete else PAID)


def seek(
    months: Months,
    scheme: SchemeFile,
    set_: Annotated[list[str], typer.Option("--set", help=option_of("seek_set"), show_default=False)],
    fund: Annotated[str, typer.Option("--fund", help=option_of("fund"), show_default=False)],
    between: Annotated[str, typer.Option("--between", help=option_of("between"), show_default=False)],
    step: Annotated[str, typer.Option("--step", help=option_of("seek_step"), show_default=False)],
    history: History = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the value that keeps the fund."""
    from kpicalc import app as commands
    from kpicalc.screen.ticking import ticking

    settings = [understood(commands.setting_in, text, "--set") for text in set_]
    asked = [setting for setting in settings if setting.value == "?"]
    if len(asked) != 1:
        raise typer.BadParameter(option_of("bad_seek"), param_hint="--set")
    amount = understood(commands.fund_in, fund, "--fund")
    values, percent = understood(lambda text: commands.between_in(text, step), between, "--between / --step")
    with ticking(language_of_environment(), quiet=quiet or json) as tick:
        sought = commands.seek(
            months,
            scheme,
            path=asked[0].path,
            amount=amount,
            values=values,
            percent=percent,
            settings=[setting for setting in settings if setting is not asked[0]],
            history=history,
            tick=tick,
        )
    if sought.currency:
        understood(lambda text: commands.fund_currency(text, sought.currency), fund, "--fund")
    result = sought.seek
    if json:
        from kpicalc.screen.data.seek_json import seek_json

        data(seek_json(result, sought.stated, sought.issues, sought.language) + "\n")
    else:
        if result is not None:
            from kpicalc.screen.seek_table import print_seek

            print_data(lambda console: print_seek(result, sought.stated, sought.language, console))
        tell(sought, quiet=quiet)
    if sought.errors or result is None:
        typer.echo(word("replay.seek.refused", sought.language).format(errors=sought.errors), err=True)
        raise typer.Exit(REFUSED)
    raise typer.Exit(ATTENTION if result.incomplete else PAID)


def balance(
    scheme: SchemeFile,
    workbook: OptionalWorkbook = None,
    period: Period = None,
    history: History = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Print what the incentives of a scheme really reward."""
    from kpicalc import app as commands
    from kpicalc.screen.balance import balance_json, print_balance

    balanced = commands.balance(workbook, scheme, month(period), history)
    outcome, result = balanced.outcome, balanced.balance
    if json:
        data(balance_json(result, outcome.issues, outcome.language) + "\n")
    else:
        if result is not None and not quiet:
            print_data(lambda console: print_balance(result, outcome.language, console))
        issues(outcome, quiet=quiet, strict=False)
    if result is None:
        typer.echo(word("balance.refused", outcome.language).format(errors=outcome.errors), err=True)
        raise typer.Exit(REFUSED)
    raise typer.Exit(ATTENTION if outcome.attention else PAID)


def tell(result: "Tried | Sought", *, quiet: bool) -> None:
    """Print issues to stderr; those that change the exit code are never silent."""
    from rich.console import Console

    from kpicalc.screen.terminal import print_issues

    print_issues(
        result.issues, result.language, Console(stderr=True, highlight=False), least="warning" if quiet else "notice"
    )
