"""Levels of a department's plan that are equal, so that the lower one is never paid, ten times apart, or of two signs.

Where a minimum is a tenth of the norm or less, it is probably in thousands, and everybody reaches it; a minimum below
zero beside a norm above it has a minus too many.
"""

from collections.abc import Iterator
from itertools import pairwise

from kpicalc.engine.draft import LEVELS, unit_of_kpi
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.tree.sources import OfTeam
from kpicalc.engine.tree.words import show
from kpicalc.lang import word

_TIMES = 10


def _find(subject: Subject) -> Iterator[Remark]:
    book, inputs = subject.book, subject.inputs
    if inputs is None:
        return
    used = {figure.role for statement in subject.statements.values() for figure in statement.given()}
    for (key, department), levels in inputs.team_plan.items():
        paid = [level for level in LEVELS if level in levels and OfTeam(key, level) in used]
        for lower, upper in pairwise(paid):
            value, least = levels[upper].value, levels[lower].value
            if value is None or least is None:
                continue
            far, signs = least > 0 and value >= least * _TIMES, least < 0 < value
            if far or signs or value == least:
                names = [word(f"headings.figure.{level}", book.language) for level in (lower, upper)]
                facts = {"title": book.kpi_title(key), "department": department, "lower": names[0], "upper": names[1]}
                facts["found"] = show(value, unit_of_kpi(book.kpis[key]), book.language)
                if far or signs:
                    facts |= {"least": show(least, unit_of_kpi(book.kpis[key]), book.language), "times": str(_TIMES)}
                code = "levels_far" if far else "levels_signs" if signs else "levels_same"
                yield remark(code, levels[lower if signs else upper].place, of_kpi(key), **facts)


_CODES = ("levels_same", "levels_far", "levels_signs")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
