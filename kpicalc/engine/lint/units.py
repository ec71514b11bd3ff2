"""Numbers whose unit is in doubt: a share above 2 without its per cent sign, a rounding of money to an odd step.

60 in the place of 60 % is 6 000 %: a threshold that nobody reaches, a cap that never holds; 40 for 40 % of a salary is
forty salaries, and an attainment rounded to 1 is 0 or 100 %. A rate without its sign in a file whose other rates have
theirs is told of too: 0.1 for 0.1 % is 10 %.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from pydantic import BaseModel

from kpicalc.engine.component import Component
from kpicalc.engine.components.commission import Commission
from kpicalc.engine.lint.places import lines_of, place_of
from kpicalc.engine.lint.result_bounds import result_bounds
from kpicalc.engine.lint.rule import Keys, Remark, Rule, Subject, of_kpi, of_scheme, remark
from kpicalc.engine.lint.steps import steps_of
from kpicalc.engine.statement import Line, Statement
from kpicalc.engine.terms.own import ShareOf
from kpicalc.engine.terms.tiers import Tier
from kpicalc.engine.tree.closure import nodes_in
from kpicalc.engine.tree.formula import Arith, Column, Compare, Greatest, Least, Param, unit_of
from kpicalc.engine.tree.sources import Actual, OfTeam
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language
from kpicalc.model.entry import PerCent
from kpicalc.model.scheme import Rounding, Rules

_MOST = Decimal(2)
_NEVER = Decimal(10)
"""Ten times the plan: a threshold or step there is 80 % or 150 % whose decimal point has moved."""
_HUNDRED = Decimal(100)
_SIGNED = 2


def _find(subject: Subject) -> Iterator[Remark]:
    book, language = subject.book, subject.book.language
    for key, kpi in book.kpis.items():
        for month, share in kpi.season.items():
            if share > _MOST and not isinstance(share, PerCent):
                facts = {"title": book.kpi_title(key), "option": "season"} | _unsigned(share, language)
                yield remark(
                    "share_without_sign", book.source.place("kpis", key, "season", month), of_kpi(key), **facts
                )
    yield from _rates(subject)
    for key, scheme in book.schemes.items():
        for item in scheme.pay:
            title, component = item.component.called(language), item.component
            bounds = [*result_bounds(type(component), component)]
            if isinstance(component, Commission) and component.by is not None:
                keys = [tier.bound_key for tier in component.rates or ()]
                bounds += [(("rates", row, keys[row]), tier.bound) for row, tier in enumerate(component.rates or ())]
                bounds += [(("threshold",), component.threshold)] if component.threshold is not None else []
            for path, value in bounds:
                place = subject.component_place(item, *path)
                option = ": ".join(part for part in path if isinstance(part, str))
                facts = {"title": title, "option": option, "shown": show(value, "percent", language)}
                if value > _MOST and not isinstance(value, PerCent):
                    found = f"{value.normalize():f}"
                    yield remark("share_without_sign", place, of_scheme(key), **facts, found=found)
                elif value > _NEVER:
                    yield remark("bound_never_reached", place, of_scheme(key), **facts)
            for path, share in _personal(component):
                if share > _MOST and not isinstance(share, PerCent):
                    option = ": ".join(part for part in path if isinstance(part, str))
                    facts = {"title": title, "option": option} | _unsigned(share, language)
                    yield remark("share_without_sign", subject.component_place(item, *path), of_scheme(key), **facts)
            index = getattr(component, "index", None)
            for name in ("round", "round_parts"):
                step = getattr(index, name, None)
                if step is not None and step >= 1:
                    facts = {"title": title, "option": f"index: {name}"} | _unsigned(step, language)
                    place = subject.component_place(item, "index", name)
                    yield remark("share_without_sign", place, of_scheme(key), **facts)
            if component.rules:
                yield from _roundings(subject, component.rules, (*item.path, item.name, "rules"), key, title)
        yield from _passed(subject, key)
        yield from _roundings(subject, scheme.rules, ("schemes", key, "rules"), key, scheme.title or key)


def _rates(subject: Subject) -> Iterator[Remark]:
    """Yield the rates without a sign where twice as many have one, and those that are 1: the whole amount."""
    book, language = subject.book, subject.book.language
    known = [
        (key, item, path, rate)
        for key, scheme in book.schemes.items()
        for item in scheme.pay
        for path, rate in _rates_of(item.component)
    ]
    plain = [entry for entry in known if entry[-1] and not isinstance(entry[-1], PerCent)]
    others = len(plain) * _SIGNED <= sum(isinstance(rate, PerCent) for *_, rate in known)
    for key, item, path, rate in plain:
        if others or rate == 1:
            facts = {"title": item.component.called(language), "option": "rate"} | _unsigned(rate, language)
            yield remark("share_without_sign", subject.component_place(item, *path), of_scheme(key), **facts)


def _rates_of(component: Component) -> Iterator[tuple[Keys, Decimal]]:
    """Yield the rates of a component; of a table with and without signs, which has its own remark, the signed ones."""
    rate, rates = getattr(component, "rate", None), getattr(component, "rates", None)
    if isinstance(rate, Decimal):
        yield ("rate",), rate
    tiers = [tier.rate for tier in rates if isinstance(tier, Tier)] if isinstance(rates, list) else []
    signed = any(isinstance(rate, PerCent) and rate for rate in tiers)
    yield from (
        (("rates", row, "rate"), rate) for row, rate in enumerate(tiers) if isinstance(rate, PerCent) or not signed
    )


def _personal(entry: object, path: Keys = ()) -> Iterator[tuple[Keys, Decimal]]:
    """Yield the shares of persons' own figures inside an entry of the scheme: {share: 40%, of: salary}."""
    if isinstance(entry, ShareOf):
        yield (*path, "share"), entry.share
    elif isinstance(entry, BaseModel):
        for name, field in type(entry).model_fields.items():
            yield from _personal(getattr(entry, name), (*path, field.alias or name))
    elif isinstance(entry, list):
        for number, item in enumerate(entry):
            yield from _personal(item, (*path, number))


def _passed(subject: Subject, key: str) -> Iterator[Remark]:
    """Yield the bounds of a share that have no sign: attainment(sales) >= 80, conversion from 5.

    Those of attainments and indexes that options state are told by their models.
    """
    language = subject.book.language
    if key not in subject.statements:
        return
    statement = subject.statements[key]
    for line, item in lines_of(statement):
        told = set()
        for step in steps_of(statement, line):
            limit, role = step.limit, step.figures[step.column.key].role if step.column else None
            if not isinstance(limit, Param) or unit_of(step.result) != "percent":
                continue
            typed = limit.unit == "number" or isinstance(role, Actual | OfTeam)
            if typed and limit.value > _MOST and not isinstance(limit.value, PerCent):
                told.add(limit.key)
                option = step.column.title if step.column else line.title
                facts = {"title": line.title, "option": option} | _unsigned(limit.value, language)
                yield remark("share_without_sign", place_of(subject, item, step), of_scheme(key), **facts)
        for share, limit in _beside_shares(statement, line):
            if limit.key not in told:
                told.add(limit.key)
                facts = {"title": line.title, "option": share.title} | _unsigned(limit.value, language)
                yield remark("share_without_sign", subject.component_place(item), of_scheme(key), **facts)


def _beside_shares(statement: Statement, line: Line) -> Iterator[tuple[Column, Param]]:
    """Yield the numbers of a formula that stand beside a share: min(attainment(sales), 150), conversion / 100."""
    figures = {figure.key: figure for figure in statement.figures}
    for node in nodes_in(figures[line.figure].source):
        match node:
            case Least(items) | Greatest(items):
                pass
            case Compare(_, left, right) | Arith("+" | "-", left, right):
                items = (left, right)
            case Arith("/", left, Param(value=value) as right) if value == _HUNDRED:
                items = (left, right)
            case _:
                continue
        shares = [item for item in items if isinstance(item, Column) and item.unit == "percent"]
        limits = [item for item in items if isinstance(item, Param) and item.unit == "number" and item.value > _MOST]
        yield from product(shares[:1], limits)


def _unsigned(value: Decimal, language: Language) -> dict[str, str]:
    return {"found": f"{value.normalize():f}", "shown": show(value, "percent", language)}


def _roundings(subject: Subject, rules: Rules, path: Keys, key: str, title: str) -> Iterator[Remark]:
    place, language = subject.book.source.place, subject.book.language
    match rules.money:
        case Rounding(round=Decimal() as step) if step < 1 and step != Decimal("0.01"):
            shown = {"found": f"{step.normalize():f}"}
            yield remark("money_step", place(*path, "money", "round"), of_scheme(key), **shown)
    match rules.attainment:
        case Rounding(round=Decimal() as step) if step >= 1:
            facts = {"title": title, "option": "attainment: round"} | _unsigned(step, language)
            yield remark("share_without_sign", place(*path, "attainment", "round"), of_scheme(key), **facts)


_CODES = ("share_without_sign", "bound_never_reached", "money_step")
RULE = Rule(_CODES, _find, when="always")
