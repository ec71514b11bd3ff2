"""Numbers with control digits: taxpayers, insurance, banks, accounts, cards. Every check takes a text.

Account key: the Bank of Russia's order No 515 of 08.09.1997. SNILS: the digits times 9 to 1, modulo 101.
"""

import re

from stdnum import iban, luhn
from stdnum.ru import inn, ogrn

_ACCOUNT = re.compile(r"^\d{5}[0-9АВСЕНКМРТХABCEHKMPTX]\d{14}$")
_CLEARING = dict(zip("АВСЕНКМРТХABCEHKMPTX", "01234567890123456789", strict=True))
"""The letter of a clearing currency in the sixth place, Cyrillic or Latin, stands for a digit."""
_KPP = re.compile(r"^(?!00)\d{4}[0-9A-Z]{2}\d{3}$")
_WEIGHTS = (7, 1, 3)
_SNILS_CHECKED_FROM = 1_001_998
_CENTRAL_BANK = ("000", "001", "002")
"""The last digits of the BIC of a settlement centre of the Bank of Russia."""


def digits(text: str) -> str:
    """Return a number without blanks and dashes."""
    return re.sub(r"[\s\-–]", "", text)


def is_inn(text: str) -> bool:
    """Tell whether a text is an INN: 10 digits of an organisation or 12 of a person."""
    return text.isdecimal() and not text.startswith("00") and bool(inn.is_valid(text))


def is_own_inn(text: str) -> bool:
    """Tell whether a text is a person's INN: 12 digits."""
    return len(text) == 12 and is_inn(text)


def is_ogrn(text: str) -> bool:
    """Tell whether a text is an OGRN (13 digits) or OGRNIP (15)."""
    return text.isdecimal() and bool(ogrn.is_valid(text))


def is_kpp(text: str) -> bool:
    """Tell whether a text has the form of a KPP; it has no control digit."""
    return bool(_KPP.match(text))


def is_bic(text: str) -> bool:
    """Tell whether a text has the form of a bank's BIC: 9 digits; it has no control digit."""
    return len(text) == 9 and text.isdecimal()


def is_snils(text: str) -> bool:
    """Tell whether 11 digits are a SNILS."""
    if len(text) != 11 or not text.isdecimal():
        return False
    if int(text[:9]) <= _SNILS_CHECKED_FROM:
        return True
    rest = sum(int(digit) * weight for digit, weight in zip(text, range(9, 0, -1), strict=False)) % 101
    return rest % 100 == int(text[9:])


def is_account(text: str) -> bool:
    """Tell whether a text has the form of an account: 20 digits, the sixth of which may be a letter."""
    return bool(_ACCOUNT.match(text))


def has_key(account: str, bic: str) -> bool:
    """Tell whether an account's key fits the bank; a correspondent account is recognised by its 30101."""
    if account.startswith("30101"):
        return _fits(account, "0" + bic[4:6])
    # The key of an account in a settlement centre of the Bank of Russia depends on its region.
    return _fits(account, bic[6:]) or (bic.endswith(_CENTRAL_BANK) and _fits(account, "0" + bic[4:6]))


def _fits(account: str, bank: str) -> bool:
    number = bank + account[:5] + _CLEARING.get(account[5], account[5]) + account[6:]
    return sum(int(digit) * _WEIGHTS[index % 3] % 10 for index, digit in enumerate(number)) % 10 == 0


def is_card(text: str) -> bool:
    """Tell whether a text is a card's number: 16 to 19 digits with Luhn's control digit."""
    return 16 <= len(text) <= 19 and text.isdecimal() and bool(luhn.is_valid(text))


def is_iban(text: str) -> bool:
    """Tell whether a text is an IBAN: its country's form and the control digits; the bank is not checked."""
    return bool(iban.is_valid(text, check_country=False))
