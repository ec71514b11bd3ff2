"""One result that earns by two lines: whoever reaches it is paid twice for it, and whoever misses it loses twice.

A line that multiplies, limits or reduces other lines is no second pay; nor are tiers beside a plan of the same line.
"""

from collections.abc import Iterator

from kpicalc.engine.components.commission import Commission
from kpicalc.engine.lint.indicators import earned_by_line
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    for key, statement in subject.statements.items():
        lines: dict[str, list[str]] = {}
        # An advance that is deducted later is no pay of its own.
        taken_off = {
            line_id
            for item in statement.scheme.pay
            if isinstance(item.component, Commission)
            for line_id in item.component.less or ()
        }
        for line, kpis in earned_by_line(statement):
            for kpi in kpis:
                # A line that acts on others is no pay of its own.
                if not line.acts_on and line.id not in taken_off:
                    lines.setdefault(kpi, []).append(line.title)
        for kpi, titles in lines.items():
            if len(titles) > 1:
                place = book.source.place(*of_scheme(key), "pay")
                facts = {"scheme": statement.scheme.title, "title": book.kpi_title(kpi)}
                yield remark("counted_twice", place, of_scheme(key), found=titles, **facts)


RULE = Rule(("counted_twice",), _find)
