"""One result that earns by two lines: whoever meets it is paid twice for it, and whoever misses it loses twice.

What multiplies, limits or takes away other lines is no second pay; nor are tiers beside a plan of the same line.
"""

from collections.abc import Iterator

from kpicalc.engine.lint.indicators import earned_by_line
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    for key, statement in subject.statements.items():
        lines: dict[str, list[str]] = {}
        for line, kpis in earned_by_line(statement):
            for kpi in kpis:
                # A line that acts on others is no pay of its own.
                if not line.acts_on:
                    lines.setdefault(kpi, []).append(line.title)
        for kpi, titles in lines.items():
            if len(titles) > 1:
                place = book.source.place(*of_scheme(key), "pay")
                facts = {"scheme": statement.scheme.title, "title": book.kpi_title(kpi)}
                yield remark("counted_twice", place, of_scheme(key), found=titles, **facts)


RULE = Rule(("counted_twice",), _find)
