"""What the KPIs of a scheme file need from its tables of facts: the measure, its condition, its days."""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from kpicalc.engine.tree.tokens import FormulaError
from kpicalc.intake.facts.measuring.language import Term, read_expression
from kpicalc.model import period
from kpicalc.model.calendar import Calendar
from kpicalc.model.facts import FactTable, FactType
from kpicalc.model.record import record
from kpicalc.model.scheme import Kpi, SchemeBook

Way = Literal["sum", "count", "distinct", "average", "share", "min", "max"]
WAYS: tuple[Way, ...] = ("sum", "count", "distinct", "average", "share", "min", "max")
DAY: Literal["day"] = "day"
"""`per: day` groups the rows of one day."""
_MINUTES: frozenset[str] = frozenset({"minutes", "working"})
_HAVING = re.compile(r"(<>|<=|>=|=|<|>)\s*(-?[0-9]{1,11}(?:\.[0-9]{1,6})?)")
NOTHING_IS_ZERO: frozenset[Way] = frozenset({"sum", "count", "distinct"})
"""The sum of no rows is 0; the average of no rows is blank."""
_WANTED: Mapping[Way, FactType | None] = {
    "sum": "number",
    "distinct": None,
    "average": "number",
    "share": "yes_no",
    "min": "number",
    "max": "number",
}


@record
class Measure:
    """How a KPI is computed: `way` applied to `value` (None: the rows themselves) of the rows that meet `where`.

    `months` is how many months back: 0 for the month that is paid. `between` holds the first and the last day that
    count at all. With `per`, rows are grouped by a value or by their day, and the measure is the number of groups that
    reach `having`: an operator and a number.
    """

    kpi: str
    title: str
    way: Way
    value: Term | None
    where: Term | None
    over: Literal["month", "to_date", "year"]
    months: int = 0
    until: date | None = None
    """The last day whose rows count, as if the table ended that evening; None: all days."""
    between: tuple[date, date] | None = None
    dated: bool = False
    """Whether the day of the last row that counts is needed too, to decide a tie."""
    per: Term | Literal["day"] | None = None
    having: tuple[str, Decimal] | None = None
    needed: tuple[Term, ...] = ()
    """The terms that must not be blank, where the value may be blank for want of a rate; empty: the value itself."""
    calendar: str | Calendar | None = field(default=None, compare=False)

    def span(self, month: str) -> tuple[date | None, date]:
        """Return the first day of the rows (None: no lower bound) and the day after the last one."""
        first = period.first_day(period.month_back(month, self.months))
        after = period.first_day(period.month_back(month, self.months - 1))
        if self.until is not None and not self.months:
            after = min(after, self.until + timedelta(days=1))
        start = {"month": first, "year": first.replace(month=1), "to_date": None}[self.over]
        if self.between is not None:
            first, last = self.between
            start, after = max(start or first, first), min(after, last + timedelta(days=1))
        return start, after

    def days(self, month: str) -> dict[str, date]:
        """Return the days that expressions may name."""
        return days_of(period.month_back(month, self.months))

    def days_asked(self, month: str) -> bool:
        """Tell whether the measure has any day in the month; the days in `between` may be over."""
        start, after = self.span(month)
        return start is None or start < after

    def columns(self) -> set[str]:
        """Return the columns that the measure uses."""
        return set().union(*(term.columns() for term in (self.value, self.where, self.per) if isinstance(term, Term)))

    def minutes(self) -> set[Term]:
        """Return the differences of two moments, in minutes, that the measure computes for a row."""
        terms = (self.value, self.where, self.per)
        return {part for term in terms if isinstance(term, Term) for part in term.inside() if part.op in _MINUTES}


def days_of(month: str) -> dict[str, date]:
    """Return the days of a month that expressions may name."""
    first = period.first_day(month)
    return {"month_start": first, "month_end": period.last_day(month)}


def where_of(table: FactTable) -> Term | None:
    """Return the condition under which a row is read at all; a table with an invalid condition is not read."""
    return None if table.where is None else read_expression(table.where, columns_of(table), "yes_no")


def ways_of(kpi: Kpi) -> list[Way]:
    """Return the ways of computing that a KPI states; exactly one is valid."""
    return [way for way in WAYS if getattr(kpi, way) is not None]


def types_of(table: FactTable) -> dict[str, FactType]:
    """Return the types of the names that expressions may use: a table's columns, and its row numbers (`order`)."""
    return columns_of(table) | dict.fromkeys(table.order, "number")


def columns_of(table: FactTable) -> dict[str, FactType]:
    """Return the types of a table's columns."""
    return {name: table.column(name).type for name in table.columns}


def expressions_of(kpi: Kpi) -> dict[str, tuple[str, FactType | None]]:
    """Return a KPI's expressions by option: the text and the required type."""
    expressions: dict[str, tuple[str, FactType | None]] = {}
    for way in ways_of(kpi):
        if way != "count":
            expressions[way] = (getattr(kpi, way), _WANTED[way])
    if kpi.where is not None:
        expressions["where"] = (kpi.where, "yes_no")
    if kpi.per is not None and kpi.per != DAY:
        expressions["per"] = (kpi.per, None)
    return expressions


def having_of(text: str) -> tuple[str, Decimal] | None:
    """Return the operator and the number that each client or day must reach; None where the text is no such bound."""
    match = _HAVING.fullmatch(text.strip())
    return (match[1], Decimal(match[2])) if match else None


_SPANS: Mapping[str, Literal["month", "to_date", "year"]] = {"month": "month", "to_date": "to_date", "year": "year"}


def decided_by_day(book: SchemeBook) -> set[str]:
    """Return the KPIs whose ranking puts the payee who reached the result earlier first."""
    ranked = [item.component for scheme in book.schemes.values() for item in scheme.pay if item.name == "ranked"]
    return {ranking.on for ranking in ranked if ranking.ties == "earlier"}


def measure_of(book: SchemeBook, key: str, months: int = 0, until: date | None = None) -> Measure | None:
    """Return the measure of a KPI; None where the scheme's own checks refuse it."""
    kpi = book.kpis[key]
    ways = ways_of(kpi)
    if len(ways) != 1 or bool(kpi.per) != bool(kpi.having):
        return None
    having = having_of(kpi.having) if kpi.having else None
    if (kpi.per and having is None) or len(kpi.between) not in (0, 2):
        return None
    types, way = types_of(book.facts[kpi.from_ or ""]), ways[0]
    try:
        terms = {option: read_expression(text, types, wanted) for option, (text, wanted) in expressions_of(kpi).items()}
    except FormulaError:
        return None
    if book.calendar is None and any(term.asks_calendar() for term in terms.values()):
        return None
    return Measure(
        kpi=key,
        title=book.kpi_title(key),
        way=way,
        value=terms.get(way),
        where=terms.get("where"),
        over=_SPANS.get(kpi.over or "month", "month"),
        months=months,
        until=until,
        between=(kpi.between[0], kpi.between[1]) if kpi.between else None,
        per=DAY if kpi.per == DAY else terms.get("per"),
        having=having,
        dated=not months and key in decided_by_day(book),
        calendar=book.calendar,
    )
