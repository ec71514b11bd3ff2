"""A compiled scheme: the figures of one payee's calculation in order, from inputs to the total."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from kpicalc.engine.formula import Column, Node, Param, Table, Unit
from kpicalc.engine.sources import OWN, Actual, Given, Role
from kpicalc.model.fields import BalanceField, EmployeeField, WithheldField
from kpicalc.model.inputs import Mark
from kpicalc.model.issue import Place
from kpicalc.model.record import record
from kpicalc.model.scheme import Blank, Scheme

ACCRUED = "accrued"
"""Key of what is earned before anything is withheld, in a scheme that withholds."""
Among = Literal["department", "scheme", "everybody"]
Ties = Literal["share", "both", "earlier"]
Empty = Literal["pays_nothing", "error"]
DEPARTMENT, ALL = "department", "all"
"""The groups that people are in by themselves; others are columns of the Employees sheet, by their keys."""


@record
class Figure:
    """One column of the calculation. `title` names it in words, `heading` stands over the column in its group."""

    key: str
    title: str
    heading: str
    group: str
    unit: Unit
    source: Given | Node
    settled: bool
    role: Role = OWN
    """What it is: where it comes from, or what the calculation makes of that."""

    @property
    def column(self) -> Column:
        """Return the node that refers to this figure."""
        return Column(self.key, self.title, self.unit, self.settled)


@record
class Line:
    """A computed line of pay: a figure in money with the id that formulas and outputs use."""

    id: str
    title: str
    component: str
    figure: str
    """Key of its figure."""
    acts_on: tuple[str, ...] = ()
    withheld: bool = False
    """True for what is taken out of pay that has been earned: tax, a writ. 1C computes such lines by itself."""


@record
class Tally:
    """A figure that people see beside their pay and that is no pay: points, a debt carried to the next month.

    It never joins the total, nor what other components act on.
    """

    id: str
    title: str
    kind: Literal["points", "debt", "owed"]
    figure: str
    """Key of its figure."""
    carried: BalanceField | None = None
    """The column of the Employees sheet into which it goes next month."""


@record
class TeamFigure:
    """A department's figure of a KPI: the sum of `of` over its people.

    `over` is what makes the group: the department, a column of the Employees sheet by its key, or `all`.
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
    """Money that people share: among whom, and the key of the figure that is everybody's coefficient.

    `by` are its factors that stand in the workbook. `of` is the KPI whose sum over those who share makes the money,
    where it comes from their results. `asked`: among whom is not stated, and counts where it makes a difference.
    Schemes with a pool of the same id share one; `terms` is all that they must then state alike.
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
    """Who is first, and who next: by whose figures, in which group, and how many places are paid.

    `lowest`: less is better, and then any result may win; else a result above 0. Schemes with a ranking of the same id
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
    """What a scheme takes for granted of a figure that it does not use; the code of the issue where it is not so."""

    employee: EmployeeField | WithheldField | Mark
    value: Decimal
    code: str
    place: Place
    title: str = ""
    """What takes it for granted: a line's title."""


@record
class ParamBlock:
    """Parameters that stand together on the Scheme sheet, under the title of their component."""

    title: str
    params: tuple[Param, ...]
    tables: tuple[Table, ...]


@record
class Apart:
    """A computed KPI apart from the calculation of a scheme: the figures behind it, and what a blank means for each."""

    figures: tuple[Figure, ...]
    blanks: Mapping[str, Blank]


@record
class Statement:
    """What one scheme computes. `figures` stand in order of calculation; the last one is the total.

    `blanks` says what a blank means for each figure that comes from the workbook.
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
    """What the scheme's people are paid by lines of which somebody's override is a share: the keys of their figures."""
    apart: Mapping[str, "Apart"] = field(default_factory=dict)
    """By key, computed KPIs that this scheme does not use, and of which a department's figure is made."""

    @property
    def withholds(self) -> bool:
        """Tell whether anything is withheld: what is accrued is then not what is paid."""
        return any(line.withheld for line in self.lines)

    @property
    def accrued(self) -> str:
        """Return the key of what is earned: the total, unless something is withheld."""
        return ACCRUED if self.withholds else self.total

    def figure(self, key: str) -> Figure:
        """Return a figure by its key."""
        return next(figure for figure in self.figures if figure.key == key)

    def given(self) -> tuple[Figure, ...]:
        """Return the figures that come from the workbook."""
        return tuple(figure for figure in self.figures if isinstance(figure.source, Given))
