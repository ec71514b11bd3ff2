"""What pay would be if one result were other than it is: the calculation of a scheme run again from that figure on.

Everybody else's figures stay, a pool's sums among them: asked is what one more of the own result brings.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.result import Columns, SchemePay
from kpicalc.engine.sources import Actual, Given, OfTeam
from kpicalc.engine.statement import Statement
from kpicalc.engine.values import Rows, numbers


def results_of(statement: Statement) -> dict[str, str]:
    """Return the figures of results in a scheme's calculation by KPI: the people's own and the departments'.

    Of a computed KPI its own figure counts, and not those that it is made of: it moves as one.
    """
    found: dict[str, str] = {}
    for figure in statement.figures:
        match figure.role:
            case Actual(kpi) | OfTeam(kpi, "actual"):
                found[kpi] = figure.key
    return found


def probed(pay: SchemePay, moved: Mapping[str, Sequence[Decimal]]) -> Columns:
    """Return everybody's figures where those of some keys are as `moved` says. Call inside `exact_context()`."""
    columns: dict[str, Sequence[Decimal]] = {**pay.columns, **moved}
    for figure in pay.statement.figures:
        if not isinstance(figure.source, Given) and figure.key not in moved:
            # What cannot be computed there stays as it was: the probe asks about pay, and refuses nobody.
            rows = Rows(columns, len(pay.payees))
            values = list(numbers(figure.source, rows))
            for fault in rows.faults:
                values[fault.row] = pay.columns[figure.key][fault.row]
            columns[figure.key] = values
    return columns
