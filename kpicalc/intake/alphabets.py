"""Letters that look alike in the Latin and the Russian alphabet: a name typed with the wrong ones is no other name."""

from collections.abc import Collection

from kpicalc.model.issue import Issue, Place, issue

_LATIN = "aeopcxyABEKMHOPCTX"
_CYRILLIC = "аеорсхуАВЕКМНОРСТХ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_EITHER = frozenset(_LATIN + _CYRILLIC)


def look(text: str) -> str:
    """Return what two texts share that look the same; case and spaces do not matter."""
    return " ".join(text.translate(_TO_CYRILLIC).casefold().translate(_TO_CYRILLIC).split())


def foreign_letters(found: str, known: str) -> tuple[str, list[str]]:
    """Return the first word of a text whose letters are of another alphabet than the known one's, and those letters."""
    for word, other in zip(found.split(), known.split(), strict=False):
        letters = [
            letter
            for letter, meant in zip(word, other, strict=False)
            if letter.casefold() != meant.casefold() and letter in _EITHER
        ]
        if letters:
            return word, list(dict.fromkeys(letters))
    return "", []


def wrong_alphabet(place: Place, found: str, known: Collection[str]) -> Issue | None:
    """Name the letters of the other alphabet, where an unknown name looks exactly like a known one."""
    seen = look(found)
    for name in known:
        if name != found and look(name) == seen:
            word, letters = foreign_letters(found, name)
            if letters:
                code = "latin_letters" if letters[0] in _LATIN else "russian_letters"
                return issue(code, place, found=found, word=word, letters=letters, nearest=name)
    return None
