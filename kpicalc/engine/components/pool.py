"""A part of money that people share in proportion to a coefficient: FTE, points, a contribution rate (КТУ)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from kpicalc.engine import statement
from kpicalc.engine.component import Component, Option, refuse
from kpicalc.engine.draft import EMPLOYEE_FIELDS, EMPLOYEE_UNITS
from kpicalc.engine.formula import COMPARED_TO, ZERO, Arith, Choose, Column, Node, Round, compare, unit_of
from kpicalc.engine.sources import Actual, Given, OfPool
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

    def compose(self, w: Workings) -> Node:
        """Compose rounded pool x (before + own) / all - rounded pool x before / all."""
        own = self._coefficient(w)
        pool = self._pool(w)
        of = own.title if isinstance(own, Column) else ""
        before = self._sum(w, "before", w.say("before", of=of))
        everybody = self._sum(w, "all", w.say("everybody", of=of))

        def running(coefficient: Node) -> Node:
            share = Arith("/", Arith("*", pool, coefficient), everybody)
            return w.rounded(share, w.rules.money, "money")

        # Settled as the sums are, which are made of everybody's settled coefficients.
        with_own = Round(Arith("+", before, own), COMPARED_TO, "half_up")
        part: Node = Arith("-", running(with_own), running(before))
        step = w.rules.money.round if w.rules.money else "none"
        # Both totals stand on the grid, and so does their difference: only a spreadsheet's floats need the rounding.
        part = part if step == "none" else Round(part, step, "half_up")
        return Choose(compare(">", everybody, ZERO), part, ZERO) if self.empty == "pays_nothing" else part

    def _shared_among(self, w: Workings) -> statement.Among:
        """Return who shares; unstated, it is asked where it makes a difference, and a department's result knows."""
        kpi = w.book.kpis.get(self.on or "")
        return self.among or ("department" if kpi and kpi.team else "scheme")

    def _pool(self, w: Workings) -> Node:
        """Return the money to be shared, on the grid on which its parts stand."""
        if self.on is None:
            node: Node = w.param("amount")
        else:
            result = self._result(w, self.on)
            node = Choose(compare(">", result, ZERO), Arith("*", result, w.param("rate")), ZERO)
        title = w.say("pool")
        return w.figure("whole", title, w.rounded(node, w.rules.money, "money"), "money")

    def _result(self, w: Workings, on: str) -> Node:
        """Return the department's figure of a team KPI, or the sum of an ordinary one over those who share."""
        kpi = w.book.kpis.get(on)
        if kpi is None or kpi.team:
            if kpi is not None and self._shared_among(w) != "department":
                w.refuse("pool_on_department", "among", found=self.among)
            return w.team(on, "on")
        own = w.kpi(on, "on")
        title = own.title if isinstance(own, Column) else w.kpi_title(on)
        title = w.say("everybody", of=title)
        return w.draft.given(OfPool(w.id, "result"), (title, title, w.title), unit_of(own), "zero")

    def _coefficient(self, w: Workings) -> Node:
        names = [self.by] if isinstance(self.by, str) else self.by
        factors = [self._factor(w, name, at) for at, name in enumerate(names)]
        roles = [w.draft.figures[factor.key].source for factor in factors if isinstance(factor, Column)]
        given = tuple(source for source in roles if isinstance(source, Given))
        own = self._product(w, factors)
        among = self._shared_among(w)
        terms = (self.amount, self.on, self.rate, tuple(names), among, self.empty, self.residual, w.rules.money)
        kpi = w.book.kpis.get(self.on or "")
        of = Actual(self.on) if self.on and kpi and not kpi.team else None
        asked, place = self.among is None and among == "scheme", w.book.source.place(*w.path)
        w.draft.pools.append(statement.Pool(w.id, w.title, among, own.key, given, of, self.empty, asked, terms, place))
        return own

    @staticmethod
    def _product(w: Workings, factors: list[Node]) -> Column:
        """Return the coefficient as a figure on the grid of the sums; one that stands there already is it itself."""
        product = factors[0]
        for factor in factors[1:]:
            product = Arith("*", product, factor)
        if isinstance(product, Column) and product.settled:
            return product
        title = w.say("coefficient")
        return w.figure("coefficient", title, Round(product, COMPARED_TO, "half_up"), "number")

    def _factor(self, w: Workings, name: str, at: int) -> Node:
        path: tuple[str | int, ...] = ("by",) if isinstance(self.by, str) else ("by", at)
        for field in EMPLOYEE_FIELDS:
            if name == field and EMPLOYEE_UNITS.get(field) != "day":
                if field in ("salary", "fte"):
                    w.assume("changed", ZERO.value, "changes_unused")
                return w.employee(field)
        if name in w.book.employees:
            return w.own_column(name)
        kpi = w.book.kpis.get(name)
        if kpi is None:
            if name.isidentifier() and all(line.id != name for line in w.draft.lines):
                known = [*w.book.kpis, *w.book.employees, *EMPLOYEE_FIELDS]
                w.refuse_name("unknown_name", name, known, *path)
                return ZERO
            return w.counted(name, *path)
        if kpi.team:
            w.refuse("pool_by_team", *path, found=w.kpi_title(name))
            return ZERO
        return w.kpi(name, *path)

    def _sum(self, w: Workings, part: Literal["before", "all"], title: str) -> Column:
        return w.draft.given(OfPool(w.id, part), (title, title, w.title), "number", "zero")
