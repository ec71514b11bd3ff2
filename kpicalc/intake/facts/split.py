"""Facts shared between payees: each one's part, rounded so that the parts always add up to the whole.

The parts are a running total: what the payees up to this one have together, less what those before have. They follow
the order of personnel numbers, with or without leading zeros, so the result does not depend on the order of the rows.
A deal that is paid in several months is shared in each of them: the rows of one month are a whole.
"""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicalc.intake.facts.headers import DATE, PAYEE
from kpicalc.intake.facts.measure import difference, product, stated
from kpicalc.intake.facts.source import Facts
from kpicalc.model.facts import Split

if TYPE_CHECKING:
    from kpicalc.intake.facts.findings import Findings

_WIDTH = 32
_BEFORE, _AFTER = "shared_before", "shared_after"


def with_shares(facts: Facts) -> Facts:
    """Return the table with what the payees before, and up to, each row's payee have of its fact."""
    if facts.spec.split is None:
        return facts
    return replace(facts, table=_shared(facts.table, facts.spec.split),
                   numbered=_shared(facts.numbered, facts.spec.split))  # fmt: skip


def _shared(table: Any, split: Split) -> Any:
    import ibis

    share = table[f"c_{split.share}"]
    number = table[PAYEE].strip()
    window = ibis.cumulative_window(
        group_by=[table[f"c_{split.of}"], _month(table)], order_by=[number.lpad(_WIDTH, "0"), number]
    )
    after = stated(share.sum().over(window), 17, 6)
    return table.mutate(**{_AFTER: after, _BEFORE: difference(after, share)})


def _month(table: Any) -> Any:
    return table[DATE].cast("date").truncate("M")


def part(facts: Facts, table: Any, value: Any) -> Any:
    """Return the payee's part of a fact's value."""
    split = facts.spec.split
    assert split is not None  # asked only of tables that share facts
    upto, before = (
        stated(product(value, table[name]).round(split.round), 38, split.round) for name in (_AFTER, _BEFORE)
    )
    return difference(upto, before)


def check_split(facts: Facts, every: Any, findings: "Findings") -> None:
    """Report facts whose shares do not add up to 1, or in which somebody stands twice."""
    split = facts.spec.split
    if split is None:
        return
    table = facts.table.filter(every)
    total = table[f"c_{split.share}"].sum().cast("decimal(38, 6)")
    groups = table.group_by(fact=table[f"c_{split.of}"].cast("string"), month=_month(table)).aggregate(
        total=total, rows=table.count(), payees=table[PAYEE].nunique()
    )
    wrong = groups.filter(
        groups.fact.isnull() | groups.total.isnull() | (groups.total != Decimal(1)) | (groups.rows != groups.payees)
    )
    for row in facts.ask(wrong.order_by("fact", "month").limit(5)):
        month = row["month"]
        findings.split(row["fact"], row["total"], lambda table, month=month: _month(table) == month)  # type: ignore[misc]
