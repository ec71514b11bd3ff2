"""What lines of pay stand at after the multipliers, gates, penalties and caps below them."""

from decimal import Decimal

from kpicalc.engine.desk import Desk
from kpicalc.engine.statement import Figure, Line
from kpicalc.engine.tree.formula import ZERO, Arith, Choose, Column, Greatest, Least, Node, compare, total
from kpicalc.model.scheme import Rounding


def standing_of(desk: Desk, ids: frozenset[str], before: int) -> Node:
    """Return what lines stand at just above the component of that number.

    A change over several lines together belongs to each in proportion to what it stood at before the change. The shares
    are rounded as a running total, so that they always add up to the change.
    """
    if (ids, before) not in desk.draft.standings:
        desk.draft.standings[ids, before] = _standing(desk, ids, before)
    return desk.draft.standings[ids, before]


def taken_from(desk: Desk, amount: Node, standing: Node) -> Node:
    """Return an amount taken from lines, rounded, and never more than they stand at.

    Rounding can exceed that only where a component has a rounding of its own: otherwise all lines have the same step.
    """
    rounded = desk.rounded(amount, desk.rules.money, "money")
    if len(desk.draft.money_rules) == 1:
        return rounded
    return Greatest((Least((rounded, standing)), ZERO))


def changed_by(lines: list[Line], ids: frozenset[str]) -> frozenset[str]:
    """Return the ids of the lines of pay behind ids, some of which may name components that only change others."""
    pay_lines: frozenset[str] = frozenset()
    for number, line in enumerate(lines):
        if line.id in ids:
            pay_lines |= changed_by(lines[:number], frozenset(line.acts_on)) if line.acts_on else {line.id}
    return pay_lines


def _standing(desk: Desk, ids: frozenset[str], before: int) -> Node:
    lines = desk.draft.lines[:before]
    bases = changed_by(lines, ids)
    parts: list[Node] = []
    for number, line in enumerate(lines):
        changed = changed_by(lines[:number], frozenset(line.acts_on))
        if line.id in bases or (changed and changed <= bases):
            parts.append(desk.draft.column(line))
        elif shared := changed & bases:
            order = [item.id for item in lines[:number] if item.id in changed]
            parts += [_share(desk, number, order, order.index(name)) for name in order if name in shared]
    return total(tuple(parts))


def _share(desk: Desk, number: int, order: list[str], index: int) -> Column:
    """Return one line's share of a change over several lines, as a figure of its own."""
    line = desk.draft.lines[number]
    part = next(item for item in desk.draft.lines if item.id == order[index])
    share = _running(desk, number, order, index + 1)
    if index:
        share = Arith("-", share, _running(desk, number, order, index))
    title = desk.word("figure.share_of", line=line.title, part=part.title)
    key = f"{line.figure}.share.{part.id}"
    return desk.draft.add(Figure(key, title, title, line.title, "money", share, settled=False))


def _running(desk: Desk, number: int, order: list[str], count: int) -> Node:
    """Return the rounded share of the first lines together in a change; all lines together have all of it."""
    amount = desk.draft.column(desk.draft.lines[number])
    if count == len(order):
        return amount
    first, whole = standing_of(desk, frozenset(order[:count]), number), standing_of(desk, frozenset(order), number)
    share = Choose(compare("<>", whole, ZERO), Arith("/", Arith("*", amount, first), whole), ZERO)
    return desk.rounded(share, finest(desk.draft.money_rules), "money")


def paid_by_lines(desk: Desk, ids: tuple[str, ...]) -> str | None:
    """Return the key of what payees are paid by lines after all changes of these; None without the lines.

    It is a figure of its own unless it is one unchanged line.
    """
    lines = [line for line in desk.draft.lines if line.id in ids and not line.withheld]
    if not lines:
        return None
    node = standing_of(desk, frozenset(line.id for line in lines), len(desk.draft.lines))
    if isinstance(node, Column):
        return node.key
    names = ", ".join(line.title for line in lines)
    title = desk.word("figure.paid_by_lines", lines=names)
    figure = Figure(f"earned.{'+'.join(ids)}", title, title, title, "money", node, settled=False)
    return desk.draft.add(figure).key


def finest(rules: list[Rounding]) -> Rounding:
    """Return the rounding with the smallest step, by which every line is exact."""
    exact = [rule for rule in rules if not isinstance(rule.round, Decimal)]
    return exact[0] if exact else min(rules, key=lambda rule: rule.round)
