"""One name in one department and position under two numbers: probably a row that was copied, and paid twice.

Namesakes are told apart by ИНН or СНИЛС; whoever has two jobs has one ИНН and two positions.
"""

from collections import defaultdict
from collections.abc import Iterator

from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.model.fields import DetailField
from kpicalc.model.texts import name_key, spelling_key

_TELL_APART: tuple[DetailField, ...] = ("inn", "snils")
_SHOWN = 3


def _find(subject: Subject) -> Iterator[Remark]:
    inputs = subject.inputs
    if inputs is None:
        return
    numbered: dict[str, list[int]] = defaultdict(list)
    for index, payee in enumerate(inputs.payees):
        if payee.has_number and index not in inputs.further:
            numbered[payee.name].append(index)
    if len(numbered) == len(inputs.payees) - len(inputs.further):
        return
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for name, rows in numbered.items():
        key = name_key(name) if len(rows) > 1 else ""
        for index in rows if len(rows) > 1 else ():
            payee = inputs.payees[index]
            groups[key, spelling_key(payee.department), spelling_key(payee.position)].append(index)
    known = [inputs.details[name] for name in _TELL_APART if name in inputs.details]
    alike = [
        rows
        for rows in groups.values()
        if len(rows) > 1 and not any(len({texts[row] for row in rows} - {""}) == len(rows) for texts in known)
    ]
    if alike:
        found = [", ".join(str(inputs.payees[row]) for row in rows) for rows in alike[:_SHOWN]]
        yield remark("same_name", inputs.payees[alike[0][1]].place, found=found, count=len(alike))


RULE = Rule(("same_name",), _find, when="always", monthly=("same_name",))
