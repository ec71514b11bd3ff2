"""A worked example of a scheme: with these figures, this must be paid."""

from decimal import Decimal

from pydantic import Field

from kpicalc.model.entry import Entry, Exact, ExactOrDay


class TeamExample(Entry):
    """A department's figures in a worked example."""

    actual: Exact = Field(description="what the department achieved")
    minimum: Exact | None = Field(default=None, description="the plan's minimum")
    norm: Exact | None = Field(default=None, description="the plan's norm")
    maximum: Exact | None = Field(default=None, description="the plan's maximum")


class PoolExample(Entry):
    """The coefficients of those who share a pool, in a worked example."""

    all: Exact = Field(description="the sum of everybody's coefficients")
    before: Exact = Field(default=Decimal(0), description="the sum of those before the payee, by personnel number")
    result: Exact | None = Field(default=None, description="the sum of their results, where the pool is a share of it")


class RankingExample(Entry):
    """A place in a ranking, in a worked example."""

    place: Exact = Field(description="the place")
    tied: Exact = Field(default=Decimal(1), description="how many have it")
    order: Exact = Field(default=Decimal(1), description="which of them the payee is, by personnel number")
    reached: Exact = Field(default=Decimal(0), description="the number of the day on which the result was reached")


class Example(Entry):
    """A worked example: with these figures the scheme must pay this. Examples run before every payroll."""

    title: str | None = Field(default=None, description="what the example shows")
    actual: dict[str, Exact] = Field(default_factory=dict, description="KPI: achieved figure")
    plan: dict[str, Exact] = Field(default_factory=dict, description="KPI: planned figure")
    previous: dict[str, Exact] = Field(default_factory=dict, description="KPI: last month's figure")
    earlier: dict[str, Exact] = Field(
        default_factory=dict,
        description="KPI: the sum of the earlier months of the year or quarter; `sales:plan` is that of their plans, "
        "`advance:paid` what a line paid in them",
    )
    employee: dict[str, ExactOrDay] = Field(
        default_factory=dict,
        description="figures of the Employees sheet, declared columns too, days as 2026-10-05; unless stated the full "
        "norm is worked, and balances are 0",
    )
    team: dict[str, TeamExample] = Field(default_factory=dict, description="team KPI: the department's figures")
    pool: dict[str, PoolExample] = Field(default_factory=dict, description="id of a pool: the coefficients in it")
    members: dict[str, Exact] = Field(
        default_factory=dict, description="ids of lines, joined by +: what the members earn by them, for override"
    )
    ranking: dict[str, RankingExample] = Field(default_factory=dict, description="id of a ranking: the place in it")
    rows: dict[str, Exact] = Field(
        default_factory=dict, description="id of a line that pays row by row: what the rows pay together"
    )
    adjustments: Exact | None = Field(default=None, description="sum of the adjustments")
    pays: dict[str, Exact] = Field(
        description="line id, total, or accrued where something is withheld: what must come out; of points, how many",
        min_length=1,
    )
