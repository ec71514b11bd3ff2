"""The registry of a salary project, «Стандарт ЭОИ с банком»: XML that many banks load, and that 1C itself writes.

Namespace http://v8.1c.ru/edi/edi_stnd/109 from version 3.2 on, none in versions 1 and 3. Elements stand in the order of
the banks' own schema. Elements that the stated version lacks are left out.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

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
    stated,
    too_long,
    writ_lines,
    writs_of,
    written,
)
from kpicalc.exchange.wording import file_name, fill, written_date
from kpicalc.model.days import day_in_text
from kpicalc.model.fields import DetailField
from kpicalc.model.issue import Issue, issue
from kpicalc.model.organisation import SalaryProject
from kpicalc.model.paid import Count, Person
from kpicalc.model.registry import document_id, payment_id, read_registry
from kpicalc.model.texts import clean

_NAMESPACES = (
    ' xmlns="http://v8.1c.ru/edi/edi_stnd/109" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="СчетПК"'
)
_QUOTE = {'"': "&quot;"}
_ELEMENTS = {"account": "ЛицевойСчет", "card": "НомерКарты", "snils": "СНИЛС"}
_NAME, _ORGANISATION, _CONTRACT, _BRANCH, _KIND = 50, 160, 40, 4, 2
"""The longest texts of the format; longer ones are refused, never cut."""


def check(order: Order) -> Sequence[Issue]:
    """Check the organisation, the payees, and the limits of the version."""
    issues = list(settings(order, "salary_project"))
    if order.organisation is None or issues:
        return issues
    project, people = _project(order), order.paid.payable()
    issues += [*stated(order, "inn", "account", "bic"), *payments(order, currency="RUB"), *names(order, people)]
    issues += detail(order, project.pays_to, people)
    issues += not_twice(order, project.pays_to, people)
    source = order.organisation.source
    if project.pays_to == "account":
        issues += account_keys(order, people)
    elif not _from(order, "3.7"):
        place = source.place("salary_project", "pays_to")
        facts = {"found": _ELEMENTS[project.pays_to], "version": project.version}
        issues.append(issue("registry_version", place, **facts))
    if _from(order, "3.6"):
        issues += writ_lines(order)
    if _from(order, "3.7"):
        issues += detail(order, "bank_bic", [person for person in people if person.detail("bank_bic")])
    fields: tuple[DetailField | str, ...] = ("name", "last_name", "first_name", "middle_name")
    issues += letters(order, project.encoding, people, fields)
    for path in (("name",), ("salary_project", "contract"), ("salary_project", "branch")):
        issues += written(order, project.encoding, *path)
    issues += too_long(order, people, _NAME)
    for path, limit in ((("name",), _ORGANISATION), (("salary_project", "contract"), _CONTRACT)):
        issues += _longer(order, path, limit)
    for key, limit in (("branch", _BRANCH), ("sub_branch", _BRANCH), ("kind", _KIND)):
        issues += _longer(order, ("salary_project", key), limit)
    if project.file_name is not None and order.day is not None:
        issues += file_name(project.file_name, _values(order), order, "salary_project", "file_name")
    return issues


def write(order: Order) -> Sequence[Content]:
    """Write one registry."""
    project = _project(order)
    declared = "UTF-8" if project.encoding == "utf-8" else "windows-1251"
    lines = [f'<?xml version="1.0" encoding="{declared}"?>', *_document(order)]
    name = _file_name(order) if project.file_name is None else fill(project.file_name, _values(order))
    return [Content(name, "".join(f"{line}\n" for line in lines).encode(project.encoding), order.paid.paid)]


def read(data: bytes, order: Order) -> Count:
    """Count the people and sum their amounts; if the file's control sums differ from these, return the control sums."""
    registry = read_registry(data)
    counted = Count(len(registry.credits), sum((credit.amount for credit in registry.credits), Decimal(0)))
    control = Count(registry.count, registry.total if registry.total is not None else -counted.total)
    return counted if counted != order.paid.paid else control


def _project(order: Order) -> SalaryProject:
    project = order.payer.data.salary_project
    assert project is not None
    return project


def _from(order: Order, version: str) -> bool:
    """Tell whether the file's version is at least this one; 1 and 3 come before 3.2."""
    return float(_project(order).version) >= float(version)


def _values(order: Order) -> dict[str, str]:
    """Return the values for the blanks in the file's name."""
    project = _project(order)
    return {
        "branch": _branch(order),
        "number": order.number,
        "inn": order.payer.data.inn or "",
        "contract": project.contract,
        "date": written_date(order.pays_on, project.date),
    }


def _branch(order: Order) -> str:
    return (_project(order).branch or "").zfill(_BRANCH)


def _file_name(order: Order) -> str:
    """Return the standard name: branch, last three digits of the number, z for a crediting list."""
    return f"{_branch(order)}{order.number[-3:].zfill(3)}z.xml"


def _document(order: Order) -> Iterator[str]:
    data, project, people = order.payer.data, _project(order), order.paid.payable()
    contract = day_in_text(clean(project.contract_date or ""))
    document = document_id(data.inn, project.contract, order.paid.period, order.number)
    attributes = {
        "ДатаФормирования": order.pays_on.isoformat(),
        "НомерДоговора": project.contract,
        "ДатаДоговора": contract.isoformat() if contract else None,
        "НаименованиеОрганизации": data.name,
        "ИНН": data.inn,
        "РасчетныйСчетОрганизации": data.account,
        "БИК": data.bic,
        "ИдПервичногоДокумента": str(document),
        "НомерРеестра": order.number,
        "ДатаРеестра": order.pays_on.isoformat(),
    }
    head = "".join(f' {name}="{escape(value, _QUOTE)}"' for name, value in attributes.items() if value)
    yield f"<СчетаПК{_NAMESPACES if _from(order, '3.2') else ''}{head}>"
    yield "\t<ЗачислениеЗарплаты>"
    for number, person in enumerate(people, 1):
        yield f'\t\t<Сотрудник Нпп="{number}">'
        elements = _elements(order, person, payment_id(document, person.id))
        yield from (f"\t\t\t<{name}>{escape(text)}</{name}>" for name, text in elements if text)
        yield "\t\t</Сотрудник>"
    yield "\t</ЗачислениеЗарплаты>"
    if project.kind:
        yield f"\t<ВидЗачисления>{escape(project.kind)}</ВидЗачисления>"
    if _from(order, "3.6"):
        yield f"\t<КодВидаДохода>{project.income}</КодВидаДохода>"
    yield "\t<КонтрольныеСуммы>"
    yield f"\t\t<КоличествоЗаписей>{len(people)}</КоличествоЗаписей>"
    yield f"\t\t<СуммаИтого>{sum(person.total for person in people):.2f}</СуммаИтого>"
    yield "\t</КонтрольныеСуммы>"
    yield "</СчетаПК>"


def _elements(order: Order, person: Person, payment: str) -> Iterator[tuple[str, str]]:
    """Yield the elements of one payee in the order of the banks' schema, without empty ones."""
    project, parts = _project(order), name_parts(person)
    assert parts is not None
    yield from zip(("Фамилия", "Имя", "Отчество"), parts, strict=True)
    yield "ОтделениеБанка", project.branch or ""
    yield "ФилиалОтделенияБанка", project.sub_branch or ""
    if _from(order, "3.7"):
        yield "ИдентификаторПлатежа", payment
    yield _ELEMENTS[project.pays_to], number_of(person, project.pays_to)
    yield "Сумма", f"{person.total:.2f}"
    yield "КодВалюты", project.currency_code or ""
    if _from(order, "3.6") and order.payer.data.writs:
        yield "ОбщаяСуммаУдержаний", f"{writs_of(order, person):.2f}"
    if _from(order, "3.7"):
        yield "БИК", person.detail("bank_bic")


def _longer(order: Order, path: tuple[str, ...], limit: int) -> Iterator[Issue]:
    value: object = order.payer.data
    for part in path:
        value = getattr(value, part)
    text = str(value or "")
    if len(text) > limit:
        yield issue("too_long", order.payer.source.place(*path), who=path[-1], found=text, limit=limit)


TARGET = Target(
    "1c-salary-xml",
    check,
    write,
    read,
)
