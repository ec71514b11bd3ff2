"""Pay that falls as the result gets better.

Bands, rates, points or levels that descend; and a share paid of a KPI where less is better, so that worse pays more.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.draft import LEVELS
from kpicalc.engine.lint.cliffs import better
from kpicalc.engine.lint.places import lines_of, named_bound, place_of
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.lint.steps import steps_of
from kpicalc.engine.tree.formula import ONE
from kpicalc.engine.tree.words import show
from kpicalc.lang import word
from kpicalc.model.scheme import PayItem

_LEAST = Decimal("0.01")


def _find(subject: Subject) -> Iterator[Remark]:
    book = subject.book
    for key, statement in subject.statements.items():
        for line, item in lines_of(statement):
            for step in steps_of(statement, line):
                jump = step.jump()
                rise = None if jump is None else better(step, jump, book)
                if rise is not None and rise <= -_LEAST:
                    facts = {"title": line.title, "bound": named_bound(step, book.language)}
                    facts["found"] = show(-rise, "money", book.language)
                    yield remark("pay_falls", place_of(subject, item, step), of_scheme(key), **facts)
            for code, option, facts in _of_component(item, subject):
                place = subject.component_place(item, option)
                yield remark(code, place, of_scheme(key), title=line.title, **facts)


def _of_component(item: PayItem, subject: Subject) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield falling pay that the steps of a component do not show: code, option, facts."""
    book = subject.book
    match item.name, item.component:
        case "commission", object(on=on, rate=rate, rates=rates):
            shares = [1 if isinstance(rate, str) else rate or 0, *(tier.rate for tier in rates or ())]
            positive = any(share > 0 for share in shares)
            if book.kpis[on].better == "lower" and positive:
                yield "worse_pays_more", "on", {"found": book.kpi_title(on)}
        case "piecework", object(on=on, rates=prices):
            if book.kpis[on].better == "lower" and any(row.per_unit for row in prices):
                yield "worse_pays_more", "on", {"found": book.kpi_title(on)}
        case "team_multiplier", object(levels=levels):
            pays = {level.reach: level.pays for level in levels}
            stated = [(level, pays[level]) for level in LEVELS if level in pays]
            for before, (level, multiplier) in zip((ONE.value, *(much for _, much in stated)), stated, strict=False):
                if multiplier < before:
                    facts = {"level": word(f"headings.figure.{level}", book.language)}
                    facts["found"], facts["allowed"] = (
                        show(value, "number", book.language) for value in (multiplier, before)
                    )
                    yield "multiplier_falls", "levels", facts


RULE = Rule(("pay_falls", "worse_pays_more", "multiplier_falls"), _find, when="always")
