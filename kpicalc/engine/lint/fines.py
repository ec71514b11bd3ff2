"""A line of pay called a fine («штраф»), where the calendar is Russia's: article 192 of the Labour Code knows no fines.

The disciplinary actions are a reprimand, a reproof and dismissal. A bonus that is not earned is no fine, and should not
be called one: its terms belong in the pay regulation.
"""

from collections.abc import Iterator

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.lint.russian import is_russian

_WORD = "штраф"


def _find(subject: Subject) -> Iterator[Remark]:
    if not is_russian(subject.book):
        return
    for scheme in subject.book.schemes.values():
        for item in scheme.pay:
            title = item.component.called(subject.book.language)
            if _WORD in title.casefold():
                place = subject.component_place(item, "title")
                yield remark("fine_title", place, of_scheme(scheme.key), found=title)


RULE = Rule(("fine_title",), _find, when="sound")
