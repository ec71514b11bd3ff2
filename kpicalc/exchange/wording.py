"""Texts with blanks that the organisation file states: names of files, purposes of payment, first and last lines."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from string import Formatter

from kpicalc.exchange.target import Order
from kpicalc.model import period
from kpicalc.model.issue import Issue, issue

_UNFIT = re.compile(r'[/\\:*?"<>|\x00-\x1f]|^\.|^$')
_FORMS = {
    "dd.mm.yyyy": "%d.%m.%Y",
    "ddmmyyyy": "%d%m%Y",
    "yyyymmdd": "%Y%m%d",
    "ddmmyy": "%d%m%y",
    "yyyy-mm-dd": "%Y-%m-%d",
}


def written_date(day: date, form: str = "dd.mm.yyyy") -> str:
    """Write a date in one of the forms that the organisation file allows."""
    return day.strftime(_FORMS[form])


def month_in_words(order: Order) -> str:
    """Return the month as a purpose of payment names it: октябрь 2026 г."""
    return f"{period.title(order.paid.period, 'ru')} г."


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill in a template whose blanks are known."""
    return template.format_map(dict(values))


def blanks(template: str, values: Mapping[str, str], order: Order, *path: str) -> Iterator[Issue]:
    """Check that a template has only known blanks."""
    try:
        names = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    except ValueError:
        names = [""]
    if any(name not in values for name in names):
        allowed = [f"{{{name}}}" for name in values]
        yield issue("template_blank", order.payer.source.place(*path), found=template, allowed=allowed)


def file_name(template: str, values: Mapping[str, str], order: Order, *path: str) -> Iterator[Issue]:
    """Check that a template gives a valid file name."""
    issues = list(blanks(template, values, order, *path))
    yield from issues
    if not issues and _UNFIT.search(name := fill(template, values)):
        yield issue("file_name_unfit", order.payer.source.place(*path), found=name)
