"""A text file in a bank's own layout, which the organisation file describes: columns, separator, first and last line.

Presets are layouts that a bank has published; for any other bank the columns come from its own instruction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.vetting import (
    account_keys,
    detail,
    letters,
    name_parts,
    names,
    no_formulas,
    not_twice,
    number_of,
    payments,
    settings,
    shown_letter,
    unwritable,
    whole_names,
    writ_lines,
    writs_of,
)
from kpicalc.exchange.wording import blanks, file_name, fill, written_date
from kpicalc.lang import severity
from kpicalc.model.fields import DetailField
from kpicalc.model.issue import Issue, issue
from kpicalc.model.organisation import BankCsv, Constant, CsvField
from kpicalc.model.paid import Count, Person
from kpicalc.model.record import record

_PRESETS: Mapping[str, tuple[tuple[CsvField | Constant, ...], str]] = {
    # bystrobank.ru/org/salary_project/66.html: name, sum, "0" for the organisation's account, account, note, withheld.
    "bystrobank": (("name", "amount", Constant(text="0"), "account", Constant(text=""), "writs"), ","),
}
_NEEDED: tuple[DetailField, ...] = ("account", "card", "bank_bic", "snils", "inn")
_PARTS = ("last_name", "first_name", "middle_name")
_TEXTS = ("id", "name", "department")


@record
class _Layout:
    """A layout with its preset filled in."""

    columns: Sequence[CsvField | Constant]
    separator: str
    decimal: str


def check(order: Order) -> Sequence[Issue]:
    """Check the layout, and that every person has the details that its columns need."""
    issues = list(settings(order, "bank_csv"))
    if order.organisation is None or issues:
        return issues
    stated, layout, people = _stated(order), _layout(order), order.paid.payable()
    issues += payments(order, currency=None)
    for name in _NEEDED:
        if name in layout.columns:
            issues += detail(order, name, people)
    if "account" in layout.columns:
        issues += [*not_twice(order, "account", people), *account_keys(order, people)]
    if "card" in layout.columns:
        issues += not_twice(order, "card", people)
    if any(part in layout.columns for part in _PARTS):
        issues += names(order, people)
    elif "name" in layout.columns:
        issues += whole_names(order, people)
    if "writs" in layout.columns:
        issues += writ_lines(order)
    issues += no_formulas(people, lambda person: [getattr(person, name) for name in _TEXTS if name in layout.columns])
    texts = [column for column in layout.columns if column in (*_TEXTS, *_PARTS)]
    issues += letters(order, stated.encoding, people, ["name", *map(str, texts)] if texts else [])
    if not any(severity(item) == "error" for item in issues):
        issues += _templates(order)
        issues += _separated(order, people)
    return issues


def write(order: Order) -> Sequence[Content]:
    """Write one file."""
    stated, values = _stated(order), _values(order)
    head, tail = ([] if template is None else [fill(template, values)] for template in (stated.header, stated.trailer))
    lines = [*head, *(_layout(order).separator.join(row) for row in _rows(order)), *tail]
    data = "".join(f"{line}\r\n" for line in lines).encode(stated.encoding)
    name = f"{order.stem}-bank.csv" if stated.file_name is None else fill(stated.file_name, values)
    return [Content(name, data, order.paid.paid)]


def read(data: bytes, order: Order) -> Count:
    """Count the rows between the first and the last line, and sum their amounts."""
    stated, layout = _stated(order), _layout(order)
    lines = data.decode(stated.encoding).removesuffix("\r\n").split("\r\n")
    rows = lines[stated.header is not None : len(lines) - (stated.trailer is not None)]
    at = layout.columns.index("amount")
    amounts = [Decimal(row.split(layout.separator)[at].replace(layout.decimal, ".")) for row in rows]
    return Count(len(rows), sum(amounts, Decimal(0)))


def _stated(order: Order) -> BankCsv:
    stated = order.payer.data.bank_csv
    assert stated is not None
    return stated


def _layout(order: Order) -> _Layout:
    stated = _stated(order)
    columns, decimal = _PRESETS[stated.preset] if stated.preset else (tuple(stated.columns), stated.decimal or ".")
    return _Layout(columns, "\t" if stated.separator == "tab" else stated.separator, stated.decimal or decimal)


def _amount(order: Order, amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", _layout(order).decimal)


def _values(order: Order) -> dict[str, str]:
    """Return the values for the blanks in the first line, the last line and the file's name."""
    data = order.payer.data
    return {
        "organisation": data.name,
        "inn": data.inn or "",
        "contract": data.salary_project.contract if data.salary_project else "",
        "date": written_date(order.pays_on, _stated(order).date),
        "number": order.number,
        "count": str(len(order.paid.payable())),
        "total": _amount(order, sum((person.total for person in order.paid.payable()), Decimal(0))),
    }


def _rows(order: Order) -> Iterator[list[str]]:
    columns = _layout(order).columns
    for number, person in enumerate(order.paid.payable(), 1):
        yield [
            column.text if isinstance(column, Constant) else _FIELDS[column](order, person, number)
            for column in columns
        ]


def _part(at: int) -> Callable[[Order, Person, int], str]:
    return lambda _, person, __: (name_parts(person) or ("", "", ""))[at]


def _number(name: DetailField) -> Callable[[Order, Person, int], str]:
    return lambda _, person, __: number_of(person, name)


_FIELDS: Mapping[CsvField, Callable[[Order, Person, int], str]] = {
    "row": lambda _, __, number: str(number),
    "id": lambda _, person, __: person.id,
    "name": lambda _, person, __: person.name,
    "department": lambda _, person, __: person.department,
    "last_name": _part(0),
    "first_name": _part(1),
    "middle_name": _part(2),
    "account": _number("account"),
    "card": _number("card"),
    "bank_bic": _number("bank_bic"),
    "snils": _number("snils"),
    "inn": _number("inn"),
    "amount": lambda order, person, _: _amount(order, person.total),
    "writs": lambda order, person, _: _amount(order, writs_of(order, person)),
}


def _templates(order: Order) -> Iterator[Issue]:
    stated, values = _stated(order), _values(order)
    for key, template in (("header", stated.header), ("trailer", stated.trailer)):
        if template is None:
            continue
        issues = list(blanks(template, values, order, "bank_csv", key))
        yield from issues
        if not issues and (bad := unwritable(fill(template, values), stated.encoding)):
            place = order.payer.source.place("bank_csv", key)
            yield issue("letter_of_organisation", place, found=shown_letter(bad), encoding=stated.encoding)
    if stated.file_name is not None:
        yield from file_name(stated.file_name, values, order, "bank_csv", "file_name")


def _separated(order: Order, people: Sequence[Person]) -> Iterator[Issue]:
    """Check that no text contains the separator, and that amounts do not either."""
    layout = _layout(order)
    for person, row in zip(people, _rows(order), strict=True):
        if any(layout.separator in text for text in row):
            yield issue("separator_in_text", person.place, who=person, found=layout.separator)


TARGET = Target(
    "bank-csv",
    check,
    write,
    read,
)
