"""What was carried out of a month by people who are not paid this month: nobody carries it on."""

from collections.abc import Iterator, Mapping

from kpicalc.engine.formula import Unit
from kpicalc.engine.words import show
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, issue
from kpicalc.model.paid_month import PaidFigure, PaidMonth
from kpicalc.model.period import title


def leavers(
    inputs: Inputs, paid: PaidMonth, heading: str, found: Mapping[str, PaidFigure], unit: Unit
) -> Iterator[Issue]:
    """Yield whoever closed the earlier month with points or a debt and is not among this month's payees."""
    here = {payee.id for index, payee in enumerate(inputs.payees) if index not in inputs.away}
    for number, figure in found.items():
        if number not in here and figure.value:
            facts = {
                "payee": f"{number} {paid.people[number].name}",
                "title": heading,
                "found": show(figure.value, unit, paid.language),
                "month": title(paid.period, paid.language),
            }
            yield issue("balance_of_leaver", figure.place, **facts)
