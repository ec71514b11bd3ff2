"""Months paid one after another by one scheme: closing balances and lines become the past of the next month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from functools import cached_property

from kpicalc.engine.compile import earlier_months
from kpicalc.engine.components.true_up import TrueUp
from kpicalc.engine.positions.positions import adds_up
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Statement
from kpicalc.engine.terms.balance import closing_titles
from kpicalc.model.fields import BalanceField
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook

ById = Mapping[str, Decimal]
"""A figure by personnel number."""


@record(slots=False)
class Side:
    """One of the compared schemes, compiled once for all months."""

    book: SchemeBook
    statements: Mapping[str, Statement]

    @cached_property
    def carries(self) -> tuple[BalanceField, ...]:
        """Return the opening balances that the side's schemes carry from month to month."""
        return tuple(closing_titles(self.statements))

    @cached_property
    def earlier(self) -> dict[str, set[str]]:
        """Return the earlier months that the side's schemes need, by KPI: `3`, `year`, `quarter`."""
        return earlier_months(self.statements)

    @cached_property
    def paid_lines(self) -> dict[str, tuple[str, ...]]:
        """Return the KPIs of the History sheet with the pay of lines, and the ids of these lines."""
        ids_of: dict[str, tuple[str, ...]] = {}
        for statement in self.statements.values():
            for item in statement.scheme.pay:
                if isinstance(item.component, TrueUp) and item.component.paid is not None:
                    ids = ids_of.get(item.component.paid, ())
                    ids_of[item.component.paid] = (*ids, item.component.id or item.name)
        return ids_of

    def adjusts_plan(self, kpi: str) -> bool:
        """Tell whether a plan that counts is computed from the one that is typed: for days worked, or by the season."""
        keys = {f"plan_due.{kpi}", f"plan_season.{kpi}"}
        return any(figure.key in keys for statement in self.statements.values() for figure in statement.figures)


@record(slots=False)
class Paid:
    """A month as one side pays it. If `refused` is not empty, it cannot be paid, and no pay of it counts."""

    period: str
    inputs: Inputs
    payroll: Payroll | None = None
    refused: tuple[Issue, ...] = ()
    begun: tuple[BalanceField, ...] = ()
    """Balances without a column in the workbook, which are assumed to begin at 0."""

    @cached_property
    def accrued(self) -> dict[str, Decimal]:
        """Return what each paid person earns before withholdings, by personnel number."""
        sums: dict[str, Decimal] = {}
        for pay in self.payroll.schemes if self.payroll else ():
            self._add(sums, pay, pay.columns[pay.statement.accrued])
        return sums

    def _add(self, sums: dict[str, Decimal], pay: SchemePay, column: Sequence[Decimal]) -> None:
        """Add a column to sums by personnel number: a person may have several rows."""
        for index, value in zip(pay.payees, column, strict=True):
            number = self.inputs.payees[index].id
            sums[number] = sums.get(number, Decimal(0)) + value

    @cached_property
    def held(self) -> dict[str, str]:
        """Return the names of held people, by personnel number; people who do not work in the month are not held."""
        held = self.payroll.held if self.payroll else ()
        people = [self.inputs.payees[index] for index in held if index not in self.inputs.away]
        return {payee.id: payee.name for payee in people}

    @cached_property
    def here(self) -> frozenset[str]:
        """Return the personnel numbers of people who work in the month, paid or held."""
        inputs = self.inputs
        return frozenset(payee.id for index, payee in enumerate(inputs.payees) if index not in inputs.away)

    def closing(self, name: BalanceField) -> ById:
        """Return each person's closing balances."""
        sums: dict[str, Decimal] = {}
        for pay in self.payroll.schemes if self.payroll else ():
            for tally in pay.statement.tallies:
                if tally.carried == name:
                    self._add(sums, pay, pay.columns[tally.figure])
        return sums

    def actual(self, kpi: str, book: SchemeBook) -> ById:
        """Return the known actuals of a KPI, including computed ones, by person.

        A blank in a person's row means what the scheme says; in a month that is not paid the sum is unknown.
        """
        series = self.inputs.actual.get(kpi)
        figures: list[tuple[int, Decimal]] = []
        blank = set()
        for index, value in enumerate(series.values if series is not None else ()):
            if value is not None:
                figures.append((index, value))
            elif self.payroll is None:
                blank.add(self.inputs.payees[index].id)
        for pay in self.payroll.schemes if self.payroll and series is None else ():
            if column := pay.columns.get(f"actual.{kpi}"):
                figures += zip(pay.payees, column, strict=True)
        known = self._by_person(figures, adds=adds_up(book.kpis[kpi]))
        return {number: value for number, value in known.items() if number not in blank}

    def plan(self, kpi: str, book: SchemeBook) -> ById:
        """Return the known plans of a KPI, for the days that count, by person."""
        series, typed = self.inputs.plan.get(kpi), {}
        for index, payee in enumerate(self.inputs.payees if series else ()):
            if series and (value := series.values[index]) is not None:
                typed[payee.id] = value
        due: list[tuple[int, Decimal]] = []
        for pay in self.payroll.schemes if self.payroll else ():
            if column := pay.columns.get(f"plan_due.{kpi}") or pay.columns.get(f"plan_season.{kpi}"):
                due += zip(pay.payees, column, strict=True)
        for index, _ in due:
            typed.pop(self.inputs.payees[index].id, None)
        return typed | self._by_person(due, adds=adds_up(book.kpis[kpi]))

    def _by_person(self, figures: Iterable[tuple[int, Decimal]], *, adds: bool) -> dict[str, Decimal]:
        """Return each person's figure from those of the rows: their sum or, if they do not add up, the same in all.

        Where two rows have different shares or averages, there is no figure of the person, as in an earlier payroll.
        """
        rows: dict[str, list[Decimal]] = {}
        for index, value in figures:
            rows.setdefault(self.inputs.payees[index].id, []).append(value)
        if adds:
            return {number: sum(values, Decimal(0)) for number, values in rows.items()}
        return {number: values[0] for number, values in rows.items() if len(set(values)) == 1}

    def line(self, ids: Sequence[str]) -> ById:
        """Return each person's pay by the lines of these ids."""
        sums: dict[str, Decimal] = {}
        for pay in self.payroll.schemes if self.payroll else ():
            for line in pay.statement.lines:
                if line.id in ids:
                    self._add(sums, pay, pay.columns[line.figure])
        return sums


@record(frozen=False)
class Run:
    """Months that one side has paid so far.

    `stated` is the run of the current scheme, if this run is the other one's.
    """

    side: Side
    stated: "Run | None" = None
    months: dict[str, Paid] = field(default_factory=dict)

    def keep(self, paid: Paid) -> Paid:
        """Add a month that is paid or refused already."""
        self.months[paid.period] = paid
        return paid
