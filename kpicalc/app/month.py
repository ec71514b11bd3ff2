"""Commands of every month: check, and the rows of facts behind a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kpicalc.app.outcome import Outcome
from kpicalc.app.reading import read_again, read_month
from kpicalc.engine.examples import run_examples
from kpicalc.engine.lint.judge import judged
from kpicalc.engine.lint.rule import Subject
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Statement
from kpicalc.model.entry import LARGEST
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, issue
from kpicalc.model.listing import Listing
from kpicalc.model.scheme import SchemeBook

_LARGE = 4_000_000
"""Any payroll with fewer figures fits into its file: a figure takes about 80 bytes."""


def check(
    workbook: Path | Sequence[Path] | None,
    scheme: Path,
    period: str | None = None,
    history: Path | None = None,
    *,
    remarks: bool = False,
) -> Outcome:
    """Do everything short of paying: read both files, run the examples, compute the month, check plausibility.

    `history` is the folder of earlier payrolls, if their figures are to be used. `remarks` adds remarks on the scheme
    itself, which a monthly run does not repeat.
    """
    month = read_month(workbook, scheme, period, history)
    book, inputs = month.book, month.inputs
    if book is None or not month.sound:
        return month.outcome()
    issues: list[Issue] = list(month.issues)
    for statement in month.statements.values():
        issues += run_examples(statement, book)
    payroll = None
    lacking = _lacking_room(book, month.statements, inputs) if inputs is not None else []
    issues += lacking
    if inputs is not None and not lacking:
        payroll = compute(book, month.statements, inputs)
        issues += [*payroll.issues, *_beyond_cells(payroll)]
    unique = tuple(dict.fromkeys(judged(issues, Subject(book, month.statements, payroll), check=remarks)))
    if payroll is not None:
        payroll = replace(payroll, issues=unique)
    examples = sum(len(statement.scheme.examples) for statement in month.statements.values())
    return replace(month.outcome(), issues=unique, payroll=payroll, examples=examples)


def _beyond_cells(payroll: Payroll) -> list[Issue]:
    """Return the issues of totals of which a spreadsheet does not keep every digit; neither do words of them exist."""
    return [
        issue("total_too_large", payee.place, payee=payee, found=f"{amount:.3E}")
        for pay in payroll.schemes
        for payee, amount in zip(
            (payroll.inputs.payees[index] for index in pay.payees), pay.columns[pay.statement.total], strict=True
        )
        if abs(amount) > LARGEST
    ]


def _lacking_room(book: SchemeBook, statements: Mapping[str, Statement], inputs: Inputs) -> list[Issue]:
    """Return the issues of a payroll that is too large, before it is computed."""
    if len(inputs.payees) * max((len(statement.figures) for statement in statements.values()), default=0) < _LARGE:
        return []
    from kpicalc.payroll.room import lacking_room

    return list(lacking_room(book, statements, inputs))


def fact_rows(outcome: Outcome, workbook: Path | Sequence[Path], kpi: str, payee: int) -> Listing | None:
    """Return the rows of facts behind a payee's figure in a checked month; None if the workbook is gone since."""
    from kpicalc.intake.facts.listing import list_rows

    raw = read_again(workbook, outcome.book) if outcome.book else None
    if raw is None or outcome.book is None or outcome.payroll is None:
        return None
    return list_rows(raw, outcome.book, outcome.payroll.inputs, kpi, payee, [])
