"""Everybody's figures while the month is computed: those of the workbook, and those that others' pay is made of.

Most people's pay hangs on their own figures alone. What a department, a pool or a ranking makes of the figures of many
needs these first, some of them computed: they are computed here as they are asked for, of everybody who has what they
are made of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kpicalc.engine.calculation import calculate
from kpicalc.engine.closure import figures_behind
from kpicalc.engine.faults import refusals
from kpicalc.engine.given import GivenFigures
from kpicalc.engine.sources import Actual, Given, key_of
from kpicalc.engine.statement import ALL, DEPARTMENT, Statement
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue

Known = list[Decimal | None]
"""A column of figures; None is one that is not known."""


@dataclass
class Everybody:
    """Who is paid by which scheme, and the figures of each scheme by key, aligned with its people.

    `find` is asked for a figure that many people make together; it places the figure in the columns.
    """

    month: GivenFigures
    statements: Mapping[str, Statement]
    groups: Mapping[str, tuple[int, ...]]
    columns: Mapping[str, dict[str, Known]]
    find: Callable[[Given], None]
    _early: dict[tuple[str, str], Known] = field(default_factory=dict)

    @property
    def inputs(self) -> Inputs:
        """Return the month's inputs."""
        return self.month.inputs

    @property
    def issues(self) -> list[Issue]:
        """Return what was found so far, for more to be added."""
        return self.month.issues

    def figure(self, key: str, name: str) -> Sequence[Decimal | None]:
        """Return a figure of a scheme's people, computed where it has to be; None where it is not known."""
        if name in self.columns[key]:
            return self.columns[key][name]
        if (key, name) not in self._early:
            self._early[key, name] = self._computed(key, self.statements[key], name)
        return self._early[key, name]

    def apart(self, key: str, kpi: str) -> Sequence[Decimal | None]:
        """Return a computed KPI of people whose own pay does not hang on it; the figures behind it are there."""
        return self._computed(key, apart_of(self.statements[key], kpi), key_of(Actual(kpi)))

    def _computed(self, key: str, statement: Statement, name: str) -> Known:
        behind, own, payees = figures_behind(statement.figures, [name]), self.columns[key], self.groups[key]
        given = [figure for figure in behind if isinstance(figure.source, Given)]
        for figure in given:
            if figure.key not in own and isinstance(figure.source, Given):
                self.find(figure.source)
        columns = [own[figure.key] for figure in given]
        rows = [at for at in range(len(payees)) if all(column[at] is not None for column in columns)]
        known = {figure.key: [value for at in rows if (value := own[figure.key][at]) is not None] for figure in given}
        computed, faults = calculate(behind, known, len(rows))
        found: Known = [None] * len(payees)
        for at, value in zip(rows, computed[name], strict=True):
            found[at] = value
        for _, fault in faults:
            found[rows[fault.row]] = None
        paid = [payees[at] for at in rows]
        self.issues.extend(refusals(faults, paid, statement, self.inputs, self.month.book, computed))
        return found


def apart_of(statement: Statement, kpi: str) -> Statement:
    """Return the calculation of a computed KPI that a scheme does not use, as if it were the scheme's own."""
    apart = statement.apart[kpi]
    return replace(statement, figures=apart.figures, blanks=apart.blanks)


def group_of(inputs: Inputs, payee: int, over: str) -> str:
    """Return the group of a payee: the department, the text of another column, or the one of all; blank, no group."""
    if over == ALL:
        return ALL
    return inputs.payees[payee].department if over == DEPARTMENT else inputs.grouped[over][payee]
