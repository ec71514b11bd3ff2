"""Reductions for discipline of more than 20 % of the month's wage, where the calendar is Russia's.

Article 135 of the Labour Code as amended from 2025-09-01: a bonus that is lowered because of a disciplinary action may
lower the month's wage by at most a fifth. The lines marked `for: discipline` are counted, against what would have been
accrued without them.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.lint.russian import is_russian
from kpicalc.engine.words import show

_MOST = Decimal("0.2")
_ZERO = Decimal(0)


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    if payroll is None or not is_russian(subject.book):
        return
    for pay in payroll.schemes:
        scheme = pay.statement.scheme
        marked = {item.component.id or item.name: item for item in scheme.pay if item.component.for_ == "discipline"}
        lines = [line for line in pay.statement.lines if line.id in marked]
        if not lines:
            continue
        accrued = pay.columns[pay.statement.accrued]
        above = []
        for row, index in enumerate(pay.payees):
            taken = -sum((min(pay.columns[line.figure][row], _ZERO) for line in lines), _ZERO)
            wage = accrued[row] + taken
            if taken > 0 and taken > wage * _MOST:
                share = show(round(taken / wage, 4), "percent", language) if wage > 0 else "—"
                above.append(f"{payroll.inputs.payees[index]} — {show(taken, 'money', language)} ({share})")
        if above:
            place = subject.component_place(marked[lines[0].id])
            facts = {"scheme": scheme.title, "title": ", ".join(line.title for line in lines)}
            yield remark("discipline_over_20", place, of_scheme(scheme.key), found=above, count=len(above), **facts)


RULE = Rule(("discipline_over_20",), _find, when="sound", monthly=("discipline_over_20",))
