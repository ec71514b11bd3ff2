"""Checks before a file for 1C or a bank is written: amounts, dates, people's details, letters.

Every issue names the person and the cell. An issue is reported once, even if several targets find it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from kpicalc.exchange.target import Order
from kpicalc.lang import money, number, word
from kpicalc.model.fields import DetailField
from kpicalc.model.identifiers import digits, has_key, is_account, is_bic, is_card, is_iban, is_own_inn, is_snils
from kpicalc.model.issue import Issue, Place, issue, listed
from kpicalc.model.paid import Person

_LISTED = 5
_KOPECK = Decimal("0.01")
_LATIN, _CYRILLIC = re.compile(r"[A-Za-z]"), re.compile(r"[А-Яа-яЁё]")
_NO_NAME = re.compile(r"[^\w\s'\N{RIGHT SINGLE QUOTATION MARK}`\"=+@\N{HYPHEN}-\N{EN DASH}-]|[\d_]")
"""A sign that names do not have; hyphens of all kinds are theirs, signs of formulas and quotes told of elsewhere."""
_ALIKE = frozenset("ABCEHKMOPTXYaceopxy")
"""Latin letters that look like Russian ones."""
_FIRST_LETTER = 32
"""Characters below it are control characters, which no file accepts."""
_WRONG: Mapping[DetailField, tuple[str, Callable[[str], bool]]] = {
    "inn": ("inn_wrong", is_own_inn),
    "snils": ("snils_wrong", is_snils),
    "bank_bic": ("bic_wrong", is_bic),
    "card": ("card_wrong", is_card),
    "account": ("account_form", is_account),
    "iban": ("iban_wrong", is_iban),
}
_GROUPED = frozenset({"snils", "card", "account", "iban"})
"""Numbers that people write in groups."""


def number_of(person: Person, name: DetailField) -> str:
    """Return a detail without the spaces and dashes that people type in numbers."""
    return digits(person.detail(name)) if name in _GROUPED else person.detail(name)


def accruals(order: Order) -> Iterator[Issue]:
    """Check that 1C can load all accruals: a personnel number, no amount below 0, whole kopecks."""
    unnumbered = [person for person in order.paid.people if person.name and person.id.startswith(person.name)]
    if unnumbered:
        names = listed(unnumbered, _LISTED)
        yield issue("number_needed", unnumbered[0].place, count=len(unnumbered), names=names)
    for person in order.paid.people:
        if person.accrued < 0:
            yield _amount("accrued_negative", order, person, person.accrued)
        yield from _whole_kopecks(order, person, person.accruals)


def payments(order: Order, *, currency: str | None) -> Iterator[Issue]:
    """Check that every total can be paid: stated date, right currency, above 0, whole kopecks."""
    paid = order.paid
    if order.day is None:
        yield issue("date_open", Place(paid.file), period=paid.period)
    if currency is not None and paid.currency != currency:
        yield issue("currency_of_bank", Place(paid.file), found=paid.currency, allowed=currency)
    nothing = [person for person in paid.people if not person.total]
    if nothing:
        names = listed(nothing, _LISTED)
        yield issue("paid_zero", nothing[0].place, count=len(nothing), names=names)
    for person in paid.payable():
        if person.total < 0:
            yield _amount("paid_negative", order, person, person.total)
        yield from _whole_kopecks(order, person, (person.total,))
    if not paid.payable():
        yield issue("nobody_to_transfer", Place(paid.file))


def _amount(code: str, order: Order, person: Person, amount: Decimal) -> Issue:
    return issue(code, person.place, who=person, found=money(amount, order.paid.language))


def _whole_kopecks(order: Order, person: Person, amounts: Sequence[Decimal]) -> Iterator[Issue]:
    for amount in amounts:
        if amount % _KOPECK:
            yield issue("part_of_kopeck", person.place, who=person, found=number(amount, order.paid.language))
            return


def detail(order: Order, name: DetailField, people: Sequence[Person]) -> Iterator[Issue]:
    """Check that each of these people has a detail that the file needs, with correct control digits."""
    code, fits = _WRONG[name]
    for person in people:
        text, place = number_of(person, name), order.paid.place(person, name)
        if not text:
            heading = word(f"sheets.detail.{name}", order.paid.language)
            yield issue("detail_missing", place, who=person, heading=heading)
        elif not fits(text):
            yield issue(code, place, who=person, found=person.detail(name))


def account_keys(order: Order, people: Sequence[Person]) -> Iterator[Issue]:
    """Check that each account belongs to the bank beside it, or else to the organisation's own bank."""
    for person in people:
        account, bic = number_of(person, "account"), person.detail("bank_bic") or order.payer.payees_bic
        if is_account(account) and is_bic(bic) and not has_key(account, bic):
            yield issue("account_key", order.paid.place(person, "account"), who=person, found=account, bic=bic)


def not_twice(order: Order, name: DetailField, people: Sequence[Person]) -> Iterator[Issue]:
    """Check that no two people are paid to one account."""
    owners: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if text := number_of(person, name):
            owners[text].append(person)
    for text, sharers in owners.items():
        for person in sharers[1:]:
            place = order.paid.place(person, name)
            yield issue("account_twice", place, who=person, found=text, other=sharers[0])


def name_parts(person: Person) -> tuple[str, str, str] | None:
    """Return last, first and middle name: from their columns, or from a name of two or three words."""
    stated = (person.detail("last_name"), person.detail("first_name"), person.detail("middle_name"))
    if stated[0] and stated[1]:
        return stated
    words = person.name.split()
    if any(stated) or len(words) not in (2, 3):
        return None
    return (words[0], words[1], words[2] if len(words) == 3 else "")


def names(order: Order, people: Sequence[Person]) -> Iterator[Issue]:
    """Check that every name can be split into its parts: whole words, each in one alphabet."""
    for person in people:
        parts, place = name_parts(person), order.paid.place(person, "name")
        if parts is None:
            yield issue("name_parts", place, who=person.id, found=person.name)
            continue
        short = next((part for part in parts if part and _not_whole(part, person)), None)
        if short is not None:
            yield issue("name_initials", place, who=person, found=short)
        yield from _odd_letters(person, parts, place)
    yield from no_formulas(people, lambda person: name_parts(person) or ())


def whole_names(order: Order, people: Sequence[Person]) -> Iterator[Issue]:
    """Check names that a bank reads as one text: no initials, one alphabet, no sign with a special meaning."""
    for person in people:
        short = next((part for part in person.name.split() if _not_whole(part, person)), None)
        if short is not None:
            yield issue("name_initials", order.paid.place(person, "name"), who=person, found=short)
    yield from clean_names(order, people)


def _not_whole(part: str, person: Person) -> bool:
    """Tell whether a part of a name is an initial or no name: (декрет), 2; a letter may be a surname in its column."""
    is_letter = len(part) == 1 and part != person.detail("last_name")
    return is_letter or "." in part or bool(_NO_NAME.search(part))


def clean_names(order: Order, people: Sequence[Person], of: DetailField | None = None) -> Iterator[Issue]:
    """Check that names are in one alphabet and begin with a letter; `of` is the column of a second name, if stated."""
    for person in people:
        second = person.detail(of) if of else ""
        place = order.paid.place(person, of if of and second else "name")
        yield from _odd_letters(person, (second or person.name).split(), place)
    yield from no_formulas(people, lambda person: ((person.detail(of) if of else "") or person.name,))


def _odd_letters(person: Person, parts: Sequence[str], place: Place) -> Iterator[Issue]:
    """Report the part of a Russian name that contains Latin letters, or Latin letters that look Russian."""
    russian = any(map(_CYRILLIC.search, parts))
    for part in parts:
        latin = _LATIN.findall(part)
        if latin and russian and (_CYRILLIC.search(part) or _ALIKE.issuperset(latin)):
            letters_found = "".join(dict.fromkeys(latin))
            yield issue("name_letters", place, who=person, found=part, letters=letters_found)
            return


def no_formulas(people: Sequence[Person], texts: Callable[[Person], Sequence[str]]) -> Iterator[Issue]:
    """Check that no text becomes a formula or a quoted text when a file is opened."""
    for person in people:
        for text in texts(person):
            if text.startswith(("=", "+", "-", "@", '"')) or text.count('"') % 2:
                yield issue("formula_in_text", person.place, who=person, found=text)
                break


def too_long(order: Order, people: Sequence[Person], limit: int) -> Iterator[Issue]:
    """Check that the parts of names fit into the file: nothing is cut off."""
    for person in people:
        for part in name_parts(person) or ():
            if len(part) > limit:
                yield issue("too_long", order.paid.place(person, "name"), who=person, found=part, limit=limit)


def letters(order: Order, encoding: str, people: Sequence[Person], fields: Sequence[str]) -> Iterator[Issue]:
    """Check that the file's encoding has every letter; none is ever replaced by a question mark."""
    for person in people:
        texts_here = {"id": person.id, "name": person.name, "department": person.department}
        for name in fields:
            if bad := unwritable(texts_here[name] if name in texts_here else person.detail(name), encoding):
                place = order.paid.place(person, name)
                yield issue("letter_unwritable", place, who=person, found=shown_letter(bad), encoding=encoding)
                break


def writ_lines(order: Order) -> Iterator[Issue]:
    """Check that the lines listed as withheld by writs are lines of this payroll."""
    for at, title in enumerate(order.payer.data.writs):
        if title not in order.paid.withheld:
            place = order.payer.source.place("writs", at)
            yield issue("writ_unknown", place, found=title, allowed=order.paid.withheld or "—")


def writs_of(order: Order, person: Person) -> Decimal:
    """Return the amount withheld from a person by writs, as a positive amount."""
    titles = order.payer.data.writs
    amounts = zip(order.paid.withheld, person.withheld, strict=True)
    return -sum((amount for title, amount in amounts if title in titles), Decimal(0))


def unwritable(text: str, encoding: str) -> str:
    """Return the first letter that an encoding lacks, or the first control character, or an empty text."""
    if control := next((letter for letter in text if ord(letter) < _FIRST_LETTER), ""):
        return control
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        return text[error.start]
    return ""


def shown_letter(letter: str) -> str:
    """Return a letter with its code, because some letters are invisible."""
    number_of_it = f"U+{ord(letter):04X}"
    return f"{letter} ({number_of_it})" if letter.isprintable() else number_of_it


def settings(order: Order, section: str) -> Iterator[Issue]:
    """Check that there is an organisation file with the section that the target needs."""
    if order.organisation is None:
        yield issue("organisation_missing", Place(order.paid.file), section=section)
    elif getattr(order.organisation.data, section) is None:
        yield issue("organisation_section", order.organisation.source.place(), section=section)


def stated(order: Order, *keys: str) -> Iterator[Issue]:
    """Check that the organisation file states what the target needs."""
    if order.organisation is None:
        return
    for key in keys:
        if not getattr(order.organisation.data, key):
            yield issue("organisation_key", order.organisation.source.place(), key=key)


def written(order: Order, encoding: str, *path: str) -> Iterator[Issue]:
    """Check that a text of the organisation file can be written in the file's encoding."""
    if order.organisation is None:
        return
    value: object = order.organisation.data
    for part in path:
        value = getattr(value, part)
    if bad := unwritable(str(value or ""), encoding):
        place = order.organisation.source.place(*path)
        yield issue("letter_of_organisation", place, found=shown_letter(bad), encoding=encoding)
