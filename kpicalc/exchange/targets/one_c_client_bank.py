"""Payment orders for a client-bank, 1CClientBankExchange 1.03: one for the registry's total, or one for each payee.

The format has no control sum, so the proof checks the structure, the number of orders and their total.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.vetting import (
    account_keys,
    detail,
    letters,
    name_parts,
    names,
    not_twice,
    number_of,
    payments,
    settings,
    shown_letter,
    stated,
    unwritable,
    writ_lines,
    writs_of,
    written,
)
from kpicalc.exchange.wording import blanks, fill, month_in_words, written_date
from kpicalc.lang import severity
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.organisation import Bank, ClientBank
from kpicalc.model.paid import Count, Person

_ENCODINGS = {"Windows": "windows-1251", "DOS": "cp866"}
_DOCUMENT = "Платежное поручение"
_WAGES, _PRIORITY, _ORDER = "1", "3", "01"
"""The income code of wages (field 20), the priority of wages, the kind of a payment order."""
_LONGEST_PURPOSE = 210
_PURPOSES = {
    "registry": "Заработная плата за {period} по реестру № {number} от {date}. НДС не облагается",
    "each": "Заработная плата за {period}, {name}. НДС не облагается",
}


def check(order: Order) -> Sequence[Issue]:
    """Check the organisation, its banks, and the recipients of the orders."""
    issues = list(settings(order, "client_bank"))
    if order.organisation is None or issues:
        return issues
    client, source = _client(order), order.organisation.source
    people = order.paid.payable()
    encoding = _ENCODINGS[client.encoding]
    issues += [*stated(order, "inn", "account", "bic"), *payments(order, currency="RUB")]
    issues += written(order, encoding, "name")
    issues += _bank(order, order.organisation.data.bic or "", source.place("bic"))
    if client.pays == "each":
        issues += [*names(order, people), *writ_lines(order)]
        issues += detail(order, "account", people)
        issues += detail(order, "inn", people)
        issues += [*not_twice(order, "account", people), *account_keys(order, people)]
        issues += letters(order, encoding, people, ("name", "last_name", "first_name", "middle_name"))
        issues += _bank(order, order.organisation.payees_bic, source.place("salary_project", "bic"))
        for person in people:
            if bic := person.detail("bank_bic"):
                issues += _bank(order, bic, order.paid.place(person, "bank_bic"))
    elif client.recipient is None:
        issues.append(issue("recipient_missing", source.place("client_bank")))
    else:
        issues += written(order, encoding, "client_bank", "recipient", "name")
        issues += _bank(order, client.recipient.bic, source.place("client_bank", "recipient", "bic"))
    for bank, at in ((bank, at) for at, bank in enumerate(order.organisation.data.banks)):
        if bad := unwritable(bank.name + (bank.city or ""), encoding):
            place = source.place("banks", at)
            issues.append(issue("letter_of_organisation", place, found=shown_letter(bad), encoding=encoding))
    return issues if any(severity(item) == "error" for item in issues) else [*issues, *_purposes(order)]


def write(order: Order) -> Sequence[Content]:
    """Write one file of payment orders."""
    client = _client(order)
    day = written_date(order.pays_on)
    lines = ["1CClientBankExchange", "ВерсияФормата=1.03", f"Кодировка={client.encoding}", "Отправитель=kpicalc"]
    lines += [f"ДатаСоздания={day}", f"ДатаНачала={day}", f"ДатаКонца={day}"]
    lines += [f"РасчСчет={order.payer.data.account}", f"Документ={_DOCUMENT}"]
    for fields in _each(order) if client.pays == "each" else [_registry(order)]:
        lines.append(f"СекцияДокумент={_DOCUMENT}")
        lines += [f"{name}={value}" for name, value in fields if value]
        lines.append("КонецДокумента")
    lines.append("КонецФайла")
    text = "".join(f"{line}\r\n" for line in lines)
    people = len(order.paid.payable()) if client.pays == "each" else None
    data = text.encode(_ENCODINGS[client.encoding])
    return [Content(f"{order.stem}-kl_to_1c.txt", data, Count(people, order.paid.paid.total))]


def read(data: bytes, order: Order) -> Count:
    """Count the orders and sum them, line by line."""
    lines = data.decode(_ENCODINGS[_client(order).encoding]).split("\r\n")
    amounts = [Decimal(line.partition("=")[2]) for line in lines if line.startswith("Сумма=")]
    orders = lines.count(f"СекцияДокумент={_DOCUMENT}")
    whole = lines[-2:] == ["КонецФайла", ""] and orders == lines.count("КонецДокумента") == len(amounts)
    total = sum(amounts, Decimal(0)) if whole else Decimal(-1)
    return Count(orders if _client(order).pays == "each" else None, total)


def _client(order: Order) -> ClientBank:
    client = order.payer.data.client_bank
    assert client is not None
    return client


def _bank(order: Order, bic: str, place: Place) -> Iterator[Issue]:
    """Check that a bank is known, with the details that an order needs."""
    if not bic:
        return
    bank = order.payer.bank(bic)
    if bank is None or not bank.correspondent:
        yield issue("bank_unknown", place, found=bic)


def _purposes(order: Order) -> Iterator[Issue]:
    """Check the purposes of payment: known blanks, letters, length."""
    client = _client(order)
    template = client.purpose or _PURPOSES[client.pays]
    path = ("client_bank", "purpose")
    values = _values(order) | ({"name": ""} if client.pays == "each" else {})
    issues = [*blanks(template, values, order, *path)]
    issues += blanks(client.writ_note, {"writs": ""}, order, "client_bank", "writ_note")
    yield from issues
    if issues:
        return
    encoding = _ENCODINGS[client.encoding]
    for fields in _each(order) if client.pays == "each" else [_registry(order)]:
        purpose = dict(fields)["НазначениеПлатежа"]
        place = order.payer.source.place(*path)
        if bad := unwritable(purpose, encoding):
            yield issue("letter_of_organisation", place, found=shown_letter(bad), encoding=encoding)
            return
        if len(purpose) > _LONGEST_PURPOSE:
            yield issue("too_long", place, who="purpose", found=purpose, limit=_LONGEST_PURPOSE)
            return


def _values(order: Order) -> dict[str, str]:
    return {"period": month_in_words(order), "number": order.number, "date": written_date(order.pays_on)}


def _registry(order: Order) -> list[tuple[str, str]]:
    """Return the order for the total of the registry."""
    client = _client(order)
    to = client.recipient
    assert to is not None
    purpose = fill(client.purpose or _PURPOSES["registry"], _values(order))
    bank = order.payer.bank(to.bic)
    return _fields(order, order.number, order.paid.paid.total, (to.name, to.inn, to.account), bank, purpose)


def _each(order: Order) -> Iterator[list[tuple[str, str]]]:
    """Yield an order for every payee, numbered from the stated number."""
    client = _client(order)
    for number, person in enumerate(order.paid.payable(), int(order.number)):
        name = _full_name(person)
        purpose = fill(client.purpose or _PURPOSES["each"], _values(order) | {"name": name})
        if writs := writs_of(order, person):
            purpose += fill(client.writ_note, {"writs": f"{writs:.2f}".replace(".", "-")})
        bank = order.payer.bank(person.detail("bank_bic") or order.payer.payees_bic)
        payee = (name, person.detail("inn"), number_of(person, "account"))
        yield _fields(order, str(number), person.total, payee, bank, purpose)


def _full_name(person: Person) -> str:
    return " ".join(part for part in name_parts(person) or () if part)


def _fields(
    order: Order, number: str, amount: Decimal, payee: tuple[str, str, str], bank: Bank | None, purpose: str
) -> list[tuple[str, str]]:
    """Return the lines of one payment order in the order in which 1C writes them."""
    data = order.payer.data
    payer = (data.name, data.inn or "", data.account or "")
    return [
        ("Номер", number),
        ("Дата", written_date(order.pays_on)),
        ("Сумма", f"{amount:.2f}"),
        *_side("Плательщик", payer, order.payer.bank(data.bic or "")),
        *_side("Получатель", payee, bank),
        ("ВидОплаты", _ORDER),
        ("Очередность", _PRIORITY),
        ("НазначениеПлатежа", purpose),
        ("НазначениеПлатежа1", purpose),
        ("КодНазПлатежа", _WAGES),
    ]


def _side(side: str, party: tuple[str, str, str], bank: Bank | None) -> list[tuple[str, str]]:
    """Return one side of a payment: the payer or the recipient, with the bank."""
    name, inn, account = party
    assert bank is not None
    return [
        (f"{side}Счет", account),
        (side, f"ИНН {inn} {name}"),
        (f"{side}ИНН", inn),
        (f"{side}1", name),
        (f"{side}РасчСчет", account),
        (f"{side}Банк1", bank.name),
        (f"{side}Банк2", bank.city or ""),
        (f"{side}БИК", bank.bic),
        (f"{side}Корсчет", bank.correspondent or ""),
    ]


TARGET = Target(
    "1c-client-bank",
    check,
    write,
    read,
)
