"""Levels of a department's plan that are equal: the lower one is never paid."""

from collections.abc import Iterator
from itertools import pairwise

from kpicalc.engine.draft import LEVELS, unit_of_kpi
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.sources import OfTeam
from kpicalc.engine.words import show
from kpicalc.lang import word


def _find(subject: Subject) -> Iterator[Remark]:
    book, inputs = subject.book, subject.inputs
    if inputs is None:
        return
    used = {figure.role for statement in subject.statements.values() for figure in statement.given()}
    for (key, department), levels in inputs.team_plan.items():
        paid = [level for level in LEVELS if level in levels and OfTeam(key, level) in used]
        for lower, upper in pairwise(paid):
            value = levels[upper].value
            if value is not None and value == levels[lower].value:
                names = [word(f"headings.figure.{level}", book.language) for level in (lower, upper)]
                facts = {"title": book.kpi_title(key), "department": department, "lower": names[0], "upper": names[1]}
                facts["found"] = show(value, unit_of_kpi(book.kpis[key]), book.language)
                yield remark("levels_same", levels[upper].place, of_kpi(key), **facts)


_CODES = ("levels_same",)
RULE = Rule(_CODES, _find, told="always", monthly=_CODES)
