"""Facts shared between payees: each payee's part, rounded so that the parts add up to the whole.

A part is a difference of running totals: what the payees up to this one have together, less what those before it have.
Payees are ordered by personnel number, leading zeros ignored, so the order of the rows does not matter. A deal paid in
several months is shared in each of them: the rows of one month make a whole.
"""

from dataclasses import replace
from typing import Any

from kpicalc.intake.facts.measuring.measure import difference, product, stated
from kpicalc.intake.facts.sources.headers import DATE, PAYEE
from kpicalc.intake.facts.table import Facts
from kpicalc.model.facts import Split

_WIDTH = 32
BEFORE, AFTER = "shared_before", "shared_after"


def with_shares(facts: Facts) -> Facts:
    """Return the table with the shares of a fact that the payees before, and up to, the payee of the row have."""
    if facts.spec.split is None:
        return facts
    return replace(facts, table=_shared(facts, facts.table, facts.spec.split))


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
    assert split is not None  # Only tables with shared facts call it.
    upto, before = (stated(product(value, table[name]).round(split.round), 38, split.round) for name in (AFTER, BEFORE))
    return difference(upto, before)
