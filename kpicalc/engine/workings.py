"""The desk on which a component lays out its rule: names become figures, options become parameters, doubts issues.

A component asks for a KPI, a plan or an attainment, and gets the node that refers to it; the figure joins the
calculation once, however many components ask. A name that does not exist becomes an issue with its place in the
scheme file, and the run is refused.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from kpicalc.engine.component import Component
from kpicalc.engine.expression import FormulaError, parse_condition, parse_number
from kpicalc.engine.formula import (
    ONE,
    ZERO,
    Arith,
    Choose,
    Column,
    Compare,
    Condition,
    Node,
    Number,
    Param,
    Round,
    Step,
    Sum,
    Table,
    Unit,
    compare,
    total,
)
from kpicalc.engine.statement import Assumption, Figure, Given, Line, ParamBlock, Sheet, TeamFigure
from kpicalc.engine.words import show
from kpicalc.lang import Language, word
from kpicalc.model.inputs import EmployeeField, Level
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import Blank, Kpi, Rounding, Rules, SchemeBook

EMPLOYEE_FIELDS: tuple[EmployeeField, ...] = (
    "salary", "fte", "days_worked", "days_norm", "hours_worked", "hours_norm",
)  # fmt: skip
LEVELS: tuple[Level, ...] = ("minimum", "norm", "maximum")
_STRICTNESS: dict[Blank, int] = {"zero": 0, "hold": 1, "error": 2}
_MONEY_UNITS = frozenset({"руб", "руб.", "₽", "rub", "тг", "₸", "kzt", "byn", "usd", "$", "eur", "€", "р", "р."})


@dataclass
class Sheetful:
    """What the components of one scheme have laid out so far; shared by their workings."""

    book: SchemeBook
    language: Language
    issues: list[Issue]
    unread: frozenset[str]
    """Ids of lines whose components could not be read: naming them is no further mistake."""
    figures: dict[str, Figure] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    blocks: list[ParamBlock] = field(default_factory=list)
    blanks: dict[str, Blank] = field(default_factory=dict)
    teams: dict[str, TeamFigure] = field(default_factory=dict)
    assumptions: list[Assumption] = field(default_factory=list)
    open_formulas: list[str] = field(default_factory=list)


class Workings:
    """One component's view of the calculation: what stands above it, and where its own parameters go."""

    def __init__(
        self, sheet: Sheetful, component: Component, title: str, rules: Rules, path: tuple[str | int, ...]
    ) -> None:
        self.sheet = sheet
        self.component = component
        self.id = component.id or component.name
        self.title = title
        self.rules = rules
        self.path = path
        self.params: dict[str, Param] = {}
        self.tables: list[Table] = []

    # -- parameters ---------------------------------------------------------------------------------------------

    def param(self, option: str) -> Param:
        """Return an option of the component as a parameter with a cell of its own."""
        names = type(self.component).option(option)
        value = getattr(self.component, option)
        return self.term(option, names.ru if self.sheet.language == "ru" else names.en, value, names.unit)

    def term(self, name: str, title: str, value: Decimal, unit: Unit) -> Param:
        """Return any other number of the component as a parameter: a goal, a weight, a level's amount."""
        param = Param(f"{self.id}.{name}", title, value, unit)
        return self.params.setdefault(param.key, param)

    def table(self, name: str, title: str, rows: list[tuple[Decimal, Decimal]], units: tuple[Unit, Unit]) -> Table:
        """Return a table of the component: rows of a lower bound and what it gives."""
        steps = tuple(
            Step(
                Param(f"{self.id}.{name}.{index}.bound", title, bound, units[0]),
                Param(f"{self.id}.{name}.{index}.pays", title, pays, units[1]),
            )
            for index, (bound, pays) in enumerate(rows)
        )
        table = Table(f"{self.id}.{name}", title, steps)
        self.tables.append(table)
        return table

    def block(self) -> ParamBlock:
        """Return the component's parameters as they will stand on the Scheme sheet."""
        return ParamBlock(self.title, tuple(self.params.values()), tuple(self.tables))

    # -- figures ------------------------------------------------------------------------------------------------

    def figure(self, name: str, title: str, node: Node, unit: Unit, *, group: str = "", heading: str = "") -> Column:
        """Add a figure of the component's own to the calculation: a part, an index, a coefficient."""
        settled = isinstance(node, Round | Param)
        key = f"{self.id}.{name}"
        return self._add(Figure(key, title, heading or title, group or self.title, unit, node, settled))

    def word(self, path: str, **blanks: str) -> str:
        """Return a heading in the language of the outputs."""
        return word(f"headings.{path}", self.sheet.language).format(**blanks)

    def employee(self, name: EmployeeField) -> Column:
        """Return a figure of the Employees sheet."""
        title = self.word(f"employee.{name}")
        unit: Unit = "money" if name == "salary" else "number"
        return self._given("employee", name, title, title, self.word("employee.group"), unit, self._blank())

    def assume(self, name: EmployeeField, value: Decimal, code: str) -> None:
        """State that an employee's figure, not used here, has this value for everybody; who has another is refused."""
        self.sheet.assumptions.append(Assumption(name, value, code, self.sheet.book.source.place(*self.path)))

    def adjustments(self) -> Column:
        """Return the sum of a payee's adjustments; nobody's adjustments are blank, none is 0."""
        title = self.word("figure.adjustments")
        return self._given("adjustments", "sum", title, title, self.title, "money", "zero")

    def kpi(self, key: str, *path: str | int) -> Node:
        """Return the actual of a KPI."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        title = self.sheet.book.kpi_title(key)
        if kpi.team:
            return self.team(key, *path)
        if kpi.formula is not None:
            return self._formula_kpi(key, kpi.formula, title)
        return self._given("actual", key, title, self.word("figure.actual"), title, unit_of_kpi(kpi), self._blank(kpi))

    def plan(self, key: str, *path: str | int) -> Node:
        """Return the plan of a KPI; of a team KPI, the norm of the department's plan."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        if kpi.team:
            return self.level(key, "norm", *path)
        kpi_title = self.sheet.book.kpi_title(key)
        title = self.word("figure.plan_of", kpi=kpi_title)
        return self._given("plan", key, title, self.word("figure.plan"), kpi_title, unit_of_kpi(kpi), self._blank(kpi))

    def attainment(self, key: str, *path: str | int) -> Node:
        """Return the attainment of a KPI, rounded by the `attainment` rule."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        figure_key = f"attainment.{key}" if self.component.rules is None else f"attainment.{key}.{self.id}"
        if found := self.sheet.figures.get(figure_key):
            return found.column
        actual, plan = self.kpi(key, *path), self.plan(key, *path)
        node = self.ratio(actual, plan, kpi.better)
        kpi_title = self.sheet.book.kpi_title(key)
        title = self.word("figure.attainment_of", kpi=kpi_title)
        heading = self.word("figure.attainment")
        return self._add(Figure(figure_key, title, heading, kpi_title, "percent", node, isinstance(node, Round)))

    def ratio(self, actual: Node, plan: Node, better: str) -> Node:
        """Compose an attainment: actual / plan, or plan / actual where less is better, rounded; zeros by the rules."""
        node: Node = Arith("/", actual, plan) if better == "higher" else Arith("/", plan, actual)
        if better == "lower" and self.rules.zero_actual in ("zero", "full"):
            node = Choose(compare("=", actual, ZERO), ONE if self.rules.zero_actual == "full" else ZERO, node)
        if self.rules.zero_plan in ("zero", "full"):
            node = Choose(compare("=", plan, ZERO), ONE if self.rules.zero_plan == "full" else ZERO, node)
        return self.rounded(node, self.rules.attainment, "attainment")

    def team(self, key: str, *path: str | int) -> Node:
        """Return a department's figure: of a team KPI, or the sum of an ordinary one."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        of = kpi.of or key
        source = self.sheet.book.kpis.get(of)
        if source is None or source.formula is not None or source.team:
            self.refuse("team_of_computed", *path, found=key, of=of)
            return ZERO
        self.sheet.teams[key] = TeamFigure(key, of)
        kpi_title = self.sheet.book.kpi_title(key)
        title = kpi_title if kpi.team else self.word("figure.team_of", kpi=kpi_title)
        unit = unit_of_kpi(kpi if kpi.unit else source)
        return self._given("team", f"{key}:actual", title, self.word("figure.actual"), title, unit, self._blank(kpi))

    def level(self, key: str, level: Level, *path: str | int) -> Node:
        """Return a level of the department's plan for a KPI."""
        kpi = self._kpi(key, path)
        if kpi is None:
            return ZERO
        actual = self.team(key, *path)
        kpi_title = self.sheet.book.kpi_title(key)
        heading = self.word(f"figure.{level}")
        title = self.word("figure.level_of", kpi=kpi_title, level=heading)
        unit = actual.unit if isinstance(actual, Column) else "number"
        group = kpi_title if kpi.team else self.word("figure.team_of", kpi=kpi_title)
        return self._given("team", f"{key}:{level}", title, heading, group, unit, self._blank(kpi))

    def reached(self, key: str, actual: Node, goal: Node) -> Compare:
        """Compose the condition that a goal is reached: at least it, or at most it where less is better."""
        kpi = self.sheet.book.kpis.get(key)
        return compare("<=" if kpi and kpi.better == "lower" else ">=", actual, goal)

    # -- lines above --------------------------------------------------------------------------------------------

    def standing(self, ids: list[str], *path: str | int) -> Node:
        """Return what the named lines stand at: with all that the components above have changed in them alone.

        A multiplier or a penalty on `[commission]` belongs to the commission for whoever names it later; one on
        `[commission, kpi_bonus]` belongs to whoever names both.
        """
        named = {line.id for line in self.sheet.lines if line.id in ids}
        for index, name in enumerate(ids):
            if name not in named and name not in self.sheet.unread:
                self.refuse_name("unknown_line", name, [line.id for line in self.sheet.lines], *path, index)
        for line in self.sheet.lines:
            if line.acts_on and named.issuperset(line.acts_on):
                named.add(line.id)
        return total(tuple(self._line_column(line) for line in self.sheet.lines if line.id in named))

    def left_of(self, ids: list[str], *path: str | int) -> Node:
        """Return what may still be taken from the named lines: as they stand, less what was taken from some of them."""
        standing = self.standing(ids, *path)
        members = standing.items if isinstance(standing, Sum) else (standing,)
        inside = {node.key for node in members if isinstance(node, Column)}
        others = tuple(
            self._line_column(line)
            for line in self.sheet.lines
            if line.figure not in inside and line.acts_on and not set(line.acts_on).isdisjoint(ids)
        )
        return total((*members, *others)) if others else standing

    def line(self, line_id: str) -> Node:
        """Return the amount of one line above, by its id."""
        return next(self._line_column(line) for line in self.sheet.lines if line.id == line_id)

    def all_above(self) -> Node:
        """Return the sum of all lines above."""
        return total(tuple(self._line_column(line) for line in self.sheet.lines))

    # -- formulas -----------------------------------------------------------------------------------------------

    def formula(self, text: str, *path: str | int) -> Node:
        """Read a formula of the scheme that gives a number."""
        try:
            return parse_number(text, _Scope(self, path, lines=True))
        except FormulaError as error:
            self._refuse_formula(error, path)
            return ZERO

    def condition(self, text: str, *path: str | int) -> Condition:
        """Read a formula of the scheme that gives yes or no."""
        try:
            return parse_condition(text, _Scope(self, path, lines=True))
        except FormulaError as error:
            self._refuse_formula(error, path)
            return Compare("=", ZERO, ZERO)

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

    # -- refusals -----------------------------------------------------------------------------------------------

    def refuse(self, code: str, *path: str | int, **facts: object) -> None:
        """Report an issue at an option of this component."""
        place = self.sheet.book.source.place(*self.path, *path)
        found = issue(code, place, **facts)
        if found not in self.sheet.issues:
            self.sheet.issues.append(found)

    def refuse_name(self, code: str, found: str, known: list[str], *path: str | int) -> None:
        """Report an unknown name with the nearest known one."""
        near = get_close_matches(found, known, n=1, cutoff=0.5)
        if near:
            self.refuse(code, *path, found=found, nearest=near[0], allowed=known)
        else:
            self.refuse(f"{code}_far", *path, found=found, allowed=known or ["—"])

    def _refuse_formula(self, error: FormulaError, path: tuple[str | int, ...]) -> None:
        source = self.sheet.book.source
        mark = source.marks.get((*self.path, *path, "="))
        place = source.place(*self.path, *path)
        if mark:
            place = type(place)(place.file, line=mark[0], column=mark[1] + error.offset)
        found = issue(error.code, place, **error.facts)
        if found not in self.sheet.issues:
            self.sheet.issues.append(found)

    # -- inside -------------------------------------------------------------------------------------------------

    def _kpi(self, key: str, path: tuple[str | int, ...]) -> Kpi | None:
        kpi = self.sheet.book.kpis.get(key)
        if kpi is None:
            self.refuse_name("unknown_kpi", key, list(self.sheet.book.kpis), *path)
        return kpi

    def _formula_kpi(self, key: str, text: str, title: str) -> Node:
        figure_key = f"actual.{key}"
        if found := self.sheet.figures.get(figure_key):
            return found.column
        inner = Workings(self.sheet, self.component, self.title, self.rules, ("kpis", key))
        inner.id = f"kpi.{key}"
        if key in self.sheet.open_formulas:
            inner.refuse("kpi_circle", "formula", found=" → ".join([*self.sheet.open_formulas, key]))
            return ZERO
        self.sheet.open_formulas.append(key)
        try:
            node = parse_number(text, _Scope(inner, ("formula",), lines=False))
        except FormulaError as error:
            inner._refuse_formula(error, ("formula",))
            node = ZERO
        self.sheet.open_formulas.pop()
        if inner.params:
            self.sheet.blocks.append(ParamBlock(title, tuple(inner.params.values()), ()))
        unit = unit_of_kpi(self.sheet.book.kpis[key])
        heading = self.word("figure.actual")
        return self._add(Figure(figure_key, title, heading, title, unit, node, isinstance(node, Round)))

    def _given(self, sheet: Sheet, name: str, title: str, heading: str, group: str, unit: Unit, blank: Blank) -> Column:
        key = f"{sheet}.{name}"
        known = self.sheet.blanks.get(key)
        if known is None or _STRICTNESS[blank] > _STRICTNESS[known]:
            self.sheet.blanks[key] = blank
        return self._add(Figure(key, title, heading, group, unit, Given(sheet, name), settled=True))

    def _add(self, figure: Figure) -> Column:
        return self.sheet.figures.setdefault(figure.key, figure).column

    def _line_column(self, line: Line) -> Column:
        return self.sheet.figures[line.figure].column

    def _blank(self, kpi: Kpi | None = None) -> Blank:
        own = self.component.rules.missing if self.component.rules else None
        return own or (kpi.missing if kpi else None) or self.rules.missing or "error"


@dataclass(frozen=True, slots=True)
class _Scope:
    """The names that a formula may use: KPIs, and for a component also the lines above and the employee's figures."""

    w: Workings
    path: tuple[str | int, ...]
    lines: bool

    def name(self, name: str, offset: int) -> Node:
        if name in self.w.sheet.book.kpis:
            return self.w.kpi(name, *self.path)
        if self.lines:
            for line in self.w.sheet.lines:
                if line.id == name:
                    return self.w.line(line.id)
            if name in self.w.sheet.unread:
                return ZERO
            if name in EMPLOYEE_FIELDS:
                return self.w.employee(name)
        known = [*self.w.sheet.book.kpis]
        if self.lines:
            known += [line.id for line in self.w.sheet.lines] + list(EMPLOYEE_FIELDS)
        raise _unknown(offset, "unknown_name", name, known)

    def kpi_function(self, function: str, kpi: str, offset: int) -> Node:
        if kpi not in self.w.sheet.book.kpis:
            raise _unknown(offset, "unknown_kpi", kpi, list(self.w.sheet.book.kpis))
        method: Any = {"plan": self.w.plan, "attainment": self.w.attainment, "team": self.w.team}[function]
        node: Node = method(kpi, *self.path)
        return node

    def literal(self, value: Decimal, text: str) -> Node:
        if value in (0, 1) and not text.endswith("%"):
            return Number(value)
        unit: Unit = "percent" if text.endswith("%") else "number"
        title = show(value, unit, self.w.sheet.language)
        same = [param for param in self.w.params.values() if param.title == title]
        return same[0] if same else self.w.term(f"number{len(self.w.params) + 1}", title, value, unit)


def _unknown(offset: int, code: str, found: str, known: list[str]) -> FormulaError:
    near = get_close_matches(found, known, n=1, cutoff=0.5)
    allowed = ", ".join(known) or "—"
    if near:
        return FormulaError(offset, code, found=found, nearest=near[0], allowed=allowed)
    return FormulaError(offset, f"{code}_far", found=found, allowed=allowed)


def unit_of_kpi(kpi: Kpi) -> Unit:
    """Return how a KPI's figures are shown, from the unit that the scheme states."""
    unit = (kpi.unit or "").strip().casefold()
    if unit == "%":
        return "percent"
    return "money" if unit in _MONEY_UNITS else "number"
