"""What one person and the head see: the calculation explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kpicalc.app.month import check
from kpicalc.app.outcome import Outcome
from kpicalc.engine.missing import Worth, paid_totals, worth_of_missing
from kpicalc.engine.result import Payroll
from kpicalc.lang import severity
from kpicalc.model.issue import Issue


@dataclass(frozen=True)
class Explained:
    """Beside a month's payroll: who is paid, and between which sums the pay of everybody else lies."""

    payroll: Payroll
    paid: frozenset[int]
    worths: Mapping[int, Worth]

    def errors_of_others(self, wanted: Sequence[int]) -> int:
        """Return how many errors of the month are told under none of these people."""
        told = {str(self.payroll.inputs.payees[index]) for index in wanted}
        return sum(severity(found) == "error" and found.fact("payee") not in told for found in self.payroll.issues)


def explain(
    workbook: Path, scheme: Path, period: str | None = None, history: Path | None = None
) -> tuple[Outcome, Explained | None]:
    """Compute a month to be explained person by person; None where nobody's pay can be.

    A blank of one person forbids to pay the month; it does not forbid to explain the pay of another.
    """
    outcome = check(workbook, scheme, period, history)
    payroll = outcome.payroll
    if payroll is None or any(_of_everybody(found, scheme) for found in outcome.issues):
        return outcome, None
    refused = {found.fact("payee") for found in payroll.issues if severity(found) == "error"}
    paid = {index for index in paid_totals(payroll) if str(payroll.inputs.payees[index]) not in refused}
    outcome = replace(outcome, inputs=payroll.inputs)
    return outcome, Explained(payroll, frozenset(paid), worth_of_missing(payroll))


def _of_everybody(found: Issue, scheme: Path) -> bool:
    """Tell whether an error is of the pay scheme, by which everybody is paid."""
    return severity(found) == "error" and found.place.file in {str(scheme), scheme.name}
