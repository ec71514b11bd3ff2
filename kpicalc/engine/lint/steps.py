"""The steps of a line of pay: bands, tiers, thresholds, goals, levels and conditions, found in its formula tree.

A step is a bound that a result passes, with the pay on both sides of it as two trees. These contain only what the step
itself changes, without what is merely added to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias, assert_never

from kpicalc.engine.statement import Figure, Line, Statement
from kpicalc.engine.tree.formula import (
    COMPARED_TO,
    Arith,
    Band,
    Both,
    Choose,
    Column,
    Compare,
    Condition,
    Curve,
    Either,
    Greatest,
    Least,
    Minus,
    Node,
    Not,
    Param,
    Round,
    Sum,
)
from kpicalc.engine.tree.sources import (
    Actual,
    Adjusted,
    Attainment,
    DuePlan,
    EarlierSum,
    Given,
    GoalShare,
    MonthAgo,
    OfLines,
    OfPool,
    OfRanking,
    OfTeam,
    Own,
    OwnColumn,
    PaidByRow,
    Pay,
    Personal,
    Plan,
    StatedPlan,
)
from kpicalc.engine.tree.values import Rows, numbers, truths
from kpicalc.model.record import record

_Around: TypeAlias = Callable[[Node], Node]
"""The surroundings of a node: given another node for it, the whole tree."""
_Guards: TypeAlias = tuple[Condition, ...]
_WHOLE = Decimal(1)
_FULL_TIME = frozenset({"fte", "days_worked", "days_norm", "days_employed", "hours_worked", "hours_norm"})
_OUTSIDE = (Actual, Attainment, Pay)
"""Figures that the walk does not enter: results of people, and other lines."""
Figures: TypeAlias = Mapping[str, Figure]


@record
class Step:
    """A bound at which pay changes: when `result` passes it, pay goes from `below` to `above`.

    `guards` are the other conditions on which that depends. `included` bounds belong to the pay above. `gradual` steps
    are bends of a curve: pay moves from one to the other on the way to the bound.
    """

    result: Node
    bound: Node
    below: Node
    above: Node
    figures: Figures
    guards: tuple[Condition, ...] = ()
    included: bool = True
    gradual: bool = False

    @property
    def column(self) -> Column | None:
        """Return the figure that passes the bound, where it is a single figure."""
        node = _bare(self.result)
        return node if isinstance(node, Column) else None

    @property
    def limit(self) -> Node:
        """Return the bound as the scheme or the workbook has it."""
        return _bare(self.bound)

    def jump(self) -> Decimal | None:
        """Return the rise of pay at the bound by the scheme's own terms; None where it depends on the person.

        Other KPIs are taken at 100 % of their plans, and the whole month as worked.
        """
        known = _Terms(self.figures, others=_WHOLE)
        try:
            if self.column:
                with suppress(KeyError):
                    known[self.column.key] = numbers(self.bound, Rows(known, 1))
            rows = Rows(known, 1)
            rise = numbers(self.above, rows)[0] - numbers(self.below, rows)[0]
        except KeyError:
            return None
        return None if rows.faults else rise

    def stands(self) -> bool:
        """Tell whether the step's guards hold just below the bound: below a threshold, bands pay nobody."""
        known = _Terms(self.figures, others=None)
        if self.column:
            with suppress(KeyError):
                known[self.column.key] = [numbers(self.bound, Rows(known, 1))[0] - COMPARED_TO]
        for guard in self.guards:
            # A guard that depends on the person may hold.
            with suppress(KeyError):
                if not all(truths(guard, Rows(known, 1))):
                    return False
        return True

    def gains(self, columns: Mapping[str, Sequence[Decimal]], rows: Sequence[int]) -> list[Decimal]:
        """Return the worth of a step to some of the people, with everything else unchanged."""
        asked = Rows(columns, 0, only=list(rows))
        below, above = numbers(self.below, asked), numbers(self.above, asked)
        return [high - low for low, high in zip(below, above, strict=True)]


class _Terms(dict[str, Sequence[Decimal]]):
    """The figures that the scheme alone determines, and the component's own; any other share is `others`."""

    def __init__(self, figures: Figures, others: Decimal | None) -> None:
        super().__init__()
        self.figures = figures
        self.others = others

    def __missing__(self, key: str) -> Sequence[Decimal]:
        figure = self.figures[key]
        match figure.role:
            case Attainment() if self.others is not None:
                return [self.others]
            case Personal(name) if self.others is not None and name in _FULL_TIME:
                return [self.others]
        if isinstance(figure.source, Given) or isinstance(figure.role, _OUTSIDE):
            raise KeyError(key)
        return numbers(figure.source, Rows(self, 1))


def steps_of(statement: Statement, line: Line) -> Iterator[Step]:
    """Yield the steps of a line of pay, found in its formula."""
    figures = {figure.key: figure for figure in statement.figures}
    source = figures[line.figure].source
    assert not isinstance(source, Given)  # a line is computed
    yield from (step for step in _Walk(figures).steps(source, lambda node: node, ()) if step.stands())


@record
class _Walk:
    """A walk through a line's tree and the figures of its own component."""

    figures: Figures

    def steps(self, node: Node, around: _Around, guards: _Guards) -> Iterator[Step]:
        match node:
            case Choose(when, then, otherwise):
                below, next_one = _just_below(when, otherwise)
                yield from self.conditions(when, around(then), around(below), (*guards, *next_one))
                yield from self.steps(then, around, (*guards, when))
                yield from self.steps(otherwise, around, (*guards, Not(when)))
            case Band(of, table) | Curve(of, table):
                if self.is_result(of):
                    for lower, upper in pairwise(table.steps):
                        below, above = around(lower.pays), around(upper.pays)
                        gradual = isinstance(node, Curve)
                        yield Step(of, upper.bound, below, above, self.figures, guards, not upper.excluded, gradual)
            case Column(key=key):
                figure = self.figures[key]
                if not isinstance(figure.source, Given) and not isinstance(figure.role, _OUTSIDE):
                    yield from self.steps(figure.source, around, guards)
            case Sum(items):
                for item in items:
                    yield from self.steps(item, around, guards)
            case Arith("+", left, right):
                yield from self.steps(left, around, guards)
                yield from self.steps(right, around, guards)
            case Arith("-", left, right):
                yield from self.steps(left, around, guards)
                yield from self.steps(right, lambda inner: around(Minus(inner)), guards)
            case Arith(op, left, right):
                yield from self.steps(left, lambda inner: around(Arith(op, inner, right)), guards)
                yield from self.steps(right, lambda inner: around(Arith(op, left, inner)), guards)
            case Minus(item):
                yield from self.steps(item, lambda inner: around(Minus(inner)), guards)
            case Round(item, step, ties):
                yield from self.steps(item, lambda inner: around(Round(inner, step, ties)), guards)
            case Least(items) | Greatest(items):
                for index, item in enumerate(items):
                    yield from self.steps(item, _among(type(node), items, index, around), guards)
            case _:
                return

    def conditions(self, when: Condition, yes: Node, no: Node, guards: _Guards) -> Iterator[Step]:
        """Yield the steps of a condition; where several must hold, each is guarded by the others."""
        match when:
            case Both(items):
                for item in items:
                    others = tuple(other for other in items if other is not item)
                    yield from self.conditions(item, yes, no, (*guards, *others))
            case Either(items):
                for item in items:
                    others = tuple(Not(other) for other in items if other is not item)
                    yield from self.conditions(item, yes, no, (*guards, *others))
            case Not(item):
                yield from self.conditions(item, no, yes, guards)
            case Compare(op, left, right) if op in ("<", "<=", ">", ">="):
                if self.is_result(left) and self.is_bound(right):
                    sides = (no, yes) if op in (">", ">=") else (yes, no)
                    yield Step(left, right, *sides, self.figures, guards, op in (">=", "<"))
                elif self.is_result(right) and self.is_bound(left):
                    sides = (no, yes) if op in ("<", "<=") else (yes, no)
                    yield Step(right, left, *sides, self.figures, guards, op in ("<=", ">"))
            case _:
                return

    def is_result(self, node: Node) -> bool:
        kinds = self.kinds(node)
        return "result" in kinds and "other" not in kinds

    def is_bound(self, node: Node) -> bool:
        """Tell whether a figure is a bound: a term of the scheme, a plan, a department's level; 0 is none."""
        return self.kinds(node) <= {"bound"} and not (isinstance(node, Param) and not node.value)

    def kinds(self, node: Node) -> set[str]:
        """Return the kinds of figures behind a figure: results of people, bounds (plans, earlier months), others."""
        match node:
            case Column(key=key):
                figure = self.figures[key]
                match figure.role:
                    case Actual() | Attainment() | OfTeam(_, "actual"):
                        return {"result"}
                    case Plan() | StatedPlan() | DuePlan() | OfTeam() | MonthAgo() | EarlierSum():
                        return {"bound"}
                    case (
                        Personal() | OwnColumn() | OfLines() | OfPool() | OfRanking() | PaidByRow() | Adjusted() | Pay()
                    ):
                        return {"other"}
                    case Own() | GoalShare():
                        return {"other"} if isinstance(figure.source, Given) else self.kinds(figure.source)
                    case _:
                        assert_never(figure.role)
            case Arith(_, left, right):
                return self.kinds(left) | self.kinds(right)
            case Round(item, _, _) | Minus(item):
                return self.kinds(item)
            case Sum(items) | Least(items) | Greatest(items):
                return set().union(*(self.kinds(item) for item in items))
            case Param():
                return set()
            case _:
                return {"other"}


def _bare(node: Node) -> Node:
    """Return a figure without the rounding that comparisons add."""
    return node.item if isinstance(node, Round) else node


def _just_below(when: Condition, otherwise: Node) -> tuple[Node, _Guards]:
    """Return the pay just below a bound and its condition; of several levels it is the next one's pay."""
    match when, otherwise:
        case Compare(left=left), Choose(Compare(left=lower, right=Column()) as reached, then, _) if left == lower:
            return then, (reached,)
    return otherwise, ()


def _among(kind: type[Least] | type[Greatest], items: tuple[Node, ...], index: int, around: _Around) -> _Around:
    return lambda inner: around(kind((*items[:index], inner, *items[index + 1 :])))
