"""Compares texts that people type: which are equal, which look equal, and what a mistyped one was meant to be.

All readers use it, as do keys in YAML, formulas and options. There are two thresholds of likeness: `NEAR` is enough for
a suggestion in an error that exists anyway, `LIKE` is needed to call a text a slip.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from kpicalc.model.issue import Issue, Place, issue

NEAR, LIKE = 0.6, 0.75
SPACES = "\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""All blanks but the common one, as a character class of a regular expression: databases know fewer than Python."""
INVISIBLE = "\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
"""Characters without width, likewise."""
ALIKE: Mapping[str, str] = {"и\u0306": "й", "е\u0308": "е", "ё": "е"}
"""Small letters that are the same in a spelling, for databases: a Mac writes й and ё as two signs."""
NEIGHBOURS = "ҐҒҖҚҜҢҮҰҲҶҺӘӨ"
"""Capitals of languages written in Cyrillic that stand apart from the Russian ones."""
LATIN, CYRILLIC = "abcehijkmopstxydqwë", "авсеніјкморѕтхуԁԛԝе"
"""Small letters that look the same, sign by sign; like ё, the last one is an е in a spelling."""

_NOTHING: Mapping[str, str] = {}
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_NOT_A_NAME = re.compile(r"(?:[^\w%№₽$€₸]|_)+")
_TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
_TO_RUSSIAN = str.maketrans(LATIN + LATIN.upper(), CYRILLIC + CYRILLIC.upper())
_TO_LATIN = str.maketrans(CYRILLIC + CYRILLIC.upper(), LATIN + LATIN.upper())
_EITHER = frozenset(LATIN + CYRILLIC + "ё")
_FEW = 2000
_SLIP_WORD, _SWAPPED = 4, 2


def clean(text: str) -> str:
    """Trim a text and make every run of spaces, no-break spaces and line breaks one space.

    Invisible characters are dropped; a letter of two code points, as macOS writes «й», becomes one.
    """
    text = " ".join(text.split())
    if not text.isprintable():
        text = " ".join(_INVISIBLE.sub("", text).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clean_all(texts: Sequence[str]) -> Sequence[str]:
    """Return the texts cleaned; where all of them are clean already, one look at the whole tells so."""
    for at in range(0, len(texts), _FEW):
        whole = f"|{'|'.join(texts[at : at + _FEW])}|"
        blanks = any(blank in whole for blank in ("  ", "| ", " |"))
        if blanks or not whole.isprintable() or not unicodedata.is_normalized("NFC", whole):
            return [clean(text) for text in texts]
    return texts


def fold(text: str) -> str:
    """Return a clean text in lower case, with е for ё."""
    return fold_clean(clean(text))


def fold_clean(text: str) -> str:
    """Return a text that is clean already in lower case, with е for ё."""
    return text.casefold().replace("ё", "е")


def name_key(text: str) -> str:
    """Return the key that equal headings or titles share: case, spaces, punctuation and ё do not matter."""
    return _NOT_A_NAME.sub(" ", fold(text)).strip()


@lru_cache(20_000)
def spelling_key(text: str) -> str:
    """Return the key that texts share if only case, spaces and ё differ; punctuation matters: C is not C++."""
    return fold(text).replace(" ", "")


def by_spelling(names: Mapping[str, str]) -> dict[str, str]:
    """Return keys by the spelling of their titles and of themselves; a key has priority over a title."""
    return {spelling_key(title): key for key, title in names.items()} | {spelling_key(key): key for key in names}


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1."""
    return ratio(name_key(one), name_key(other))


def nearest(meant: str | Collection[str], known: Collection[str], least: float = NEAR) -> str:
    """Return the known name most like a mistyped one, or like any of its aliases; empty where none is near."""
    texts = [meant] if isinstance(meant, str) else meant
    best, best_name = least, ""
    for name in known:
        alike = max((likeness(text, name) for text in texts), default=0.0)
        if alike >= best and (alike > best or not best_name):
            best, best_name = alike, name
    return best_name


def is_slip(one: str, other: str) -> bool:
    """Tell whether one name is probably a slip for another: one word differs by a letter or by two swapped ones.

    Short words and digits are different names: «Отдел А» and «Отдел Б», «Магазин 12» and «Магазин 13».
    """
    words, others = name_key(one).split(), name_key(other).split()
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    if len(words) != len(others) or len(differing) != 1:
        return False
    first, second = sorted(differing[0], key=len)
    if len(first) < _SLIP_WORD or not (first.isalpha() and second.isalpha()):
        return False
    if len(first) == len(second):
        at = [place for place in range(len(first)) if first[place] != second[place]]
        swapped = len(at) == _SWAPPED and first[at[0]] == second[at[1]] and first[at[1]] == second[at[0]]
        return len(at) == 1 or (swapped and at[1] == at[0] + 1)
    return any(second[:place] + second[place + 1 :] == first for place in range(len(second)))


def slips(names: Collection[str], known: Collection[str]) -> dict[str, str]:
    """Return the names that are probably slips, each with the known name that was meant.

    Names one letter apart share a form with one letter removed, so that thousands are not compared pair by pair.
    """
    forms: dict[str, list[str]] = {}
    for name in known:
        for form in _shorter(name_key(name)):
            forms.setdefault(form, []).append(name)
    meant_by_name = {}
    for name in names:
        candidates = (other for form in _shorter(name_key(name)) for other in forms.get(form, ()))
        meant = next((other for other in candidates if is_slip(name, other)), "")
        if meant:
            meant_by_name[name] = meant
    return meant_by_name


def _shorter(text: str) -> list[str]:
    return [text, *(text[:index] + text[index + 1 :] for index in range(len(text)))]


def nearest_number(number: str, ordered: Sequence[str]) -> str:
    """Return the personnel number most like a mistyped one, from numbers in text order; empty where none is near.

    If two are equally near, neither is returned: a wrong hint costs more than none. Among many thousands only the
    neighbours in order and the numbers one slip away are compared: comparing all would take minutes on a sheet full of
    unknown numbers.
    """
    known: Collection[str] = ordered
    if len(ordered) > _FEW:
        known = {ordered[index] for text in _one_slip(number) if (index := bisect_left(ordered, text)) < len(ordered)}
    ranked = sorted(((ratio(number, other), other) for other in known), reverse=True)[:2]
    if not ranked or ranked[0][0] < NEAR or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return ""
    return ranked[0][1]


def ratio(one: str, other: str) -> float:
    """Return how alike two texts are, character by character, from 0 to 1."""
    return SequenceMatcher(None, other, one).ratio()


def _one_slip(text: str) -> set[str]:
    padded = {"0" * zeros + text for zeros in range(1, 6)} | {text.lstrip("0")}
    swapped = {text[:index] + text[index + 1] + text[index] + text[index + 2 :] for index in range(len(text) - 1)}
    dropped = {text[:index] + text[index + 1 :] for index in range(len(text))}
    changed = {text[:index] + digit + text[index + 1 :] for index in range(len(text)) for digit in "0123456789"}
    return {text} | padded | swapped | dropped | changed


def look(text: str) -> str:
    """Return the key that texts share if they look the same in the Latin and the Russian alphabet, spaces apart."""
    return spelling_key(text).translate(_TO_CYRILLIC)


def look_of_words(text: str) -> str:
    """Return the same key with the spaces between words."""
    return fold(text).translate(_TO_CYRILLIC)


def in_one_alphabet(text: str) -> list[str]:
    """Return a text with its letters in the Russian and in the Latin alphabet, where they look the same in both."""
    fixed = (text.translate(table) for table in (_TO_RUSSIAN, _TO_LATIN))
    return [other for other in fixed if other != text]


def foreign_letters(text: str, known: str) -> tuple[str, list[str]]:
    """Return the first word of a text with letters of another alphabet than the known one's, and those letters."""
    meant = iter(clean(known).replace(" ", ""))
    for word in clean(text).split():
        letters = [
            letter
            for letter, other in zip(word, meant, strict=False)
            if fold(letter) != fold(other) and letter.casefold() in _EITHER
        ]
        if letters:
            return word, list(dict.fromkeys(letters))
    return "", []


def certain(
    text: str, known: Collection[str], titles: Mapping[str, str] = _NOTHING
) -> tuple[str, dict[str, object]] | None:
    """Return what an unknown name certainly means: a key's title, or a known name in letters of the other alphabet.

    `titles` are the keys by the spelling of their titles.
    """
    key = titles.get(spelling_key(text))
    if key is not None and key in known and key != text:
        return "title_for_key", {"found": text, "fixed": key}
    seen = look(text)
    for name in known:
        if name != text and look(name) == seen:
            word, letters = foreign_letters(text, name)
            if letters:
                code = "latin_letters" if letters[0].casefold() in LATIN else "russian_letters"
                return code, {"found": text, "word": word, "letters": letters, "nearest": name}
    return None


def wrong_alphabet(place: Place, text: str, known: Collection[str]) -> Issue | None:
    """Return the issue for letters of the other alphabet, where an unknown name looks exactly like a known one."""
    slip = certain(text, known)
    return issue(slip[0], place, **slip[1]) if slip else None


def hint(
    code: str, text: str, known: Collection[str], titles: Mapping[str, str] = _NOTHING
) -> tuple[str, dict[str, object]]:
    """Return the code and facts of an unknown name, with a suggestion; `<code>_far` where nothing is near.

    `titles` are the keys by the spelling of their titles.
    """
    if slip := certain(text, known, titles):
        return slip
    facts: dict[str, object] = {"found": text, "allowed": list(known) or "—"}
    meant = nearest(text, [*known, *(title for title, key in titles.items() if key in known)])
    if meant:
        return code, facts | {"nearest": meant if meant in known else titles[meant]}
    return f"{code}_far", facts


def unknown(
    code: str,
    place: Place,
    text: str,
    known: Collection[str],
    titles: Mapping[str, str] = _NOTHING,
    **facts: object,
) -> Issue:
    """Return the issue for an unknown name, with a suggestion."""
    code, about = hint(code, text, known, titles)
    return issue(code, place, **about, **facts)
