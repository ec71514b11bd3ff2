"""Targets of exports, one module each: a module put into this folder registers its target."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kpicalc.exchange.target import Target


@cache
def all_targets() -> dict[str, Target]:
    """Return every target by its name, in alphabetical order."""
    rooms = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    targets = [value for room in rooms for value in vars(room).values() if isinstance(value, Target)]
    return {target.name: target for target in sorted(targets, key=lambda target: target.name)}
