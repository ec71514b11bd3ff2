"""Patterns of sheet names and headings that depend on the month that is paid: `ЗП {month} {yyyy}`."""

import re
from itertools import product

from kpicalc.intake.sheets.month_words import month_in, spellings
from kpicalc.model.book import Raw
from kpicalc.model.texts import name_key

_BLANK = re.compile(r"\{(yyyy|yy|mm|m|month|quarter)\}")
PAYEE = "{payee}"


def is_pattern(text: str) -> bool:
    """Tell whether a name depends on the month."""
    return bool(_BLANK.search(text))


def texts_of(pattern: str, period: str | None) -> frozenset[str]:
    """Return the names, as keys, that a pattern means in a month; a name without {…} means itself."""
    if period is None or not is_pattern(pattern):
        return frozenset({name_key(pattern)})
    year, number = period[:4], int(period[5:])
    forms = {
        "yyyy": [year],
        "yy": [year[2:]],
        "mm": [f"{number:02}"],
        "m": [str(number)],
        "month": [*spellings(number)],
        "quarter": [str((number + 2) // 3)],
    }
    blanks = list(dict.fromkeys(_BLANK.findall(pattern)))
    keys = set()
    for texts in product(*(forms[blank] for blank in blanks)):
        text = pattern
        for blank, form in zip(blanks, texts, strict=True):
            text = text.replace("{" + blank + "}", form)
        keys.add(name_key(text))
    return frozenset(keys)


def shown_pattern(pattern: str, period: str | None) -> str:
    """Return what a pattern means in a month, for messages: the first of its forms."""
    if period is None:
        return pattern
    year, number = period[:4], int(period[5:])
    forms = {"yyyy": year, "yy": year[2:], "mm": f"{number:02}", "m": str(number), "quarter": str((number + 2) // 3)}
    return _BLANK.sub(lambda blank: forms.get(blank[1]) or spellings(number)[0].capitalize(), pattern)


def means(pattern: str, value: Raw, period: str | None) -> bool:
    """Tell whether a heading matches a pattern.

    `{month}` alone also matches the month in any other form of a heading: a date, «окт.26», 2026-10.
    """
    if isinstance(value, str) and name_key(value) in texts_of(pattern, period):
        return True
    if pattern.strip() != "{month}" or period is None or isinstance(value, bool | int | float):
        return False
    return month_in(value) == (int(period[:4]), int(period[5:]))


def payee_in(pattern: str, name: str, period: str | None) -> str | None:
    """Return the part of a sheet's name that stands for a person: `KPI {payee}` and «KPI Иванова» -> «Иванова»."""
    before, _, after = pattern.partition(PAYEE)
    body = " ".join(name.split())
    for first in sorted(texts_of(before, period), key=len, reverse=True) if before.strip() else [""]:
        for last in sorted(texts_of(after, period), key=len, reverse=True) if after.strip() else [""]:
            key = name_key(body)
            if key.startswith(first) and key.endswith(last) and len(key) > len(first) + len(last):
                words = body.split(" ")
                own = words[len(first.split()) : len(words) - len(last.split())]
                return " ".join(own) or key[len(first) : len(key) - len(last)].strip()
    return None
