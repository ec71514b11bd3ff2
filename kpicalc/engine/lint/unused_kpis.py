"""KPIs that no scheme uses, neither by itself nor in another KPI's formula, and that are no stage of a funnel."""

from collections.abc import Iterator

from kpicalc.engine.lint.indicators import funnel_kpis, used_kpis
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    used = {key for statement in subject.statements.values() for key in used_kpis(statement)}
    used |= funnel_kpis(book) | book.targets.keys()
    for key in book.kpis:
        if key not in used:
            yield remark("kpi_unused", book.source.place(*of_kpi(key)), of_kpi(key), found=book.kpi_title(key))


RULE = Rule(("kpi_unused",), _find, together=True)
