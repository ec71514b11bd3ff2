"""Frozen data: `@record` makes a dataclass with slots in a tenth of the time that `@dataclass(frozen=True)` takes.

A command defines hundreds of such classes before it does anything, and a small month makes objects of one in three. So
a class is given its slots at once, and the standard library makes it a dataclass when the first object is made, or
when its fields are asked for. That no field is assigned to is left to the type checker, which sees every line; the
constructor is faster without a guard.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from threading import RLock
from typing import Any, TypeVar, dataclass_transform, overload

Made = TypeVar("Made", bound=type)
_LATER = ("__init__", "__eq__", "__hash__")
_OF_THE_CLASS = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
_COMPLETING = RLock()
"""A class is completed once, although two threads may make its first objects."""


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


class _AskedFor:
    """What the standard library says of a class, found out when somebody asks."""

    def __init__(self, name: str, complete: Callable[[], None]) -> None:
        self.name, self.complete = name, complete

    def __get__(self, one: object, cls: type) -> Any:
        self.complete()
        return getattr(cls, self.name)


def _made(cls: type, *, slots: bool, kw_only: bool) -> Any:
    names = {"__dict__", "__weakref__", *cls.__annotations__}
    content = {name: value for name, value in cls.__dict__.items() if name not in names}
    if slots:
        content["__slots__"] = tuple(cls.__annotations__)
    pending = True

    def complete() -> None:
        nonlocal pending
        with _COMPLETING:
            if pending:
                _complete(made, dataclass(eq=False, repr=False, kw_only=kw_only)(cls))
                pending = False

    def later(name: str) -> Callable[..., Any]:
        def method(one: Any, *values: Any, **named: Any) -> Any:
            complete()
            return getattr(made, name)(one, *values, **named)

        return method

    content |= {name: later(name) for name in _LATER}
    content |= {name: _AskedFor(name, complete) for name in _OF_THE_CLASS}
    content["__repr__"] = _shown
    made: Any = type(cls)(cls.__name__, cls.__bases__, content)
    made.__qualname__ = cls.__qualname__
    return made


def _complete(made: Any, cls: Any) -> None:
    """Give a class what the standard library has made for its twin without slots."""
    for name in ("__init__", *_OF_THE_CLASS):
        setattr(made, name, cls.__dict__[name])
    names = [one.name for one in fields(cls) if one.compare]
    values = attrgetter(*names) if names else type
    made.__eq__ = lambda one, other: (
        values(one) == values(other) if one.__class__ is other.__class__ else NotImplemented
    )
    made.__hash__ = lambda one: hash(values(one))


def _shown(one: Any) -> str:
    return f"{type(one).__qualname__}({', '.join(f'{item.name}={getattr(one, item.name)!r}' for item in fields(one))})"
