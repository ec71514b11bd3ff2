"""A line of pay or an adjustment called a fine («штраф»), where the calendar is Russia's.

Article 192 of the Labour Code knows no fines: the disciplinary actions are a reprimand, a reproof and dismissal. A
bonus that is not earned is no fine, and should not be called one: its terms belong in the pay regulation.
"""

import re
from collections.abc import Iterator

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.lint.russian import is_russian

_FINE = re.compile("(?<!без )штраф")
"""Pay for work without fines is called by them and is none."""


def _find(subject: Subject) -> Iterator[Remark]:
    if not is_russian(subject.book):
        return
    for scheme in subject.book.schemes.values():
        for item in scheme.pay:
            title = item.component.called(subject.book.language)
            if _FINE.search(title.casefold()):
                place = subject.component_place(item, "title")
                yield remark("fine_title", place, of_scheme(scheme.key), found=title)
    for rows in subject.inputs.adjustments.values() if subject.inputs else ():
        for row in rows:
            if row.amount < 0 and _FINE.search(row.reason.casefold()):
                yield remark("fine_title", row.place, found=row.reason)


RULE = Rule(("fine_title",), _find, when="sound")
