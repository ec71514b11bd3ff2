"""A month as it would be paid."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc import app
from kpicalc.api.findings import AnyPath, Finding, Refused, findings
from kpicalc.api.tables import table
from kpicalc.model.record import record

if TYPE_CHECKING:
    import pandas as pd

    from kpicalc.engine.result import Payroll


@record(slots=False)
class Result:
    """A month as it would be paid. `issues` are all findings, whether anything can be paid or not."""

    issues: tuple[Finding, ...]
    outcome: app.Outcome
    """The same as the commands of the program have it."""

    @property
    def refused(self) -> bool:
        """Tell whether an error forbids paying; there are then no amounts."""
        return bool(self.outcome.errors) or self.outcome.payroll is None

    @property
    def period(self) -> str:
        """Return the month, `2026-10`."""
        return self._payroll().inputs.period

    @property
    def total(self) -> Decimal:
        """Return what is paid to all: the sum of the table's amounts."""
        return self._payroll().total()

    @property
    def held(self) -> tuple[str, ...]:
        """Return the personnel numbers of those who are not paid until their figures are complete."""
        payroll = self._payroll()
        return tuple(payroll.inputs.payees[index].id for index in payroll.held)

    def frame(self) -> "pd.DataFrame":
        """Return a row per payee and line, in the order of the workbook and of the scheme.

        Columns: period, payee (number), name, department, position, scheme (key), line (id), title, amount (Decimal).
        What is withheld is a line below zero; the amounts add up to the payroll's total. Raises Refused where nothing
        can be paid.
        """
        payroll = self._payroll()
        rows: list[tuple[int, tuple[object, ...]]] = []
        for pay in payroll.schemes:
            for at, index in enumerate(pay.payees):
                payee = payroll.inputs.payees[index]
                who = (payroll.inputs.period, payee.id, payee.name, payee.department, payee.position)
                rows += [
                    (index, (*who, pay.statement.scheme.key, line.id, line.title, pay.columns[line.figure][at]))
                    for line in pay.statement.lines
                ]
        return table(row for _, row in sorted(rows, key=lambda item: item[0]))

    def explain(self, who: str) -> str:
        """Return one person's pay in words, line by line with the cells.

        `who` is a personnel number, or a name that fits one person; raises ValueError where it does not.
        """
        from kpicalc.screen.explanation import explanation

        payroll = self._payroll()
        return explanation(payroll, app.payee_in(payroll.inputs, who, payroll.book.language))

    def _payroll(self) -> "Payroll":
        if self.refused or self.outcome.payroll is None:
            raise Refused(self.issues)
        return self.outcome.payroll


def run(workbook: AnyPath, scheme: AnyPath, *, period: str | None = None, history: AnyPath | None = None) -> Result:
    """Compute a month by a scheme, and write nothing.

    `period` is the month, 2026-10, where the workbook does not say it; `history` the folder of earlier payrolls. What
    is wrong stands in the result's issues; only its amounts raise Refused.
    """
    outcome = app.check(Path(workbook), Path(scheme), period, None if history is None else Path(history))
    return Result(findings(outcome.issues, outcome.language), outcome)
