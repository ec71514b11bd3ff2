"""Control digits: the published examples, and other people's checks of the same numbers."""

import pytest
from ru_requisites import AccountKind, validate_account, validate_inn
from ru_requisites.inn import OrganizationKind

from kpicalc.model.identifiers import (
    digits,
    has_key,
    is_account,
    is_bic,
    is_card,
    is_iban,
    is_inn,
    is_kpp,
    is_ogrn,
    is_snils,
)


def changed(number: str) -> list[str]:
    """Return every number that differs in one digit."""
    slips = ((at, new) for at in range(len(number)) for new in "0123456789" if new != number[at])
    return [number[:at] + new + number[at + 1 :] for at, new in slips]


def test_the_key_of_an_account() -> None:
    """The worked examples of the Bank of Russia's order No 515: a client's account, and a correspondent account."""
    assert has_key("40602810700000000025", "049805746")
    assert has_key("30101810800000000746", "049805000")
    # The sum of the products is taken by last digits, weights 7, 1, 3: every single slip shows.
    assert not any(has_key(number, "049805746") for number in changed("40602810700000000025"))
    assert not has_key("40602810700000000025", "049805747")


@pytest.mark.parametrize("bic", ["049805746", "044525225", "046577674"])
def test_keys_agree_with_another_program(bic: str) -> None:
    for key in "0123456789":
        account = f"40817810{key}00000012345"
        assert has_key(account, bic) == validate_account(account, bic=bic, kind=AccountKind.SETTLEMENT).ok, (
            account,
            bic,
        )
    for key in "0123456789":
        account = f"30101810{key}00000000746"
        theirs = validate_account(account, bic="049805746", kind=AccountKind.CORRESPONDENT).ok
        assert has_key(account, "049805746") == theirs, account


def test_a_letter_of_a_clearing_currency_is_a_digit() -> None:
    """The order gives А В С Е Н К М Р Т Х for 0 to 9; Latin letters look the same."""
    assert is_account("40602А10700000000025") == is_account("40602A10700000000025") is True
    for digit, letters in enumerate(zip("АВСЕНКМРТХ", "ABCEHKMPTX", strict=True)):
        for letter in letters:
            number = "40602{}10700000000025"
            assert has_key(number.format(letter), "049805746") == has_key(number.format(digit), "049805746")


@pytest.mark.parametrize("number", ["4060281070000000002", "406028107000000000255", "40602810700000000O25", ""])
def test_the_form_of_an_account(number: str) -> None:
    assert not is_account(number)


@pytest.mark.parametrize("number", ["7707083893", "7736050003", "500100732259"])
def test_an_inn(number: str) -> None:
    assert is_inn(number)
    kind = OrganizationKind.LEGAL_ENTITY if len(number) == 10 else OrganizationKind.INDIVIDUAL_ENTREPRENEUR
    for slip in changed(number):
        if not slip.startswith("00"):
            assert is_inn(slip) == validate_inn(slip, kind).ok, slip


@pytest.mark.parametrize("number", ["7707083894", "770708389", "0000000000", "77070838 93", "٧٧٠٧٠٨٣٨٩٣"])
def test_no_inn(number: str) -> None:
    assert not is_inn(number)


def test_a_snils() -> None:
    """112-233-445 95 is the example of the rule: 1x9 + 1x8 + 2x7 + 2x6 + 3x5 + 3x4 + 4x3 + 4x2 + 5x1 = 95."""
    assert is_snils("11223344595")
    assert not any(is_snils(slip) for slip in changed("11223344595"))
    # A remainder of 100 is written 00: 018973925: 9+... sums to 201, 201 mod 101 = 100.
    assert is_snils("01897392500")
    # Numbers up to 001-001-998 carry no control number.
    assert is_snils("00100199877")
    assert not is_snils("1122334459")


def test_other_numbers() -> None:
    """1027700132195 is a published OGRN (Sberbank); the cards are the payment systems' test numbers."""
    assert is_ogrn("1027700132195")
    assert not is_ogrn("1027700132194")
    assert is_kpp("770701001")
    assert not is_kpp("00070100")
    assert is_bic("044525225")
    assert not is_bic("44525225")
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert is_iban("BA391290079401028494")
    assert not is_iban("BA391290079401028495")
    assert digits(" 4111 1111–1111-1111 ") == "4111111111111111"
