"""KPIs that count clients or days: rows are grouped by payee and client; groups that reach a bound count."""

from typing import Any, assert_never

from kpicalc.intake.facts.measuring.conditions import chosen_rows, group_of, value_of
from kpicalc.intake.facts.measuring.measure import compared, product, stated
from kpicalc.intake.facts.measuring.measures import Measure
from kpicalc.intake.facts.sources.headers import PAYEE
from kpicalc.intake.facts.table import Facts

_PLACES = 6


def reached(facts: Facts, measure: Measure, month: str) -> dict[str, int]:
    """Return for each text in the payee column the number of clients or days that reach the bound of a measure."""
    import ibis

    assert measure.having is not None  # The scheme's own checks require it.
    op, bound = measure.having
    table = facts.table
    chosen, _ = chosen_rows(facts, measure, month, table)
    taken = table.mutate(
        group=group_of(measure, month, table), value=value_of(facts, measure, month, table), chosen=chosen
    ).filter(chosen)
    limit = ibis.literal(bound, "decimal(17, 6)")
    value: Any = taken.value
    match measure.way:
        case "sum" | "average":
            value = value.sum().cast(f"decimal(38, {value.type().scale})")
        case "count":
            value = taken.count().cast("decimal(18, 0)")
        case "distinct":
            value = value.nunique().cast("decimal(18, 0)")
        case "min":
            value = value.min()
        case "max":
            value = value.max()
        case "share":
            value = value.sum().cast("decimal(18, 0)")
        case _:
            assert_never(measure.way)
    groups = taken.group_by([PAYEE, "group"]).aggregate(value=value, rows=taken.count().cast("decimal(18, 0)"))
    if measure.way in ("average", "share"):
        # The average is compared without dividing: the sum against the bound times the number of rows.
        limit = stated(product(groups.rows, limit), 38, _PLACES)
    enough = groups.filter(compared(op, groups.value, limit))
    answers = facts.ask(enough.group_by(PAYEE).aggregate(count=enough.count()))
    return {row[PAYEE]: int(row["count"]) for row in answers}
