"""The desk on which a component lays out its rule: names become figures, options become parameters, doubts issues.

A component asks for a KPI, a plan or an attainment, and gets the node that refers to it; the figure joins the
calculation once, however many components ask. A name that does not exist becomes an issue with its place in the
scheme file, and the run is refused.
"""

from decimal import Decimal

from kpicalc.engine.component import Component
from kpicalc.engine.draft import EMPLOYEE_UNITS, Draft, unit_of_kpi
from kpicalc.engine.expression import parse_condition, parse_number
from kpicalc.engine.formula import (
    COMPARED_PLACES,
    ONE,
    ZERO,
    Arith,
    Choose,
    Column,
    Compare,
    Condition,
    Node,
    Param,
    Round,
    Step,
    Table,
    Unit,
    compare,
    total,
)
from kpicalc.engine.part_month import due_plan
from kpicalc.engine.scope import formula_kpi, read_formula
from kpicalc.engine.standing import changed_by, standing_of
from kpicalc.engine.statement import Assumption, Figure, ParamBlock, TeamFigure
from kpicalc.lang import Language, word
from kpicalc.model.inputs import EmployeeField, Level, Mark, WithheldField
from kpicalc.model.scheme import Blank, Kpi, Rounding, Rules
from kpicalc.model.texts import hint


class Workings:
    """One component's view of the calculation: what stands above it, and where its own parameters go."""

    def __init__(
        self, draft: Draft, component: Component, title: str, rules: Rules, path: tuple[str | int, ...]
    ) -> None:
        self.draft = draft
        self.book = draft.book
        self.language: Language = draft.book.language
        self.component = component
        self.id = component.id or component.name
        self.title = title
        self.rules = rules
        self.path = path
        self.params: dict[str, Param] = {}
        self.tables: list[Table] = []

    def param(self, option: str) -> Param:
        """Return an option of the component as a parameter with a cell of its own."""
        names = type(self.component).option(option)
        value = getattr(self.component, option)
        return self.term(option, self.say(names.ru, names.en), value, names.unit)

    def term(self, name: str, title: str, value: Decimal, unit: Unit) -> Param:
        """Return any other number of the component as a parameter: a goal, a weight, a level's amount."""
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
    ) -> Table:
        """Return a table of the component: rows of a lower bound and what it gives.

        The bounds of `bands` are compared as everything else is, to nine places. Tables of one `bounds` name share
        their bounds: on the Scheme sheet they stand once.
        """
        key = f"{self.id}.{name}.{{}}.{{}}"
        limits = f"{self.id}.{bounds or name}.{{}}.{{}}"
        steps = []
        for index, (bound, pays) in enumerate(rows):
            limit = round(bound, COMPARED_PLACES) if bands else bound
            steps.append(
                Step(
                    Param(limits.format(index, "bound"), title, limit, units[0]),
                    Param(key.format(index, "pays"), title, pays, units[1]),
                )
            )
        table = Table(f"{self.id}.{name}", title, tuple(steps))
        self.tables.append(table)
        return table

    def block(self) -> ParamBlock:
        """Return the component's parameters as they will stand on the Scheme sheet."""
        return ParamBlock(self.title, tuple(self.params.values()), tuple(self.tables))

    def figure(self, name: str, title: str, node: Node, unit: Unit, *, group: str = "", heading: str = "") -> Column:
        """Add a figure of the component's own to the calculation: a part, an index, a coefficient."""
        settled = isinstance(node, Round | Param)
        key = f"{self.id}.{name}"
        return self.draft.add(Figure(key, title, heading or title, group or self.title, unit, node, settled))

    def say(self, ru: str, en: str) -> str:
        """Choose a name in the language of the outputs."""
        return ru if self.language == "ru" else en

    def kpi_title(self, key: str) -> str:
        """Return a KPI's name for people; an unknown one, refused elsewhere, is shown by its key."""
        return self.book.kpi_title(key) if key in self.book.kpis else key

    def word(self, path: str, **blanks: str) -> str:
        """Return a heading in the language of the outputs."""
        return word(f"headings.{path}", self.language).format(**blanks)

    def employee(self, name: EmployeeField | WithheldField) -> Column:
        """Return a figure of the Employees sheet."""
        title = self.word(f"employee.{name}")
        unit = EMPLOYEE_UNITS.get(name, "number")
        return self.draft.given("employee", name, (title, title, self.word("employee.group")), unit, self._blank())

    def assume(self, name: EmployeeField | WithheldField | Mark, value: Decimal, code: str) -> None:
        """State that an employee's figure, not used here, has this value for everybody; who has another is refused."""
        self.draft.assumptions.append(Assumption(name, value, code, self.book.source.place(*self.path), self.title))

    def adjustments(self) -> Column:
        """Return the sum of a payee's adjustments; nobody's adjustments are blank, none is 0."""
        title = self.word("figure.adjustments")
        return self.draft.given("adjustments", "sum", (title, title, self.title), "money", "zero")

    def kpi(self, key: str, *path: str | int) -> Node:
        """Return the actual of a KPI."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        title = self.book.kpi_title(key)
        if kpi.team:
            return self.team(key, *path)
        if kpi.formula is not None:
            return formula_kpi(self, key, kpi.formula)
        return self.draft.given(
            "actual", key, (title, self.word("figure.actual"), title), unit_of_kpi(kpi), self._blank(kpi)
        )

    def plan(self, key: str, *path: str | int) -> Node:
        """Return the plan of a KPI for the days that count; of a team KPI, the norm of the department's plan."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        if kpi.team:
            return self.level(key, "norm", *path)
        kpi_title = self.book.kpi_title(key)
        title = self.word("figure.plan_of", kpi=kpi_title)
        names = (title, self.word("figure.plan"), kpi_title)
        return due_plan(self, key, self.draft.given("plan", key, names, unit_of_kpi(kpi), self._blank(kpi)))

    def previous(self, key: str, months: int) -> Node:
        """Return the figure of a known KPI some months ago, from the History sheet."""
        kpi, name = self.book.kpis[key], self.book.kpi_title(key)
        heading = self.word("figure.previous") if months == 1 else self.word("figure.months_ago", months=str(months))
        title = self.word("figure.previous_of", kpi=name, when=heading)
        return self.draft.given(
            "history", f"{key}:{months}", (title, heading, name), unit_of_kpi(kpi), self._blank(kpi)
        )

    def attainment(self, key: str, *path: str | int) -> Node:
        """Return the attainment of a KPI, rounded by the `attainment` rule."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        figure_key = f"attainment.{key}" if self.component.rules is None else f"attainment.{key}.{self.id}"
        if found := self.draft.figures.get(figure_key):
            return found.column
        actual, plan = self.kpi(key, *path), self.plan(key, *path)
        node = self.ratio(actual, plan, kpi.better)
        kpi_title = self.book.kpi_title(key)
        title = self.word("figure.attainment_of", kpi=kpi_title)
        heading = self.word("figure.attainment")
        return self.draft.add(Figure(figure_key, title, heading, kpi_title, "percent", node, isinstance(node, Round)))

    def ratio(self, actual: Node, plan: Node, better: str) -> Node:
        """Compose an attainment: actual / plan, or plan / actual where less is better, rounded; zeros by the rules."""
        node: Node = Arith("/", actual, plan) if better == "higher" else Arith("/", plan, actual)
        if better == "lower" and self.rules.zero_actual in ("zero", "full"):
            node = Choose(compare("=", actual, ZERO), ONE if self.rules.zero_actual == "full" else ZERO, node)
        # Where less is better, a plan of zero needs no rule: any actual above it attains 0 %.
        if better == "higher" and self.rules.zero_plan in ("zero", "full"):
            node = Choose(compare("=", plan, ZERO), ONE if self.rules.zero_plan == "full" else ZERO, node)
        return self.rounded(node, self.rules.attainment, "attainment")

    def team(self, key: str, *path: str | int) -> Node:
        """Return a department's figure: of a team KPI, or the sum of an ordinary one."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        of = kpi.of or key
        source = self.book.kpis.get(of)
        if source is None or source.formula is not None or source.team:
            # A team KPI is mended where it is defined, team(...) in the formula that says it.
            place = self.book.source.place(*(("kpis", key, "of") if kpi.team else (*self.path, *path)))
            self.draft.report("team_of_computed", place, found=key, of=of)
            return ZERO
        self.draft.teams[key] = TeamFigure(key, of)
        kpi_title = self.book.kpi_title(key)
        title = kpi_title if kpi.team else self.word("figure.team_of", kpi=kpi_title)
        unit = unit_of_kpi(kpi if kpi.unit else source)
        return self.draft.given(
            "team", f"{key}:actual", (title, self.word("figure.actual"), title), unit, self._blank(kpi)
        )

    def level(self, key: str, level: Level, *path: str | int) -> Node:
        """Return a level of the department's plan for a KPI."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        actual = self.team(key, *path)
        kpi_title = self.book.kpi_title(key)
        heading = self.word(f"figure.{level}")
        title = self.word("figure.level_of", kpi=kpi_title, level=heading)
        unit = actual.unit if isinstance(actual, Column) else "number"
        group = kpi_title if kpi.team else self.word("figure.team_of", kpi=kpi_title)
        return self.draft.given("team", f"{key}:{level}", (title, heading, group), unit, self._blank(kpi))

    def reached(self, key: str, actual: Node, goal: Node) -> Compare:
        """Compose the condition that a goal is reached: at least it, or at most it where less is better."""
        kpi = self.book.kpis.get(key)
        return compare("<=" if kpi and kpi.better == "lower" else ">=", actual, goal)

    def standing(self, ids: list[str], *path: str | int) -> Node:
        """Return what the named lines stand at, with all that the components above have changed in them.

        What one component changed in several lines together belongs to each of them in proportion to what it stood at
        before, so `[commission]` after a multiplier on `[commission, kpi_bonus]` has its own share of the gain.
        """
        lines = self.draft.lines
        known = [line.id for line in lines]
        named = {line.id for line in lines if line.id in ids and not line.acts_on}
        for index, name in enumerate(ids):
            if name not in known and name not in self.draft.unread:
                if any(tally.id == name for tally in self.draft.tallies):
                    self.refuse("not_money", *path, index, found=name)
                else:
                    self.refuse_name("unknown_line", name, known, *path, index)
            elif behind := changed_by(lines, frozenset({name})) - named:
                self.refuse("of_names_change", *path, index, found=name, allowed=sorted(behind))
        return standing_of(self, frozenset(ids), len(lines))

    def line(self, line_id: str) -> Node:
        """Return the amount of one line above, by its id."""
        return next(self.draft.column(line) for line in self.draft.lines if line.id == line_id)

    def all_above(self) -> Node:
        """Return the sum of all lines above."""
        return total(tuple(self.draft.column(line) for line in self.draft.lines))

    def formula(self, text: str, *path: str | int) -> Node:
        """Read a formula of the scheme that gives a number."""
        return read_formula(parse_number, text, self, path, lines=True) or ZERO

    def condition(self, text: str, *path: str | int) -> Condition:
        """Read a formula of the scheme that gives yes or no."""
        return read_formula(parse_condition, text, self, path, lines=True) or Compare("=", ZERO, ZERO)

    def rounded(self, node: Node, rounding: Rounding | None, rule: str) -> Node:
        """Round by a rule; a rule that nobody stated is refused, never guessed."""
        if rounding is None:
            # An unstated money rule is the scheme reader's finding already.
            if rule != "money":
                self.refuse("rule_open", found=rule)
            return node
        if rounding.round == "none":
            return node
        return Round(node, rounding.round, rounding.ties or "half_up")

    def refuse(self, code: str, *path: str | int, **facts: object) -> None:
        """Report an issue at an option of this component."""
        place = self.book.source.place(*self.path, *path)
        self.draft.report(code, place, **facts)

    def refuse_name(self, code: str, found: str, known: list[str], *path: str | int) -> None:
        """Report an unknown name with the nearest known one."""
        code, facts = hint(code, found, known, self.book.titles)
        self.refuse(code, *path, **facts)

    def _kpi(self, key: str, path: tuple[str | int, ...]) -> Kpi | None:
        kpi = self.book.kpis.get(key)
        if kpi is None:
            self.refuse_name("unknown_kpi", key, list(self.book.kpis), *path)
        return kpi

    def _blank(self, kpi: Kpi | None = None) -> Blank:
        own, of_kpi = self.component.rules, kpi.missing if kpi else None
        return (own.missing if own else None) or of_kpi or self.rules.missing or "error"
