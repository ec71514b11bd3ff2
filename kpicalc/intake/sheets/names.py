"""The names of sheets and columns, and the words with a meaning in them."""

import re
from collections.abc import Mapping
from functools import cache

from kpicalc.lang import LANGUAGES, catalogue
from kpicalc.model.fields import SheetRole
from kpicalc.model.texts import name_key

_WHOLE_WORD = 2
"""A word of so few letters is no beginning of another."""


@cache
def sheet_names(role: SheetRole) -> tuple[str, ...]:
    """Return the names that a sheet may have, as keys."""
    return tuple(name_key(text) for text in sheet_aliases(role))


def sheet_aliases(role: SheetRole) -> tuple[str, ...]:
    """Return the names that a sheet may have, as messages write them."""
    entry = catalogue("tables")["sheets"][role]
    return tuple(text for language in LANGUAGES for text in entry[language])


def sheet_title(role: SheetRole, language: str) -> str:
    """Return the name of a sheet that messages use."""
    title: str = catalogue("tables")["sheets"][role][language][0]
    return title


@cache
def field_names(role: SheetRole) -> Mapping[str, str]:
    """Return the headings that a sheet may have: heading as key -> field.

    Every sheet may repeat the columns of the Employees sheet; its own columns have priority.
    """
    fields = catalogue("tables")["fields"]
    names: dict[str, str] = {}
    for entries in (fields[role], fields["employees"]):
        for field, entry in entries.items():
            for text in (text for language in LANGUAGES for text in entry[language]):
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
    """Return the words with a meaning in a table: totals, not_paid, no_figure, error_cells, before_month."""
    return frozenset(text.casefold() for text in catalogue("tables")["words"][group])


@cache
def currency_words(currency: str) -> frozenset[str]:
    """Return the ways to write a currency after an amount, as keys."""
    known: list[str] = catalogue("tables")["currencies"].get(currency, [])
    return frozenset(name_key(text) for text in (*known, currency))


@cache
def any_currency() -> frozenset[str]:
    """Return the ways to write any currency after an amount."""
    return frozenset(text for code in catalogue("tables")["currencies"] for text in currency_words(code))


@cache
def times_in(unit: str) -> int:
    """Return what a unit is times: 1000 of «тыс. руб.», «т.р.» and k, a million of «млн», 1 of any other."""
    key = name_key(unit)
    for group, times in (("thousands", 10**3), ("millions", 10**6), ("billions", 10**9)):
        if any(re.search(rf"\b{word}" + (r"\b" if len(word) <= _WHOLE_WORD else ""), key) for word in words(group)):
            return times
    return 1


def same_unit(one: str, other: str) -> bool:
    """Tell whether two spellings name one unit: руб and ₽, шт and штук."""
    short, long = keys = sorted((name_key(one), name_key(other)), key=len)
    if short == long or (len(short) > 1 and long.isalpha() and long.startswith(short)):
        return True
    return any(currency_words(code).issuperset(keys) for code in catalogue("tables")["currencies"])
