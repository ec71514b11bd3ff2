"""Reductions for discipline of more than 20 % of the month's wage, where the calendar is Russia's.

Article 135 of the Labour Code as amended from 2025-09-01: a bonus that is lowered because of a disciplinary action may
lower the month's wage by at most a fifth. The lines marked `for: discipline` are counted, against what would have been
accrued without them. All rows of a person are counted together.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.lint.russian import is_russian
from kpicalc.engine.result import SchemePay
from kpicalc.engine.tree.words import show
from kpicalc.model.scheme import PayItem

_MOST = Decimal("0.2")
_ZERO = Decimal(0)


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    if payroll is None or not is_russian(subject.book):
        return
    inputs = payroll.inputs
    accrued: dict[int, Decimal] = defaultdict(Decimal)
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for pay in payroll.schemes:
        amounts = zip(pay.payees, pay.columns[pay.statement.accrued], _taken(pay), strict=True)
        for index, amount, less in amounts:
            accrued[inputs.person_of(index)] += amount
            taken[inputs.person_of(index)] += less
    told: set[int] = set()
    for pay in payroll.schemes:
        scheme, marked, above = pay.statement.scheme, _marked(pay), []
        lines = [line for line in pay.statement.lines if line.id in marked]
        for index, less in zip(pay.payees, _taken(pay), strict=True):
            person = inputs.person_of(index)
            amount, wage = taken[person], accrued[person] + taken[person]
            if less and person not in told and amount > wage * _MOST:
                told.add(person)
                share = show(round(amount / wage, 4), "percent", language) if wage > 0 else "—"
                above.append(f"{inputs.payees[person]} — {show(amount, 'money', language)} ({share})")
        if above:
            place = subject.component_place(marked[lines[0].id])
            facts = {"scheme": scheme.title, "title": ", ".join(line.title for line in lines)}
            yield remark("discipline_over_20", place, of_scheme(scheme.key), found=above, count=len(above), **facts)


def _marked(pay: SchemePay) -> dict[str, PayItem]:
    """Return the components of a scheme that take money for discipline, by their lines."""
    return {item.component.id or item.name: item for item in pay.statement.scheme.pay
            if item.component.for_ == "discipline"}  # fmt: skip


def _taken(pay: SchemePay) -> list[Decimal]:
    """Return what the scheme takes from each payee for discipline."""
    marked = _marked(pay)
    columns = [pay.columns[line.figure] for line in pay.statement.lines if line.id in marked]
    return [-sum((min(column[number], _ZERO) for column in columns), _ZERO) for number in range(len(pay.payees))]


RULE = Rule(("discipline_over_20",), _find, when="sound", monthly=("discipline_over_20",))
