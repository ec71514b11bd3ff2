"""Whom a number or a name means: the personnel number first, else a name that fits."""

from collections.abc import Sequence


def fitting(people: Sequence[tuple[str, str]], wanted: str) -> list[int]:
    """Return the indices of the people (number, name) whom a text means.

    A number is meant exactly. A name may be whole, in any order, without its last words, or with initials.
    """
    numbers = [index for index, (number, _) in enumerate(people) if number == wanted]
    parts = _parts(wanted)
    if numbers or not parts:
        return numbers
    return [index for index, (_, name) in enumerate(people) if _fits(parts, _parts(name))]


def _parts(name: str) -> list[str]:
    return name.casefold().replace("ё", "е").replace(".", ". ").split()


def _fits(wanted: Sequence[str], name: Sequence[str]) -> bool:
    """Tell whether every part of a name is a word of the other one, or the initial of one; at least one is a word."""
    left = list(name)
    words = [part for part in wanted if not part.endswith(".")]
    for part in words:
        if part not in left:
            return False
        left.remove(part)
    for part in wanted:
        if part.endswith("."):
            one = next((other for other in left if other.startswith(part[:-1])), None)
            if one is None:
                return False
            left.remove(one)
    return bool(words)
