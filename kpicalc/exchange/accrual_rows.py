"""Accruals as rows for a loader: a person, an accrual, an amount above 0; all files that list accruals use them."""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.model import period
from kpicalc.model.paid import Paid

HEADINGS = ("Табельный номер", "Сотрудник", "Подразделение", "Начисление", "Период", "Сумма")
"""1C speaks Russian, whatever the language of the payroll."""


def accrual_rows(paid: Paid) -> Iterator[tuple[tuple[str, ...], Decimal]]:
    """Yield the texts of a row and its amount."""
    first_day = f"{period.first_day(paid.period):%d.%m.%Y}"
    for person in paid.people:
        name = person.detail("onec_name") or person.name
        for title, amount in zip(paid.lines, person.accruals, strict=True):
            if amount:
                yield (person.id, name, person.department, title, first_day), amount
