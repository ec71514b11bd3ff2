"""Numbers the rows of each client by date: the first deal, and those that come later."""

from dataclasses import replace
from typing import Any

from kpicalc.intake.facts.sources.headers import DATE
from kpicalc.intake.facts.table import Facts


def with_orders(facts: Facts) -> Facts:
    """Return the table with the columns that its `order` declares; rows with the same moment get the same number."""
    orders = facts.spec.order
    if not orders:
        return facts
    letters = {f"c_{name}": facts.letters[f"c_{of}"] for name, of in orders.items() if f"c_{of}" in facts.letters}
    return replace(facts, table=_ordered(facts, facts.table), letters={**facts.letters, **letters})


def _ordered(facts: Facts, table: Any) -> Any:
    import ibis

    numbers = {}
    for name, of in facts.spec.order.items():
        whose = facts.same(table, f"c_{of}")
        # A row without a date has no number: engines differ in where they sort blanks.
        window = ibis.window(group_by=[whose, table[DATE].isnull()], order_by=[table[DATE]])
        number = (ibis.rank().over(window) + 1).cast("decimal(17, 6)")
        numbers[f"c_{name}"] = (whose.notnull() & table[DATE].notnull()).ifelse(number, None)
    return table.mutate(**numbers)
