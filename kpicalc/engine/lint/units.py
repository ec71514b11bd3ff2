"""Numbers whose unit is in doubt: a share above 2 without its per cent sign, a rounding of money to an odd step.

60 in the place of 60 % is 6 000 %: a threshold that nobody reaches, a cap that never holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from kpicalc.engine.components.commission import Commission
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.formula import Param, unit_of
from kpicalc.engine.lint.places import lines_of, place_of
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, of_scheme, remark
from kpicalc.engine.lint.steps import steps_of
from kpicalc.engine.words import show
from kpicalc.model.entry import IsResult, PerCent
from kpicalc.model.scheme import Rounding, Rules

_MOST = Decimal(2)
_Keys = tuple[str | int, ...]


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
    for key, scheme in book.schemes.items():
        for item in scheme.pay:
            title, component = item.component.called(language), item.component
            bounds = [*_results(type(component), component)]
            if item.name == "action_pay" and isinstance(component.goals, Mapping):
                bounds += [(("goals", kpi), goal) for kpi, goal in component.goals.items() if kpi in percent]
            if isinstance(component, Commission) and component.by is not None:
                keys = [tier.bound_key for tier in component.rates or ()]
                bounds += [(("rates", row, keys[row]), tier.bound) for row, tier in enumerate(component.rates or ())]
                bounds += [(("threshold",), component.threshold)] if component.threshold is not None else []
            for path, value in bounds:
                if value > _MOST and not isinstance(value, PerCent):
                    option = ": ".join(part for part in path if isinstance(part, str))
                    shown = {"found": f"{value.normalize():f}", "shown": show(value, "percent", language)}
                    place = subject.component_place(item, *path)
                    yield remark("share_without_sign", place, of_scheme(key), title=title, option=option, **shown)
            if component.rules:
                yield from _money(subject, component.rules, (*item.path, item.name, "rules"), key)
        yield from _in_formulas(subject, key)
        yield from _money(subject, scheme.rules, ("schemes", key, "rules"), key)


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


def _money(subject: Subject, rules: Rules, path: _Keys, key: str) -> Iterator[Remark]:
    match rules.money:
        case Rounding(round=Decimal() as step) if step < 1 and step != Decimal("0.01"):
            place = subject.book.source.place(*path, "money", "round")
            yield remark("money_step", place, of_scheme(key), found=f"{step.normalize():f}")


def _results(form: Any, value: object, path: _Keys = ()) -> Iterator[tuple[_Keys, Decimal]]:
    """Yield the bounds of attainments and indexes inside an entry of the scheme, by their models.

    An entry with `by: value` has none.
    """
    if get_origin(form) is Annotated:
        if isinstance(value, Decimal) and IsResult() in get_args(form)[1:]:
            yield path, value
            return
        form = get_args(form)[0]
    if isinstance(value, BaseModel):
        if getattr(value, "by", None) == "value":
            return
        for name, field in type(value).model_fields.items():
            inner = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            yield from _results(inner, getattr(value, name), (*path, field.alias or name))
    elif get_origin(form) in (Union, UnionType):
        results = {pair for member in get_args(form) for pair in _results(member, value, path)}
        yield from sorted(results, key=lambda pair: [str(part) for part in pair[0]])
    elif isinstance(value, Mapping) and get_args(form):
        for name, inner_value in value.items():
            yield from _results(get_args(form)[-1], inner_value, (*path, name))
    elif isinstance(value, Sequence) and not isinstance(value, str) and get_args(form):
        for number, inner_value in enumerate(value):
            yield from _results(get_args(form)[0], inner_value, (*path, number))


_CODES = ("share_without_sign", "money_step")
RULE = Rule(_CODES, _find, when="always")
