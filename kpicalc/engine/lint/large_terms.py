"""Terms beyond what is usual: a rate above 100 %, a band that pays more than 1000 % of the target, a cap of half of it.

Such a term is nearly always a lost per cent sign or decimal point: 70 instead of 70 % or 0.7. An amount for an hour, a
day or a shift that is a month's pay is one too: its `per` is wrong. So are a bound of an attainment above 1000 %, which
nobody reaches, a cap below half of the target, a limit below a hundredth, and a monthly salary of fifty low ones.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from kpicalc.engine.component import Component
from kpicalc.engine.components.base_salary import BaseSalary
from kpicalc.engine.components.clawback import Clawback
from kpicalc.engine.components.commission import Commission
from kpicalc.engine.components.deal_commission import DealCommission
from kpicalc.engine.components.kpi_bonus import KpiBonus
from kpicalc.engine.components.matrix import Matrix
from kpicalc.engine.components.override import Override
from kpicalc.engine.components.penalty import Penalty
from kpicalc.engine.components.pool import Pool
from kpicalc.engine.components.team_multiplier import TeamMultiplier
from kpicalc.engine.components.true_up import TrueUp
from kpicalc.engine.doubtful import least_of_month
from kpicalc.engine.formula import Unit
from kpicalc.engine.lint.result_bounds import Keys, result_bounds
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.lint.unlikely_salaries import TIMES_LEAST
from kpicalc.engine.payouts import paid_by
from kpicalc.engine.words import show
from kpicalc.model.entry import PerCent

_WHOLE = Decimal(1)
_MOST_SHARE = Decimal(10)
_MOST_MULTIPLIER = Decimal(10)
_MOST_BOUND = Decimal(10)
_LEAST_CAP, _LEAST_LIMIT = Decimal("0.5"), Decimal("0.01")


_Term = tuple[Keys, Decimal, Decimal, Unit]


def _find(subject: Subject) -> Iterator[Remark]:
    language, month = subject.book.language, least_of_month(subject.book)
    for scheme in subject.book.schemes.values():
        for item in scheme.pay:
            title = item.component.called(language)
            large = [term for term in _limited(item.component, month) if term[1] > term[2]]
            small = [term for term in _limited_below(item.component) if term[1] < term[2]]
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


def _limited_below(component: Component) -> Iterator[_Term]:
    """Yield the terms of a component with their usual minimum: path, value, minimum, unit."""
    match component:
        case KpiBonus(cap=Decimal() as cap):
            yield ("cap",), cap, _LEAST_CAP, "percent"
        case Penalty(limit=limit):
            yield ("limit",), limit, _LEAST_LIMIT, "percent"


def _limited(component: Component, month: Decimal | None) -> Iterator[_Term]:
    """Yield the terms of a component with their usual maximum: path, value, maximum, unit."""
    for path, bound in result_bounds(type(component), component):
        if isinstance(bound, PerCent):
            yield path, bound, _MOST_BOUND, "percent"
    match component:
        case BaseSalary(per="month", amount=Decimal() as amount) if month is not None:
            yield ("amount",), amount, month * TIMES_LEAST, "money"
        case BaseSalary(per="hour" | "day" | "shift", amount=Decimal() as amount) if month is not None:
            yield ("amount",), amount, month, "money"
        case Commission(rate=rate, rates=rates):
            if isinstance(rate, Decimal):
                yield ("rate",), rate, _WHOLE, "percent"
            for row, tier in enumerate(rates or ()):
                yield ("rates", row, "rate"), tier.rate, _WHOLE, "percent"
        case TrueUp(rates=rates) | DealCommission(rates=list() as rates):
            for row, tier in enumerate(rates):
                yield ("rates", row, "rate"), tier.rate, _WHOLE, "percent"
        case (
            Penalty(rate=Decimal() as rate)
            | Clawback(rate=rate)
            | Pool(rate=Decimal() as rate)
            | Override(rate=Decimal() as rate)
        ):
            yield ("rate",), rate, _WHOLE, "percent"
        case Override(levels=list() as shares_of_levels):
            for row, reached in enumerate(shares_of_levels):
                yield ("levels", row, "pays"), reached.pays, _WHOLE, "percent"
        case Matrix(pays=pays):
            for row, shares in enumerate(pays):
                for column, share in enumerate(shares):
                    yield ("pays", row, column), share, _MOST_SHARE, "percent"
        case KpiBonus():
            for key, weight in component.shares.items():
                yield ("weights", key), weight, _WHOLE, "percent"
            for path, payout in component.payouts():
                for row_path, share in paid_by(payout):
                    yield (*path, *row_path, "pays"), share, _MOST_SHARE, "percent"
        case TeamMultiplier(levels=levels):
            for row, level in enumerate(levels):
                yield ("levels", row, "pays"), level.pays, _MOST_MULTIPLIER, "number"


RULE = Rule(("large_term", "small_term"), _find, when="always")
