"""A KPI is measured in a unit, and somebody answers for its figures."""

from collections.abc import Iterator

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    for key, kpi in book.kpis.items():
        summed = book.kpis.get(kpi.of or "")
        for code, stated in (
            ("kpi_without_unit", kpi.unit or (summed and summed.unit)),
            ("kpi_without_owner", kpi.owner or (summed and summed.owner)),
        ):
            if not stated:
                yield remark(code, book.source.place(*of_kpi(key)), of_kpi(key), found=book.kpi_title(key))


RULE = Rule(("kpi_without_unit", "kpi_without_owner"), _find, together=True)
