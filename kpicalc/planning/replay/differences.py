"""The differences between two schemes, described in the order of the file: role, component, option, old, new."""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.lang import Language, number, word
from kpicalc.model.scheme import PayItem, SchemeBook


def differences(old: SchemeBook, new: SchemeBook) -> Iterator[str]:
    """Yield every differing option of pay: «Менеджер › Комиссия › rates.1.rate: 10 % → 12 %»."""
    for key in dict.fromkeys([*old.schemes, *new.schemes]):
        before, after = old.schemes.get(key), new.schemes.get(key)
        scheme = after or before
        assert scheme is not None
        was = _options(before.pay if before else ())
        now = _options(after.pay if after else ())
        for at in dict.fromkeys([*was, *now]):
            if was.get(at) != now.get(at):
                first, second = (_shown(options.get(at), new.language) for options in (was, now))
                yield f"{scheme.title} › {' › '.join(part for part in at if part)}: {first} → {second}"


def _options(items: tuple[PayItem, ...]) -> dict[tuple[str, str], object]:
    """Return every value of the components by component and path; a component without options counts as one value."""
    options: dict[tuple[str, str], object] = {}
    for item in items:
        name = item.component.id or item.name
        options[name, ""] = item.name
        for path, value in _leaves(item.component.model_dump(by_alias=True, exclude_none=True)):
            options[name, path] = value
    return options


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{at}")
    else:
        yield path, value


def _shown(value: object, language: Language) -> str:
    if value is None:
        return word("replay.terms.absent", language)
    return number(value, language) if isinstance(value, Decimal) else str(value)
