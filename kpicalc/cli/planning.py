"""Commands besides pay: funnel, plan, progress."""

from decimal import Decimal
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
    month,
    option_of,
    understood,
)
from kpicalc.cli.report import data, issues, message, payee_index, print_data
from kpicalc.lang import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from kpicalc.app import Outcome


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

    outcome, funnels = commands.funnel(workbook, scheme, month(period))
    inputs = outcome.inputs
    index = payee_index(outcome, payee) if inputs and payee is not None else None
    try:
        targets = (
            commands.targets_in(target, funnels, outcome.language, outcome.book.currency)
            if inputs and outcome.book
            else []
        )
    except commands.NotUnderstood as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--target") from wrong
    if json:
        from kpicalc.screen.data.funnel_json import funnel_json

        data(funnel_json(funnels, inputs, index, targets, outcome.issues, outcome.language) + "\n")
        raise typer.Exit(PAID if inputs else REFUSED)
    if inputs is None:
        _refused(outcome)
    from kpicalc.screen.funnel_table import print_funnel

    def show(console: "Console") -> None:
        for number, (funnel, goal) in enumerate(zip(funnels, targets, strict=True)):
            if number:
                console.print()
            if index is None or index in dict(funnel.people):
                print_funnel(funnel, inputs, outcome.language, console, index, goal)
            else:
                name = inputs.payees[index].name
                text = word("funnel.not_in", outcome.language)
                console.print(text.format(payee=name, title=funnel.title or word("funnel.title", outcome.language)))

    print_data(show)
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

    outcome, made = commands.plan(
        workbook,
        scheme,
        period=month(period),
        out=out,
        months=None if months is None else Decimal(months),
        growth=_number(growth, "growth", commands.growth_in),
        step=_number(step, "round", commands.step_in),
        available=available,
    )
    book, inputs = outcome.book, outcome.inputs
    if outcome.errors or book is None or inputs is None or made is None:
        _refused(outcome, "not_planned")
    from kpicalc.screen.plan_table import print_plan

    print_data(lambda console: print_plan(made, book, inputs, console), outcome.files)
    issues(outcome, quiet=False, strict=False)
    for path in outcome.files:
        message(outcome, "replaced" if outcome.replaced else "written", path=path)
    unplanned = any(item.code in ("planning_few_months", "planning_newcomer") for item in outcome.issues)
    raise typer.Exit(ATTENTION if unplanned else PAID)


def _number(text: str | None, option: str, read: "Callable[[str], Decimal | None]") -> Decimal | None:
    """Read an exact number from the command line, such as 20%; anything else is wrong usage."""
    value = None if text is None else understood(read, text, f"--{option}")
    if text is not None and value is None:
        raise typer.BadParameter(option_of(f"bad_{option}").format(found=text), param_hint=f"--{option}")
    return value


def _refused(outcome: "Outcome", phrase: str = "not_shown") -> NoReturn:
    """Show the issues of the files, and exit."""
    issues(outcome, quiet=False, strict=False)
    message(outcome, phrase, errors=outcome.errors)
    raise typer.Exit(REFUSED)
