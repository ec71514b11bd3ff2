"""The registry of a salary project, XML of 1C and banks, as data: what is to be credited, and what a bank answers.

Reads every version, with the namespace or without: the crediting list (ЗачислениеЗарплаты) and the bank's answer to it
(РезультатЗачисленияЗарплаты), in which each person has a result.
"""

from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

_LISTS = ("ЗачислениеЗарплаты", "РезультатЗачисленияЗарплаты")
_PAYEES = ("ЛицевойСчет", "НомерКарты", "СНИЛС", "НомерТелефона", "ЛицевойСчетЦР")
"""What names a payee's account, one of them."""


class NotARegistry(ValueError):
    """The file is no registry of a salary project."""


@dataclass(frozen=True, slots=True)
class Credit:
    """One person of a registry. `result` and `remark` are the bank's, empty in a list that goes to the bank."""

    row: str
    last_name: str
    first_name: str
    middle_name: str
    payee: str
    payment: str
    amount: Decimal
    result: str
    remark: str


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry; `count` and `total` are its own control figures, None where it has none."""

    document: str
    contract: str
    number: str
    credits: tuple[Credit, ...]
    count: int | None
    total: Decimal | None


def read_registry(data: bytes) -> Registry:
    """Read a registry; whatever is no registry raises `NotARegistry`."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotARegistry("a document type has no place in a registry")
    try:
        root = ET.fromstring(data)  # noqa: S314 - no document type, so no entities to expand
    except (ET.ParseError, ValueError, LookupError) as error:
        raise NotARegistry(str(error)) from error
    listed = next((child for child in root if _name(child) in _LISTS), None)
    if _name(root) != "СчетаПК" or listed is None:
        raise NotARegistry(_name(root))
    control = next((child for child in root if _name(child) == "КонтрольныеСуммы"), None)
    sums = {} if control is None else _texts(control)
    return Registry(
        document=root.get("ИдПервичногоДокумента", ""),
        contract=root.get("НомерДоговора", ""),
        number=root.get("НомерРеестра", ""),
        credits=tuple(_credit(item) for item in listed if _name(item) == "Сотрудник"),
        count=int(sums["КоличествоЗаписей"]) if "КоличествоЗаписей" in sums else None,
        total=Decimal(sums["СуммаИтого"]) if "СуммаИтого" in sums else None,
    )


def _credit(item: ET.Element) -> Credit:
    texts = _texts(item)
    return Credit(
        row=item.get("Нпп", ""),
        last_name=texts.get("Фамилия", ""),
        first_name=texts.get("Имя", ""),
        middle_name=texts.get("Отчество", ""),
        payee=next((texts[name] for name in _PAYEES if name in texts), ""),
        payment=texts.get("ИдентификаторПлатежа", ""),
        amount=Decimal(texts["Сумма"]),
        result=texts.get("Результат", ""),
        remark=texts.get("РасшифровкаРезультата", ""),
    )


def _texts(element: ET.Element) -> dict[str, str]:
    return {_name(child): (child.text or "").strip() for child in element}


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
