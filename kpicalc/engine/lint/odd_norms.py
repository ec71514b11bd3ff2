"""Norms of days or hours that differ from the production calendar's or, without one, from those of most people.

A norm of hours may also be the whole one times the person's rate. People without a norm of their own are not judged.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.tree.words import show
from kpicalc.lang import word
from kpicalc.model.fields import WORKED, EmployeeField
from kpicalc.model.inputs import Inputs

_ENOUGH_PEOPLE = 3


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    if payroll is None:
        return
    inputs = payroll.inputs
    for name in WORKED.values():
        series = inputs.employee.get(name)
        usual = _usual(inputs, name)
        if series is None or usual is None:
            continue
        odd = [
            Odd(payee, abs(value - usual), show(value, "number", language))
            for payee, value in enumerate(series.values)
            if value is not None
            and value != usual
            and payee not in inputs.away
            and value != usual * _rate(inputs, name, payee)
        ]
        if odd:
            phrase = word(f"words.bounds.{'calendar' if name in inputs.norms else 'majority'}", language)
            facts = {
                "title": word(f"headings.employee.{name}", language),
                "usual": phrase.format(most=show(usual, "number", language)),
            }
            yield remark("odd_norms", series.place(odd[0].payee), **facts, **people(odd, inputs))


def _usual(inputs: Inputs, name: EmployeeField) -> Decimal | None:
    """Return the norm of the calendar, or the one that more than half of at least three people have."""
    if name in inputs.norms:
        return inputs.norms[name]
    series = inputs.employee.get(name)
    known = [value for value in series.values if value is not None] if series else []
    if len(known) < _ENOUGH_PEOPLE:
        return None
    ((value, count),) = Counter(known).most_common(1)
    return value if count * 2 > len(known) else None


def _rate(inputs: Inputs, name: EmployeeField, payee: int) -> Decimal:
    series = inputs.employee.get("fte") if name == "hours_norm" else None
    rate = series.values[payee] if series else None
    return Decimal(1) if rate is None else rate


RULE = Rule(("odd_norms",), _find, when="always", monthly=("odd_norms",))
