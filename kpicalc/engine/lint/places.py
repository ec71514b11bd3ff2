"""The place of a step in the scheme file, and its name."""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.lint.rule import Keys, Subject
from kpicalc.engine.lint.steps import Step
from kpicalc.engine.statement import Line, Statement
from kpicalc.engine.tree.formula import Column, Param, unit_of
from kpicalc.engine.tree.sources import OfTeam
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language
from kpicalc.model.issue import Place
from kpicalc.model.scheme import PayItem

_BOUNDS = ("from", "above", "at")
_FORMULAS = ("unless", "pays")


def lines_of(statement: Statement) -> Iterator[tuple[Line, PayItem]]:
    """Yield the lines of pay, each with the component of the scheme file that composes it."""
    items = {item.component.id or item.name: item for item in statement.scheme.pay}
    yield from ((line, items[line.id]) for line in statement.lines if line.id in items)


def place_of(subject: Subject, item: PayItem, step: Step) -> Place:
    """Return the place of a step's bound in the scheme file, or of the component where it has none of its own."""
    options = item.component.model_dump(by_alias=True, exclude_none=True)
    return subject.component_place(item, *_path(step, options))


def bound_text(step: Step, language: Language) -> str:
    """Return the bound as people read it: a number in the unit of the result, or the plan's title."""
    if isinstance(step.limit, Param):
        return show(step.limit.value, unit_of(step.result), language)
    return step.limit.title if isinstance(step.limit, Column) else "…"


def named_bound(step: Step, language: Language) -> str:
    """Return the bound with the result that passes it: 60 % (attainment of sales)."""
    text = bound_text(step, language)
    return f"{text} ({step.column.title})" if step.column and isinstance(step.limit, Param) else text


def _path(step: Step, options: dict[str, object]) -> Keys:
    """Return the option that holds a bound: the one with its value whose name is most like it."""
    bound = step.limit
    if isinstance(bound, Param):
        parts = bound.key.split(".")
        fitting = [path for path, value in _leaves(options) if value == bound.value and _may_bound(path, parts)]
        if fitting:
            return max(fitting, key=lambda path: sum(str(key) in parts for key in path))
    elif isinstance(bound, Column):
        role = step.figures[bound.key].role
        level = role.part if isinstance(role, OfTeam) else None
        if path := next((path for path, value in _leaves(options) if path[-1] == "reach" and value == level), None):
            return path[:-1]
        if "goals" in options:
            return ("goals",)
    return next(((name,) for name in _FORMULAS if isinstance(options.get(name), str)), ())


def _may_bound(path: Keys, parts: list[str]) -> bool:
    names = [str(key) for key in path]
    return any(name in _BOUNDS for name in names) or (names[-1] in parts and names[0] != "reward")


def _leaves(value: object, path: Keys = ()) -> Iterator[tuple[Keys, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))
    elif isinstance(value, Decimal | str):
        yield path, value
