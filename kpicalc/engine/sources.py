"""Where a figure of a calculation comes from, and what it is there: a closed set that every reader matches whole.

`Given` is what the workbook says. A figure's role is that, or what the calculation makes of it.
"""

from dataclasses import field
from typing import Literal, TypeAlias, assert_never

from kpicalc.model.deals import RowRule
from kpicalc.model.fields import BalanceField, EmployeeField, Level, WithheldField
from kpicalc.model.inputs import FOLLOWS, Inputs, Series
from kpicalc.model.record import record

Since = Literal["year", "quarter", "whole_quarter", "whole_half_year", "whole_year"]
PersonalName: TypeAlias = EmployeeField | WithheldField | BalanceField | Literal["leaves"]
"""A figure of a payee; leaves: 1 for who is dismissed in this month."""
EarlierOf = Literal["actual", "plan", "paid"]
PLANNED, PAID = ":plan", ":paid"
"""What follows a KPI's key where earlier months' plans are meant, and a line's id where what it paid is."""
Absent = Literal["refused", "zero", "none"]
"""What it means that the workbook has no such column: refused, 0 with a warning, or that there was none of it."""
TeamPart = Literal["actual"] | Level
RankPart = Literal["place", "tied", "order", "reached"]
Sheet = Literal["plan", "actual", "employee", "team", "history", "adjustments", "pool", "rows"]


@record
class Actual:
    """What was achieved of a KPI: typed, counted from facts, or computed from other KPIs."""

    kpi: str


@record
class Plan:
    """The plan of a KPI."""

    kpi: str


@record
class MonthAgo:
    """A KPI's actual of one earlier month, so many months ago."""

    kpi: str
    months: int


@record
class EarlierSum:
    """The sum of a KPI's actuals, or plans, over the earlier months of the year or quarter; or what a line paid there.

    Of a whole quarter, half-year or year they count in its last month alone, and months before the hiring never.
    """

    key: str
    """The KPI, or the line's id."""
    since: Since
    of: EarlierOf = "actual"

    @property
    def name(self) -> str:
        """Return the name of what is summed among the figures of earlier months."""
        return self.key + {"actual": "", "plan": PLANNED, "paid": PAID}[self.of]


@record
class StatedPlan:
    """The plan of a whole quarter, half-year or year, as the Plan sheet of its last month states it; before that 0."""

    kpi: str
    since: Since


@record
class Personal:
    """A figure of the Employees sheet. Of what has happened (`absent: none`) a blank cell says that it has not."""

    name: PersonalName
    absent: Absent = field(default="refused", compare=False)


@record
class OwnColumn:
    """A figure of the Employees sheet that the scheme file declares."""

    name: str


@record
class OfTeam:
    """A department's figure of a KPI: what its people achieved, or a level of its plan.

    `over`: who is summed: the department, or those of one text in another column, or `all`.
    """

    kpi: str
    part: TeamPart
    over: str = "department"


@record
class OfLines:
    """What the people of a group are paid by some lines, the payee's own left out or not."""

    lines: tuple[str, ...]
    over: str
    own: Literal["include", "exclude"]


@record
class OfPool:
    """A sum over those who share a pool: coefficients of all or of those before the payee, or their results."""

    pool: str
    part: Literal["before", "all", "result"]


@record
class OfRanking:
    """A payee's place in a ranking, how many share it, and which of these the payee is by personnel number.

    `reached`: the number of the day on which the result was reached, where that decides a tie.
    """

    ranking: str
    part: RankPart


@record
class PaidByRow:
    """What a payee's rows of facts pay, each by its own rate, under a line of pay."""

    line: str
    rule: RowRule


@record
class Adjusted:
    """The sum of a payee's adjustments."""


OfMany: TypeAlias = OfTeam | OfLines | OfPool | OfRanking
"""What many people's figures make together."""
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
    """How much of a component's own goal of a KPI is done."""

    kpi: str


@record
class DuePlan:
    """A plan or goal of a KPI for the days that count, or for the season."""

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
    """Return the key of a figure from the workbook in a calculation."""
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
    """Return the sheet on which a figure stands, by its name in messages; what people share stands on none."""
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
    """Return the column behind a figure; a figure that nobody has otherwise is the one from which it follows."""
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
    """Return the KPI that a figure is one of."""
    match role:
        case Personal() | OwnColumn() | OfLines() | OfPool() | OfRanking() | PaidByRow() | Adjusted() | Pay() | Own():
            return None
        case EarlierSum(key, _, of):
            return None if of == "paid" else key
        case _:
            return role.kpi
