"""The two sides of a reconciliation: what was sent (a payroll workbook or a registry), and the bank's answer."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from kpicalc.intake.files.parts import MIB
from kpicalc.lang import Language, language_of_environment, money
from kpicalc.model.identifiers import digits
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.paid import Person
from kpicalc.model.period import title
from kpicalc.model.reconciliation import Exchange, Sent
from kpicalc.model.registry import Credit, NotAFigure, NotARegistry, Registry, document_id, payment_id, read_registry
from kpicalc.payroll.back.read import read_payroll

_LIMIT = 64 * MIB
_MONTHS_AROUND = 24
_YEAR = 12


def read_exchange(sent: Path, answer: Path) -> tuple[Exchange | None, list[Issue], Language]:
    """Read both sides; None if one cannot be read, or if the answer is to something else.

    The sent side is a registry if the file's name ends in .xml, else a payroll workbook, whose language is returned.
    """
    registry, issues = _read(answer, answer=True)
    if sent.suffix.lower() == ".xml":
        language = language_of_environment()
        listed, further = _read(sent, answer=False)
        issues = [*further, *issues]
        if listed is None or registry is None:
            return None, issues, language
        issues += [*_control(listed, sent, language), *_control(registry, answer, language)]
        if registry.document and registry.document.lower() != listed.document.lower():
            facts = {"found": registry.document, "sent": listed.document or "—"}
            return None, [*issues, issue("answer_other_document", Place(str(answer)), **facts)], language
        return Exchange("", tuple(map(_of_registry, listed.credits)), str(answer), registry), issues, language
    month, further = read_payroll(sent)
    issues = [*further, *issues]
    language = month.language if month else language_of_environment()
    if month is None or registry is None:
        return None, issues, language
    paid = month.table
    issues += _control(registry, answer, language)
    doubt = _doubt(registry, paid.period, answer, language)
    if doubt is not None:
        issues.append(doubt)
        if doubt.code == "answer_other_month":
            return None, issues, language
    # The answer may state the registry's identity; the other one is computed from its number.
    documents = {_document(registry, paid.period)} | _stated(registry)
    people = tuple(_of_payroll(person, documents) for person in paid.payable())
    return Exchange(paid.period, people, str(answer), registry), issues, language


def _read(path: Path, *, answer: bool) -> tuple[Registry | None, list[Issue]]:
    """Read a registry: the bank's answer, or the list that was sent."""
    place = Place(str(path))
    try:
        size = path.stat().st_size
        if size > _LIMIT:
            return None, [issue("file_too_large", place, found=path.name, allowed=f"{_LIMIT // MIB} MiB")]
        registry = read_registry(path.read_bytes())
    except FileNotFoundError:
        return None, [issue("file_not_found", place, found=path)]
    except PermissionError:
        return None, [issue("file_locked", place)]
    except NotAFigure as wrong:
        facts = {"element": wrong.element, "found": wrong.found or "—"}
        return None, [issue("registry_figure", Place(str(path), line=wrong.line), **facts)]
    except NotARegistry as wrong:
        return None, [issue("not_a_registry", Place(str(path), line=wrong.line), found=path.name)]
    except (OSError, ValueError) as error:
        return None, [issue("file_not_readable", place, found=getattr(error, "strerror", None) or error)]
    if registry.is_answer != answer:
        return None, [issue("registry_not_answer" if answer else "registry_is_answer", place, found=path.name)]
    return registry, []


def _of_registry(credit: Credit) -> Sent:
    payments, numbers = ([text] if text else [] for text in (credit.payment, digits(credit.payee)))
    return Sent("", credit.name, credit.amount, frozenset(payments), frozenset(numbers))


def _of_payroll(person: Person, documents: Iterable[UUID]) -> Sent:
    payments = frozenset(payment_id(document, person.id) for document in documents)
    numbers = (digits(person.detail(name)) for name in ("account", "card", "snils"))
    return Sent(person.id, _full_name(person), person.total, payments, frozenset(filter(None, numbers)))


def _control(registry: Registry, path: Path, language: Language) -> Iterator[Issue]:
    """Check that the control figures of a registry agree with its rows."""
    if registry.count is None and registry.total is None:
        yield issue("registry_no_control", Place(str(path)), found=path.name)
    count, total = len(registry.credits), sum((credit.amount for credit in registry.credits), Decimal(0))
    if registry.count not in (None, count) or registry.total not in (None, total):
        stated = "—" if registry.total is None else money(registry.total, language)
        facts = {"count": "—" if registry.count is None else registry.count, "total": stated}
        yield issue("registry_control", Place(str(path)), **facts, rows=count, sum=money(total, language))


def _doubt(answer: Registry, period: str, path: Path, language: Language) -> Issue | None:
    """Report an answer to another month's registry, or one that names no month."""
    stated, place = _stated(answer), Place(str(path))
    if stated == {_document(answer, period)}:
        return None
    for other in _months_around(period):
        if stated == {_document(answer, other)}:
            return issue("answer_other_month", place, found=title(other, language), period=title(period, language))
    return issue("answer_unproved", place, period=title(period, language))


def _document(answer: Registry, period: str) -> UUID:
    """Return the identity that kpicalc gives to the month's registry with the answer's number."""
    return document_id(answer.inn, answer.contract, period, answer.number or str(int(period[-2:])))


def _stated(answer: Registry) -> set[UUID]:
    try:
        return {UUID(answer.document)}
    except ValueError:
        return set()


def _months_around(period: str) -> Iterator[str]:
    year, month = map(int, period.split("-"))
    at = year * _YEAR + month - 1
    for distance in range(1, _MONTHS_AROUND + 1):
        for other in (at - distance, at + distance):
            yield f"{other // _YEAR:04}-{other % _YEAR + 1:02}"


def _full_name(person: Person) -> str:
    """Return the name as a registry has it: from its stated parts, if there are any."""
    parts = [person.detail(name) for name in ("last_name", "first_name", "middle_name")]
    return " ".join(filter(None, parts)) if parts[0] and parts[1] else person.name
