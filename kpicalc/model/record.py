"""Frozen data: `@record` makes a dataclass with slots in a tenth of the time that `@dataclass(frozen=True)` takes.

A command defines hundreds of such classes before it does anything. The standard library compiles six methods for each;
here all classes share the code of their methods, and constructors of one shape differ in the names of their fields
alone. That no field is assigned to is left to the type checker, which sees every line; the constructor is faster
without a guard.
"""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, TypeVar, dataclass_transform, overload

Made = TypeVar("Made", bound=type)


@overload
def record(cls: Made, /) -> Made: ...


@overload
def record(*, slots: bool = True, kw_only: bool = False, frozen: bool = True) -> Callable[[Made], Made]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: Any = None, /, *, slots: bool = True, kw_only: bool = False, frozen: bool = True) -> Any:
    """Make a class of frozen data, compared by its fields.

    `slots=False` where it has a cached property, or more than its fields; `frozen=False` tells the type checker that
    fields are assigned to.
    """
    del frozen
    if cls is None:
        return lambda later: _made(later, slots=slots, kw_only=kw_only)
    return _made(cls, slots=slots, kw_only=kw_only)


def _made(cls: Any, *, slots: bool, kw_only: bool) -> Any:
    cls.__doc__ = cls.__doc__ or cls.__name__  # the standard library would spell the constructor out
    cls.__repr__ = _shown
    further = kw_only or hasattr(cls, "__post_init__")
    made: Any = dataclass(init=further, eq=False, repr=False, slots=slots, kw_only=kw_only)(cls)
    known = fields(made)
    names = [one.name for one in known if one.compare]
    values = attrgetter(*names) if names else type
    if "__init__" not in vars(made):
        made.__init__ = _constructor(known)
    made.__eq__ = lambda one, other: (
        values(one) == values(other) if one.__class__ is other.__class__ else NotImplemented
    )
    made.__hash__ = lambda one: hash(values(one))
    return made


def _constructor(known: Sequence[Field[Any]]) -> FunctionType:
    """Return the constructor of these fields: the one of their shape, with their names."""
    code = _shape(tuple(one.default_factory is not MISSING for one in known))
    names = {f"f{at}": one.name for at, one in enumerate(known)}
    code = code.replace(
        co_names=tuple(names.get(name, name) for name in code.co_names),
        co_varnames=tuple(names.get(name, name) for name in code.co_varnames),
    )
    makers = {f"make{at}": one.default_factory for at, one in enumerate(known)}
    stated = (one.default for one in known if not (one.default is one.default_factory is MISSING))
    return FunctionType(code, {**makers, "MISSING": MISSING}, "__init__", tuple(stated))


@cache
def _shape(factories: tuple[bool, ...]) -> CodeType:
    """Compile the constructor of so many fields; the factory of one makes what is not stated."""
    names = ", ".join(["self", *(f"f{at}" for at in range(len(factories)))])
    values = [f"make{at}() if f{at} is MISSING else f{at}" if made else f"f{at}" for at, made in enumerate(factories)]
    lines = [f"def __init__({names}):", *(f"self.f{at} = {value}" for at, value in enumerate(values)), "pass"]
    module = compile("\n ".join(lines), "constructor", "exec")
    return next(item for item in module.co_consts if isinstance(item, CodeType))


def _shown(one: Any) -> str:
    return f"{type(one).__qualname__}({', '.join(f'{item.name}={getattr(one, item.name)!r}' for item in fields(one))})"
