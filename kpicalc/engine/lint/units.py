"""Numbers whose unit is in doubt: a share above 2 without its per cent sign, a rounding of money to an odd step.

60 in the place of 60 % is 6 000 %: a threshold that nobody reaches, a cap that never holds. A rate without its sign in
a file whose other rates have theirs is told of too: 0.1 for 0.1 % is 10 %.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpicalc.engine.component import Component
from kpicalc.engine.components.commission import Commission
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.places import lines_of, place_of
from kpicalc.engine.lint.result_bounds import result_bounds
from kpicalc.engine.lint.rule import Keys, Remark, Rule, Subject, of_kpi, of_scheme, remark
from kpicalc.engine.lint.steps import steps_of
from kpicalc.engine.terms.tiers import Tier
from kpicalc.engine.tree.formula import Param, unit_of
from kpicalc.engine.tree.words import show
from kpicalc.model.entry import PerCent
from kpicalc.model.scheme import Rounding, Rules

_MOST = Decimal(2)
_NEVER = Decimal(10)
"""Ten times the plan: a threshold or step there is 80 % or 150 % whose decimal point has moved."""
_SIGNED = 2


def _find(subject: Subject) -> Iterator[Remark]:
    book, language = subject.book, subject.book.language
    percent = {key for key, kpi in book.kpis.items() if unit_of_kpi(kpi) == "percent"}
    for key, kpi in book.kpis.items():
        for month, share in kpi.season.items():
            if share > _MOST and not isinstance(share, PerCent):
                shown = {"found": f"{share.normalize():f}", "shown": show(share, "percent", language)}
                place = book.source.place("kpis", key, "season", month)
                yield remark(
                    "share_without_sign", place, of_kpi(key), title=book.kpi_title(key), option="season", **shown
                )
    yield from _rates(subject)
    for key, scheme in book.schemes.items():
        for item in scheme.pay:
            title, component = item.component.called(language), item.component
            bounds = [*result_bounds(type(component), component)]
            if item.name == "action_pay" and isinstance(component.goals, Mapping):
                bounds += [(("goals", kpi), goal) for kpi, goal in component.goals.items() if kpi in percent]
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
            if component.rules:
                yield from _money(subject, component.rules, (*item.path, item.name, "rules"), key)
        yield from _in_formulas(subject, key)
        yield from _money(subject, scheme.rules, ("schemes", key, "rules"), key)


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
            shown = {"found": f"{rate.normalize():f}", "shown": show(rate, "percent", language)}
            place, title = subject.component_place(item, *path), item.component.called(language)
            yield remark("share_without_sign", place, of_scheme(key), title=title, option="rate", **shown)


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


def _in_formulas(subject: Subject, key: str) -> Iterator[Remark]:
    """Yield the bounds in formulas: attainment(sales) >= 80."""
    language = subject.book.language
    for line, item in lines_of(subject.statements[key]) if key in subject.statements else ():
        for step in steps_of(subject.statements[key], line):
            limit = step.limit
            unsigned = isinstance(limit, Param) and limit.unit == "number" and limit.value > _MOST
            if isinstance(limit, Param) and unsigned and unit_of(step.result) == "percent":
                shown = {"found": limit.title, "shown": show(limit.value, "percent", language)}
                option = step.column.title if step.column else line.title
                place = place_of(subject, item, step)
                yield remark("share_without_sign", place, of_scheme(key), title=line.title, option=option, **shown)


def _money(subject: Subject, rules: Rules, path: Keys, key: str) -> Iterator[Remark]:
    match rules.money:
        case Rounding(round=Decimal() as step) if step < 1 and step != Decimal("0.01"):
            place = subject.book.source.place(*path, "money", "round")
            yield remark("money_step", place, of_scheme(key), found=f"{step.normalize():f}")


_CODES = ("share_without_sign", "bound_never_reached", "money_step")
RULE = Rule(_CODES, _find, when="always")
