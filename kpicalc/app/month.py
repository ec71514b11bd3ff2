"""Commands of every month: check, run, and the rows of facts behind a figure."""

from dataclasses import replace
from pathlib import Path

from kpicalc.app.outcome import Outcome, error_count
from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.engine.examples import run_examples
from kpicalc.engine.lint.judge import judged
from kpicalc.engine.lint.rule import Subject
from kpicalc.engine.payroll import compute
from kpicalc.intake.files.book import read_book
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import language_of_environment
from kpicalc.model.listing import Listing
from kpicalc.payroll.earlier import join_payrolls


def check(
    workbook: Path | None,
    scheme: Path,
    period: str | None = None,
    history: Path | None = None,
    *,
    remarks: bool = False,
) -> Outcome:
    """Do everything short of paying: read both files, run the examples, compute the month, look for what is odd.

    `history` is the folder of the payrolls of earlier months, where their figures are to be taken from these. `remarks`
    adds what is said of the scheme itself, which a monthly run does not repeat.
    """
    raw, issues = read_book(workbook) if workbook else (None, [])
    book, scheme_issues = read_scheme(scheme)
    issues = [*scheme_issues, *issues]
    if book is None:
        return Outcome(tuple(issues), language_of_environment())
    statements, found = compile_schemes(book)
    issues += found
    sound = not error_count([*scheme_issues, *found])
    examples = 0
    if sound:
        for statement in statements.values():
            issues += run_examples(statement, book)
            examples += len(statement.scheme.examples)
    earlier = earlier_months(statements)
    inputs, found = read_inputs(raw, book, period, earlier) if raw else (None, [])
    # The raw cells are not needed any more, and in a large month they are a third of the memory.
    del raw
    issues += found
    payroll = None
    if inputs is not None and sound:
        if history is not None:
            inputs, found = join_payrolls(inputs, book, statements, history)
            issues += found
        payroll = compute(book, statements, inputs)
        issues += payroll.issues
    if sound:
        issues = judged(issues, Subject(book, statements, payroll), check=remarks)
    unique = tuple(dict.fromkeys(issues))
    if payroll is not None:
        payroll = replace(payroll, issues=unique)
    return Outcome(unique, book.language, book, payroll, examples=examples)


def fact_rows(outcome: Outcome, workbook: Path, kpi: str, payee: int) -> Listing | None:
    """Return the rows of facts behind a payee's figure in a month that was checked; None where they are gone since."""
    from kpicalc.intake.facts.listing import list_rows

    raw, _ = read_book(workbook)
    if raw is None or outcome.book is None or outcome.payroll is None:
        return None
    return list_rows(raw, outcome.book, outcome.payroll.inputs, kpi, payee, [])
