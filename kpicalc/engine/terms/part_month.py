"""The plan of a payee who works for a part of the month: as it stands or in proportion to days, as the rules state.

A plan never rises: days above the norm count as the norm.
"""

from kpicalc.engine.desk import Desk
from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.statement import Assumption, Figure
from kpicalc.engine.tree.formula import ZERO, Arith, Column, Least, Node, Round, Unit
from kpicalc.engine.tree.sources import DuePlan, Plan
from kpicalc.model.scheme import Kpi, PartMonth


def due_plan(desk: Desk, key: str, plan: Column) -> Node:
    """Return a known KPI's plan for the days that count; without a rule, refuse a payee with a part of the month."""
    rule = _rule(desk, key)
    if rule is None or rule.plan == "none":
        return plan
    stated = desk.own_rules is not None and desk.own_rules.part_month is not None
    figure_key = f"plan_due.{key}.{desk.id}" if stated else f"plan_due.{key}"
    title = desk.book.kpi_title(key)
    names = (desk.word("figure.plan_due_of", kpi=title), desk.word("figure.plan_due"), title)
    node = _by_days(desk, rule, plan)
    return desk.draft.add(
        Figure(figure_key, *names, _unit(plan.unit, node), node, isinstance(node, Round), DuePlan(key))
    )


def due_goal(desk: Desk, key: str, goal: Node) -> Node:
    """Return a goal of the scheme for the days that count: it is a plan, the same for everybody."""
    rule = _rule(desk, key) if key in desk.book.kpis else None
    if rule is None or rule.plan == "none":
        return goal
    title = desk.word("figure.goal_due_of", kpi=desk.kpi_title(key))
    node = _by_days(desk, rule, goal)
    return desk.figure(f"goal_due.{key}", title, node, _unit(unit_of_kpi(desk.book.kpis[key]), node), role=DuePlan(key))


def _unit(unit: Unit, node: Node) -> Unit:
    """Return the unit of a figure that nobody rounded: money becomes a plain number, shown in full."""
    return "number" if unit == "money" and not isinstance(node, Round) else unit


def _by_days(desk: Desk, rule: PartMonth, plan: Node) -> Node:
    norm = desk.employee("days_norm")
    days = desk.employee("days_worked" if rule.plan == "days_worked" else "days_employed")
    node: Node = Least((Arith("/", Arith("*", plan, days), norm), plan))
    role = desk.draft.figures[plan.key].role if isinstance(plan, Column) else None
    if isinstance(role, Plan | DuePlan) and desk.book.kpis[role.kpi].attainment == "relative":
        # A planned loss is below zero, so the least of it and its part would be the whole loss.
        node = Arith("/", Arith("*", plan, Least((days, norm))), norm)
    return desk.rounded(node, rule.rounding, "part_month") if rule.rounding else node


def _rule(desk: Desk, key: str) -> PartMonth | None:
    """Return the most specific rule: the component's, the KPI's or the scheme's; report an open or doubtful one."""
    kpi = desk.book.kpis[key]
    stated = (desk.own_rules.part_month if desk.own_rules else None) or kpi.part_month
    if stated is not None:
        return stated
    rule = desk.rules.part_month
    if rule is None:
        place = desk.book.source.place("rules")
        desk.draft.assumptions.append(Assumption("part_month", ZERO.value, "part_month_open", place))
    elif rule.plan != "none" and _is_no_sum(kpi):
        place = desk.book.source.place("kpis", key)
        desk.draft.report("part_month_kpi", place, found=desk.book.kpi_title(key), key=key, rule=rule.plan)
        return None
    return rule


def _is_no_sum(kpi: Kpi) -> bool:
    """Tell whether a KPI hardly adds up day by day: a share, a ratio, or one where less is better."""
    ratio = any(text is not None for text in (kpi.formula, kpi.average, kpi.share, kpi.min, kpi.max))
    return ratio or kpi.better == "lower" or unit_of_kpi(kpi) == "percent" or kpi.over in ("to_date", "year")
