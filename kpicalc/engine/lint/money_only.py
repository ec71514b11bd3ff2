"""All KPIs of a scheme are in money: people are paid by results alone, and nothing says how to come to them.

Schemes with two KPIs or more are judged; a single KPI has a remark of its own.
"""

from collections.abc import Iterator

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.indicators import earned_by
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.model.scheme import Kpi, SchemeBook


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    for key, statement in subject.statements.items():
        kpis = [book.kpis[name] for name in earned_by(statement)]
        if len(kpis) > 1 and all(_in_money(kpi, book) for kpi in kpis):
            place = book.source.place(*of_scheme(key), "pay")
            yield remark("only_money", place, of_scheme(key), found=statement.scheme.title)


def _in_money(kpi: Kpi, book: SchemeBook) -> bool:
    summed = book.kpis.get(kpi.of or "")
    return unit_of_kpi(kpi if kpi.unit or summed is None else summed) == "money"


RULE = Rule(("only_money",), _find, together=True)
