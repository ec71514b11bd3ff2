"""Facts shared between payees: each one's part, rounded so that the parts always add up to the whole.

The parts are a running total: what the payees up to this one have together, less what those before have. They follow
the order of personnel numbers, with or without leading zeros, so the result does not depend on the order of the rows.
A deal that is paid in several months is shared in each of them: the rows of one month are a whole.
"""

from dataclasses import replace
from typing import Any

from kpicalc.intake.facts.headers import DATE, PAYEE
from kpicalc.intake.facts.measure import difference, product, stated
from kpicalc.intake.facts.table import Facts
from kpicalc.model.facts import Split

_WIDTH = 32
BEFORE, AFTER = "shared_before", "shared_after"


def with_shares(facts: Facts) -> Facts:
    """Return the table with what the payees before, and up to, each row's payee have of its fact."""
    if facts.spec.split is None:
        return facts
    return replace(facts, table=_shared(facts, facts.table, facts.spec.split),
                   numbered=_shared(facts, facts.numbered, facts.spec.split))  # fmt: skip


def _shared(facts: Facts, table: Any, split: Split) -> Any:
    import ibis

    share = table[f"c_{split.share}"]
    number = table[PAYEE].strip()
    window = ibis.cumulative_window(
        group_by=[facts.same(table, f"c_{split.of}"), month_of(table)], order_by=[number.lpad(_WIDTH, "0"), number]
    )
    after = stated(share.sum().over(window), 17, 6)
    return table.mutate(**{AFTER: after, BEFORE: difference(after, share)})


def month_of(table: Any) -> Any:
    """Return the month of a row's date: a fact is shared anew in each of them."""
    return table[DATE].cast("date").truncate("M")


def part(facts: Facts, table: Any, value: Any) -> Any:
    """Return the payee's part of a fact's value."""
    split = facts.spec.split
    assert split is not None  # asked only of tables that share facts
    upto, before = (stated(product(value, table[name]).round(split.round), 38, split.round) for name in (AFTER, BEFORE))
    return difference(upto, before)
