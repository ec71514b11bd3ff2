"""The scheme file as data: what it may hold, and what each entry means.

These models are the contract with the YAML file and the source of the JSON Schema. Pay components are defined in
`kpicalc.engine.components`; here a scheme only holds them.
"""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from kpicalc.model.calendar import Calendar, Day
from kpicalc.model.deals import RateSheet
from kpicalc.model.entry import (
    Amount,
    Entry,
    Exact,
    NonNegative,
    NotExact,
    OwnColumnEntry,
    PartMonth,
    ResultBound,
    Rounding,
    exact,
    no_items,
)
from kpicalc.model.example import Example, PoolExample, RankingExample, TeamExample
from kpicalc.model.facts import FactTable
from kpicalc.model.funnel import FunnelEntry
from kpicalc.model.issue import Place
from kpicalc.model.languages import LANGUAGES, Language
from kpicalc.model.record import record
from kpicalc.model.rules import Blank, Rules
from kpicalc.model.silence import Lint, Silence
from kpicalc.model.targets import Planning
from kpicalc.model.texts import by_spelling, spelling_key
from kpicalc.model.workbook_map import WorkbookMap

__all__ = [
    "Amount",
    "Audience",
    "Blank",
    "Entry",
    "Exact",
    "Example",
    "Kpi",
    "NonNegative",
    "NotExact",
    "OwnColumnEntry",
    "PartMonth",
    "PayItem",
    "PoolExample",
    "RankingExample",
    "ResultBound",
    "Rounding",
    "Rules",
    "Scheme",
    "SchemeBook",
    "SchemeEntry",
    "SchemeFile",
    "Source",
    "TeamExample",
    "WorkbookMap",
    "exact",
]

MonthNumber = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
Positive = Annotated[Exact, Field(gt=0)]


class Kpi(Entry):
    """One indicator. Without `formula`, `team` or `from` its figures are read from the workbook."""

    title: str | None = Field(default=None, description="the name that people see, and a heading in the workbook")
    unit: str | None = Field(default=None, description='руб, шт, мин, "%"; per cents and money are shown as such')
    typed: Literal["points", "share"] | None = Field(
        default=None,
        description='with unit "%": how plain numbers are typed in the workbook: points, 95 is 95 %; share, 0.95 is '
        "95 %; unstated, a cell must be shown as a per cent",
    )
    better: Literal["higher", "lower"] = Field(default="higher", description="lower: attainment is plan / actual")
    attainment: Literal["relative"] | None = Field(
        default=None,
        description="relative: 1 + (actual - plan) / |plan|, for plans that may be a loss; unstated: actual / plan",
    )
    formula: str | None = Field(default=None, description="computed from other KPIs, as in a spreadsheet")
    team: Literal["sum"] | None = Field(default=None, description="the department's figure: the sum over its people")
    of: str | None = Field(default=None, description="with `team`: the KPI that is summed")
    from_: str | None = Field(
        default=None, alias="from", description="the table of facts from which it is computed, by exactly one of:"
    )
    sum: str | None = Field(default=None, description="the sum of an expression over the payee's rows")
    count: Literal["rows"] | None = Field(default=None, description="the number of rows")
    distinct: str | None = Field(default=None, description="how many different values an expression has")
    average: str | None = Field(default=None, description="the average of an expression, to nine decimal places")
    share: str | None = Field(
        default=None, description="the share of the rows for which a condition holds, to nine decimal places"
    )
    min: str | None = Field(default=None, description="the least value of an expression")
    max: str | None = Field(default=None, description="the greatest value of an expression")
    where: str | None = Field(default=None, description="with `from`: only rows for which this condition holds")
    over: str | None = Field(
        default=None,
        description="with `from`: rows dated in the `month` (unless stated), up to its end (`to_date`), or since "
        "January (`year`); with `team`: who is summed: the `department` (unless stated), `all`, or those who have one "
        "text in a column of `employees:`",
    )
    between: list[Day] = Field(
        default_factory=no_items,
        description="with `from`: only rows dated from the first day to the second, both included, for an action",
    )
    per: str | None = Field(
        default=None,
        description="with `from`: the rows are taken together by this (a column, an expression, or `day`: the row's "
        "date), and the KPI is how many of these reach `having`",
    )
    having: str | None = Field(
        default=None, description='with `per`: what each client or day must reach: ">= 2", "> 1000"'
    )
    season: dict[MonthNumber, Positive] = Field(
        default_factory=dict,
        description="month: the share of the plan that counts in it, {1: 60%, 12: 140%}; unstated months are 100 %; of "
        "a team KPI, of all levels of its plan",
    )
    range: list[Exact] = Field(
        default_factory=no_items,
        description="the least and the greatest actual that can be, [0, 500]; one outside is refused",
    )
    missing: Blank | None = Field(default=None, description="what a blank means for this KPI")
    part_month: PartMonth | None = Field(default=None, description="what becomes of its plan in a part of the month")
    pace: Literal["flow", "level"] | None = Field(
        default=None,
        description="what `progress` takes for the end of the month: a flow grows day by day, a level (an average, a "
        "share, a score) keeps its value; told by the rest unless stated",
    )
    owner: str | None = Field(default=None, description="who answers for the figures")
    kind: Literal["clients", "attention", "time", "intensity"] | None = Field(
        default=None, description="what it measures: clients in work, attention to them, time limits, intensity of work"
    )
    level: Literal["leading", "result"] | None = Field(default=None, description="what leads there, or what came out")
    source: str | None = Field(default=None, description="where its figures come from, for people")
    lint: Lint | None = Field(default=None, description="remarks on this KPI that are not told")


class Audience(Entry):
    """Who is paid by a scheme; the Scheme column of the Employees sheet has priority."""

    position: str | list[str] | None = Field(default=None, description="positions, as the Employees sheet writes them")
    department: str | list[str] | None = Field(default=None, description="departments, likewise")


class SchemeEntry(Entry):
    """The pay rules of a role as the file writes them; `pay` is read by `kpicalc.intake.scheme.read`."""

    title: str | None = Field(default=None, description="the name that people see")
    for_: Audience | None = Field(default=None, alias="for", description="who is paid by it")
    rules: Rules = Field(default_factory=Rules, description="choices of this scheme, over the company's")
    pay: list[Any] = Field(description="components in the order in which people read them", min_length=1)
    examples: list[Example] = Field(default_factory=no_items, description="worked examples, run before every payroll")
    lint: Lint | None = Field(default=None, description="remarks on this scheme that are not told")


class SchemeFile(Entry):
    """The whole file."""

    kpicalc: Literal["1"] = Field(description="version of the format")
    title: str | None = Field(default=None, description="what stands on top of the outputs")
    language: Language = Field(default=LANGUAGES[0], description="headings and messages of the outputs")
    currency: str = Field(default="RUB", description="three letters, as ISO 4217 writes it", pattern="^[A-Z]{3}$")
    rules: Rules = Field(default_factory=Rules, description="choices that move money, company-wide")
    kpis: dict[str, Kpi] = Field(default_factory=dict, description="key: indicator")
    employees: dict[str, OwnColumnEntry] = Field(
        default_factory=dict, description="key: a column of the Employees sheet by which components pay"
    )
    facts: dict[str, FactTable] = Field(
        default_factory=dict, description="key: a table of events from which KPIs are computed"
    )
    rates: dict[str, RateSheet] = Field(default_factory=dict, description="key: a rate sheet for rows of facts")
    schemes: dict[str, SchemeEntry] = Field(description="key: the pay rules of a role", min_length=1)
    calendar: str | Calendar | None = Field(
        default=None, description="the production calendar that gives norms which the workbook leaves blank: `RU`"
    )
    workbook: WorkbookMap = Field(
        default_factory=WorkbookMap.model_construct, description="names that the workbook in use has"
    )
    lint: Lint | None = Field(default=None, description="remarks on the whole file that are not told")
    funnel: FunnelEntry | list[FunnelEntry] | None = Field(
        default=None, description="KPIs as stages of one funnel, or a list of funnels"
    )
    planning: Planning = Field(
        default_factory=Planning.model_construct, description="how plans follow from earlier months"
    )
    targets: dict[str, NonNegative] = Field(default_factory=dict, description="KPI: the financial plan of a month")
    minimum_wage: NonNegative | None = Field(default=None, description="the regional minimum wage of a month")


@record
class Source:
    """The source of a scheme: the place of each of its entries."""

    file: str
    marks: Mapping[tuple[str | int, ...], tuple[int, int]] = field(default_factory=dict)

    def place(self, *path: str | int) -> Place:
        """Return the place of an entry, or of the nearest entry that encloses it."""
        for length in range(len(path), -1, -1):
            if mark := self.marks.get(path[:length]):
                return Place(self.file, line=mark[0], column=mark[1])
        return Place(self.file)


@record
class PayItem:
    """One component of a scheme: its name in the file, its options as a component object, its path."""

    name: str
    component: Any
    path: tuple[str | int, ...]


@record
class Scheme:
    """The pay rules of a role, read and checked. `rules` are completed with the company's choices."""

    key: str
    title: str
    audience: Audience
    rules: Rules
    pay: tuple[PayItem, ...]
    examples: tuple[Example, ...]
    unread: frozenset[str] = frozenset()
    """Ids of components that could not be read; such a scheme is refused, the rest of it is still checked."""


@record
class SchemeBook:
    """A scheme file, read and checked."""

    title: str
    language: Language
    currency: str
    kpis: Mapping[str, Kpi]
    schemes: Mapping[str, Scheme]
    workbook: WorkbookMap
    source: Source
    sha256: str
    calendar: str | Calendar | None = None
    facts: Mapping[str, FactTable] = field(default_factory=dict)
    employees: Mapping[str, OwnColumnEntry] = field(default_factory=dict)
    """Columns of the Employees sheet that the file declares."""
    rates: Mapping[str, RateSheet] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    funnels: tuple[FunnelEntry, ...] = ()
    planning: Planning = field(default_factory=Planning)
    targets: Mapping[str, Decimal] = field(default_factory=dict)
    minimum_wage: Decimal | None = None

    def over(self, kpi: str) -> str:
        """Return the group over which a team KPI is summed: the department, a column of Employees, everybody."""
        return self.kpis[kpi].over or "department"

    def kpi_title(self, key: str) -> str:
        """Return the name of a KPI that people see."""
        return self.kpis[key].title or key

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the keys of KPIs by the spelling of their titles and of the keys themselves."""
        return by_spelling({key: self.kpi_title(key) for key in self.kpis})

    def kpi_called(self, name: str) -> str:
        """Return the key of the KPI with this title; the name itself where there is none."""
        return self.titles.get(spelling_key(name), name)
