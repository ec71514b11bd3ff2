"""A payroll workbook that this program wrote before, read back as the table of what was paid.

The rows come from the sheet for 1C, the control figures from the other sheets: who has changed one of them by hand
cannot export the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kpicalc.intake.files.book import read_book
from kpicalc.lang import LANGUAGES, Language, number, severity, word
from kpicalc.model.book import Book, Raw, Sheet, cell_name, column_letter
from kpicalc.model.fields import DetailField
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import exact_context, from_cell
from kpicalc.model.paid import DETAILS, Count, Paid, Person
from kpicalc.model.period import parse

_FIRST_LINE = 5
"""Number, name, department, position and period stand before the lines."""
_HEAD_OF_PAYROLL, _CURRENCY_ROW = 3, 2
_NOISE = Decimal("0.005")
"""Less than half a kopeck between two sums is what a spreadsheet loses after 15 digits."""


@dataclass(frozen=True, slots=True)
class _Sheets:
    """The sheets that tell what was paid, and their language."""

    language: Language
    rows: Sheet
    payroll: Sheet
    run: Sheet


class _Unlike(Exception):
    """The workbook is not as this program writes it."""


def read_paid(path: Path) -> tuple[Paid | None, list[Issue]]:
    """Read a payroll workbook; None where it is none, or where its sheets do not agree with each other."""
    book, issues = read_book(path)
    found = [item for item in issues if severity(item) == "error"]
    if book is None or found:
        return None, found
    sheets = _sheets({sheet.name: sheet for sheet in book.sheets})
    if sheets is None:
        return None, [issue("not_a_payroll", Place(str(path)), found=path.name)]
    try:
        with exact_context():
            paid = _paid(book, sheets)
            return paid, list(_disagreements(paid, sheets))
    except (_Unlike, IndexError, ValueError, TypeError):
        return None, [issue("not_a_payroll", Place(str(path)), found=path.name)]


def _sheets(named: Mapping[str, Sheet]) -> _Sheets | None:
    for language in LANGUAGES:
        own = [named.get(word(f"sheets.name.{key}", language)) for key in ("for_1c", "payroll", "run")]
        if all(own):
            return _Sheets(language, *own)  # type: ignore[arg-type]
    return None


def _paid(book: Book, sheets: _Sheets) -> Paid:
    language = sheets.language
    heads, *rows = sheets.rows.rows
    headings = [str(head or "") for head in heads]
    details: dict[DetailField, int] = {}
    end = len(headings)
    for name in reversed(DETAILS):
        if end and headings[end - 1] == word(f"sheets.detail.{name}", language):
            end -= 1
            details[name] = end
    to_pay = accrued = end - 1
    if headings[to_pay] == word("headings.figure.to_pay", language):
        gross = word("headings.figure.accrued", language)
        accrued = next((at for at in range(to_pay - 1, 0, -1) if headings[at] == gross), 0)
    elif headings[to_pay] != word("headings.figure.total", language):
        raise _Unlike
    if not accrued:
        raise _Unlike
    people = []
    periods = set()
    for at, row in enumerate(rows, 1):
        texts = [str(value or "") for value in row[:_FIRST_LINE]]
        periods.add(parse(texts[4]))
        people.append(
            Person(
                id=texts[0],
                name=texts[1],
                department=texts[2],
                position=texts[3],
                accruals=tuple(map(_amount, row[_FIRST_LINE:accrued])),
                withheld=tuple(map(_amount, row[accrued + 1 : to_pay])),
                total=_amount(row[to_pay]),
                details={name: str(row[column] or "") for name, column in details.items()},
                place=Place(book.file, sheets.rows.name, cell_name(at, 0)),
            )
        )
    period = periods.pop() if len(periods) == 1 else None
    if period is None:
        raise _Unlike
    earned = [_amount(row[accrued]) for row in rows]
    totals = [amount for _, _, amount in _payroll_totals(sheets)]
    return Paid(
        file=book.file,
        sha256=book.sha256,
        period=period,
        currency=_currency(sheets),
        language=language,
        lines=tuple(headings[_FIRST_LINE:accrued]),
        withheld=tuple(headings[accrued + 1 : to_pay]),
        people=tuple(people),
        accrued=Count(sum(map(bool, earned)), sum(earned, Decimal(0))),
        paid=Count(sum(map(bool, totals)), _figure(sheets, "to_pay" if to_pay > accrued else "total")),
        columns={name: column_letter(column) for name, column in details.items()} | {"name": "B", "department": "C"},
    )


def _amount(value: Raw) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Unlike
    return from_cell(float(value))


def _currency(sheets: _Sheets) -> str:
    text = str(sheets.payroll.rows[_CURRENCY_ROW][0])
    return text.removeprefix(word("sheets.payroll.currency", sheets.language).format(currency=""))


def _figure(sheets: _Sheets, name: str) -> Decimal:
    """Return a control figure of the Run sheet."""
    caption = word(f"sheets.run.{name}", sheets.language)
    for row in sheets.run.rows:
        if row and row[0] == caption:
            return _amount(row[1])
    raise _Unlike


def _payroll_totals(sheets: _Sheets) -> Iterator[tuple[int, str, Decimal]]:
    """Yield the row (from 0), the personnel number and the total of everybody on the Payroll sheet."""
    heads = sheets.payroll.rows[_HEAD_OF_PAYROLL]
    totals = [word(f"headings.figure.{name}", sheets.language) for name in ("total", "to_pay")]
    column = max(at for at, head in enumerate(heads) if head in totals)
    first = _HEAD_OF_PAYROLL + 1
    for at in range(first, first + int(_figure(sheets, "paid"))):
        row = sheets.payroll.rows[at]
        yield at, str(row[0]), _amount(row[column])


def _disagreements(paid: Paid, sheets: _Sheets) -> Iterator[Issue]:
    """Name the first person whose amounts differ between the sheets, or the totals where they do."""
    amounts = {person.id: person for person in paid.people}
    on_payroll = list(_payroll_totals(sheets))

    def differs(place: Place, one: Decimal, other: Decimal, sheet: str) -> Issue:
        shown = (number(amount, sheets.language, places=2) for amount in (one, other))
        return issue("payroll_changed", place, found=next(shown), other=next(shown), sheet=sheet)

    for at, number_of, total in on_payroll:
        person = amounts.get(number_of)
        if person is None or abs(person.total - total) > _NOISE:
            place = Place(paid.file, sheets.payroll.name, cell_name(at, 0))
            yield differs(place, total, person.total if person else Decimal(0), sheets.rows.name)
            return
    for person in paid.people:
        if abs(person.accrued + sum(person.withheld) - person.total) > _NOISE:
            yield differs(person.place, person.accrued + sum(person.withheld), person.total, sheets.rows.name)
            return
    control = sum((person.total for person in paid.people), Decimal(0))
    if len(on_payroll) != len(paid.people) or abs(control - paid.paid.total) > _NOISE:
        yield differs(Place(paid.file, sheets.rows.name), control, paid.paid.total, sheets.run.name)
