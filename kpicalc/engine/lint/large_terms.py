"""Terms beyond what is usual: a rate above 100 %, a band that pays more than 1000 % of the target, a cap of half of it.

Such a term is nearly always a lost per cent sign or decimal point: 70 instead of 70 % or 0.7. An amount for an hour, a
day or a shift that is a month's pay is one too: its `per` is wrong. So are a cap below half of the target, a limit
below a hundredth, an amount of a few kopecks, and a monthly salary of fifty low ones.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from kpicalc.engine.doubtful import least_of_month
from kpicalc.engine.lint.rule import Keys, Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.lint.unlikely_salaries import TIMES_LEAST
from kpicalc.engine.terms.payouts import paid_by
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.model.scheme import PayItem

_WHOLE = Decimal(1)
_MOST_SHARE = Decimal(10)
_MOST_MULTIPLIER = Decimal(10)
_LEAST_CAP, _LEAST_LIMIT, _LEAST_AMOUNT = Decimal("0.5"), Decimal("0.01"), Decimal(2)
_Term = tuple[Keys, Decimal, Decimal, Unit]


def _find(subject: Subject) -> Iterator[Remark]:
    language, month = subject.book.language, least_of_month(subject.book)
    for scheme in subject.book.schemes.values():
        for item in scheme.pay:
            title = item.component.called(language)
            large = [term for term in _limited(item, month) if term[1] > term[2]]
            small = [term for term in _limited_below(item) if term[1] < term[2]]
            for code, odd in (("large_term", large), ("small_term", small)):
                for option, terms in groupby(odd, key=lambda term: _option(term[0])):
                    path, values, limit, unit = (list(part) for part in zip(*terms, strict=True))
                    place = subject.component_place(item, *path[0])
                    shown = "; ".join(show(value, unit[0], language) for value in values)
                    allowed = show(limit[0], unit[0], language)
                    facts = {"title": title, "option": option, "found": shown, "allowed": allowed}
                    yield remark(code, place, of_scheme(scheme.key), **facts)


def _option(path: Keys) -> str:
    return ": ".join(key for key in path if isinstance(key, str) and key != "payout")


def _limited_below(item: PayItem) -> Iterator[_Term]:
    """Yield the terms of a component with their usual minimum: path, value, minimum, unit."""
    match item.name, item.component:
        case "kpi_bonus", object(cap=Decimal() as cap):
            yield ("cap",), cap, _LEAST_CAP, "percent"
        case "penalty", object(limit=limit):
            yield ("limit",), limit, _LEAST_LIMIT, "percent"
    for path, amount in _amounts(item):
        if isinstance(amount, Decimal) and amount:
            yield path, amount, _LEAST_AMOUNT, "money"


def _amounts(item: PayItem) -> Iterator[tuple[Keys, object]]:
    """Yield what a component pays, or holds pay against, for a whole month: 0.4 is a share of something."""
    match item.name, item.component:
        case "kpi_bonus" | "matrix", object(target=amount):
            yield ("target",), amount
        case "cap" | "draw" | "guarantee", object(at=amount) if not isinstance(amount, list):
            yield ("at",), amount
        case "guarantee" | "steps" | "ranked", object(at=list() as steps):
            yield from ((("at", row, "amount"), step.amount) for row, step in enumerate(steps))
        case "team_bonus", object(levels=levels):
            yield from ((("levels", row, "pays"), level.pays) for row, level in enumerate(levels))
        case "base_salary", object(per="month", amount=amount):
            yield ("amount",), amount
        case "pool", object(amount=amount):
            yield ("amount",), amount
        case "action_pay", object(pays="all_or_nothing" | "proportional", reward=amount):
            yield ("reward",), amount


def _limited(item: PayItem, month: Decimal | None) -> Iterator[_Term]:
    """Yield the terms of a component with their usual maximum: path, value, maximum, unit."""
    match item.name, item.component:
        case "base_salary", object(per="month", amount=Decimal() as amount) if month is not None:
            yield ("amount",), amount, month * TIMES_LEAST, "money"
        case "base_salary", object(per="hour" | "day" | "shift", amount=Decimal() as amount) if month is not None:
            yield ("amount",), amount, month, "money"
        case "commission", object(rate=rate, rates=rates):
            if isinstance(rate, Decimal):
                yield ("rate",), rate, _WHOLE, "percent"
            for row, tier in enumerate(rates or ()):
                yield ("rates", row, "rate"), tier.rate, _WHOLE, "percent"
        case "true_up" | "deal_commission", object(rates=list() as rates):
            for row, tier in enumerate(rates):
                yield ("rates", row, "rate"), tier.rate, _WHOLE, "percent"
        case "penalty" | "clawback" | "pool" | "override", object(rate=Decimal() as rate):
            yield ("rate",), rate, _WHOLE, "percent"
        case "override", object(levels=list() as shares_of_levels):
            for row, reached in enumerate(shares_of_levels):
                yield ("levels", row, "pays"), reached.pays, _WHOLE, "percent"
        case "matrix", object(pays=pays):
            for row, shares in enumerate(pays):
                for column, share in enumerate(shares):
                    yield ("pays", row, column), share, _MOST_SHARE, "percent"
        case "kpi_bonus", component:
            for key, weight in component.shares.items():
                yield ("weights", key), weight, _WHOLE, "percent"
            for path, payout in component.payouts():
                for row_path, share in paid_by(payout):
                    yield (*path, *row_path, "pays"), share, _MOST_SHARE, "percent"
        case "team_multiplier", object(levels=levels):
            for row, level in enumerate(levels):
                yield ("levels", row, "pays"), level.pays, _MOST_MULTIPLIER, "number"


RULE = Rule(("large_term", "small_term"), _find, when="always")
