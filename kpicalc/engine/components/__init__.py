"""Pay components, one module each. Dropping a module here registers the component in it."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kpicalc.engine.component import Component


@cache
def all_components() -> dict[str, type[Component]]:
    """Return every component by its name in a scheme, in alphabetical order."""
    found: dict[str, type[Component]] = {}
    for module in sorted(iter_modules(__path__), key=lambda item: item.name):
        room = import_module(f"{__name__}.{module.name}")
        for value in vars(room).values():
            if isinstance(value, type) and issubclass(value, Component) and value.__module__ == room.__name__:
                found[value.name] = value
    return found
