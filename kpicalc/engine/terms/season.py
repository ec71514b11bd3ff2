"""Seasonal plans: the plan of the workbook times the share that its month has; unstated months have 100 %."""

from collections.abc import Sequence
from decimal import Decimal

from kpicalc.engine.desk import Desk
from kpicalc.engine.statement import Figure, ParamBlock
from kpicalc.engine.tree.formula import ONE, Arith, Choose, Column, Node, Number, compare
from kpicalc.engine.tree.sources import DuePlan
from kpicalc.model.inputs import Inputs
from kpicalc.model.scheme import Kpi, SchemeBook


def seasonal_plan(desk: Desk, key: str, plan: Column) -> Column:
    """Return a known KPI's plan with its season; `desk` is the KPI's own and takes the shares as parameters."""
    shares = desk.book.kpis[key].season
    if not shares:
        return plan
    figure_key, title = f"plan_season.{key}", desk.book.kpi_title(key)
    if known := desk.draft.figures.get(figure_key):
        return known.column
    month = desk.employee("month")
    node: Node = ONE
    names = desk.word("figure.season_of", kpi=title), desk.word("figure.season"), title
    for number, share in sorted(shares.items(), key=lambda item: -int(item[0])):
        term = desk.term(f"season.{number}", desk.word("figure.season_in", month=number), share, "percent")
        node = Choose(compare("=", month, Number(Decimal(number))), term, node)
    season = desk.draft.add(Figure(f"season.{key}", *names, "percent", node, settled=True))
    desk.draft.blocks.append(ParamBlock(title, tuple(desk.params.values()), ()))
    names = desk.word("figure.plan_season_of", kpi=title), desk.word("figure.plan_season"), title
    # Unrounded money is a plain number, shown in full.
    unit = "number" if plan.unit == "money" else plan.unit
    seasonal = Figure(figure_key, *names, unit, Arith("*", plan, season), False, DuePlan(key, "season"))
    return desk.draft.add(seasonal)


def season_of(kpi: Kpi, period: str) -> Decimal:
    """Return the share of a plan that a month has."""
    return next((share for month, share in kpi.season.items() if int(month) == int(period[5:])), ONE.value)


def plans_of(book: SchemeBook, inputs: Inputs, kpi: str) -> Sequence[Decimal | None] | None:
    """Return everybody's plan of a KPI for the month with its season; None where there is no plan."""
    series = inputs.plan.get(kpi)
    if series is None:
        return None
    share = season_of(book.kpis[kpi], inputs.period)
    return series.values if share == 1 else [None if value is None else value * share for value in series.values]
