"""Results of a calendar quarter, half-year or year, which are paid in its last month."""

from collections.abc import Iterator, Mapping
from typing import Literal

from kpicalc.engine.component import refuse
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.statement import Figure
from kpicalc.engine.tree.formula import ONE, ZERO, Arith, Choose, Column, Compare, Node, Number, Round, compare
from kpicalc.engine.tree.sources import Attainment, Since, StatedPlan, key_of
from kpicalc.engine.workings import Workings
from kpicalc.model.period import MONTHS_IN
from kpicalc.model.record import record
from kpicalc.model.scheme import Kpi

Over = Literal["month", "quarter", "half_year", "year"]
PlanOf = Literal["sum", "stated"]
SINCE_START: Mapping[str, Since] = {"quarter": "whole_quarter", "half_year": "whole_half_year", "year": "whole_year"}


def check_period(over: Over, *, by_plan: bool, plan: PlanOf | None, **options: object) -> None:
    """Refuse options of a longer period where there is none, and an attainment whose plans are not stated."""
    for name, stated in {"plan": plan, **options}.items():
        if over == "month" and stated is not None:
            raise refuse("choice_idle", at=(name,), found=name, needs="over: quarter, over: half_year, over: year")
    if over != "month" and by_plan and plan is None:
        raise refuse("choice_open", at=("over",), found="plan", allowed="sum, stated")
    if plan is not None and not by_plan:
        raise refuse("choice_idle", at=("plan",), found="plan", needs="by: attainment")


@record
class WholePeriod:
    """The period over which results are added up, and its plan: the sum of the months' plans, or the last month's."""

    over: Over
    plan: PlanOf

    def attainment(self, desk: Workings, key: str, *path: str | int) -> Node:
        """Return the attainment of a KPI over the period, rounded once."""
        kpi = self._kpi(desk, key, path)
        if kpi is None:
            return ZERO
        figure_key = f"attainment.{key}:{self.over}:{self.plan}" + ("" if desk.own_rules is None else f".{desk.id}")
        if figure := desk.draft.figures.get(figure_key):
            return figure.column
        actual, plan = self.value(desk, key, *path), self.planned(desk, key, *path)
        node = Choose(self._is_last(desk), desk.ratio(actual, plan, kpi), ZERO)
        name = desk.kpi_title(key)
        title = self._of(desk, desk.word("figure.attainment_of", kpi=name))
        heading = self._of(desk, desk.word("figure.attainment"))
        settled = isinstance(node.then, Round)
        role = Attainment(key, self.over)
        return desk.draft.add(Figure(figure_key, title, heading, name, "percent", node, settled, role))

    def value(self, desk: Workings, key: str, *path: str | int) -> Node:
        """Return the sum of a KPI over the period; before its last month, of this month alone."""
        kpi = self._kpi(desk, key, path)
        if kpi is None:
            return ZERO
        return self._sum(
            desk, key, kpi, Arith("+", desk.since_start(key, SINCE_START[self.over], *path), desk.kpi(key, *path))
        )

    def planned(self, desk: Workings, key: str, *path: str | int) -> Node:
        """Return the plan of a KPI for the period: the sum of the months' plans, or the stated one."""
        kpi = self._kpi(desk, key, path)
        if kpi is None:
            return ZERO
        if self.plan == "stated":
            return self._stated(desk, key, kpi)
        before = desk.since_start(key, SINCE_START[self.over], *path, planned=True)
        return self._sum(desk, key, kpi, Arith("+", before, desk.plan(key, *path)), planned=True)

    def paid_by(self, desk: Workings, line_id: str) -> Node:
        """Return what a line above pays over the period, this month included."""
        return Arith("+", desk.paid_since(line_id, SINCE_START[self.over]), desk.line(line_id))

    def paid_last(self, desk: Workings, pay: Node) -> Node:
        """Compose the pay of the period's last month, and 0 in the months before it."""
        return Choose(self._is_last(desk), pay, ZERO)

    def _is_last(self, desk: Workings) -> Compare:
        """Compose the condition that the month is the period's last; the words name that month."""
        month, length = desk.employee("month"), Number(ONE.value * MONTHS_IN[self.over])
        number = Arith("*", Round(Arith("/", month, length), ONE.value, "up"), length)
        title = desk.word(f"figure.last_month_of_{self.over}")
        node = Round(number, ONE.value, "half_up")
        last = Figure(
            f"last_month.{self.over}", title, title, desk.word("employee.group"), "number", node, settled=True
        )
        return compare("=", month, desk.draft.add(last))

    def _stated(self, desk: Workings, key: str, kpi: Kpi) -> Column:
        name = desk.kpi_title(key)
        title, heading = desk.word("figure.plan_of", kpi=self._of(desk, name)), desk.word("figure.plan")
        source = StatedPlan(key, SINCE_START[self.over])
        return desk.draft.given(
            source, (title, f"{heading} ({self._of(desk, name)})", name), unit_of_kpi(kpi), desk.blank(kpi)
        )

    def _of(self, desk: Workings, name: str) -> str:
        return desk.word(f"figure.of_{self.over}", kpi=name)

    def _sum(self, desk: Workings, key: str, kpi: Kpi, node: Node, *, planned: bool = False) -> Column:
        name = desk.kpi_title(key)
        title = self._of(desk, desk.word("figure.plan_of", kpi=name) if planned else name)
        heading = self._of(desk, desk.word("figure.plan" if planned else "figure.actual"))
        figure = _period(key, self.over) + (":plan" if planned else "")
        return desk.draft.add(Figure(figure, title, heading, name, unit_of_kpi(kpi), node, settled=False))

    def _kpi(self, desk: Workings, key: str, path: tuple[str | int, ...]) -> Kpi | None:
        kpi = desk.book.kpis.get(key)
        if kpi is None:
            desk.kpi(key, *path)
            return None
        no_sum = any(text is not None for text in (kpi.average, kpi.share, kpi.min, kpi.max))
        if kpi.team or no_sum or unit_of_kpi(kpi) == "percent" or kpi.over in ("to_date", "year"):
            desk.refuse("period_no_sum", *path, found=desk.kpi_title(key))
            return None
        return kpi


def periods_of(kpi: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of a KPI's figures over whole periods, each with that of its possible plan."""
    for over, since in SINCE_START.items():
        yield _period(kpi, over), f"{_period(kpi, over)}:plan"
        yield _period(kpi, over), key_of(StatedPlan(kpi, since))


def _period(kpi: str, over: str) -> str:
    return f"period.{kpi}:{over}"
