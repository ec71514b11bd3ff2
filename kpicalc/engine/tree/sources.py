"""Where a figure of a calculation comes from, and its role there: closed sets that every reader matches in full.

`Given` figures come from the workbook. The role of any other figure is what it means in the calculation.
"""

from dataclasses import field
from typing import Literal, TypeAlias, assert_never

from kpicalc.model.deals import RowRule
from kpicalc.model.fields import BalanceField, EmployeeField, Level, WithheldField
from kpicalc.model.inputs import FOLLOWS, Inputs, Series
from kpicalc.model.record import record

Since = Literal["year", "quarter", "whole_quarter", "whole_half_year", "whole_year"]
PersonalName: TypeAlias = EmployeeField | WithheldField | BalanceField | Literal["leaves"]
"""A figure of a payee; `leaves` is 1 for a payee who is dismissed in this month."""
EarlierOf = Literal["actual", "plan", "paid"]
PLANNED, PAID = ":plan", ":paid"
"""Suffixes of keys of earlier months: after a KPI's key for its plans, after a line's id for what it paid."""
Absent = Literal["refused", "zero", "none"]
"""The meaning of an absent column: refused, 0 with a warning, or 0 because nothing of the kind happened."""
TeamPart = Literal["actual"] | Level
RankPart = Literal["place", "tied", "order", "reached"]
Sheet = Literal["plan", "actual", "employee", "team", "history", "adjustments", "pool", "rows"]


@record
class Actual:
    """The actual of a KPI: typed, counted from facts, or computed from other KPIs."""

    kpi: str


@record
class Plan:
    """The plan of a KPI."""

    kpi: str


@record
class MonthAgo:
    """A KPI's actual some months ago."""

    kpi: str
    months: int


@record
class EarlierSum:
    """The sum over the earlier months of the year or quarter: of a KPI's actuals or plans, or of what a line paid.

    Sums of a whole quarter, half-year or year count in its last month alone, without months before the hiring.
    """

    key: str
    """The KPI's key, or the line's id."""
    since: Since
    of: EarlierOf = "actual"

    @property
    def name(self) -> str:
        """Return the key of the summed figure among the figures of earlier months."""
        return self.key + {"actual": "", "plan": PLANNED, "paid": PAID}[self.of]


@record
class StatedPlan:
    """The plan of a whole quarter, half-year or year, stated on the Plan sheet of its last month; before that 0."""

    kpi: str
    since: Since


@record
class Personal:
    """A figure of the Employees sheet. With `absent: none` a blank cell means that nothing of the kind happened."""

    name: PersonalName
    absent: Absent = field(default="refused", compare=False)


@record
class OwnColumn:
    """A figure of the Employees sheet that the scheme file declares."""

    name: str


@record
class OfTeam:
    """A group's figure of a KPI: the sum of its people's actuals, or a level of its plan.

    `over` defines the group: `department`, the key of another column, or `all`.
    """

    kpi: str
    part: TeamPart
    over: str = "department"


@record
class OfLines:
    """What the people of a group are paid by some lines, with or without the payee's own."""

    lines: tuple[str, ...]
    over: str
    own: Literal["include", "exclude"]


@record
class OfPool:
    """A sum over a pool's members: coefficients of all, coefficients of those before the payee, or results."""

    pool: str
    part: Literal["before", "all", "result"]


@record
class OfRanking:
    """A payee's place in a ranking, how many share it, and the payee's number among these.

    `reached` is the serial number of the day on which the result was reached, where that decides a tie.
    """

    ranking: str
    part: RankPart


@record
class PaidByRow:
    """What a payee's rows of facts pay by a line, each at its own rate."""

    line: str
    rule: RowRule


@record
class Adjusted:
    """The sum of a payee's adjustments."""


OfMany: TypeAlias = OfTeam | OfLines | OfPool | OfRanking
"""Figures made of many payees' figures."""
Given: TypeAlias = (
    Actual | Plan | StatedPlan | MonthAgo | EarlierSum | Personal | OwnColumn | PaidByRow | Adjusted | OfMany
)


@record
class Attainment:
    """The attainment of a KPI by the rules, in the month or over the calendar period that ends with it."""

    kpi: str
    over: str = "month"


@record
class GoalShare:
    """The attainment of a component's own goal of a KPI."""

    kpi: str


@record
class DuePlan:
    """A plan or goal of a KPI, for the days that count or for the season."""

    kpi: str
    by: Literal["days", "season"] = "days"


@record
class Pay:
    """A line of pay, or the total."""


@record
class Own:
    """A component's own figure: a part, an index, a coefficient."""


Role: TypeAlias = Given | Attainment | GoalShare | DuePlan | Pay | Own
OWN = Own()


def key_of(source: Given) -> str:
    """Return the key of a given figure in a calculation."""
    match source:
        case Actual(kpi):
            return f"actual.{kpi}"
        case Plan(kpi):
            return f"plan.{kpi}"
        case StatedPlan(kpi, since):
            return f"plan.{kpi}:{since}"
        case MonthAgo(kpi, months):
            return f"history.{kpi}:{months}"
        case EarlierSum(_, since):
            return f"history.{source.name}:{since}"
        case Personal(name) | OwnColumn(name):
            return f"employee.{name}"
        case OfTeam(kpi, part, over):
            return f"team.{kpi}:{part}" if over == "department" else f"team.{kpi}:{part}:{over}"
        case OfLines(lines, over, own):
            return f"lines.{'+'.join(lines)}:{over}:{own}"
        case OfPool(pool, part):
            return f"pool.{pool}:{part}"
        case OfRanking(ranking, part):
            return f"ranking.{ranking}:{part}"
        case PaidByRow(line):
            return f"rows.{line}"
        case Adjusted():
            return "adjustments.sum"
        case _:
            assert_never(source)


def sheet_of(source: Given) -> Sheet:
    """Return the name of a figure's sheet, as in codes of issues; `pool` for lines, pools and rankings."""
    match source:
        case Actual():
            return "actual"
        case Plan() | StatedPlan():
            return "plan"
        case MonthAgo() | EarlierSum():
            return "history"
        case Personal() | OwnColumn():
            return "employee"
        case OfTeam():
            return "team"
        case OfLines() | OfPool() | OfRanking():
            return "pool"
        case PaidByRow():
            return "rows"
        case Adjusted():
            return "adjustments"
        case _:
            assert_never(source)


def series_of(source: Given, inputs: Inputs) -> Series | None:
    """Return the column of a given figure; where nobody has another value, the column that it is derived from."""
    match source:
        case Actual(kpi):
            return inputs.actual.get(kpi)
        case Plan(kpi) | StatedPlan(kpi):
            return inputs.plan.get(kpi)
        case MonthAgo(kpi, months):
            return inputs.history.get((kpi, months))
        case Personal(name):
            return inputs.employee.get(name) or inputs.employee.get(FOLLOWS.get(name, name))
        case OwnColumn(name):
            return inputs.employee.get(name)
        case PaidByRow(_, rule):
            return inputs.row_pay.get(rule)
        case EarlierSum() | OfTeam() | OfLines() | OfPool() | OfRanking() | Adjusted():
            return None
        case _:
            assert_never(source)


def kpi_of(role: Role) -> str | None:
    """Return the key of the KPI that a figure belongs to."""
    match role:
        case Personal() | OwnColumn() | OfLines() | OfPool() | OfRanking() | PaidByRow() | Adjusted() | Pay() | Own():
            return None
        case EarlierSum(key, _, of):
            return None if of == "paid" else key
        case _:
            return role.kpi
