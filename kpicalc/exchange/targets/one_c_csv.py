"""Accruals for 1C as text: the rows of `1c-xlsx`, separated by semicolons, UTF-8, no quotes.

A byte-order mark stands first: without it Excel takes UTF-8 for windows-1251, and 1C reads it either way. 1C's generic
loader keeps quotes as text and shifts columns at an unknown heading, so the file has neither.
"""

from collections.abc import Sequence
from decimal import Decimal

from kpicalc.exchange.accrual_rows import HEADINGS, accrual_rows
from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.vetting import accruals, clean_names, no_formulas
from kpicalc.model.issue import Issue, issue
from kpicalc.model.paid import Count

_SEPARATOR = ";"


def check(order: Order) -> Sequence[Issue]:
    """Check the amounts, and that no text contains the separator."""
    issues = list(accruals(order))
    issues += no_formulas(order.paid.people, lambda person: (person.id, person.department))
    issues += clean_names(order, order.paid.people, "onec_name")
    for person in order.paid.people:
        name = person.detail("onec_name") or person.name
        if _SEPARATOR in person.id + name + person.department:
            issues.append(issue("separator_in_text", person.place, who=person, found=_SEPARATOR))
    titles = [title for title in order.paid.lines if _SEPARATOR in title]
    return [*issues, *(issue("separator_in_text", None, who=title, found=_SEPARATOR) for title in titles)]


def write(order: Order) -> Sequence[Content]:
    """Write one text; amounts have the form 1846,56."""
    lines = [_SEPARATOR.join(HEADINGS)]
    for texts, amount in accrual_rows(order.paid):
        lines.append(_SEPARATOR.join((*texts, f"{amount:.2f}".replace(".", ","))))
    data = "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")
    return [Content(f"{order.stem}-1c.csv", data, order.paid.accrued)]


def read(data: bytes, _: Order) -> Count:
    """Count the people and sum the last column."""
    _head, *rows = (line.split(_SEPARATOR) for line in data.decode("utf-8-sig").split("\r\n") if line)
    amounts = [Decimal(row[-1].replace(",", ".")) for row in rows]
    return Count(len({row[0] for row in rows}), sum(amounts, Decimal(0)))


TARGET = Target(
    "1c-csv",
    check,
    write,
    read,
    numbered=False,
)
