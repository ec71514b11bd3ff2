"""The figures of all payees while the month is computed: those of the workbook, and those that others' pay is made of.

Most payees' pay depends on their own figures alone. The figures of departments, pools and rankings are made of many
payees' figures, some of them computed: these are computed here on first use, for every payee whose inputs are known.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal

from kpicalc.engine.calculation import calculate
from kpicalc.engine.faults import refusals
from kpicalc.engine.given import GivenFigures
from kpicalc.engine.statement import ALL, DEPARTMENT, Statement
from kpicalc.engine.tree.closure import figures_behind
from kpicalc.engine.tree.sources import Actual, Given, key_of
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue
from kpicalc.model.record import record

Known = list[Decimal | None]
"""A column of figures; None is an unknown figure."""


@record(frozen=False)
class Everybody:
    """The payees of each scheme, and the scheme's figures by key, aligned with its payees.

    `find` places a figure that many payees make together in the columns.
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
        """Return the month's list of issues, to which more are added."""
        return self.month.issues

    def figure(self, key: str, name: str) -> Sequence[Decimal | None]:
        """Return a figure of a scheme's payees, computed on first use; None where it is unknown."""
        if name in self.columns[key]:
            return self.columns[key][name]
        if (key, name) not in self._early:
            self._early[key, name] = self._computed(key, self.statements[key], name)
        return self._early[key, name]

    def apart(self, key: str, kpi: str) -> Sequence[Decimal | None]:
        """Return a KPI computed apart from the scheme's own calculation; the figures behind it are in the columns."""
        return self._computed(key, apart_of(self.statements[key], kpi), key_of(Actual(kpi)))

    def _computed(self, key: str, statement: Statement, name: str) -> Known:
        behind, placed, payees = figures_behind(statement.figures, [name]), self.columns[key], self.groups[key]
        given = [figure for figure in behind if isinstance(figure.source, Given)]
        for figure in given:
            if figure.key not in placed and isinstance(figure.source, Given):
                self.find(figure.source)
        columns = {figure.key: placed[figure.key] for figure in given}
        rows = [row for row in range(len(payees)) if all(column[row] is not None for column in columns.values())]
        known = {
            name: [value for row in rows if (value := column[row]) is not None] for name, column in columns.items()
        }
        computed, faults = calculate(behind, known, len(rows))
        figures: Known = [None] * len(payees)
        for row, value in zip(rows, computed[name], strict=True):
            figures[row] = value
        for _, fault in faults:
            figures[rows[fault.row]] = None
        paid = [payees[row] for row in rows]
        self.issues.extend(refusals(faults, paid, statement, self.inputs, self.month.book, computed))
        return figures


def apart_of(statement: Statement, kpi: str) -> Statement:
    """Return the calculation of a computed KPI that the scheme itself does not use, as a statement of its own."""
    apart = statement.apart[kpi]
    return replace(statement, figures=apart.figures, blanks=apart.blanks)


def group_of(inputs: Inputs, payee: int, over: str) -> str:
    """Return the name of a payee's group: the department, the text of another column, or `all`; blank is no group."""
    if over == ALL:
        return ALL
    return inputs.payees[payee].department if over == DEPARTMENT else inputs.grouped[over][payee]
