"""What the incentives of a scheme really reward, by role; and personal plans against the financial plan."""

from pathlib import Path

from kpicalc.app.month import check
from kpicalc.app.outcome import Outcome
from kpicalc.engine.compile import compile_schemes
from kpicalc.model.balance import Balance
from kpicalc.model.issue import issue
from kpicalc.model.record import record
from kpicalc.planning.balance import balance_of


@record(slots=False)
class Balanced:
    """The outcome of a check, and the balance of incentives; None if an error forbids one."""

    outcome: Outcome
    balance: Balance | None = None


def balance(workbook: Path | None, scheme: Path, period: str | None = None, history: Path | None = None) -> Balanced:
    """Probe a scheme over a month or, without a workbook, over the first worked example of each role."""
    outcome = check(workbook, scheme, period, history, remarks=True)
    if outcome.errors or outcome.book is None or (workbook is not None and outcome.payroll is None):
        return Balanced(outcome)
    statements, _ = compile_schemes(outcome.book)
    result = balance_of(outcome.book, statements, outcome.payroll)
    known = {role.scheme for role in result.roles}
    lacking = [scheme.title for key, scheme in outcome.book.schemes.items() if key not in known]
    if lacking:
        extra = issue("balance_no_example", outcome.book.source.place("schemes"), found=lacking)
        outcome = Outcome(
            (*outcome.issues, extra), outcome.language, outcome.book, outcome.payroll, examples=outcome.examples
        )
    return Balanced(outcome, result)
