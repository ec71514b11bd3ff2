"""Commands of every month: run, check, explain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpicalc.cli.options import (
    ATTENTION,
    PAID,
    REFUSED,
    CheckExport,
    Export,
    History,
    Json,
    Number,
    OptionalWorkbooks,
    OrganisationFile,
    Out,
    PayDate,
    Payees,
    Period,
    Quiet,
    Replace,
    SchemeFile,
    Strict,
    Workbooks,
    expanded,
    month,
    option_of,
    wanted,
)
from kpicalc.cli.report import data, issues, message, paid_or_attention, payee_index, print_data, report
from kpicalc.lang import language_of_environment, word

if TYPE_CHECKING:
    from kpicalc.app import Outcome


def run(
    workbook: Workbooks,
    scheme: SchemeFile,
    period: Period = None,
    out: Out = None,
    history: History = None,
    export: Export = None,
    organisation: OrganisationFile = None,
    date: PayDate = None,
    number: Number = None,
    replace: Replace = False,
    json: Json = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Pay a month."""
    from kpicalc import app as commands
    from kpicalc.screen.ticking import listening

    files = wanted(export, organisation, date, number, hint="--export", replace=replace)
    span = month(period)
    with listening(language_of_environment(), quiet=quiet or json):
        outcome = commands.run(expanded(workbook), scheme, period=span, out=out, wanted=files, history=history)
    report(outcome, as_json=json, quiet=quiet, strict=strict)
    if outcome.errors or not outcome.files:
        message(outcome, "nothing_written", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not quiet:
        payroll, *others = outcome.files
        message(outcome, "replaced" if outcome.replaced else "written", path=payroll)
        for path in others:
            message(outcome, "written", path=path)
    raise typer.Exit(paid_or_attention(outcome, strict=strict))


def check(
    scheme: SchemeFile,
    workbook: OptionalWorkbooks = None,
    period: Period = None,
    history: History = None,
    export: CheckExport = None,
    organisation: OrganisationFile = None,
    date: PayDate = None,
    number: Number = None,
    json: Json = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check everything short of paying."""
    from kpicalc import app as commands
    from kpicalc.lang import money
    from kpicalc.screen.ticking import listening

    files = wanted(export, organisation, date, number, hint="--export")
    span = month(period)
    with listening(language_of_environment(), quiet=quiet or json):
        outcome = commands.prepare(expanded(workbook), scheme, span, files, history, remarks=True)
    if json:
        report(outcome, as_json=True, quiet=quiet, strict=strict)
    else:
        issues(outcome, quiet=quiet, strict=strict)
    if outcome.errors:
        message(outcome, "check_failed", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    if not quiet:
        message(outcome, "check_ok")
        message(outcome, "examples", count=outcome.examples)
        if outcome.payroll is not None:
            paid = outcome.payroll.people
            total = money(outcome.payroll.accrued(), outcome.language)
            currency = outcome.payroll.book.currency
            message(outcome, "would_pay", total=total, currency=currency, count=paid)
    raise typer.Exit(paid_or_attention(outcome, strict=strict))


def explain(
    workbook: Workbooks,
    scheme: SchemeFile,
    payee: Payees = None,
    everybody: Annotated[bool, typer.Option("--all", help=option_of("everybody"))] = False,
    kpi: Annotated[str | None, typer.Option("--kpi", help=option_of("kpi"), show_default=False)] = None,
    period: Period = None,
    history: History = None,
    json: Json = False,
) -> None:
    """Explain people's pay, or the rows of facts behind one of their figures."""
    from kpicalc import app as commands
    from kpicalc.screen.ticking import listening

    language = language_of_environment()
    if not payee and not everybody:
        raise typer.BadParameter(word("terminal.explain.none", language), param_hint="--payee")
    workbook, span = expanded(workbook), month(period)
    with listening(language, quiet=json):
        outcome, explained = commands.explain(workbook, scheme, span, history)
    if explained is None or outcome.payroll is None:
        if json:
            from kpicalc.screen.data.explanation_json import explanation_json

            data(explanation_json(None, (), {}, outcome.issues, outcome.language) + "\n")
        else:
            issues(outcome, quiet=False, strict=False)
            message(outcome, "not_explained", errors=outcome.errors)
        raise typer.Exit(REFUSED)
    from kpicalc.screen.explanation import explanation
    from kpicalc.screen.waiting import errors_of_nobody

    inputs = outcome.payroll.inputs
    named = [payee_index(outcome, text) for text in payee or ()]
    everyone = [index for index in range(len(inputs.payees)) if index not in inputs.further]
    wanted = list(dict.fromkeys(everyone if everybody else named))
    unowned = explained.errors_of_nobody()
    sure = PAID if explained.paid.issuperset(wanted) and not unowned else ATTENTION
    if kpi is not None:
        codes = [_fact_rows(outcome, workbook, kpi.strip(), index) for index in wanted]
        if unowned:
            typer.echo(errors_of_nobody(unowned, outcome.language), err=True)
        raise typer.Exit(max(codes) or (ATTENTION if unowned else PAID))
    if json:
        from kpicalc.screen.data.explanation_json import explanation_json

        data(explanation_json(outcome.payroll, wanted, explained.worths, outcome.issues, outcome.language) + "\n")
    else:
        data("\n\n".join(explanation(outcome.payroll, index, explained.worths) for index in wanted) + "\n")
        if others := explained.errors_of_others(wanted):
            typer.echo(word("terminal.explain.others", outcome.language).format(count=others), err=True)
        if unowned:
            typer.echo(errors_of_nobody(unowned, outcome.language), err=True)
    raise typer.Exit(sure)


def _fact_rows(outcome: "Outcome", workbook: list[Path], kpi: str, payee: int) -> int:
    """Print the rows of facts behind a payee's figure, and return the exit code."""
    from kpicalc import app as commands
    from kpicalc.screen.fact_rows import print_fact_rows

    assert outcome.payroll is not None
    assert outcome.book is not None
    known = outcome.book.kpis
    kpi = kpi if kpi in known else outcome.book.kpi_called(kpi)
    if kpi not in known:
        text = word("terminal.explain.kpi_unknown", outcome.language)
        typer.echo(text.format(found=kpi, known=", ".join(known)), err=True)
        return REFUSED
    if known[kpi].from_ is None:
        series = outcome.payroll.inputs.actual.get(kpi)
        place = str(series.place(payee)) if series else word("terminal.explain.kpi_computed", outcome.language)
        text = word("terminal.explain.kpi_not_from_facts", outcome.language)
        typer.echo(text.format(title=outcome.book.kpi_title(kpi), place=place), err=True)
        return REFUSED
    listing = commands.fact_rows(outcome, workbook, kpi, payee)
    if listing is None:
        return REFUSED
    payroll = outcome.payroll
    print_data(lambda console: print_fact_rows(payroll, listing, console))
    return PAID
