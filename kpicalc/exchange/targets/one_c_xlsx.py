"""Accruals for 1C as a workbook: a row per person and accrual, for an external loader or for copying.

1C itself has no standard command that loads accruals from a file.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.exchange.accrual_rows import HEADINGS, accrual_rows
from kpicalc.exchange.plain_xlsx import plain_rows, plain_xlsx
from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.vetting import accruals, clean_names
from kpicalc.model.issue import Issue
from kpicalc.model.money import from_cell
from kpicalc.model.paid import Count


def check(order: Order) -> Sequence[Issue]:
    """Check the amounts and the names."""
    return [*accruals(order), *clean_names(order, order.paid.people, "onec_name")]


def write(order: Order) -> Sequence[Content]:
    """Write one workbook."""
    rows: Iterator[Sequence[str | Decimal]] = ((*texts, amount) for texts, amount in accrual_rows(order.paid))
    data = plain_xlsx("Начисления", HEADINGS, rows, order.paid.period, 2)
    return [Content(f"{order.stem}-1c.xlsx", data, order.paid.accrued)]


def read(data: bytes, _: Order) -> Count:
    """Count the people and sum the last column."""
    _head, *rows = plain_rows(data)
    amounts = [from_cell(float(str(row[-1]))) for row in rows]
    return Count(len({row[0] for row in rows}), sum(amounts, Decimal(0)))


TARGET = Target(
    "1c-xlsx",
    check,
    write,
    read,
    numbered=False,
)
