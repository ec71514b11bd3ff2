"""A component's interface to the draft: its parameters, tables, figures and titles, and the issues about its options.

`workings` extends it by what the names in a rule mean.
"""

from collections.abc import Collection
from decimal import Decimal
from typing import Protocol

from kpicalc.engine.draft import EMPLOYEE_UNITS, Draft, unit_stated
from kpicalc.engine.statement import Assumption, Figure, ParamBlock
from kpicalc.engine.tree.formula import COMPARED_PLACES, Column, Node, Param, Round, Step, Table, Unit, total
from kpicalc.engine.tree.sources import OWN, OwnColumn, Personal, Role
from kpicalc.lang import Language, word
from kpicalc.model.fields import EmployeeField, WithheldField
from kpicalc.model.inputs import Mark
from kpicalc.model.scheme import Blank, Kpi, Rounding, Rules
from kpicalc.model.texts import hint


class Shown(Protocol):
    """How the figure of an option is shown."""

    @property
    def unit(self) -> Unit:
        """Return the unit."""


class Written(Protocol):
    """What the desk uses of a component."""

    @property
    def id(self) -> str | None:
        """Return the line's key where the scheme states one."""

    @property
    def name(self) -> str:
        """Return the component's name in a scheme."""

    @property
    def rules(self) -> Rules | None:
        """Return the component's own choices, which override the scheme's."""

    @property
    def splits_by_change(self) -> bool:
        """Tell whether the component can pay each part of a month at its own salary and rate."""

    @property
    def model_fields_set(self) -> set[str]:
        """Return the options that the scheme states."""

    @classmethod
    def option(cls, field: str) -> Shown:
        """Return how the figure of an option is shown."""

    @classmethod
    def term(cls, field: str, language: Language) -> str:
        """Return the title of an option's figure."""


class Desk:
    """One component's place in the calculation: the lines above it, and where its own parameters are added."""

    def __init__(self, draft: Draft, component: Written, title: str, rules: Rules, path: tuple[str | int, ...]) -> None:
        self.draft = draft
        self.book = draft.book
        self.language: Language = draft.book.language
        self.component = component
        self.own_rules = component.rules
        self.id = component.id or component.name
        self.title = title
        self.rules = rules
        self.path = path
        self.params: dict[str, Param] = {}
        self.tables: list[Table] = []

    def param(self, option: str) -> Param:
        """Return an option of the component as a parameter with a cell of its own."""
        component = type(self.component)
        title = component.term(option, self.language)
        return self.term(option, title, getattr(self.component, option), component.option(option).unit)

    def term(self, name: str, title: str, value: Decimal, unit: Unit) -> Param:
        """Return another number of the component as a parameter: a goal, a weight, a level's amount."""
        param = Param(f"{self.id}.{name}", title, value, unit)
        return self.params.setdefault(param.key, param)

    def table(
        self,
        name: str,
        title: str,
        rows: list[tuple[Decimal, Decimal]],
        units: tuple[Unit, Unit],
        *,
        bands: bool = False,
        bounds: str = "",
        excluded: Collection[int] = (),
    ) -> Table:
        """Return a table of the component; each row is a lower bound and what it gives.

        The bounds of `bands` are compared as all figures are, to nine places. Tables with the same `bounds` name share
        their bounds, which stand once on the Scheme sheet. The bounds of `excluded` rows belong to the row before.
        """
        key = f"{self.id}.{name}.{{}}.{{}}"
        limits = f"{self.id}.{bounds or name}.{{}}.{{}}"
        steps = []
        for index, (bound, pays) in enumerate(rows):
            # A number that was written with a per cent sign keeps it.
            limit = type(bound)(round(bound, COMPARED_PLACES)) if bands else bound
            steps.append(
                Step(
                    Param(limits.format(index, "bound"), title, limit, units[0]),
                    Param(key.format(index, "pays"), title, pays, units[1]),
                    index in excluded,
                )
            )
        table = Table(f"{self.id}.{name}", title, tuple(steps))
        self.tables.append(table)
        return table

    def block(self) -> ParamBlock:
        """Return the component's parameters as they will stand on the Scheme sheet."""
        return ParamBlock(self.title, tuple(self.params.values()), tuple(self.tables))

    def figure(
        self, name: str, title: str, node: Node, unit: Unit, *, group: str = "", heading: str = "", role: Role = OWN
    ) -> Column:
        """Add an intermediate figure of the component to the calculation: a part, an index, a coefficient."""
        settled = isinstance(node, Round | Param)
        key = f"{self.id}.{name}"
        return self.draft.add(Figure(key, title, heading or title, group or self.title, unit, node, settled, role))

    def say(self, name: str, **blanks: str) -> str:
        """Return the title of an intermediate figure, from [figures] of the component's catalogue."""
        return word(f"components/{self.component.name}.figures.{name}", self.language).format(**blanks)

    def kpi_title(self, key: str) -> str:
        """Return a KPI's title; an unknown KPI, which is refused elsewhere, is shown by its key."""
        return self.book.kpi_title(key) if key in self.book.kpis else key

    def word(self, path: str, **blanks: str) -> str:
        """Return a heading in the language of the outputs."""
        return word(f"headings.{path}", self.language).format(**blanks)

    def employee(self, name: EmployeeField | WithheldField) -> Column:
        """Return a figure of the Employees sheet."""
        title = self.word(f"employee.{name}")
        unit = EMPLOYEE_UNITS.get(name, "number")
        names = (title, title, self.word("employee.group"))
        blank = self.blank()
        if name in ("months_employed", "hired") and blank == "zero":
            # An unknown day of hiring is never counted as 0 months.
            blank = "error"
        return self.draft.given(Personal(name), names, unit, blank)

    def own_column(self, name: str) -> Column:
        """Return a figure of the Employees sheet that the scheme file declares."""
        column = self.book.employees[name]
        title = column.title or name
        names = (title, title, self.word("employee.group"))
        return self.draft.given(OwnColumn(name), names, unit_stated(column.unit), self.blank())

    def assume(self, name: EmployeeField | WithheldField | Mark, value: Decimal, code: str) -> None:
        """State the value that an unused employee's figure must have; a payee with another value is refused."""
        self.draft.assumptions.append(Assumption(name, value, code, self.book.source.place(*self.path), self.title))

    def line(self, line_id: str) -> Node:
        """Return the amount of one line above, by its id."""
        return next(self.draft.column(line) for line in self.draft.lines if line.id == line_id)

    def all_above(self) -> Node:
        """Return the sum of all lines above."""
        return total(tuple(self.draft.column(line) for line in self.draft.lines))

    def rounded(self, node: Node, rounding: Rounding | None, rule: str) -> Node:
        """Round by a rule; an unstated rule is refused."""
        if rounding is None:
            # The scheme reader reports an unstated money rule itself.
            if rule != "money":
                self.refuse("rule_open", found=rule, step="0.0001")
            return node
        if rounding.round == "none":
            return node
        return Round(node, rounding.round, rounding.ties or "half_up")

    def refuse(self, code: str, *path: str | int, **facts: object) -> None:
        """Report an issue at an option of this component."""
        place = self.book.source.place(*self.path, *path)
        self.draft.report(code, place, **facts)

    def refuse_name(self, code: str, name: str, known: list[str], *path: str | int) -> None:
        """Report an unknown name, with the nearest known one as a hint."""
        code, facts = hint(code, name, known, self.book.titles)
        self.refuse(code, *path, **facts)

    def blank(self, kpi: Kpi | None = None) -> Blank:
        """Return what a blank means by the component's, the KPI's or the scheme's rules, in this order."""
        rules, of_kpi = self.own_rules, kpi.missing if kpi else None
        return (rules.missing if rules else None) or of_kpi or self.rules.missing or "error"
