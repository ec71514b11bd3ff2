"""A compiled scheme: the figures of one payee's calculation in order, from inputs to the total."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from kpicalc.engine.tree.formula import Column, Node, Param, Table, Unit
from kpicalc.engine.tree.sources import OWN, Actual, Given, Role
from kpicalc.model.fields import BalanceField, EmployeeField, WithheldField
from kpicalc.model.inputs import Mark
from kpicalc.model.issue import Place
from kpicalc.model.record import record
from kpicalc.model.scheme import Blank, Scheme

ACCRUED = "accrued"
"""Key of the sum of earned lines, in a scheme that withholds."""
Among = Literal["department", "scheme", "everybody"]
Ties = Literal["share", "both", "earlier"]
Empty = Literal["pays_nothing", "error"]
DEPARTMENT, ALL = "department", "all"
"""The groups that every payee is in; others are columns of the Employees sheet, by their keys."""


@record
class Figure:
    """One column of the calculation. `title` names it in words; `heading` stands over the column, within its group."""

    key: str
    title: str
    heading: str
    group: str
    unit: Unit
    source: Given | Node
    settled: bool
    role: Role = OWN
    """The given source, or the role of the figure in the calculation."""

    @property
    def column(self) -> Column:
        """Return the node that refers to this figure."""
        return Column(self.key, self.title, self.unit, self.settled)


@record
class Line:
    """A computed line of pay: an amount of money, with the id that formulas and outputs use."""

    id: str
    title: str
    component: str
    figure: str
    """Key of the line's figure."""
    acts_on: tuple[str, ...] = ()
    withheld: bool = False
    """True for a line taken out of earned pay: tax, a writ. 1C computes such lines itself."""


@record
class Tally:
    """A figure shown beside a payee's pay that is not paid: points, a debt carried to the next month.

    It is never part of the total or of what other components act on.
    """

    id: str
    title: str
    kind: Literal["points", "debt", "owed"]
    figure: str
    """Key of the tally's figure."""
    carried: BalanceField | None = None
    """The column of the Employees sheet that it is carried to next month."""


@record
class TeamFigure:
    """A group's figure of a KPI: the sum of `of` over the group's people.

    `over` defines the group: the department, a column of the Employees sheet by its key, or `all`.
    """

    kpi: str
    of: str
    over: str = DEPARTMENT


@record
class Earned:
    """What the people of a group are paid by some lines together."""

    lines: tuple[str, ...]
    over: str


@record
class Pool:
    """Money that people share: the group, and the key of the figure that is each member's coefficient.

    `by` are the coefficient's factors that stand in the workbook. `of` is the KPI whose sum over the members makes the
    money, if it comes from their results. `asked`: the scheme does not state the group, which is refused where it makes
    a difference. Schemes with a pool of the same id share one; `terms` is all that they must then state alike.
    """

    id: str
    title: str
    among: Among
    coefficient: str
    by: tuple[Given, ...]
    of: Actual | None
    empty: Empty
    asked: bool
    terms: tuple[object, ...]
    place: Place


@record
class Ranking:
    """A ranking: by which figure, in which group, and how many places are paid.

    `lowest`: less is better, and any result may win; else only a result above 0. Schemes with a ranking of the same id
    share one; `terms` is all that they must then state alike.
    """

    id: str
    title: str
    kpi: str
    figure: str
    """Key of the figure by which people are ranked."""
    over: str
    ties: Ties
    lowest: bool
    places: int
    terms: tuple[object, ...]
    place: Place


@record
class Assumption:
    """The value that a scheme assumes of an employee's figure it does not use; `code` is the issue about another."""

    employee: EmployeeField | WithheldField | Mark
    value: Decimal
    code: str
    place: Place
    title: str = ""
    """The title of the line that assumes it."""


@record
class ParamBlock:
    """Parameters that stand together on the Scheme sheet, under the title of their component."""

    title: str
    params: tuple[Param, ...]
    tables: tuple[Table, ...]


@record
class Apart:
    """A computed KPI apart from the scheme's calculation: the figures behind it, and what a blank of each means."""

    figures: tuple[Figure, ...]
    blanks: Mapping[str, Blank]


@record
class Statement:
    """The calculation of one scheme. `figures` are in order of calculation, the total last.

    `blanks` is the meaning of a blank for each given figure.
    """

    scheme: Scheme
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    total: str
    blocks: tuple[ParamBlock, ...]
    blanks: Mapping[str, Blank] = field(default_factory=dict)
    teams: tuple[TeamFigure, ...] = ()
    pools: tuple[Pool, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    tallies: tuple[Tally, ...] = ()
    earned: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    """By line ids that somebody's override takes a share of, the key of what the scheme's payees are paid by them."""
    apart: Mapping[str, "Apart"] = field(default_factory=dict)
    """By key, the computed KPIs that this scheme does not use and a group's figure is made of."""

    @property
    def withholds(self) -> bool:
        """Tell whether anything is withheld, so that less is paid than is accrued."""
        return any(line.withheld for line in self.lines)

    @property
    def accrued(self) -> str:
        """Return the key of the sum of earned lines: the total, unless something is withheld."""
        return ACCRUED if self.withholds else self.total

    def figure(self, key: str) -> Figure:
        """Return a figure by its key."""
        return next(figure for figure in self.figures if figure.key == key)

    def given(self) -> tuple[Figure, ...]:
        """Return the given figures."""
        return tuple(figure for figure in self.figures if isinstance(figure.source, Given))
