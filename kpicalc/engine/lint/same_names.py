"""One name in one department and position under two numbers: probably a row that was copied, and paid twice.

Namesakes are told apart by ИНН or СНИЛС; whoever has two jobs has one ИНН and two positions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.model.fields import DetailField
from kpicalc.model.texts import fold_clean, spelling_key

_TELL_APART: tuple[DetailField, ...] = ("inn", "snils")
_SHOWN = 3


def _find(subject: Subject) -> Iterator[Remark]:
    inputs = subject.inputs
    if inputs is None:
        return
    names = [fold_clean(payee.name) for payee in inputs.payees]
    times = Counter(names)
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, (payee, name) in enumerate(zip(inputs.payees, names, strict=True)):
        if times[name] > 1 and payee.has_number and index not in inputs.further:
            groups[name, spelling_key(payee.department), spelling_key(payee.position)].append(index)
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
