"""How people write names: what counts as the same name, and which known name is the nearest to a mistyped one."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cache

from kpicalc.lang import catalogue
from kpicalc.model.fields import SheetRole

LIKE = 0.75
"""How alike two names must be for one to be taken for a slip of the pen."""

NEAR = 0.5
"""How alike they must be for one to be offered in place of the other."""

NEAR_NUMBER = 0.65
"""The same for personnel numbers, in which most signs are alike anyway."""

_NOT_A_NAME = re.compile(r"(?:[^\w%№₽$€₸]|_)+")
_INVISIBLE = str.maketrans("", "", "\u200b\ufeff\u2060\u00ad")
_FEW = 2000


def clean(text: str) -> str:
    """Trim a text and make every run of spaces, no-break spaces and line breaks one space."""
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(text.translate(_INVISIBLE).split())


def name_key(text: str) -> str:
    """Return what two spellings of one name share: case, spaces, punctuation and ё do not matter."""
    return _NOT_A_NAME.sub(" ", clean(text).casefold().replace("ё", "е")).strip()


def spelling_key(text: str) -> str:
    """Return what spellings share that differ only by case, spaces and ё; punctuation counts."""
    return "".join(text.casefold().replace("ё", "е").split())


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1."""
    return SequenceMatcher(None, name_key(one), name_key(other)).ratio()


def nearest(name: str, known: Collection[str]) -> str:
    """Return the known name that is most like a mistyped one; empty only where nothing is known."""
    by_key = {name_key(item): item for item in known}
    found = get_close_matches(name_key(name), by_key, 1, 0)
    return by_key[found[0]] if found else ""


def near(names: Collection[str], known: Collection[str]) -> str:
    """Return the known name that is most like any of the names, where one is like enough to be meant."""
    likest = max(known, key=lambda item: max(likeness(name, item) for name in names), default="")
    return likest if any(likeness(name, likest) >= NEAR for name in names) else ""


def nearest_number(number: str, ordered: Sequence[str]) -> str:
    """Return the personnel number most like a mistyped one, from numbers in text order; empty where none is near.

    Where two are as near, neither is: a wrong hint costs more than none. Among many thousands only the neighbours in
    order and the numbers one slip away are compared: a comparison with all of them would take minutes on a sheet full
    of strangers.
    """
    known: Collection[str] = ordered
    if len(ordered) > _FEW:
        known = {ordered[at] for text in _one_slip(number) if (at := bisect_left(ordered, text)) < len(ordered)}
    found = get_close_matches(number, sorted(known), 2, NEAR_NUMBER)
    if len(found) > 1 and _ratio(number, found[0]) == _ratio(number, found[1]):
        return ""
    return found[0] if found else ""


def _ratio(number: str, other: str) -> float:
    return SequenceMatcher(None, other, number).ratio()


def _one_slip(text: str) -> set[str]:
    padded = {"0" * zeros + text for zeros in range(1, 6)} | {text.lstrip("0")}
    swapped = {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)}
    dropped = {text[:at] + text[at + 1 :] for at in range(len(text))}
    changed = {text[:at] + digit + text[at + 1 :] for at in range(len(text)) for digit in "0123456789"}
    return {text} | padded | swapped | dropped | changed


@cache
def sheet_names(role: SheetRole) -> tuple[str, ...]:
    """Return what a sheet may be called, as keys."""
    return tuple(name_key(text) for text in sheet_aliases(role))


def sheet_aliases(role: SheetRole) -> tuple[str, ...]:
    """Return what a sheet may be called, as messages write it."""
    entry = catalogue("tables")["sheets"][role]
    return (*entry["ru"], *entry["en"])


def sheet_title(role: SheetRole, language: str) -> str:
    """Return the name of a sheet that messages use."""
    title: str = catalogue("tables")["sheets"][role][language][0]
    return title


@cache
def field_names(role: SheetRole) -> Mapping[str, str]:
    """Return the headings that a sheet may have: heading as key -> field.

    Every sheet may repeat the columns of the Employees sheet; its own columns come first.
    """
    fields = catalogue("tables")["fields"]
    names: dict[str, str] = {}
    for entries in (fields[role], fields["employees"]):
        for field, entry in entries.items():
            for text in (*entry["ru"], *entry["en"]):
                names.setdefault(name_key(text), field)
    return names


def field_title(role: SheetRole, field: str, language: str) -> str:
    """Return the heading of a field that messages use."""
    fields = catalogue("tables")["fields"]
    entry = fields[role].get(field) or fields["employees"][field]
    title: str = entry[language][0]
    return title


@cache
def words(group: str) -> frozenset[str]:
    """Return the words that mean something in a table: totals, not_paid, no_figure, error_cells, before_month."""
    return frozenset(text.casefold() for text in catalogue("tables")["words"][group])


@cache
def currency_words(currency: str) -> frozenset[str]:
    """Return how people write a currency after an amount, as keys."""
    known: list[str] = catalogue("tables")["currencies"].get(currency, [])
    return frozenset(name_key(text) for text in (*known, currency))


def same_unit(one: str, other: str) -> bool:
    """Tell whether two spellings name one unit: руб and ₽, шт and шт."""
    keys = {name_key(one), name_key(other)}
    return len(keys) == 1 or any(keys <= currency_words(code) for code in catalogue("tables")["currencies"])
