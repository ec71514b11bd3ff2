"""SEPA credit transfer for wages, pain.001 with the category purpose SALA. Needs the extra `sepa`.

The writer, sepaxml, knows no category purpose and stamps the current time: both are corrected here, and the result is
validated by its schema again.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.util import find_spec
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.vetting import clean_names, detail, not_twice, number_of, payments, settings
from kpicalc.exchange.wording import blanks, fill
from kpicalc.lang import severity
from kpicalc.model import period
from kpicalc.model.identifiers import digits
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.organisation import Sepa
from kpicalc.model.paid import Count

_NAME, _PURPOSE = 70, 140


def check(order: Order) -> Sequence[Issue]:
    """Check the library, the payer and every person's IBAN."""
    issues = list(settings(order, "sepa"))
    if find_spec("sepaxml") is None:
        issues.append(issue("sepa_not_installed", Place(order.paid.file)))
    if order.organisation is None or issues:
        return issues
    people = order.paid.payable()
    issues += [*payments(order, currency="EUR"), *detail(order, "iban", people)]
    issues += not_twice(order, "iban", people)
    issues += [*_names(order), *clean_names(order, people)]
    if not any(severity(item) == "error" for item in issues):
        issues += _purpose(order)
    return issues


def write(order: Order) -> Sequence[Content]:
    """Write one file."""
    from sepaxml import SepaTransfer
    from sepaxml.validation import try_valid_xml

    payer = _payer(order)
    config: dict[str, Any] = {"name": payer.name, "IBAN": digits(payer.iban), "currency": "EUR", "batch": True}
    if payer.bic:
        config["BIC"] = payer.bic
    transfer = SepaTransfer(config, schema=payer.version, clean=True)
    document = uuid5(NAMESPACE_URL, f"kpicalc:{payer.iban}:{order.paid.period}:{order.number}")
    for person in order.paid.payable():
        transfer.add_payment(
            {
                "name": person.name,
                "IBAN": number_of(person, "iban"),
                "amount": int(person.total * 100),
                "description": fill(payer.purpose, _values(order)),
                "execution_date": order.pays_on,
                "endtoend_id": uuid5(document, person.id).hex,
            }
        )
    data = _put_right(transfer.export(validate=True), order, document.hex)
    try_valid_xml(data, payer.version)
    return [Content(f"{order.stem}-sepa.xml", data, order.paid.paid)]


def _put_right(data: bytes, order: Order, document: str) -> bytes:
    """Add the category purpose; the same payment gets the same identity and time, that of the day of payment."""
    space = f"urn:iso:std:iso:20022:tech:xsd:{_payer(order).version}"
    ET.register_namespace("", space)
    root = ET.fromstring(data)  # noqa: S314 - written by us a line above

    def all_of(name: str) -> Iterator[ET.Element]:
        return root.iter(f"{{{space}}}{name}")

    for name, text in (("MsgId", document), ("PmtInfId", document), ("CreDtTm", f"{order.pays_on}T00:00:00")):
        for element in all_of(name):
            element.text = text
    for kind in all_of("PmtTpInf"):
        ET.SubElement(ET.SubElement(kind, f"{{{space}}}CtgyPurp"), f"{{{space}}}Cd").text = "SALA"
    text = ET.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def read(data: bytes, order: Order) -> Count:
    """Count the transfers and sum their amounts."""
    root = ET.fromstring(data)  # noqa: S314 - written by us
    space = f"urn:iso:std:iso:20022:tech:xsd:{_payer(order).version}"
    amounts = [Decimal(element.text or "") for element in root.iter(f"{{{space}}}InstdAmt")]
    return Count(len(amounts), sum(amounts, Decimal(0)))


def _payer(order: Order) -> Sepa:
    payer = order.payer.data.sepa
    assert payer is not None
    return payer


def _values(order: Order) -> dict[str, str]:
    return {"period": period.title(order.paid.period, "en"), "number": order.number}


def _names(order: Order) -> Iterator[Issue]:
    """Check names as they will be written, in Latin letters: the writer would cut long ones."""
    from text_unidecode import unidecode

    for person in order.paid.payable():
        name = unidecode(person.name)
        if len(name) > _NAME:
            yield issue("too_long", order.paid.place(person, "name"), who=person, found=name, limit=_NAME)


def _purpose(order: Order) -> Iterator[Issue]:
    template, path = _payer(order).purpose, ("sepa", "purpose")
    issues = list(blanks(template, _values(order), order, *path))
    yield from issues
    if not issues and len(text := fill(template, _values(order))) > _PURPOSE:
        yield issue("too_long", order.payer.source.place(*path), who="purpose", found=text, limit=_PURPOSE)


TARGET = Target(
    "sepa",
    check,
    write,
    read,
)
