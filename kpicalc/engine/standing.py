"""What lines of pay stand at after multipliers, gates, penalties and caps have changed them."""

from typing import TYPE_CHECKING

from kpicalc.engine.formula import ZERO, Arith, Choose, Column, Node, Round, compare, total
from kpicalc.engine.statement import Figure, Line

if TYPE_CHECKING:
    from kpicalc.engine.workings import Workings


def standing_of(w: "Workings", ids: frozenset[str], before: int) -> Node:
    """Return what lines stand at just above the component of that number.

    A change over several lines together belongs to each in proportion to what it stood at before the change.
    """
    lines = w.draft.lines[:before]
    bases = _bases(lines, ids)
    parts: list[Node] = []
    for number, line in enumerate(lines):
        changed = _bases(lines[:number], frozenset(line.acts_on))
        if line.id in ids or line.id in bases or (changed and changed <= bases):
            parts.append(w.draft.column(line))
        elif shared := changed & bases:
            parts.append(_share(w, number, shared, changed))
    return total(tuple(parts))


def _bases(lines: list[Line], ids: frozenset[str]) -> frozenset[str]:
    """Return the lines of pay behind ids, some of which may name components that only change others."""
    found: frozenset[str] = frozenset()
    for number, line in enumerate(lines):
        if line.id in ids:
            found |= _bases(lines[:number], frozenset(line.acts_on)) if line.acts_on else {line.id}
    return found


def _share(w: "Workings", number: int, shared: frozenset[str], changed: frozenset[str]) -> Column:
    """Return the share of a change over several lines that belongs to some of them, as a figure of its own."""
    line = w.draft.lines[number]
    own, whole = standing_of(w, shared, number), standing_of(w, changed, number)
    share = Choose(compare("=", whole, ZERO), ZERO, Arith("/", Arith("*", w.draft.column(line), own), whole))
    titles = ", ".join(item.title for item in w.draft.lines if item.id in shared)
    title = w.say(f"{line.title}: доля «{titles}»", f"{line.title}: share of {titles}")
    node = w.rounded(share, w.rules.money, "money")
    key = f"{line.figure}.share.{'+'.join(sorted(shared))}"
    return w.draft.add(Figure(key, title, title, line.title, "money", node, isinstance(node, Round)))
