"""Marks of the results of a payroll: one for each KPI and each plan, of everybody's figures on the Calculation sheets.

A later month takes results from there (`--history`), and most of them move no amount of their own month: the digest of
the payroll says nothing about them. The marks stand on the Run sheet, and whoever takes a result checks its mark.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256

from kpicalc.model.texts import name_key
from kpicalc.payroll.digest import amount_texts

_SIGNS = 10


def result_mark(title: str, numbers: Iterable[str], figures: Iterable[str]) -> str:
    """Return the mark of one KPI's figures by personnel number, in any order; figures as `amount_texts` gives them."""
    rows = sorted([f"{number}\x1f{figure}\x1e" for number, figure in zip(numbers, figures, strict=True)])
    return sha256("".join([name_key(title), "\x1e", *rows]).encode("utf-8", "surrogatepass")).hexdigest()[:_SIGNS]


def changed_results(stated: str, found: Mapping[str, Collection[tuple[str, float | None]]]) -> Iterator[str]:
    """Yield the titles of results that are not what the Run sheet says; without figures there is nothing to take."""
    marks = set(stated.split())
    for title, figures in found.items():
        numbers, values = zip(*figures, strict=True) if figures else ((), ())
        if figures and result_mark(title, numbers, amount_texts(values)) not in marks:
            yield title
