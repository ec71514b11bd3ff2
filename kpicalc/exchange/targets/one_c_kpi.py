"""Actuals of KPIs for 1C:ЗУП КОРП, «Факт показателя эффективности»: a file per KPI, `Сотрудник` and `Значение`.

The user types the period, the horizon and the indicator in the document; «Загрузить из файла» reads the two columns. 1C
finds people by their full name alone, so namesakes must be chosen by hand. A department's KPI goes the same way into
«Факт показателя эффективности подразделений». A KPI that the scheme computes by a formula has no file.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from kpicalc.exchange.plain_xlsx import plain_rows, plain_xlsx
from kpicalc.exchange.target import Content, Order, Target
from kpicalc.exchange.vetting import clean_names
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import from_cell
from kpicalc.model.paid import Count, Indicator, Person

_LONGEST = 100
"""1C keeps so many letters of a person's name."""


def check(order: Order) -> Sequence[Issue]:
    """Check that there are actuals, and that no two people have one name."""
    paid = order.paid
    if paid.indicators is None:
        return [issue("no_indicators", Place(paid.file))]
    if not paid.indicators():
        return [issue("no_indicators_used", Place(paid.file))]
    names = Counter(_name(person) for person in paid.people)
    issues = list(clean_names(order, paid.people, "onec_name"))
    for person in paid.people:
        place = paid.place(person, "onec_name" if person.detail("onec_name") else "name")
        if names[_name(person)] > 1:
            issues.append(issue("namesake", place, who=person.id, found=_name(person)))
        if len(_name(person)) > _LONGEST:
            issues.append(issue("too_long", place, who=person, found=_name(person), limit=_LONGEST))
    return issues


def write(order: Order) -> Sequence[Content]:
    """Write a workbook per KPI."""
    return [
        Content(
            f"{order.stem}-1c-kpi-{indicator.key}.xlsx",
            plain_xlsx("Лист1", (_heading(indicator), "Значение"), _rows(order, indicator), order.paid.period),
            _expected(indicator),
        )
        for indicator in (order.paid.indicators or tuple)()
    ]


def _name(person: Person) -> str:
    return person.detail("onec_name") or person.name


def _heading(indicator: Indicator) -> str:
    return "Подразделение" if indicator.of_departments else "Сотрудник"


def _rows(order: Order, indicator: Indicator) -> list[tuple[str, Decimal]]:
    people = order.paid.people
    return [*((_name(people[at]), _kept(value)) for at, value in indicator.of_people), *_departments(indicator)]


def _departments(indicator: Indicator) -> list[tuple[str, Decimal]]:
    return [(name, _kept(value)) for name, value in indicator.of_departments]


def _kept(value: Decimal) -> Decimal:
    """Return a figure to the 15 digits that a cell keeps."""
    return from_cell(float(value))


def _expected(indicator: Indicator) -> Count:
    values = [_kept(value) for _, value in (*indicator.of_people, *indicator.of_departments)]
    return Count(len(values), sum(values, Decimal(0)))


def read(data: bytes, _: Order) -> Count:
    """Count the rows and sum the values."""
    _head, *rows = plain_rows(data)
    return Count(len(rows), sum((from_cell(float(str(row[1]))) for row in rows), Decimal(0)))


TARGET = Target(
    "1c-kpi",
    check,
    write,
    read,
    numbered=False,
)
