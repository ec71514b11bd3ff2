"""The registry of a salary project, XML of 1C and banks, as data: what is to be credited, and a bank's answer.

All versions are read, with the namespace or without: the crediting list (ЗачислениеЗарплаты) and the bank's answer to
it (РезультатЗачисленияЗарплаты), in which each person has a result.
"""

import re
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree as ET
from xml.parsers import expat

from kpicalc.model.record import record

_LIST, _ANSWER = "ЗачислениеЗарплаты", "РезультатЗачисленияЗарплаты"
_PAYEES = ("ЛицевойСчет", "НомерКарты", "СНИЛС", "НомерТелефона", "ЛицевойСчетЦР")
"""The elements that may hold a payee's account."""
_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,2})?")
_COUNT = re.compile(r"[0-9]{1,7}")


class NotARegistry(ValueError):
    """The file is no registry of a salary project; `line` is 0 where it is unknown."""

    def __init__(self, cause: str, line: int = 0) -> None:
        super().__init__(cause)
        self.line = line


class NotAFigure(NotARegistry):
    """An amount or a count is missing in a registry, or has another form than the format requires."""

    def __init__(self, element: str, found: str, line: int) -> None:
        super().__init__(element, line)
        self.element = element
        self.found = found


@record
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
    line: int = 0

    @property
    def name(self) -> str:
        """Return the full name."""
        return " ".join(part for part in (self.last_name, self.first_name, self.middle_name) if part)


@record
class Registry:
    """A registry; `count` and `total` are its own control figures, None where it has none."""

    document: str
    contract: str
    number: str
    credits: tuple[Credit, ...]
    count: int | None
    total: Decimal | None
    inn: str = ""
    is_answer: bool = False


def document_id(inn: str | None, contract: str, period: str, number: str) -> UUID:
    """Return the id of a month's registry: the same payments have the same id, however often the file is written."""
    return uuid5(NAMESPACE_URL, f"kpicalc:{inn}:{contract}:{period}:{number}")


def payment_id(document: UUID, personnel_number: str) -> str:
    """Return the id of one person's payment in a registry."""
    return str(uuid5(document, personnel_number))


def read_registry(data: bytes) -> Registry:
    """Read a registry; any other file raises `NotARegistry`."""
    root, lines = _parsed(data)
    lists = [child for child in root if _name(child) in (_LIST, _ANSWER)]
    kinds = {_name(listed) for listed in lists}
    if _name(root) != "СчетаПК" or len(kinds) != 1:
        raise NotARegistry(_name(root))
    control = next((child for child in root if _name(child) == "КонтрольныеСуммы"), None)
    sums = {} if control is None else _texts(control)
    line = 0 if control is None else lines[control]
    return Registry(
        document=root.get("ИдПервичногоДокумента", "").strip(),
        contract=root.get("НомерДоговора", "").strip(),
        number=root.get("НомерРеестра", "").strip(),
        credits=tuple(_credit(item, lines[item]) for one in lists for item in one if _name(item) == "Сотрудник"),
        count=int(_figure(sums, "КоличествоЗаписей", _COUNT, line)) if "КоличествоЗаписей" in sums else None,
        total=Decimal(_figure(sums, "СуммаИтого", _AMOUNT, line)) if "СуммаИтого" in sums else None,
        inn=root.get("ИНН", "").strip(),
        is_answer=_ANSWER in kinds,
    )


def _parsed(data: bytes) -> tuple[ET.Element, dict[ET.Element, int]]:
    """Parse XML without a document type, so without custom entities; return the line of each element as well."""
    parser, builder = expat.ParserCreate(namespace_separator="}"), ET.TreeBuilder()
    lines: dict[ET.Element, int] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        lines[builder.start(tag, attributes)] = parser.CurrentLineNumber

    def doctype(*_: object) -> None:
        raise NotARegistry("a document type has no place in a registry", parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise NotARegistry(str(error), error.lineno) from error
    except (ValueError, LookupError) as error:
        # The encoding is unknown, or not a single-byte one.
        raise error if isinstance(error, NotARegistry) else NotARegistry(str(error)) from error
    return builder.close(), lines


def _credit(item: ET.Element, line: int) -> Credit:
    texts = _texts(item)
    return Credit(
        row=item.get("Нпп", ""),
        last_name=texts.get("Фамилия", ""),
        first_name=texts.get("Имя", ""),
        middle_name=texts.get("Отчество", ""),
        payee=next((texts[name] for name in _PAYEES if texts.get(name)), ""),
        payment=texts.get("ИдентификаторПлатежа", "").lower(),
        amount=Decimal(_figure(texts, "Сумма", _AMOUNT, line)),
        result=texts.get("Результат", ""),
        remark=texts.get("РасшифровкаРезультата", ""),
        line=line,
    )


def _figure(texts: dict[str, str], element: str, form: re.Pattern[str], line: int) -> str:
    text = texts.get(element, "")
    if not form.fullmatch(text):
        raise NotAFigure(element, text, line)
    return text


def _texts(element: ET.Element) -> dict[str, str]:
    return {_name(child): " ".join((child.text or "").split()) for child in element}


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
