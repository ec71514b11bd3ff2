"""Payment by levels of a department's plan: the highest one reached decides."""

from collections.abc import Sequence
from typing import Protocol

from kpicalc.engine.draft import LEVELS
from kpicalc.engine.tree.formula import Choose, Node, Unit
from kpicalc.engine.workings import Workings
from kpicalc.model.fields import Level
from kpicalc.model.scheme import Exact


class PaidLevel(Protocol):
    """A level of the department's plan and what reaching it pays."""

    @property
    def reach(self) -> Level:
        """Return the level."""

    @property
    def pays(self) -> Exact:
        """Return the value paid for it."""


def highest_reached(desk: Workings, on: str, levels: Sequence[PaidLevel], unit: Unit, below: Node) -> Node:
    """Compose the value of the highest level reached, or `below` where none is."""
    pays = {level.reach: level.pays for level in levels}
    if len(pays) < len(levels):
        desk.refuse("level_twice", "levels")
    actual = desk.team(on, "on")
    node = below
    for level in LEVELS:
        if level in pays:
            title = desk.say("level", level=desk.word(f"figure.{level}"))
            term = desk.term(f"level.{level}", title, pays[level], unit)
            node = Choose(desk.reached(on, actual, desk.level(on, level, "on")), term, node)
    return node
