"""Numbers as people and programs write them in texts: `1 800,00`, `1,234,567.89`, `20%`, `−5`, `1 800 ₽` with a unit.

`1,234` may be a thousand or a little more than one: it is refused, with both readings, until a decimal mark is stated.
Leading zeros (010 is a code), powers (1e5), brackets and any other forms are refused too. Databases use the same forms:
the regular expressions are limited to what all of them support.
"""

import re
from collections.abc import Collection
from decimal import Decimal

from kpicalc.model.texts import clean, name_key

_PLAIN = r"^[-+]?(?:0|[1-9][0-9]*)"
_GROUP = r"^[-+]?[1-9][0-9]{0,2}"
_SPACED = _GROUP + r"(?: [0-9]{3})+"
FORMS: tuple[tuple[str, str, str], ...] = (
    (_PLAIN + r"$", "", ""),
    (_SPACED + r"$", " ", ""),
    (_PLAIN + r"\.[0-9]+$", "", "."),
    (_PLAIN + r",[0-9]+$", "", ","),
    (_SPACED + r"\.[0-9]+$", " ", "."),
    (_SPACED + r",[0-9]+$", " ", ","),
    (_GROUP + r"(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})$", ",", "."),
    (_GROUP + r"(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})$", ".", ","),
)
"""A form of a number: a pattern, the separator of thousands, the decimal mark; empty where it has none."""
AMBIGUOUS = _GROUP + r"[.,][0-9]{3}$"
"""A number whose only mark may be a decimal one or a separator."""
MINUS = "\N{MINUS SIGN}"
_WITH_UNIT = re.compile(r"^([-+]?[0-9][0-9 .,]*?)\s*([^0-9\s.,].*)$")
_LONGEST = 40


def without_unit(text: str, units: Collection[str]) -> str | None:
    """Return a clean text without the unit after its number; None where the words after it are no unit.

    `units` are the words that may follow a number, as keys of names.
    """
    tail = _WITH_UNIT.match(text)
    if tail is None or tail[2] == "%":
        return text
    return tail[1] if name_key(tail[2]) in units else None


def number_in_text(
    text: str, units: Collection[str] = (), decimal: str | None = None
) -> Decimal | tuple[Decimal, Decimal] | None:
    """Return the number that a text means; None: no number at all.

    Two numbers are the two readings of an ambiguous text: `1,234` is 1234 or 1.234. `units` are the words that may
    follow, as keys of names; `decimal` is the decimal mark where it is stated.
    """
    body = without_unit(clean(text).replace(MINUS, "-"), units)
    if body is None or len(body) > _LONGEST:
        return None
    scale = Decimal(100) if body.endswith("%") else Decimal(1)
    body = body.removesuffix("%").rstrip()
    if decimal is None and re.match(AMBIGUOUS, body):
        return tuple(Decimal(re.sub(r"[.,]", mark, body)) / scale for mark in ("", "."))  # type: ignore[return-value]
    for pattern, thousands, mark in forms(decimal):
        if re.match(pattern, body):
            return Decimal(without_marks(body, thousands, mark)) / scale
    return None


def forms(decimal: str | None) -> list[tuple[str, str, str]]:
    """Return the forms that a number may have where its decimal mark is stated."""
    return [form for form in FORMS if decimal is None or form[2] in ("", decimal)]


def without_marks(text: str, thousands: str, mark: str) -> str:
    """Return a number without separators of thousands and with a decimal point; works on a database's text too."""
    text = text.replace(thousands, "") if thousands else text
    return text.replace(mark, ".") if mark == "," else text
