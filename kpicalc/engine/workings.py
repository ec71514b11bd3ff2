"""The names in a rule: a KPI, its plan, its attainment, a department's figure, what lines stand at.

A component gets the node that refers to the figure; the figure joins the calculation once, however many components use
it. An unknown name becomes an issue with its place in the scheme file, and the run is refused.
"""

from decimal import Decimal
from typing import Literal

from kpicalc.engine.desk import Desk
from kpicalc.engine.draft import line_titles, unit_of_kpi
from kpicalc.engine.scope import Scope, read_formula
from kpicalc.engine.statement import ALL, DEPARTMENT, Figure, ParamBlock, TeamFigure
from kpicalc.engine.terms.part_month import due_plan
from kpicalc.engine.terms.season import seasonal_plan
from kpicalc.engine.terms.standing import changed_by, standing_of
from kpicalc.engine.tree.expression import parse_condition, parse_counted, parse_number
from kpicalc.engine.tree.formula import (
    ONE,
    ZERO,
    Arith,
    Choose,
    Column,
    Compare,
    Condition,
    Minus,
    Node,
    Round,
    compare,
)
from kpicalc.engine.tree.sources import (
    Actual,
    Adjusted,
    Attainment,
    EarlierSum,
    MonthAgo,
    OfLines,
    OfTeam,
    Plan,
    Since,
    key_of,
)
from kpicalc.model.entry import PerCent, written
from kpicalc.model.fields import Level
from kpicalc.model.scheme import Kpi


class Workings(Desk):
    """One component's view of the calculation."""

    def adjustments(self) -> Column:
        """Return the sum of a payee's adjustments; it is never blank, and 0 without any."""
        title = self.word("figure.adjustments")
        return self.draft.given(Adjusted(), (title, title, self.title), "money", "zero")

    def kpi(self, key: str, *path: str | int) -> Node:
        """Return the actual of a KPI."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        title = self.book.kpi_title(key)
        if kpi.team:
            return self.team(key, *path)
        if kpi.formula is not None:
            return self._computed(key, kpi.formula)
        names = (title, self.word("figure.actual"), title)
        return self.draft.given(Actual(key), names, unit_of_kpi(kpi), self.blank(kpi))

    def plan(self, key: str, *path: str | int) -> Node:
        """Return the plan of a KPI for the days that count; for a team KPI, the norm of the department's plan."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        if kpi.team:
            return self.level(key, "norm", *path)
        kpi_title = self.book.kpi_title(key)
        title = self.word("figure.plan_of", kpi=kpi_title)
        names = (title, self.word("figure.plan"), kpi_title)
        plan = self.draft.given(Plan(key), names, unit_of_kpi(kpi), self.blank(kpi))
        return due_plan(self, key, seasonal_plan(self._of_kpi(key), key, plan))

    def previous(self, key: str, months: int) -> Node:
        """Return the figure of a known KPI some months ago, from the History sheet."""
        kpi, name = self.book.kpis[key], self.book.kpi_title(key)
        heading = self.word("figure.previous") if months == 1 else self.word("figure.months_ago", months=str(months))
        title = self.word("figure.previous_of", kpi=name, when=heading)
        return self.draft.given(MonthAgo(key, months), (title, heading, name), unit_of_kpi(kpi), self.blank(kpi))

    def since_start(self, key: str, since: Since, *path: str | int, planned: bool = False) -> Node:
        """Return the sum of a KPI, or of its plan, over the earlier months of a year or quarter; 0 without any."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        name, heading = self.book.kpi_title(key), self.word(f"figure.earlier_{since}")
        what = self.word("figure.plan_of", kpi=name) if planned else name
        title = self.word("figure.previous_of", kpi=what, when=heading)
        heading = f"{self.word('figure.plan')}, {heading}" if planned else heading
        source = EarlierSum(key, since, "plan" if planned else "actual")
        return self.draft.given(source, (title, heading, name), unit_of_kpi(kpi), self.blank(kpi))

    def paid_since(self, line_id: str, since: Since) -> Column:
        """Return what a line above has paid in the earlier months of a year or quarter; 0 if there are none."""
        when, line = self.word(f"figure.earlier_{since}"), next(line for line in self.draft.lines if line.id == line_id)
        title = self.word("figure.previous_of", kpi=self.word("figure.paid_of", line=line.title), when=when)
        return self.draft.given(EarlierSum(line_id, since, "paid"), (title, title, self.title), "money", self.blank())

    def attainment(self, key: str, *path: str | int) -> Node:
        """Return the attainment of a KPI, rounded by the `attainment` rule."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        figure_key = f"attainment.{key}" if self.own_rules is None else f"attainment.{key}.{self.id}"
        if known := self.draft.figures.get(figure_key):
            return known.column
        actual, plan = self.kpi(key, *path), self.plan(key, *path)
        node = self.ratio(actual, plan, kpi)
        kpi_title = self.book.kpi_title(key)
        title = self.word("figure.attainment_of", kpi=kpi_title)
        heading = self.word("figure.attainment")
        return self.draft.add(
            Figure(figure_key, title, heading, kpi_title, "percent", node, isinstance(node, Round), Attainment(key))
        )

    def ratio(self, actual: Node, plan: Node, kpi: Kpi) -> Node:
        """Compose an attainment: actual / plan, or plan / actual where less is better, rounded; zeros by the rules."""
        better = kpi.better
        node: Node = Arith("/", actual, plan) if better == "higher" else Arith("/", plan, actual)
        if kpi.attainment == "relative":
            # For a plan above zero, 1 + (actual - plan) / plan is actual / plan.
            loss = Arith("+", ONE, Arith("/", Arith("-", actual, plan), Minus(plan)))
            node = Choose(compare("<", plan, ZERO), loss, node)
        if better == "lower" and self.rules.zero_actual in ("zero", "full"):
            node = Choose(compare("=", actual, ZERO), ONE if self.rules.zero_actual == "full" else ZERO, node)
        # Where less is better, a plan of zero needs no rule: any actual above it attains 0 %.
        if better == "higher" and self.rules.zero_plan in ("zero", "full"):
            node = Choose(compare("=", plan, ZERO), ONE if self.rules.zero_plan == "full" else ZERO, node)
        return self.rounded(node, self.rules.attainment, "attainment")

    def team(self, key: str, *path: str | int, over: str | None = None) -> Node:
        """Return a group's figure: of a team KPI, or the sum of an ordinary one; `over` is another group."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        of = kpi.of or key
        source = self.book.kpis.get(of)
        if source is None or source.team:
            # A team KPI is refused where it is defined.
            return ZERO
        over = over or (self.book.over(key) if kpi.team else DEPARTMENT)
        self.draft.teams[key, over] = TeamFigure(key, of, over)
        kpi_title = self.book.kpi_title(key)
        title = kpi_title if kpi.team else self.group_title(kpi_title, over)
        unit = unit_of_kpi(kpi if kpi.unit else source)
        return self.draft.given(
            OfTeam(key, "actual", over), (title, self.word("figure.actual"), title), unit, self.blank(kpi)
        )

    def group_title(self, what: str, over: str) -> str:
        """Return the title of a group's figure: of the department, of everybody, of the same column."""
        if over in (DEPARTMENT, ALL):
            return self.word("figure.team_of" if over == DEPARTMENT else "figure.all_of", kpi=what)
        column = self.book.employees[over].title or over if over in self.book.employees else over
        return self.word("figure.group_of", kpi=what, column=column)

    def group(self, over: str | None, *path: str | int) -> str:
        """Return the group that an option names, or the department; a column that is not declared is refused."""
        known = [DEPARTMENT, ALL, *self.book.employees]
        if over is not None and over not in known:
            self.refuse_name("group_unknown", over, known, *path)
        return over if over in known else DEPARTMENT

    def earned(self, lines: tuple[str, ...], over: str, own: Literal["include", "exclude"]) -> Column:
        """Return what the people of a group are paid by lines, whichever scheme they are paid by."""
        titles = {name: known[0] for name, known in line_titles(self.book).items()}
        for index, name in enumerate(lines):
            if name not in titles:
                self.refuse_name("unknown_member_line", name, list(titles), "of_lines", index)
        what = ", ".join(dict.fromkeys(titles.get(name, name) for name in lines))
        title = self.group_title(what, over)
        return self.draft.given(OfLines(lines, over, own), (title, title, self.title), "money", self.blank())

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
        over = self.book.over(key) if kpi.team else DEPARTMENT
        return self.draft.given(OfTeam(key, level, over), (title, heading, group), unit, self.blank(kpi))

    def bound(self, key: str, value: Decimal, *path: str | int) -> Decimal:
        """Return a bound of a KPI's figure; refuse a per cent where the KPI is no share, as its base is unknown."""
        kpi = self.book.kpis.get(key)
        if isinstance(value, PerCent) and value and kpi and not _is_share(kpi):
            facts = {"found": written(value), "title": self.book.kpi_title(key), "kpi": key}
            self.refuse("bound_per_cent", *path, **facts)
        return value

    def reached(self, key: str, actual: Node, goal: Node) -> Compare:
        """Compose the condition that a goal is reached: at least it, or at most it where less is better."""
        kpi = self.book.kpis.get(key)
        return compare("<=" if kpi and kpi.better == "lower" else ">=", actual, goal)

    def standing(self, ids: list[str], *path: str | int) -> Node:
        """Return what the named lines stand at after all changes by the components above.

        A change of several lines together belongs to each of them in proportion to what it stood at before, so
        `[commission]` after a multiplier on `[commission, kpi_bonus]` has its own share of the gain.
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

    def formula(self, text: str, *path: str | int) -> Node:
        """Read a formula of the scheme that gives a number."""
        names = Scope(self, self, path, lines=True)
        return read_formula(parse_number, text, self, names, path) or ZERO

    def counted(self, text: str, *path: str | int) -> Node:
        """Read a formula of the scheme that gives a number, or yes or no as 1 or 0."""
        return read_formula(parse_counted, text, self, Scope(self, self, path, lines=True), path) or ZERO

    def condition(self, text: str, *path: str | int) -> Condition:
        """Read a formula of the scheme that gives yes or no."""
        return read_formula(parse_condition, text, self, Scope(self, self, path, lines=True), path) or Compare(
            "=", ZERO, ZERO
        )

    def _computed(self, key: str, text: str) -> Node:
        """Return the figure of a KPI that is computed from others, by the scheme's rules for every component."""
        figure_key = key_of(Actual(key))
        if known := self.draft.figures.get(figure_key):
            return known.column
        title = self.book.kpi_title(key)
        inner = self._of_kpi(key)
        if key in self.draft.open_formulas:
            inner.refuse("kpi_circle", "formula", found=" → ".join([*self.draft.open_formulas, key]))
            return ZERO
        self.draft.open_formulas.append(key)
        path = ("formula",)
        node = read_formula(parse_counted, text, inner, Scope(inner, inner, path, lines=False), path) or ZERO
        self.draft.open_formulas.pop()
        if inner.params:
            self.draft.blocks.append(ParamBlock(title, tuple(inner.params.values()), ()))
        unit, heading = unit_of_kpi(self.book.kpis[key]), self.word("figure.actual")
        settled = isinstance(node, Round)
        return self.draft.add(Figure(figure_key, title, heading, title, unit, node, settled, Actual(key)))

    def _of_kpi(self, key: str) -> "Workings":
        """Return the desk of a KPI itself, the same for every component."""
        inner = Workings(self.draft, self.component, self.title, self.draft.rules, ("kpis", key))
        inner.id, inner.own_rules = f"kpi.{key}", None
        return inner

    def _kpi(self, key: str, path: tuple[str | int, ...]) -> Kpi | None:
        kpi = self.book.kpis.get(key)
        if kpi is None:
            self.refuse_name("unknown_kpi", key, list(self.book.kpis), *path)
        return kpi


def _is_share(kpi: Kpi) -> bool:
    """Tell whether a KPI may be a share: by its unit or, where none is stated, because it is computed."""
    return unit_of_kpi(kpi) == "percent" or (kpi.unit is None and (kpi.formula or kpi.share or kpi.team) is not None)
