"""A part of money that people share in proportion to a coefficient: FTE, points, a contribution rate (КТУ)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine import statement
from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.draft import EMPLOYEE_FIELDS, EMPLOYEE_UNITS
from kpicalc.engine.tree.formula import COMPARED_TO, ZERO, Arith, Choose, Column, Node, Round, compare, unit_of
from kpicalc.engine.tree.sources import Actual, Given, OfPool
from kpicalc.engine.workings import Workings
from kpicalc.model.scheme import Amount, Exact


class Pool(Component):
    """A part of money that people share in proportion to a coefficient."""

    name: ClassVar[str] = "pool"
    rounds_itself: ClassVar[bool] = True
    example: ClassVar[str] = "pool: {amount: 100000, by: fte, among: department, residual: running_total}"

    amount: Annotated[Amount | None, Option("money")] = None
    on: str | None = None
    rate: Annotated[Exact | None, Option("percent")] = None
    by: str | Annotated[list[str], Field(min_length=1)]
    among: statement.Among | None = None
    empty: statement.Empty = "error"
    residual: Literal["running_total"] = "running_total"

    @model_validator(mode="after")
    def _one_pool(self) -> Self:
        if (self.amount is None) == (self.on is None) or (self.on is None) != (self.rate is None):
            raise refuse("pool_money")
        return self

    def compose(self, desk: Workings) -> Node:
        """Compose rounded pool x (before + own) / all - rounded pool x before / all."""
        own = self._coefficient(desk)
        pool = self._pool(desk)
        of = own.title if isinstance(own, Column) else ""
        before = self._sum(desk, "before", desk.say("before", of=of))
        everybody = self._sum(desk, "all", desk.say("everybody", of=of))

        def running(coefficient: Node) -> Node:
            share = Arith("/", Arith("*", pool, coefficient), everybody)
            return desk.rounded(share, desk.rules.money, "money")

        # Rounded as the sums are, which are made of everybody's rounded coefficients.
        with_own = Round(Arith("+", before, own), COMPARED_TO, "half_up")
        part: Node = Arith("-", running(with_own), running(before))
        step = desk.rules.money.round if desk.rules.money else "none"
        # Both totals are whole steps, and so is their difference: only a spreadsheet's floats need the rounding.
        part = part if step == "none" else Round(part, step, "half_up")
        return Choose(compare(">", everybody, ZERO), part, ZERO) if self.empty == "pays_nothing" else part

    def _shared_among(self, desk: Workings) -> statement.Among:
        """Return the group that shares; if unstated, it is derived from `on` or refused where it makes a difference."""
        kpi = desk.book.kpis.get(self.on or "")
        return self.among or ("department" if kpi and kpi.team else "scheme")

    def _pool(self, desk: Workings) -> Node:
        """Return the money to be shared, rounded to the step of the parts."""
        if self.on is None:
            node: Node = desk.param("amount")
        else:
            result = self._result(desk, self.on)
            node = Choose(compare(">", result, ZERO), Arith("*", result, desk.param("rate")), ZERO)
        title = desk.say("pool")
        return desk.figure("whole", title, desk.rounded(node, desk.rules.money, "money"), "money")

    def _result(self, desk: Workings, on: str) -> Node:
        """Return the department's figure of a team KPI, or the sum of an ordinary KPI over those who share."""
        kpi = desk.book.kpis.get(on)
        if kpi is None or kpi.team:
            if kpi is not None and self._shared_among(desk) != "department":
                desk.refuse("pool_on_department", "among", found=self.among)
            return desk.team(on, "on")
        figure = desk.kpi(on, "on")
        title = figure.title if isinstance(figure, Column) else desk.kpi_title(on)
        title = desk.say("everybody", of=title)
        return desk.draft.given(OfPool(desk.id, "result"), (title, title, desk.title), unit_of(figure), "zero")

    def _coefficient(self, desk: Workings) -> Node:
        names = [self.by] if isinstance(self.by, str) else self.by
        factors = [self._factor(desk, name, index) for index, name in enumerate(names)]
        for index, name in enumerate(names):
            if name in names[:index]:
                desk.refuse("pool_by_twice", "by", index, found=name)
        roles = [desk.draft.figures[factor.key].source for factor in factors if isinstance(factor, Column)]
        given = tuple(source for source in roles if isinstance(source, Given))
        coefficient = self._product(desk, factors)
        among = self._shared_among(desk)
        terms = (self.amount, self.on, self.rate, tuple(names), among, self.empty, self.residual, desk.rules.money)
        kpi = desk.book.kpis.get(self.on or "")
        of = Actual(self.on) if self.on and kpi and not kpi.team else None
        asked, place = self.among is None and among == "scheme", desk.book.source.place(*desk.path)
        desk.draft.pools.append(
            statement.Pool(desk.id, desk.title, among, coefficient.key, given, of, self.empty, asked, terms, place)
        )
        return coefficient

    @staticmethod
    def _product(desk: Workings, factors: list[Node]) -> Column:
        """Return the coefficient as a figure rounded to the step of the sums, unless it is rounded already."""
        product = factors[0]
        for factor in factors[1:]:
            product = Arith("*", product, factor)
        if isinstance(product, Column) and product.settled:
            return product
        title = desk.say("coefficient")
        return desk.figure("coefficient", title, Round(product, COMPARED_TO, "half_up"), "number")

    def _factor(self, desk: Workings, name: str, index: int) -> Node:
        path: tuple[str | int, ...] = ("by",) if isinstance(self.by, str) else ("by", index)
        for field in EMPLOYEE_FIELDS:
            if name == field and EMPLOYEE_UNITS.get(field) != "day":
                if field in ("salary", "fte"):
                    desk.assume("changed", ZERO.value, "changes_unused")
                return desk.employee(field)
        if name in desk.book.employees:
            return desk.own_column(name)
        kpi = desk.book.kpis.get(name)
        if kpi is None:
            if name.isidentifier() and all(line.id != name for line in desk.draft.lines):
                known = [*desk.book.kpis, *desk.book.employees, *EMPLOYEE_FIELDS]
                desk.refuse_name("unknown_name", name, known, *path)
                return ZERO
            return desk.counted(name, *path)
        if kpi.team:
            desk.refuse("pool_by_team", *path, found=desk.kpi_title(name))
            return ZERO
        return desk.kpi(name, *path)

    def _sum(self, desk: Workings, part: Literal["before", "all"], title: str) -> Column:
        return desk.draft.given(OfPool(desk.id, part), (title, title, desk.title), "number", "zero")
