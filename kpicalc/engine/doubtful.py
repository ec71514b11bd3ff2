"""Figures that are probably a hundred times too large: whoever has one is held until somebody confirms it.

A per cent above 500 % is 40 typed for 40 %; an actual more than twenty times its plan has a misplaced decimal point, or
the plan is in thousands; an amount per hour, day or shift that is a month's pay has the wrong `per`; time of more than
twice its norm is a norm of 2.2 days for 22. A scheme file that silences the remark, with its reason, confirms such
figures.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal, Protocol, get_args

from kpicalc.engine.components.base_salary import BaseSalary
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.statement import Figure, Statement
from kpicalc.engine.terms.own import ShareOf
from kpicalc.engine.terms.whole_periods import periods_of
from kpicalc.engine.tree.formula import Unit
from kpicalc.engine.tree.sources import (
    Actual,
    DuePlan,
    OfTeam,
    OwnColumn,
    Personal,
    Plan,
    Role,
    key_of,
    kpi_of,
    series_of,
)
from kpicalc.engine.tree.words import show
from kpicalc.lang import word
from kpicalc.model.fields import WORKED, Level
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.silence import Silence

Code = Literal["per_cent_sign", "far_above_plan", "far_above_norm", "month_for_hour"]
CODES: tuple[Code, ...] = get_args(Code)
ABOVE_PLAN = 20
_ABOVE_PLAN = Decimal(ABOVE_PLAN)
ABOVE_NORM = 2
"""Nobody works all days twice; a month of overtime is half as much again."""
MOST_SHARE = Decimal(5)
_WAGES: Mapping[int, str] = {
    500: "GEL AZN",
    700: "BYN",
    1000: "TJS",
    1500: "USD EUR GBP",
    5000: "MDL",
    8000: "UAH",
    10000: "KGS",
    20000: "TRY",
    25000: "RUB",
    80000: "KZT AMD",
    1000000: "UZS",
}
A_MONTH: Mapping[str, Decimal] = {
    currency: Decimal(amount) for amount, currencies in _WAGES.items() for currency in currencies.split()
}
"""About a low monthly wage by currency, used where the scheme states no minimum wage.

An hour is a hundredth of a month, so half or twice as much would do.
"""
_Columns = Mapping[str, Sequence[Decimal]]


class Pay(Protocol):
    """What one scheme pays: its payees and their figures, column by column."""

    @property
    def statement(self) -> Statement: ...  # noqa: D102
    @property
    def payees(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def columns(self) -> _Columns: ...  # noqa: D102


@record
class Doubt:
    """One payee's figure that is probably a hundred times too large; `shown` is the figure beside what it exceeds."""

    code: Code
    payee: int
    scheme: str
    source: Actual | Plan | OfTeam | Personal | OwnColumn
    title: str
    shown: str
    times: int = ABOVE_PLAN

    def as_issue(self, inputs: Inputs) -> Issue:
        """Return the issue that holds the payee."""
        facts = {"payee": inputs.payees[self.payee], "title": self.title, "found": self.shown}
        return issue(self.code, self.place(inputs), **facts, times=self.times, period=inputs.period)

    def place(self, inputs: Inputs) -> Place:
        """Return the figure's cell or, without one, the payee's row."""
        series = series_of(self.source, inputs)
        return series.place(self.payee) if series else inputs.payees[self.payee].place

    def confirmed(self, book: SchemeBook, period: str) -> Silence | None:
        """Return the silence that confirms the figure in a month: for the whole file, its scheme or its KPI."""
        about = ((), ("schemes", self.scheme), ("kpis", kpi_of(self.source) or ""))
        silences = (silence for silence in book.silences if silence.code == self.code and silence.about in about)
        return next((silence for silence in silences if silence.holds(period)), None)


def unconfirmed(schemes: Iterable[Pay], book: SchemeBook, period: str) -> tuple[Doubt, ...]:
    """Return the unconfirmed figures of all schemes, which hold their payees."""
    return tuple(doubt for pay in schemes for doubt in doubts(pay, book) if not doubt.confirmed(book, period))


def doubts(pay: Pay, book: SchemeBook) -> Iterator[Doubt]:
    """Yield the doubtful figures of a scheme's payees, at most one per payee and figure."""
    yield from _months_for_hours(pay, book)
    yield from _above_norm(pay, book)
    statement, payees, columns = pay.statement, pay.payees, pay.columns
    figures = {figure.role: figure for figure in statement.figures if figure.key in columns}
    for source, figure in figures.items():
        if not isinstance(source, Actual | Plan | OfTeam):
            continue
        seen: set[int] = set()
        for code, odd in (("per_cent_sign", _per_cents), ("far_above_plan", _above_plan)):
            for row, shown in odd(columns, book, source, figures):
                if row not in seen:
                    seen.add(row)
                    yield Doubt(code, payees[row], statement.scheme.key, source, figure.title, shown)  # type: ignore[arg-type]
        for title, row, shown in _periods_above_plan(pay, book, source):
            if row not in seen:
                seen.add(row)
                yield Doubt("far_above_plan", payees[row], statement.scheme.key, source, title, shown)


def _months_for_hours(pay: Pay, book: SchemeBook) -> Iterator[Doubt]:
    """Yield personal amounts paid per hour, day or shift that are as large as a month's pay."""
    month = least_of_month(book)
    if month is None:
        return
    figures = {figure.key: figure for figure in pay.statement.given()}
    seen: set[tuple[str, int]] = set()
    for component in (item.component for item in pay.statement.scheme.pay):
        if not isinstance(component, BaseSalary) or component.per == "month" or isinstance(component.amount, Decimal):
            continue
        personal = component.amount
        share, name = (personal.share, personal.of) if isinstance(personal, ShareOf) else (Decimal(1), personal)
        for key in (f"employee.{name}", f"employee.{name}_after"):
            figure = figures.get(key)
            if figure is None or not isinstance(source := figure.source, Personal | OwnColumn):
                continue
            for payee, value in zip(pay.payees, pay.columns[key], strict=True):
                if value * share >= month and (name, payee) not in seen:
                    seen.add((name, payee))
                    shown = word(f"words.bounds.per_{component.per}", book.language)
                    amount = show(value * share, "money", book.language)
                    yield Doubt("month_for_hour", payee, pay.statement.scheme.key, source, figure.title,
                                shown.format(found=amount))  # fmt: skip


def _above_norm(pay: Pay, book: SchemeBook) -> Iterator[Doubt]:
    """Yield the time worked of payees whose pay grows with it, where it is more than twice its norm."""
    figures = {figure.key: figure for figure in pay.statement.figures}
    for worked, norm in WORKED.items():
        source = Personal(worked)
        keys = key_of(source), key_of(Personal(norm))
        if any(key not in pay.columns for key in keys):
            continue
        for payee, done, most in zip(pay.payees, *(pay.columns[key] for key in keys), strict=True):
            if done > most > 0 and most * ABOVE_NORM < done:
                shown = f"{show(done, 'number', book.language)} > {show(most, 'number', book.language)}"
                title = figures[keys[0]].title
                yield Doubt("far_above_norm", payee, pay.statement.scheme.key, source, title, shown, ABOVE_NORM)


def least_of_month(book: SchemeBook) -> Decimal | None:
    """Return a low monthly wage for comparison; None where it is unknown."""
    return book.minimum_wage or A_MONTH.get(book.currency)


def _per_cents(
    columns: _Columns, book: SchemeBook, source: Actual | Plan | OfTeam, figures: Mapping[Role, Figure]
) -> Iterator[tuple[int, str]]:
    # A department's figure is the sum of its people's figures, which are checked themselves.
    if isinstance(source, OfTeam) or unit_of_kpi(book.kpis[source.kpi]) != "percent":
        return
    for row, value in enumerate(columns[figures[source].key]):
        if abs(value) > MOST_SHARE:
            yield row, show(value, "percent", book.language)


def _above_plan(
    columns: _Columns, book: SchemeBook, source: Actual | Plan | OfTeam, figures: Mapping[Role, Figure]
) -> Iterator[tuple[int, str]]:
    known = _plans(columns, book, source, figures)
    if known:
        yield from _far(columns[figures[source].key], known, figures[source].unit, book)


def _plans(
    columns: _Columns, book: SchemeBook, source: Actual | Plan | OfTeam, figures: Mapping[Role, Figure]
) -> list[Sequence[Decimal]]:
    """Return the plans that an actual is compared with: of a department all levels; none where less is better."""
    plans: tuple[Role, ...] = ()
    if isinstance(source, Actual):
        seasonal = DuePlan(source.kpi, "season")
        plans = (seasonal if seasonal in figures else Plan(source.kpi),)
    elif isinstance(source, OfTeam) and source.part == "actual":
        plans = tuple(OfTeam(source.kpi, level, source.over) for level in get_args(Level))
    if book.kpis[source.kpi].better != "higher":
        return []
    return [columns[figures[plan].key] for plan in plans if plan in figures]


def planned(pay: Pay, book: SchemeBook) -> Iterator[tuple[Actual, Figure, Sequence[Decimal]]]:
    """Yield each actual of a scheme that has a plan: source, figure, plans."""
    figures = {figure.role: figure for figure in pay.statement.figures if figure.key in pay.columns}
    for source, figure in figures.items():
        if isinstance(source, Actual) and (plans := _plans(pay.columns, book, source, figures)):
            yield source, figure, plans[0]


def _periods_above_plan(pay: Pay, book: SchemeBook, source: Actual | Plan | OfTeam) -> Iterator[tuple[str, int, str]]:
    """Yield results of quarters and years far above their plan; their earlier months are checked by nothing else."""
    if not isinstance(source, Actual) or book.kpis[source.kpi].better != "higher":
        return
    figures = {figure.key: figure for figure in pay.statement.figures if figure.key in pay.columns}
    for actual, plan in periods_of(source.kpi):
        if actual in figures and plan in figures:
            figure = figures[actual]
            for row, shown in _far(pay.columns[actual], [pay.columns[plan]], figure.unit, book):
                yield figure.title, row, shown


def _far(
    actuals: Sequence[Decimal], plans: Sequence[Sequence[Decimal]], unit: Unit, book: SchemeBook
) -> Iterator[tuple[int, str]]:
    limits = plans[0] if len(plans) == 1 else map(max, *plans)
    for row, (value, most) in enumerate(zip(actuals, limits, strict=True)):
        if most * _ABOVE_PLAN < value and most > 0:
            yield row, f"{show(value, unit, book.language)} > {show(most, unit, book.language)}"
