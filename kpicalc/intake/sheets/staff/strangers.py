"""An unknown personnel number: suggests the person who is meant, if the row shows it."""

from collections.abc import Callable, Sequence

from kpicalc.intake.sheets.reading import Reading
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.persons import same_person
from kpicalc.model.texts import LIKE, in_one_alphabet, look, name_key, nearest, nearest_number, wrong_alphabet

_MOST_NAMESAKES = 100
"""For a surname with more people no match is tried: a sheet full of unknown names would take minutes."""
_ZEROS = str.maketrans("OОoо", "0000")


def stranger(reading: Reading, row: int, number: str, free: Sequence[str]) -> Issue:
    """Return the issue for an unknown number; a name in the row shows best who is meant, then the number itself.

    `free` are the numbers that may be meant, in text order; if two are equally near, none is suggested.
    """
    table, who = reading.table, reading.who
    place = table.place(row, table.fields["id"])
    zeros = number.translate(_ZEROS)
    if zeros != number and zeros in who.names:
        return issue("letter_for_zero", place, found=number, number=zeros, name=who.names[zeros] or "—")
    if look_alike := wrong_alphabet(place, number, [who.by_look.get(look(number), "")]):
        return look_alike
    named, near = _by_name(reading, row)
    bare = who.bare.get(number.lstrip("0") or "0", [])
    if len(bare) == 1 and (not named or near == bare[0]):
        name = who.names.get(bare[0]) or "—"
        return issue("zeros_differ", place, found=number, sheet=table.sheet.name, number=bare[0], name=name)
    if not named:
        near = nearest_number(number, free)
    if not near:
        return issue("unknown_payee_far", place, found=number, sheet=table.sheet.name)
    name = who.names.get(near, "")
    code = "unknown_payee_named" if named else "unknown_payee"
    return issue(code, place, found=number, sheet=table.sheet.name, nearest=f"{near} ({name})" if name else near)


def stranger_named(reading: Reading, row: int, name: str) -> Issue:
    """Return the issue for a name that fits nobody on the Employees sheet, with the most similar name."""
    who, table = reading.who, reading.table
    place = table.place(row, table.fields["id"])
    names = list(dict.fromkeys(who.names.values()))
    if look_alike := wrong_alphabet(place, name, names) or in_other_letters(who.numbers_of, place, name):
        return look_alike
    facts = {"found": name, "sheet": table.sheet.name}
    if len(names) <= _MOST_NAMESAKES:
        # The order of words does not matter.
        ordered = {" ".join(sorted(name_key(known).split())): known for known in names}
        if near_one := nearest(" ".join(sorted(name_key(name).split())), ordered, LIKE):
            return issue("unknown_person", place, **facts, nearest=ordered[near_one])
    return issue("unknown_person_far", place, **facts)


def in_other_letters(find: Callable[[str], Sequence[str]], place: Place, name: str) -> Issue | None:
    """Return the issue for a name, also a shortened one, that fits one person but for letters of the other alphabet."""
    for fixed in in_one_alphabet(name):
        if len(find(fixed)) == 1:
            return wrong_alphabet(place, name, [fixed])
    return None


def _by_name(reading: Reading, row: int) -> tuple[bool, str]:
    """Return whether the row names a known person, and the number, if only one person fits."""
    who = reading.who
    for value in reading.table.sheet.rows[row]:
        if not isinstance(value, str) or not value:
            continue
        key = name_key(value)
        if meant := who.by_name.get(key):
            return True, meant
        surname = next((word for word in key.split() if len(word) > 1), "")
        namesakes = who.by_word.get(surname, [])
        if len(namesakes) > _MOST_NAMESAKES:
            continue
        alike = [number for number in namesakes if same_person(value, who.names[number])]
        if len(alike) == 1:
            return True, alike[0]
        if alike:
            return True, ""
    return False, ""
