"""Names of people: who is meant by a name as people shorten it, and whether two names may be one person's.

The first question decides who is paid, and the answer is strict: «Иванова А.С.», «Иванова Анна», «Анна Иванова» or the
surname alone fit «Иванова Анна Сергеевна»; a misspelled name fits nobody. The second one only looks for contradictions,
and tolerates misspellings.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeAlias

from kpicalc.model.texts import LIKE, clean, fold, look_of_words, name_key, ratio

NameFinder: TypeAlias = Callable[[str], list[int]]
"""A name as written -> the indices of the people whom it fits."""

_SHORTEST = 4
_GIVEN = 2
"""A given name and a patronymic: the most that is known of a person beside the surname."""
_JOINED_INITIALS = re.compile(r"\b([^\W\d_])([^\W\d_])\b")
_CAPITALS = re.compile(r"\b([^\W\d_a-zа-яё])([^\W\d_a-zа-яё])\b")
_LATIN_ONLY = re.compile(r"[a-z ]+")
_DASHES = re.compile(r"\s*[-‐-―−]\s*")
_BETWEEN = re.compile(r"[\s.,;]+")
_PATRONYMIC = re.compile(r".{2,}(?:[ое]вич|[ое]вна|ична|инична|ьич|кузьмич|лукич|фомич|ильич|оглы|кызы)")


def find_people(text: str, people: Sequence[str]) -> list[int]:
    """Return the indices of the people whom a name fits: one is a match, two are ambiguous, none is unknown."""
    return name_finder(people)(text)


def name_finder(people: Sequence[str]) -> NameFinder:
    """Return the look-up of people by name.

    A full name means only its bearer, even if it may also be a short form of another.
    """
    words = [_words(name) for name in people]
    whole: dict[tuple[str, ...], list[int]] = defaultdict(list)
    surnames: dict[str, list[int]] = defaultdict(list)
    own: list[frozenset[int]] = []
    surname_last = _usual_order(words)
    for index, name in enumerate(words):
        whole[tuple(sorted(name))].append(index)
        own.append(_surname_places(name, last=surname_last))
        for place in own[-1]:
            surnames[name[place]].append(index)
    known: dict[str, list[int]] = {}

    def find(text: str) -> list[int]:
        if text not in known:
            known[text] = _found(text)
        return known[text]

    def _found(text: str) -> list[int]:
        for typed in (_words(text), _words(_CAPITALS.sub(r"\1 \2", clean(text)))):
            indices = whole.get(tuple(sorted(typed))) if typed else None
            if not indices:
                likely = sorted({index for word in typed for index in surnames.get(word, ()) if len(word) > 1})
                indices = [index for index in likely if _fits(typed, words[index], own[index])]
            if indices:
                return indices
        return []

    return find


def _words(name: str) -> list[str]:
    """Return the words and initials of a name; a double surname is one word."""
    return [word for word in _BETWEEN.split(_DASHES.sub("-", fold(name))) if word]


def _usual_order(people: Sequence[Sequence[str]]) -> bool | None:
    """Tell by the patronymics whether the surnames of people are last; None where there are no patronymics."""
    last = sum(len(name) > 2 and bool(_PATRONYMIC.fullmatch(name[1])) for name in people)
    first = sum(len(name) > 2 and bool(_PATRONYMIC.fullmatch(name[2])) for name in people)
    return None if last == first else last > first


def _surname_places(name: Sequence[str], *, last: bool | None) -> frozenset[int]:
    """Return where in a name the surname may be: a patronymic shows it, otherwise the other names of the list."""
    if not name:
        return frozenset()
    end = len(name) - 1
    if end > 1 and _PATRONYMIC.fullmatch(name[1]):
        return frozenset({end})
    if end > 1 and _PATRONYMIC.fullmatch(name[2]):
        return frozenset({0})
    # «Анна Белова», John Smith: both orders are used, and nothing shows which one it is.
    likely = {0, end} if last is None else {end if last else 0}
    return frozenset(place for place in likely if len(name[place]) > 1)


def _fits(typed: Sequence[str], full: Sequence[str], surname: frozenset[int]) -> bool:
    """Tell whether the typed words are the surname and, in their order, other names or their initials."""
    for place in surname:
        if full[place] not in typed:
            continue
        rest = list(typed)
        rest.remove(full[place])
        others = [*full[:place], *full[place + 1 :]]
        known = len(rest) <= max(len(others), _GIVEN)
        if known and all(_stands_for(one, other) for one, other in zip(rest, others, strict=False)):
            return True
    return False


def _stands_for(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def shortened(one: str, other: str) -> bool:
    """Test the frequent case quickly: the same words in the same order, some of them initials or omitted."""
    words, others = (name.casefold().replace(".", " ").split() for name in (one, other))
    if not words or not others or words[0] != others[0]:
        return False
    return all(_stands_for(word, meant) for word, meant in zip(words, others, strict=False))


def same_person(one: str, other: str) -> bool:
    """Tell whether two names may be one person's.

    Case, ё, spaces, the order of words, initials, a missing patronymic or given name and a misspelling do not matter;
    names in two alphabets are not compared.
    """
    one_key, other_key = name_key(one), name_key(other)
    if one_key == other_key or not one_key or not other_key:
        return True
    if bool(_LATIN_ONLY.fullmatch(one_key)) != bool(_LATIN_ONLY.fullmatch(other_key)):
        return True
    seen, other_seen = look_of_words(one), look_of_words(other)
    return _agree(seen, other_seen) or _agree(_apart(seen), _apart(other_seen))


def _apart(name: str) -> str:
    """Separate joined initials: «Иванова АС» is «Иванова А. С.»."""
    return _JOINED_INITIALS.sub(r"\1 \2", name)


def _agree(one: str, other: str) -> bool:
    """Tell whether every word of the shorter name has its own word in the longer one; whole words come first."""
    shorter, longer = sorted((name_key(one).split(), name_key(other).split()), key=len)
    free = list(longer)
    for word in sorted(shorter, key=len, reverse=True):
        meant = max(free, key=lambda item: _agreement(word, item), default="")
        if not meant or not _agreement(word, meant):
            return False
        free.remove(meant)
    return True


def _agreement(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return 0.5 if one[0] == other[0] else 0.0
    if one[0] != other[0] or min(len(one), len(other)) < _SHORTEST:
        return 0.0
    alike = ratio(one, other)
    return alike if alike >= LIKE else 0.0
