"""Commands besides pay: funnel, plan, progress."""

from datetime import date
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kpicalc.cli.options import (
    ATTENTION,
    PAID,
    REFUSED,
    Json,
    Payee,
    Period,
    PlanOut,
    SchemeFile,
    Workbook,
    day_in,
    help_of,
    month,
    option_of,
    short_of,
)
from kpicalc.cli.report import data, issues, message, payee_index
from kpicalc.lang import Language, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from kpicalc.app import Outcome
    from kpicalc.engine.funnel import Target
    from kpicalc.model.funnel import FunnelMonth


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help=help_of("funnel"), short_help=short_of("funnel"))(funnel)
    app.command(help=help_of("plan"), short_help=short_of("plan"))(plan)
    app.command(help=help_of("progress"), short_help=short_of("progress"))(progress)


def funnel(
    workbook: Workbook,
    scheme: SchemeFile,
    payee: Payee = None,
    target: Annotated[str | None, typer.Option("--target", help=option_of("target"), show_default=False)] = None,
    period: Period = None,
    json: Json = False,
) -> None:
    """Show a month's funnels."""
    from kpicalc import app as commands

    outcome, inputs, funnels = commands.funnel(workbook, scheme, month(period))
    index = payee_index(inputs, payee, outcome.language) if inputs and payee is not None else None
    targets = _targets(target, funnels, outcome.language) if inputs else []
    if json:
        from kpicalc.screen.funnel_json import funnel_json

        data(funnel_json(funnels, inputs, index, targets, outcome.issues, outcome.language) + "\n")
        raise typer.Exit(PAID if inputs else REFUSED)
    if inputs is None:
        _refused(outcome)
    from kpicalc.planning.funnel_table import print_funnel

    def show(console: "Console") -> None:
        for number, (found, goal) in enumerate(zip(funnels, targets, strict=True)):
            if number:
                console.print()
            if index is None or index in dict(found.people):
                print_funnel(found, inputs, outcome.language, console, index, goal)
            else:
                name = inputs.payees[index].name
                text = word("funnel.not_in", outcome.language)
                console.print(text.format(payee=name, title=found.title or word("funnel.title", outcome.language)))

    _print(show)
    issues(outcome, quiet=False, strict=False)


def plan(
    workbook: Workbook,
    scheme: SchemeFile,
    months: Annotated[
        int | None, typer.Option("--months", min=1, max=24, help=option_of("months"), show_default=False)
    ] = None,
    growth: Annotated[str | None, typer.Option("--growth", help=option_of("growth"), show_default=False)] = None,
    step: Annotated[str | None, typer.Option("--round", help=option_of("step"), show_default=False)] = None,
    available: Annotated[bool, typer.Option("--available", help=option_of("available"))] = False,
    period: Period = None,
    out: PlanOut = None,
) -> None:
    """Plan a month from the months before it."""
    from kpicalc import app as commands
    from kpicalc.model.targets import MOST_GROWTH

    outcome, inputs, made = commands.plan(
        workbook,
        scheme,
        period=month(period),
        out=out,
        months=None if months is None else Decimal(months),
        # Twenty without its sign would be growth of 2 000 %.
        growth=_number(growth, "growth", lambda value: -1 < value <= MOST_GROWTH and (not value or "%" in str(growth))),
        step=_number(step, "round", lambda value: value > 0 and value.normalize().as_tuple().digits == (1,)),
        available=available,
    )
    if outcome.errors or outcome.book is None or inputs is None or made is None:
        _refused(outcome, "not_planned")
    from kpicalc.planning.plan_table import print_plan

    book = outcome.book
    _print(lambda console: print_plan(made, book, inputs, console))
    issues(outcome, quiet=False, strict=False)
    for path in outcome.files:
        message(outcome, "replaced" if outcome.replaced else "written", path=path)
    unplanned = any(found.code in ("planning_few_months", "planning_newcomer") for found in outcome.issues)
    raise typer.Exit(ATTENTION if unplanned else PAID)


def progress(
    workbook: Workbook,
    scheme: SchemeFile,
    payee: Annotated[str, typer.Option("--payee", help=option_of("payee"), show_default=False)],
    on: Annotated[str | None, typer.Option("--on", help=option_of("on"), show_default=False)] = None,
    period: Period = None,
) -> None:
    """Show a person's progress at a date."""
    from kpicalc import app as commands

    outcome, inputs, at = commands.progress(workbook, scheme, month(period))
    if outcome.book is None or inputs is None or at is None:
        _refused(outcome)
    book = outcome.book
    day = _day(on, inputs.period, outcome.language)
    found = at(payee_index(inputs, payee, outcome.language), day)
    from kpicalc.planning.progress_table import print_progress

    _print(lambda console: print_progress(found, book, inputs, console))
    issues(outcome, quiet=False, strict=False)


def _day(text: str | None, period: str, language: Language) -> date:
    """Read the --on option: a day of the month; today unless stated."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the clerk's own date
    day = day_in(text)
    if day is None or f"{day:%Y-%m}" != period:
        wrong = word("planning.progress.bad_day", language).format(found=text, period=period)
        raise typer.BadParameter(wrong, param_hint="--on")
    return day


def _number(text: str | None, option: str, fits: "Callable[[Decimal], bool]") -> Decimal | None:
    """Read an exact number of the command line, such as 20%; anything else is wrong usage."""
    if text is None:
        return None
    from kpicalc.model.entry import NotExact, exact

    try:
        value = exact(text)
    except NotExact:
        value = None
    if not isinstance(value, Decimal) or not fits(value):
        raise typer.BadParameter(option_of(f"bad_{option}").format(found=text), param_hint=f"--{option}")
    return value


def _targets(text: str | None, funnels: "Sequence[FunnelMonth]", language: Language) -> "list[Target | None]":
    """Read the --target option, `payments=40`, for every funnel that has the stage."""
    if text is None:
        return [None] * len(funnels)
    from kpicalc.engine.funnel import Target
    from kpicalc.model.texts import by_spelling, nearest, spelling_key

    name, sign, figure = (part.strip() for part in text.partition("="))
    if not (name and sign):
        raise typer.BadParameter(word("funnel.target.bad", language).format(found=text), param_hint="--target")
    try:
        amount = Decimal(figure.replace(" ", ""))
    except ArithmeticError:
        amount = Decimal(0)
    if not amount.is_finite() or amount <= 0:
        raise typer.BadParameter(word("funnel.target.bad_number", language).format(found=figure), param_hint="--target")
    names = by_spelling({stage.kpi: stage.title for found in funnels for stage in found.stages})
    kpi = names.get(spelling_key(name))
    if kpi is None:
        meant = names.get(nearest(name, names))
        near = word("funnel.target.near", language).format(nearest=meant) if meant else ""
        known = ", ".join(dict.fromkeys(names.values()))
        text = word("funnel.target.unknown", language).format(found=name, near=near, known=known)
        raise typer.BadParameter(text, param_hint="--target")
    at = [next((at for at, stage in enumerate(found.stages) if stage.kpi == kpi), None) for found in funnels]
    return [None if place is None else Target(place, amount) for place in at]


def _refused(outcome: "Outcome", phrase: str = "not_shown") -> NoReturn:
    """Show what is wrong with the files, and end."""
    issues(outcome, quiet=False, strict=False)
    message(outcome, phrase, errors=outcome.errors)
    raise typer.Exit(REFUSED)


def _print(show: "Callable[[Console], None]") -> None:
    """Print to a terminal, or as plain text to whatever stdout is."""
    from rich.console import Console

    console = Console(highlight=False)
    if console.is_terminal:
        show(console)
        return
    text = StringIO()
    show(Console(highlight=False, file=text, width=console.width))
    data("".join(line.rstrip() + "\n" for line in text.getvalue().splitlines()))
