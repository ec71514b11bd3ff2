"""Balances of last month's payroll that this month's schemes do not carry on: money held back, debts, points.

They are lost by themselves where a component is taken out of a scheme.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache

from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.lang import LANGUAGES, word
from kpicalc.model.fields import BalanceField
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, issue, listed
from kpicalc.model.paid_month import Taken
from kpicalc.model.period import title
from kpicalc.model.scheme import SchemeBook

_CLOSING: Mapping[BalanceField, str] = {
    "draw_balance": "components/draw.figures.debt_at_end",
    "holdback_balance": "components/holdback.figures.closing",
    "points_balance": "components/points.figures.left_at_end",
}
_LISTED = 5


@cache
def closing_headings() -> Mapping[str, BalanceField]:
    """Return the headings of closing balances in every language, with the column that each is carried to."""
    return {word(path, language): name for name, path in _CLOSING.items() for language in LANGUAGES}


def dropped(inputs: Inputs, book: SchemeBook, last: Taken, carried: Collection[BalanceField]) -> Iterator[Issue]:
    """Yield an issue for each balance that people of this month closed the last one with, and no scheme opens with.

    `carried` are the balances that schemes of this month open with: whom of their people they leave out is told there.
    """
    here = {payee.id: payee for index, payee in enumerate(inputs.payees) if index not in inputs.away}
    for heading, figures in last.balances.items():
        name = closing_headings()[heading]
        unit: Unit = "number" if name == "points_balance" else "money"
        kept = {
            number: f"{here[number]} ({show(figure.value, unit, book.language)})"
            for number, figure in figures.items()
            if figure.value and number in here and name not in carried
        }
        if kept:
            facts = {"title": heading, "month": title(last.period, book.language), "count": len(kept)}
            place = figures[next(iter(kept))].place
            yield issue("balance_dropped", place, **facts, found=listed(list(kept.values()), _LISTED))
