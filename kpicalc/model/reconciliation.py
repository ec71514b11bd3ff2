"""What was sent to the bank compared with the bank's answer, person by person."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from kpicalc.model.paid import Count
from kpicalc.model.record import record
from kpicalc.model.registry import Credit, Registry

By = Literal["payment", "account", "name"]
"""How the row of the answer was matched: by the payment's identifier, the account, or only the full name."""
State = Literal["credited", "refused", "unclear", "missing", "extra"]
"""`unclear`: the bank's result is no word of the format; `missing`: not in the answer; `extra`: only in the answer."""

CREDITED = "зачислено"
RESULTS = frozenset(
    {
        CREDITED, "незачислено", "ошибкавфио", "счетотсутствует", "счетзакрыт", "ошибказаполненияданных",
        "счетнеоткрыт", "счетоткрыт",
    }
)  # fmt: skip
"""The results of the format, without case. All but one mean no crediting: an opened account has no money yet."""


@record
class Sent:
    """One payment that was sent. `numbers` are the account, card and SNILS; `id` is empty in a registry."""

    id: str
    name: str
    amount: Decimal
    payments: frozenset[str]
    numbers: frozenset[str]

    def __str__(self) -> str:
        return f"{self.id} {self.name}".strip()


@record
class Exchange:
    """What was sent, and the answer in `file`. `period` is empty where a registry is given instead of the payroll."""

    period: str
    sent: tuple[Sent, ...]
    file: str
    answer: Registry


@record
class Pair:
    """A payment and its row of the answer; one of them may be missing."""

    sent: Sent | None
    credit: Credit | None
    by: By | None = None

    @property
    def state(self) -> State:
        """Return what became of the payment."""
        if self.sent is None:
            return "extra"
        if self.credit is None:
            return "missing"
        result = self.credit.result.casefold()
        return "credited" if result == CREDITED else "refused" if result in RESULTS else "unclear"

    @property
    def amount(self) -> Decimal:
        """Return the bank's amount, or the amount sent where the bank states none."""
        return self.credit.amount if self.credit else self.sent.amount if self.sent else Decimal(0)


@record
class Reconciliation:
    """A payroll and the answer to it. `period` is empty where only a registry was compared."""

    period: str
    number: str
    pairs: tuple[Pair, ...]

    def count(self, *states: State) -> Count:
        """Count the people in these states, and sum the bank's amounts; for missing people, the amounts sent."""
        return _count(pair.amount for pair in self.pairs if pair.state in states)

    @property
    def sent(self) -> Count:
        """Count the payments sent."""
        return _count(pair.sent.amount for pair in self.pairs if pair.sent)

    @property
    def answered(self) -> Count:
        """Count the rows of the answer."""
        return _count(pair.credit.amount for pair in self.pairs if pair.credit)

    @property
    def difference(self) -> Decimal:
        """Return by how much the amounts sent exceed those of the answer, for people who are in both."""
        both = ((pair.sent, pair.credit) for pair in self.pairs)
        return sum((sent.amount - credit.amount for sent, credit in both if sent and credit), Decimal(0))

    @property
    def complete(self) -> bool:
        """Tell whether everybody to whom money was sent has received it."""
        return all(pair.state in ("credited", "extra") for pair in self.pairs)


def _count(amounts: Iterable[Decimal]) -> Count:
    listed = list(amounts)
    return Count(len(listed), sum(listed, Decimal(0)))
