"""The rule that derives a plan from earlier months, read as numbers and as a live formula."""

from decimal import Decimal

from kpicalc.engine.tree.formula import ONE, Arith, Column, Node, Round
from kpicalc.model.scheme import Rounding

AVERAGE = Column("average", "average", "number", settled=False)
GROWTH = Column("growth", "growth", "percent", settled=True)


def planned_from(rounding: Rounding) -> Node:
    """Compose average x (1 + growth), rounded as stated."""
    node = Arith("*", AVERAGE, Arith("+", ONE, GROWTH))
    if not isinstance(rounding.round, Decimal):
        return node
    return Round(node, rounding.round, rounding.ties or "half_up")
