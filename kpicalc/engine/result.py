"""The result of a month's computation: every payee's figures, column by column, and the issues that prevent paying."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from kpicalc.engine.doubtful import Doubt
from kpicalc.engine.statement import DEPARTMENT, Earned, Line, Pool, Ranking, Statement, Tally, TeamFigure
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, Sequence[Decimal]]
"""Figures by key, each aligned with the payees of its scheme."""
_ZERO = Decimal(0)


@record
class SchemePay:
    """What one scheme pays: its payees (indices into the inputs) and their figures, column by column."""

    statement: Statement
    payees: tuple[int, ...]
    columns: Columns

    def figure_of(self, line: Line | Tally) -> str | None:
        """Return the key of the figure in a column of the payroll, or None where this scheme has no such line."""
        for candidate in self.statement.lines if isinstance(line, Line) else self.statement.tallies:
            if (candidate.id, candidate.title) == (line.id, line.title):
                return candidate.figure
        return None


@record
class Team:
    """A group's figure of a KPI, and the part of it from people outside the calculation sheets.

    `outside` sums the results of members whose scheme does not use the KPI, or who are held.
    """

    kpi: str
    of: str
    department: str
    """The name of the group: a department, or a text of the column by which people are summed."""
    actual: Decimal | None
    outside: Decimal
    over: str = DEPARTMENT


@record
class Shared:
    """A pool and its members: payees with their coefficients, in the order of the running total."""

    pool: Pool
    shares: tuple[tuple[int, Decimal], ...]


@record
class Summed:
    """A group's figure and each payee's addend, aligned with the month's payees; None for no addend."""

    team: TeamFigure
    figures: Sequence[Decimal | None]


@record
class Placed:
    """A ranking in one group: result and day by payee, in the order of personnel numbers."""

    ranking: Ranking
    results: Mapping[int, tuple[Decimal, Decimal]]


@record
class PaidByLines:
    """What each payee is paid by some lines, aligned with the month's payees; None for a payee without the lines."""

    earned: Earned
    figures: Sequence[Decimal | None]


CommonFigure: TypeAlias = Summed | Shared | Placed | PaidByLines


@record(slots=False)
class Payroll:
    """The result of a month. `held` are payees who are not paid until their figures are complete.

    `common` are the figures made of many payees' figures, each after those that it depends on.
    """

    book: SchemeBook
    inputs: Inputs
    schemes: tuple[SchemePay, ...]
    held: tuple[int, ...]
    teams: tuple[Team, ...]
    issues: tuple[Issue, ...] = field(default=())
    common: tuple[CommonFigure, ...] = ()
    apart: Mapping[tuple[str, str], Mapping[int, Decimal]] = field(default_factory=dict)
    """Figures computed apart from a scheme's calculation, by the scheme's key and their own, then by payee."""
    doubtful: tuple[Doubt, ...] = ()
    """The figures that hold payees until somebody confirms them."""

    @property
    def pools(self) -> tuple[Shared, ...]:
        """Return the pools with their members."""
        return tuple(common for common in self.common if isinstance(common, Shared))

    @property
    def rankings(self) -> tuple[Placed, ...]:
        """Return the rankings with their members."""
        return tuple(common for common in self.common if isinstance(common, Placed))

    def summed(self, kpi: str, over: str = DEPARTMENT) -> Sequence[Decimal | None]:
        """Return each payee's addend to a group's figure."""
        sums = (common for common in self.common if isinstance(common, Summed))
        return next(common.figures for common in sums if (common.team.kpi, common.team.over) == (kpi, over))

    @cached_property
    def lines(self) -> tuple[tuple[Line, tuple[SchemePay, ...]], ...]:
        """Return every column of the payroll, in reading order: a line's id and title, and the schemes that have it.

        Withheld lines come last, as in every scheme; adjustments are the last of the earned lines.
        """
        by_title: dict[tuple[str, str], list[SchemePay]] = defaultdict(list)
        first: dict[tuple[str, str], Line] = {}
        for pay in self.schemes:
            for line in pay.statement.lines:
                by_title[line.id, line.title].append(pay)
                first.setdefault((line.id, line.title), line)
        ordered = sorted(by_title, key=lambda key: (first[key].withheld, first[key].component == "adjustments"))
        return tuple((first[key], tuple(by_title[key])) for key in ordered)

    @property
    def earned(self) -> tuple[Line, ...]:
        """Return the columns of earned lines."""
        return tuple(line for line, _ in self.lines if not line.withheld)

    @property
    def withheld(self) -> tuple[Line, ...]:
        """Return the columns of withheld lines; none where the payroll is of accruals only."""
        return tuple(line for line, _ in self.lines if line.withheld)

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """Return every column beside the payroll's total: points and debts, in reading order."""
        by_title = {(tally.id, tally.title): tally for pay in self.schemes for tally in pay.statement.tallies}
        return tuple(by_title.values())

    def tallied(self, tally: Tally) -> list[Decimal]:
        """Return each payee's figure of a tally, scheme by scheme."""
        figures = [(pay, key) for pay in self.schemes if (key := pay.figure_of(tally)) is not None]
        return [value for pay, key in figures for value in pay.columns[key]]

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """Return the payroll as a table: a row per payee and line, in the order of the Employees sheet.

        Columns: payee (index into the inputs), department, scheme, id, title, amount (Decimal).
        """
        import pandas as pd

        parts = []
        for pay in self.schemes:
            departments = [self.inputs.payees[index].department for index in pay.payees]
            parts += [
                pd.DataFrame(
                    {
                        "payee": list(pay.payees),
                        "department": departments,
                        "scheme": pay.statement.scheme.key,
                        "id": line.id,
                        "title": line.title,
                        "amount": list(pay.columns[line.figure]),
                    }
                )
                for line in pay.statement.lines
            ]
        empty = pd.DataFrame(columns=["payee", "department", "scheme", "id", "title", "amount"])
        whole = pd.concat(parts, ignore_index=True) if parts else empty
        return whole.sort_values("payee", kind="stable", ignore_index=True)

    @cached_property
    def by_department(self) -> dict[str, tuple[int, Decimal]]:
        """Return by department how many people it pays and how much they earn, in the order of the Employees sheet.

        A person with positions in two departments counts in each, with what is earned there.
        """
        totals = {
            index: amount
            for pay in self.schemes
            for index, amount in zip(pay.payees, pay.columns[pay.statement.accrued], strict=True)
        }
        amounts: dict[str, Decimal] = {}
        people: dict[str, set[int]] = {}
        for index in sorted(totals):
            department = self.inputs.payees[index].department
            amounts[department] = amounts.get(department, _ZERO) + totals[index]
            people.setdefault(department, set()).add(self.inputs.person_of(index))
        return {department: (len(people[department]), amount) for department, amount in amounts.items()}

    @cached_property
    def persons(self) -> tuple[int, ...]:
        """Return the people who are paid, each once, in the order of the Employees sheet."""
        return tuple(sorted({self.inputs.person_of(index) for pay in self.schemes for index in pay.payees}))

    @property
    def people(self) -> int:
        """Return how many people are paid, each once."""
        return len(self.persons)

    @cached_property
    def _places(self) -> list[Sequence[int]]:
        """Return the place among the people of each payee of every scheme."""
        if [pay.payees for pay in self.schemes] == [self.persons]:
            return [range(len(self.persons))]
        places = {index: at for at, index in enumerate(self.persons)}
        return [[places[self.inputs.person_of(index)] for index in pay.payees] for pay in self.schemes]

    def by_person(self, columns: Iterable[Sequence[Decimal] | None]) -> list[Decimal | None]:
        """Return a column of all people from one of each scheme; the amounts of a person's several rows are added up.

        None stands for a person whose schemes have no such column.
        """
        amounts: list[Decimal | None] = [None] * len(self.persons)
        for places, own in zip(self._places, columns, strict=True):
            for place, amount in zip(places, own, strict=True) if own is not None else ():
                before = amounts[place]
                amounts[place] = amount if before is None else before + amount
        return amounts

    @cached_property
    def by_line(self) -> dict[tuple[str, str], Decimal]:
        """Return the total of each line (id, title)."""
        sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for pay in self.schemes:
            for line in pay.statement.lines:
                sums[line.id, line.title] += sum(pay.columns[line.figure], _ZERO)
        return dict(sums)

    def accrued(self) -> Decimal:
        """Return the total earned before anything is withheld."""
        return sum((sum(pay.columns[pay.statement.accrued], _ZERO) for pay in self.schemes), _ZERO)

    def total(self) -> Decimal:
        """Return the total paid."""
        return sum((sum(pay.columns[pay.statement.total], _ZERO) for pay in self.schemes), _ZERO)
