"""Three to five KPIs per person: fewer say too little of the work, more are hard to follow.

The KPIs by which pay is earned are counted, a department's among them, and not those that only take away or limit
(penalties, gates, caps). A scheme that pays by no KPI at all, a plain salary, is not judged.
"""

from collections.abc import Iterator

from kpicalc.engine.lint.indicators import earned_by
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark

_FEWEST = 3
_MOST = 5


def _find(subject: Subject) -> Iterator[Remark]:
    for key, statement in subject.statements.items():
        count = len(earned_by(statement))
        if count and not _FEWEST <= count <= _MOST:
            code = "kpis_few" if count < _FEWEST else "kpis_many"
            place = subject.book.source.place(*of_scheme(key), "pay")
            shown = f"{statement.scheme.title} ({count})"
            yield remark(code, place, of_scheme(key), found=shown, fewest=_FEWEST, most=_MOST)


RULE = Rule(("kpis_few", "kpis_many"), _find, together=True)
