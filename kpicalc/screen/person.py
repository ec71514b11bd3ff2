"""The heading with a person's name."""

from kpicalc.lang import Language, word
from kpicalc.model.inputs import Payee


def in_full(payee: Payee, language: Language) -> str:
    """Return the name, with the personnel number if there is one: without numbers, `id` is the name."""
    if not payee.has_number:
        return payee.id
    return word("people.page.person", language).format(name=payee.name, id=payee.id)
