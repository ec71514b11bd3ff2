"""Goals that a scheme states itself, beside the plans of the workbook."""

from decimal import Decimal

from kpicalc.engine.statement import Statement


def stated_goals(statement: Statement) -> dict[str, list[Decimal]]:
    """Return by KPI the goals that the scheme's components state, each once, in the order of the scheme."""
    goals_of: dict[str, list[Decimal]] = {}
    for item in statement.scheme.pay:
        if item.name == "action_pay" and isinstance(item.component.goals, dict):
            for kpi, goal in item.component.goals.items():
                goals = goals_of.setdefault(kpi, [])
                if goal not in goals:
                    goals.append(goal)
    return goals_of
