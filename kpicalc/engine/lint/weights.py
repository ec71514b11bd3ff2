"""Weights below 10 %: such a KPI hardly moves pay, and distracts from the others."""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.components.kpi_bonus import KpiBonus
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.tree.words import show

_LEAST = Decimal("0.1")


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    for scheme in book.schemes.values():
        for item in scheme.pay:
            match item.component:
                case KpiBonus() as bonus:
                    small = {key: weight for key, weight in bonus.shares.items() if 0 < weight < _LEAST}
                    if small:
                        titles = [f"{book.kpi_title(key)} — {show(weight, 'percent', book.language)}"
                                  for key, weight in small.items()]  # fmt: skip
                        place = subject.component_place(item, "weights", next(iter(small)))
                        facts = {"title": item.component.called(book.language)}
                        yield remark("weight_small", place, of_scheme(scheme.key), found=titles, **facts)


RULE = Rule(("weight_small",), _find)
