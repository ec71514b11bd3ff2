"""Pay components, one module each. Dropping a module here registers the component in it."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kpicalc.engine.component import Component


class _Components(Mapping[str, type[Component]]):
    """Every component by its name in a scheme; a component is imported on first use."""

    def __init__(self) -> None:
        self._names = sorted(module.name for module in iter_modules(__path__))

    def __getitem__(self, name: str) -> type[Component]:
        if name not in self._names:
            raise KeyError(name)
        return _component(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@cache
def all_components() -> Mapping[str, type[Component]]:
    """Return every component by its name in a scheme, in alphabetical order."""
    return _Components()


@cache
def _component(name: str) -> type[Component]:
    room = import_module(f"{__name__}.{name}")
    return next(
        value
        for value in vars(room).values()
        if isinstance(value, type) and issubclass(value, Component) and value.__module__ == room.__name__
    )
