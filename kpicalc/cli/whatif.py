"""Commands for deciding before paying: replay."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpicalc.cli.options import ATTENTION, PAID, REFUSED, Json, Quiet, SchemeFile, help_of, option_of, short_of
from kpicalc.cli.report import data
from kpicalc.lang import Language, language_of_environment, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from kpicalc.app import Tried
    from kpicalc.intake.scheme.settings import Setting
    from kpicalc.model.issue import Issue

_MOST_STEPS = 400
Months = Annotated[list[Path], typer.Argument(help=option_of("past_months"), show_default=False, readable=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help=help_of("replay"), short_help=short_of("replay"))(replay)


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
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Pay past months by another scheme."""
    from kpicalc import app as commands
    from kpicalc.screen.ticking import ticking

    settings = [_setting(text) for text in set_ or ()]
    if bool(settings) == (other is not None):
        raise typer.BadParameter(option_of("bad_other"), param_hint="--with / --set")
    moved = _vary(vary)
    with ticking(language_of_environment(), quiet=quiet or json) as tick:
        tried = commands.replay(
            months, scheme, other=other, settings=settings, base=base, vary=moved, out=out, tick=tick
        )
    if json:
        from kpicalc.planning.replay.json import replay_json

        files = [str(path) for path in tried.files]
        data(replay_json(tried.replay, tried.issues, files, tried.language) + "\n")
    else:
        if tried.replay is not None and not quiet:
            _show(tried, base, moved)
        _issues(tried.issues, tried.language, quiet=quiet)
    if tried.errors or tried.replay is None:
        typer.echo(word("replay.text.refused", tried.language).format(errors=tried.errors), err=True)
        raise typer.Exit(REFUSED)
    if not quiet:
        for path in tried.files:
            typer.echo(word("replay.text.written", tried.language).format(path=path), err=True)
    raise typer.Exit(ATTENTION if tried.replay.incomplete else PAID)


def _show(tried: "Tried", base: str | None, moved: "tuple[str, Sequence[Decimal]] | None") -> None:
    from kpicalc.planning.replay.table import print_replay

    found = tried.replay
    assert found is not None
    _print(lambda console: print_replay(found, tried.language, console, base or "", moved[0] if moved else ""))


def _setting(text: str) -> "Setting":
    from kpicalc.intake.scheme.settings import setting

    found = setting(text)
    if found is None:
        raise typer.BadParameter(option_of("bad_set").format(found=text), param_hint="--set")
    return found


def _vary(text: str | None) -> "tuple[str, Sequence[Decimal]] | None":
    """Read the --vary option: `sales=-20%:20%:5%`, from, to, step."""
    if text is None:
        return None
    kpi, _, span = (part.strip() for part in text.rpartition("="))
    numbers = [_exact(part) for part in span.split(":")]
    known = [value for value in numbers if value is not None]
    if not kpi or len(numbers) != 3 or len(known) != 3 or "%" not in span:
        raise typer.BadParameter(option_of("bad_vary").format(found=text), param_hint="--vary")
    return kpi, _steps(known[0], known[1], known[2], text, "--vary")


def _steps(first: Decimal, last: Decimal, step: Decimal, text: str, hint: str) -> "Sequence[Decimal]":
    """Return the values from the first to the last one; what is no span, or has too many, is wrong usage."""
    if step <= 0 or last < first or first <= -1 or (last - first) / step > _MOST_STEPS:
        raise typer.BadParameter(option_of("bad_span").format(found=text, most=_MOST_STEPS), param_hint=hint)
    count = int((last - first) / step)
    return [first + step * at for at in range(count + 1)]


def _exact(text: str) -> Decimal | None:
    from kpicalc.model.entry import NotExact, exact

    try:
        value = exact(text)
    except NotExact:
        return None
    return value if isinstance(value, Decimal) else None


def _issues(found: "Sequence[Issue]", language: Language, *, quiet: bool) -> None:
    from rich.console import Console

    from kpicalc.screen.terminal import print_issues

    print_issues(found, language, Console(stderr=True, highlight=False), least="hold" if quiet else "notice")


def _print(show: "Callable[[Console], None]") -> None:
    """Print to a terminal, or as plain text to whatever stdout is."""
    from io import StringIO

    from rich.console import Console

    console = Console(highlight=False)
    if console.is_terminal:
        show(console)
        return
    text = StringIO()
    show(Console(highlight=False, file=text, width=console.width))
    data("".join(line.rstrip() + "\n" for line in text.getvalue().splitlines()))
