"""A step of a table that pays ten times the one before it, or an eighth of it: a digit too many or too few.

Rates of steps usually grow by a half or double. Zero pays nothing and is compared with nothing, nor is a number without
a per cent sign with one that has it (`mixed_units`).
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from kpicalc.engine.lint.mixed_units import tables
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.model.entry import PerCent

_UP, _DOWN = 10, 8
_PAID = ("rate", "pays", "per_unit", "amount")


def _find(subject: Subject) -> Iterator[Remark]:
    language = subject.book.language
    for key, scheme in subject.book.schemes.items():
        for item in scheme.pay:
            for table in tables(item.component):
                paid = [(keys, value) for keys, value in table if keys[-1] in _PAID and value > 0]
                for (_, before), (keys, after) in pairwise(paid):
                    if isinstance(before, PerCent) != isinstance(after, PerCent):
                        continue
                    if after >= before * _UP or after * _DOWN <= before:
                        facts = {"title": item.component.called(language), "option": keys[-1]}
                        shown = {"found": _shown(after, language), "beside": _shown(before, language)}
                        place = subject.component_place(item, *keys)
                        yield remark("uneven_steps", place, of_scheme(key), **facts, **shown)
                        break


def _shown(value: Decimal, language: str) -> str:
    unit: Unit = "percent" if isinstance(value, PerCent) else "number"
    return show(value, unit, language)


RULE = Rule(("uneven_steps",), _find, when="always")
