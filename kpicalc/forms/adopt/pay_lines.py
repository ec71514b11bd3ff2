"""A line of old pay as a component of a scheme: salary, commission, bonus, scales; anything else is a formula."""

import json
from collections.abc import Sequence
from decimal import Decimal

from kpicalc.engine.tree.syntax import Call, Comparison, Name, Numeral, Opposite, Syntax
from kpicalc.engine.tree.syntax import Operation as Op
from kpicalc.forms.adopt.pay_formula import summands, text_of
from kpicalc.forms.adopt.pay_scales import in_percent, ladder_of, plain, rows_of, values_of
from kpicalc.forms.adopt.scheme_text import quoted
from kpicalc.model.money import exact_context
from kpicalc.model.record import record

_ONE = Decimal(1)


@record
class Component:
    """An entry of `pay:`: its name, its YAML, and the bounds of its scales by what they are applied to."""

    name: str
    entry: str
    bounds: tuple[tuple[str, Decimal], ...] = ()
    rate: str = ""
    """The column of the Employees sheet that is a rate."""


def component_of(tree: Syntax, key: str, title: str, kpis: Sequence[str]) -> Component:
    """Return the component that pays what a tree says; a formula if no other component is recognised."""
    label = f"id: {key}, title: {quoted(title)}"
    with exact_context():
        component = _threshold(tree, label, kpis) or _product(tree, label, kpis) or _weighted(tree, label, kpis)
    if component is not None:
        return component
    bounds = tuple((text_of(measure), bound) for measure, bound in _compared(tree))
    return Component("formula", f"formula: {{{label}, pays: {json.dumps(text_of(tree), ensure_ascii=False)}}}", bounds)


@record
class _Factors:
    """A product: its number, its other factors, and its divisor."""

    number: Decimal
    over: tuple[Syntax, ...]
    under: tuple[Syntax, ...]


def _factors(item: Syntax) -> _Factors:
    if isinstance(item, Numeral):
        return _Factors(Decimal(item.at.text), (), ())
    if isinstance(item, Opposite):
        inner = _factors(item.item)
        return _Factors(-inner.number, inner.over, inner.under)
    if isinstance(item, Op) and item.op == "*":
        first, other = _factors(item.left), _factors(item.right)
        return _Factors(first.number * other.number, first.over + other.over, first.under + other.under)
    if isinstance(item, Op) and item.op == "/":
        first, other = _factors(item.left), _factors(item.right)
        if other.number and not other.over and not other.under and _divides(first.number, other.number):
            return _Factors(first.number / other.number, first.over, first.under)
        if other.number == 1:
            return _Factors(first.number, first.over + other.under, first.under + other.over)
        return _Factors(_ONE, (item,), ())
    return _Factors(_ONE, (item,), ())


def _divides(number: Decimal, by: Decimal) -> bool:
    """Tell whether a quotient of two numbers is a finite decimal: 5/100 is, 1/3 is not."""
    return (number / by) * by == number and len((number / by).as_tuple().digits) < 20


def _product(tree: Syntax, label: str, kpis: Sequence[str]) -> Component | None:
    """Recognise a product: a rate of a KPI, a target by attainment, a scale."""
    factors = _factors(tree)
    number = factors.number
    texts = [text_of(factor) for factor in factors.over]
    under = [text_of(factor) for factor in factors.under]
    if prorated := _prorated(number, texts, under):
        return Component("base_salary", f"base_salary: {{{label}, {prorated}}}")
    if not factors.over and not factors.under:
        if number < 0:
            return None
        return Component("base_salary", f"base_salary: {{{label}, amount: {plain(number)}}}")
    if len(texts) == 1 and not under:
        if texts[0] in kpis:
            return (
                Component("commission", f"commission: {{{label}, on: {texts[0]}, rate: {in_percent(number)}}}")
                if (0 < number <= 1)
                else None
            )
        if isinstance(factors.over[0], Name) and number > 0:
            amount = texts[0] if number == 1 else f"{{share: {in_percent(number)}, of: {texts[0]}}}"
            return Component("base_salary", f"base_salary: {{{label}, amount: {amount}}}")
    others = [text for text in texts if text not in kpis]
    if len(texts) == 2 and len(others) == 1 and not under and number == 1 and others[0].isidentifier():
        kpi = next(text for text in texts if text in kpis)
        rate = others[0]
        return Component("commission", f"commission: {{{label}, on: {kpi}, rate: {rate}}}", (), rate)
    attained = _attained(texts, under, kpis)
    if attained is not None:
        kpi, rest = attained
        target = _target(number, rest)
        if target is not None:
            body = f"kpi: {kpi}, target: {target}, payout: attainment"
            return Component("kpi_bonus", f"kpi_bonus: {{{label}, {body}}}")
    return _scaled(factors, label, kpis)


def _prorated(number: Decimal, texts: Sequence[str], under: Sequence[str]) -> str | None:
    """Recognise a salary for the time worked, times a person's rate where the sheet multiplies by it."""
    for unit in ("days", "hours"):
        rest = [text for text in texts if text != f"{unit}_worked"]
        timed = len(rest) == len(texts) - 1 and list(under) == [f"{unit}_norm"]
        if timed and number == 1 and sorted(rest) in (["salary"], ["fte", "salary"]):
            return f"amount: salary, prorate: {unit}" + (", fte: multiply" if "fte" in rest else "")
    return None


def _weighted(tree: Syntax, label: str, kpis: Sequence[str]) -> Component | None:
    """Recognise a target by a weighted index: N x (w1 x K1 / plan + w2 x K2 / plan), whose weights make 1."""
    outer = _factors(tree)
    sums = [(at, one) for at, one in enumerate(outer.over) if isinstance(one, Op) and one.op == "+"]
    if len(sums) != 1 or outer.under:
        return None
    at, inner = sums[0]
    rest = [text_of(one) for place, one in enumerate(outer.over) if place != at]
    target = _target(outer.number, rest)
    weights: dict[str, Decimal] = {}
    for part in summands(inner):
        factors = _factors(part)
        texts = [text_of(one) for one in factors.over]
        attained = _attained(texts, [text_of(one) for one in factors.under], kpis)
        if attained is None or attained[1] or attained[0] in weights or factors.number < 0:
            return None
        weights[attained[0]] = factors.number
    if target is None or sum(weights.values()) != 1:
        return None
    shown = ", ".join(f"{kpi}: {in_percent(weight)}" for kpi, weight in weights.items())
    body = f"target: {target}, weights: {{{shown}}}, payout: index"
    return Component("kpi_bonus", f"kpi_bonus: {{{label}, {body}}}")


def _attained(texts: Sequence[str], under: Sequence[str], kpis: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return the KPI whose actual / plan is a factor of a product, and the other factors."""
    for kpi in kpis:
        if list(under) == [f"plan({kpi})"] and kpi in texts:
            rest = list(texts)
            rest.remove(kpi)
            return kpi, rest
    return None


def _target(number: Decimal, rest: Sequence[str]) -> str | None:
    if not rest:
        return plain(number) if number > 0 else None
    if len(rest) == 1 and rest[0].isidentifier() and number > 0:
        return rest[0] if number == 1 else f"{{share: {in_percent(number)}, of: {rest[0]}}}"
    return None


def _scaled(factors: _Factors, label: str, kpis: Sequence[str]) -> Component | None:
    """Recognise a KPI or a target times a value by steps."""
    ladders = [(at, found) for at, factor in enumerate(factors.over) if (found := ladder_of(factor))]
    if len(ladders) != 1 or factors.under or factors.number <= 0:
        return None
    at, ladder = ladders[0]
    rest = [text_of(factor) for place, factor in enumerate(factors.over) if place != at]
    measure = text_of(ladder.measure)
    attained = next((kpi for kpi in kpis if measure == f"{kpi} / plan({kpi})"), None)
    bounds = tuple((measure, bound) for bound, _, _ in ladder.rows)
    if (
        len(rest) == 1
        and rest[0] in kpis
        and factors.number == 1
        and all(0 <= value <= 1 for value in values_of(ladder))
    ):
        by = "" if measure == rest[0] else "by: attainment, " if attained == rest[0] else None
        if by is not None:
            rates = rows_of(ladder, "rate", shares=bool(by))
            return Component("commission", f"commission: {{{label}, on: {rest[0]}, {by}tiers: whole, rates: {rates}}}",
                             bounds)  # fmt: skip
    target = _target(factors.number, rest)
    if attained is not None and target is not None and not (rest and rest[0] in kpis):
        bands = rows_of(ladder, "pays", shares=True)
        body = f"kpi: {attained}, target: {target}, payout: {{bands: {bands}}}"
        return Component("kpi_bonus", f"kpi_bonus: {{{label}, {body}}}", bounds)
    return None


def _threshold(tree: Syntax, label: str, kpis: Sequence[str]) -> Component | None:
    """Recognise a commission above a critical value: IF(K > T, (K - T) x rate, 0), MAX(0, K - T) x rate."""
    found: tuple[str, Decimal, Decimal, str] | None = None
    if isinstance(tree, Call) and tree.function == "if":
        condition, yes, no = tree.arguments
        zero = isinstance(no, Numeral) and Decimal(no.at.text) == 0
        if isinstance(condition, Comparison) and condition.op == ">" and isinstance(condition.right, Numeral) and zero:
            kpi, bound, own = text_of(condition.left), Decimal(condition.right.at.text), _factors(yes)
            if kpi in kpis and not own.under and len(own.over) == 1:
                paid = text_of(own.over[0])
                manner = "whole" if paid == kpi else "excess" if _above(own.over[0], kpi) == bound else ""
                found = (kpi, bound, own.number, manner) if manner else None
    else:
        own = _factors(tree)
        greatest = own.over[0] if len(own.over) == 1 and not own.under else None
        if isinstance(greatest, Call) and greatest.function == "max" and len(greatest.arguments) == 2:
            others = [one for one in greatest.arguments if not _is_zero(one)]
            for kpi in kpis:
                if len(others) == 1 and (least := _above(others[0], kpi)) is not None:
                    found = kpi, least, own.number, "excess"
    if found is None or not 0 < found[2] <= 1 or found[1] < 0:
        return None
    kpi, bound, rate, manner = found
    body = f"on: {kpi}, threshold: {plain(bound)}, pays_on: {manner}, rate: {in_percent(rate)}"
    return Component("commission", f"commission: {{{label}, {body}}}", ((kpi, bound),))


def _above(item: Syntax, kpi: str) -> Decimal | None:
    """Return T of `K - T`."""
    if isinstance(item, Op) and item.op == "-" and text_of(item.left) == kpi and isinstance(item.right, Numeral):
        return Decimal(item.right.at.text)
    return None


def _is_zero(item: Syntax) -> bool:
    return isinstance(item, Numeral) and Decimal(item.at.text) == 0


def _compared(item: Syntax) -> list[tuple[Syntax, Decimal]]:
    """Return every comparison with a number in a tree."""
    match item:
        case Comparison(_, _, left, right) if isinstance(right, Numeral):
            return [(left, Decimal(right.at.text))]
        case Op(_, _, left, right):
            return [*_compared(left), *_compared(right)]
        case Call(_, _, arguments):
            return [one for argument in arguments for one in _compared(argument)]
        case Opposite(_, inner):
            return _compared(inner)
        case _:
            return []
