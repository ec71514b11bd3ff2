"""Steps that nobody can reach, or that add nothing: above the cap of the result, below the threshold, above a cap."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from kpicalc.engine.components.cap import Cap
from kpicalc.engine.components.commission import Commission
from kpicalc.engine.components.kpi_bonus import KpiBonus
from kpicalc.engine.lint.rule import Keys, Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.terms.payouts import Bands, Points
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.words import show
from kpicalc.model.scheme import PayItem, Scheme

_Found = Iterator[tuple[str, Keys, Decimal, Decimal, tuple[Unit, Unit]]]
"""Code, path in the component, the step, the cap or threshold that makes it unreachable, their units."""


def _find(subject: Subject) -> Iterator[Remark]:
    language = subject.book.language
    for scheme in subject.book.schemes.values():
        for item in scheme.pay:
            title = item.component.called(language)
            for code, path, step, limit, units in (*_shut_out(item), *_capped(item, scheme)):
                facts = {"found": show(step, units[0], language), "limit": show(limit, units[1], language)}
                yield remark(code, subject.component_place(item, *path), of_scheme(scheme.key), title=title, **facts)


def _shut_out(item: PayItem) -> _Found:
    """Yield the steps that the component's own cap or threshold makes unreachable."""
    match item.component:
        case KpiBonus(payout=Bands() | Points() as payout, cap=cap, threshold=threshold):
            rows, shown = _rows(payout), _shown(item.component)
            for path, bound, _ in rows:
                if cap is not None and bound > cap:
                    yield "step_above_cap", path, bound, cap, (shown, shown)
            for (path, bound, pays), (_, following, _) in pairwise(rows):
                if threshold is not None and following <= threshold and pays != 0:
                    yield "step_below_threshold", path, bound, threshold, (shown, shown)
        case Commission(threshold=Decimal() as threshold, rates=list() as rates, tiers="whole", by=by):
            unit: Unit = "money" if by is None else "percent"
            for row, (tier, upper) in enumerate(pairwise(rates)):
                if upper.bound <= threshold and tier.rate:
                    yield "step_below_threshold", ("rates", row, tier.bound_key), tier.bound, threshold, (unit, unit)


def _capped(item: PayItem, scheme: Scheme) -> _Found:
    """Yield the steps below which the bonus is at a cap component already."""
    match item.component:
        case KpiBonus(payout=Bands() | Points() as payout, target=Decimal() as target):
            name = item.component.id or item.name
            caps = [other.component for other in scheme.pay if isinstance(other.component, Cap)]
            for cap in caps:
                for (_, _, before), (path, bound, pays) in pairwise(_rows(payout) if name in cap.of else ()):
                    # A band that pays the result itself has no amount of its own.
                    if isinstance(before, str) or isinstance(pays, str) or not isinstance(cap.at, Decimal):
                        continue
                    if pays > before and target * before >= cap.at:
                        yield "step_adds_nothing", path, bound, cap.at, (_shown(item.component), "money")


def _shown(bonus: KpiBonus) -> Unit:
    """Return the unit of a bonus's bounds: per cents for an attainment."""
    return "percent" if bonus.by == "attainment" else "number"


def _rows(payout: Bands | Points) -> Sequence[tuple[Keys, Decimal, Decimal | str]]:
    """Return the path, the bound and the payout of each step."""
    if isinstance(payout, Points):
        return [(("payout", "points", row, "at"), point.at, point.pays) for row, point in enumerate(payout.points)]
    keys = [band.bound_key for band in payout.bands]
    return [(("payout", "bands", row, keys[row]), band.bound, band.pays) for row, band in enumerate(payout.bands)]


RULE = Rule(("step_above_cap", "step_below_threshold", "step_adds_nothing"), _find)
