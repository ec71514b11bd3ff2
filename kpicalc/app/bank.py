"""The answer of a bank: reconcile."""

from pathlib import Path

from kpicalc.app.outcome import Outcome
from kpicalc.exchange.answer import read_exchange
from kpicalc.exchange.reconciliation import contradictions, reconciled
from kpicalc.model.reconciliation import Reconciliation


def reconcile(sent: Path, answer: Path) -> tuple[Outcome, Reconciliation | None]:
    """Compare a bank's answer with what was sent: a payroll workbook that was written before, or a registry."""
    exchange, issues, language = read_exchange(sent, answer)
    if exchange is None:
        return Outcome(tuple(issues), language), None
    result = reconciled(exchange)
    return Outcome((*issues, *contradictions(result, exchange.file, language)), language), result
