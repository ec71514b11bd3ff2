"""Whether the KPIs of a scheme balance each other: by what they measure (`kind`) and when they show (`level`).

`counterweight_missing`: all KPIs that change pay, those of gates and penalties too, are of one kind.
`intensity_many`: more than three KPIs of intensity; two main ones are enough, three the most. `no_leading`: all KPIs
show outcomes, and none shows what leads to them. A scheme is judged if all its KPIs state their kind, or their level.
"""

from collections.abc import Iterator

from kpicalc.engine.lint.indicators import earned_by, paid_by
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.lang import word

_MOST_OF_INTENSITY = 3


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    for key, statement in subject.statements.items():
        kpis = {name: book.kpis[name] for name in earned_by(statement)}
        place = book.source.place(*of_scheme(key), "pay")
        facts = {"scheme": statement.scheme.title}
        # A gate or a penalty holds the others in view too, although nothing is earned by its KPI.
        held = {name: book.kpis[name] for name in paid_by(statement)} | kpis
        kinds = {kpi.kind for kpi in held.values()}
        if len(kpis) > 1 and len(kinds) == 1 and (kind := kinds.pop()) is not None:
            title = word(f"balance.kind.{kind}", book.language)
            yield remark("counterweight_missing", place, of_scheme(key), found=title, **facts)
        intense = [book.kpi_title(name) for name, kpi in kpis.items() if kpi.kind == "intensity"]
        if len(intense) > _MOST_OF_INTENSITY:
            yield remark("intensity_many", place, of_scheme(key), found=intense, count=len(intense), **facts)
        if kpis and all(kpi.level == "result" for kpi in held.values()):
            titles = [book.kpi_title(name) for name in kpis]
            yield remark("no_leading", place, of_scheme(key), found=titles, **facts)


RULE = Rule(("counterweight_missing", "intensity_many", "no_leading"), _find)
