"""Whose row is it: the name beside a personnel number must not be somebody else's."""

import re
from difflib import SequenceMatcher

from kpicalc.intake.alphabets import look
from kpicalc.intake.sheets.names import clean, field_names, name_key
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.table import Table

SLIP = 0.75
"""How alike two words of a name must be for one to be a slip of the pen for the other."""
_SHORTEST = 4
_JOINED_INITIALS = re.compile(r"\b([^\W\d_])([^\W\d_])\b")
_LATIN_ONLY = re.compile(r"[a-z ]+")


def name_column(table: Table) -> int | None:
    """Return the column of names on a sheet that is not read for them; None where there is none."""
    names = field_names(table.about.role)
    used = table.used()
    for column, cell in enumerate(table.sheet.rows[table.head]):
        if column not in used and isinstance(cell, str) and names.get(name_key(cell)) == "name":
            return column
    return None


def check_names(reading: Reading) -> None:
    """Warn of every row whose name is not the name of its personnel number; owners below 0 are nobody's rows."""
    column = name_column(reading.table)
    if column is None:
        return
    cells, payees = reading.table.sheet.rows, reading.who.payees
    for row, owner in zip(reading.rows, reading.owners, strict=True):
        line = cells[row]
        value = line[column] if column < len(line) else None
        if owner < 0 or type(value) is not str or value == payees[owner].name:
            continue
        if (
            value[:1] != "#"
            and not _shortened(value, payees[owner].name)
            and not same_person(value, payees[owner].name)
        ):
            payee = payees[owner]
            reading.tell("name_differs", row, column, number=payee.id, name=payee.name, found=clean(value))


def _shortened(one: str, other: str) -> bool:
    """Tell at little cost what most sheets do: the same words in the same order, cut short to initials or left out."""
    words, others = (name.casefold().replace(".", " ").split() for name in (one, other))
    if not words or not others or words[0] != others[0]:
        return False
    return all(
        word == meant or (min(len(word), len(meant)) == 1 and word[0] == meant[0])
        for word, meant in zip(words, others, strict=False)
    )


def same_person(one: str, other: str) -> bool:
    """Tell whether two names may be one person's.

    Case, ё, spaces, the order of words, initials, a missing patronymic or given name and a slip of the pen do not
    matter; names in two alphabets are not compared.
    """
    one_key, other_key = name_key(one), name_key(other)
    if one_key == other_key or not one_key or not other_key:
        return True
    if bool(_LATIN_ONLY.fullmatch(one_key)) != bool(_LATIN_ONLY.fullmatch(other_key)):
        return True
    seen, other_seen = look(one), look(other)
    return _fits(seen, other_seen) or _fits(_apart(seen), _apart(other_seen))


def _apart(name: str) -> str:
    """Write joined initials apart: «Иванова АС» is «Иванова А. С.»."""
    return _JOINED_INITIALS.sub(r"\1 \2", name)


def _fits(one: str, other: str) -> bool:
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
    alike = SequenceMatcher(None, one, other).ratio()
    return alike if alike >= SLIP else 0.0
