"""The third reader: formula trees as a sentence about one payee.

`Бонус с продаж = (Продажи − критическое значение) × ставка = (100 000 − 15 000) × 20 % = 17 000`: the rule in names,
the same in figures, the result. Only the branch taken is written; remarks beside it say why it was taken, and what a
limit cut off or a rounding changed.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Literal, assert_never

from kpicalc.engine.tree.closure import columns_in
from kpicalc.engine.tree.formula import (
    COMPARED_TO,
    Arith,
    Band,
    Both,
    Choose,
    Column,
    Compare,
    Comparison,
    Condition,
    Curve,
    Either,
    Greatest,
    Least,
    Minus,
    Node,
    Not,
    Number,
    Param,
    Round,
    Slices,
    Step,
    Sum,
    Unit,
    unit_of,
)
from kpicalc.engine.tree.values import Rows, numbers, truths
from kpicalc.lang import MINUS, Language, money, number, percent, word
from kpicalc.model.days import day_of_number
from kpicalc.model.money import exact_context
from kpicalc.model.period import day_text
from kpicalc.model.record import record

_ATOM, _SIGN, _PRODUCT, _ADDITION = 4, 3, 2, 1
_SIGNS = {"*": (" × ", _PRODUCT), "/": (" / ", _PRODUCT), "+": (" + ", _ADDITION), "-": (f" {MINUS} ", _ADDITION)}
_COMPARISONS: Mapping[Comparison, str] = {"=": "=", "<>": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE: Mapping[Comparison, Comparison] = {
    "=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
}  # fmt: skip
_Voice = Literal["names", "figures"]
_LEAST = Decimal("1e-30")


@record
class InWords:
    """A figure in words: the rule in names, the same in figures, the result, and remarks."""

    names: str
    figures: str
    result: str
    remarks: tuple[str, ...]

    def sentence(self, title: str) -> str:
        """Return `title = names = figures = result (remarks)`, without repeating equal parts."""
        parts = [title]
        for part in (self.names, self.figures, self.result):
            if part != parts[-1]:
                parts.append(part)
        text = " = ".join(parts)
        return f"{text} ({'; '.join(self.remarks)})" if self.remarks else text


def tell(node: Node, unit: Unit, columns: Mapping[str, Sequence[Decimal]], row: int, language: Language) -> InWords:
    """Explain how one payee's figure is computed; `columns` hold the figures that it depends on."""
    teller = _Teller(Rows(columns, 0, only=[row]), language, node, unit)
    with exact_context():
        names = teller.text(node, "names")[0]
        teller.remarks.clear()
        figures = teller.text(node, "figures")[0]
        result = show(teller.value(node), unit, language)
    return InWords(names, figures, result, tuple(dict.fromkeys(teller.remarks)))


def show(value: Decimal, unit: Unit, language: Language) -> str:
    """Write a figure in its unit: money with kopecks unless it is whole."""
    if unit == "day":
        return day_text(day_of_number(value), language)
    if unit == "percent":
        return percent(value, language)
    if unit == "money" and value != value.to_integral_value() and value == round(value, 2):
        return money(value, language)
    return number(value, language)


@record
class _Teller:
    rows: Rows
    language: Language
    root: Node
    unit: Unit
    remarks: list[str] = field(default_factory=list)

    def value(self, node: Node) -> Decimal:
        return numbers(node, self.rows)[0]

    def shown(self, node: Node) -> str:
        return show(self.value(node), unit_of(node), self.language)

    def phrase(self, path: str, **blanks: str) -> str:
        return word(f"words.{path}", self.language).format(**blanks)

    def text(self, node: Node, voice: _Voice) -> tuple[str, int]:
        """Return the text of a node and its binding strength."""
        match node:
            case Number():
                return self.shown(node), _ATOM
            case Param(title=title) | Column(title=title):
                if voice == "names":
                    return title, _ATOM
                return self.shown(node), _ATOM if self.value(node) >= 0 else _SIGN
            case Arith(op, left, right):
                sign, strength = _SIGNS[op]
                first, second = self.bound(left, voice, strength), self.bound(right, voice, strength + (op in "-/"))
                # A minus does not stand beside another sign: 5 − (−3).
                return f"{first}{sign}{f'({second})' if second.startswith(MINUS) else second}", strength
            case Minus(item):
                text = self.bound(item, voice, _PRODUCT)
                return f"{MINUS}{f'({text})' if text.startswith(MINUS) else text}", _SIGN
            case Sum(items):
                return self.added(items, voice), _ADDITION
            case Least(items) | Greatest(items):
                return self.limited(items, self.value(node), voice)
            case Round():
                return self.rounded(node, voice)
            case Choose():
                return self.chosen(node, voice, chained=False)
            case Band(_, table):
                self.tell_band(node)
                if voice == "names":
                    return table.title, _ATOM
                return self.shown(node), _ATOM
            case Slices():
                return self.slices(node, voice)
            case Curve():
                return self.curve(node, voice)
            case _:
                assert_never(node)

    def bound(self, node: Node, voice: _Voice, strength: int) -> str:
        text, binding = self.text(node, voice)
        return text if binding >= strength else f"({text})"

    def added(self, items: tuple[Node, ...], voice: _Voice) -> str:
        """Join the terms of a sum; a negative one is subtracted: 5 000 − 200, not 5 000 + −200."""
        text = self.text(items[0], voice)[0]
        for item in items[1:]:
            part, strength = self.text(item, voice)
            if strength == _SIGN:
                text += f" {MINUS} {part.removeprefix(MINUS)}"
            else:
                text += f" + {part if strength >= _ADDITION else f'({part})'}"
        return text

    def limited(self, items: tuple[Node, ...], value: Decimal, voice: _Voice) -> tuple[str, int]:
        # A bare number in max(0, x) is the limit, wherever it stands.
        rule = next((item for item in items if not isinstance(item, Number)), items[0])
        if self.value(rule) == value:
            return self.text(rule, voice)
        if isinstance(rule, Round):
            # Where only the rounding passed the limit, the rule itself did not.
            rule = rule.item
            if self.value(rule) == value:
                return self.text(rule, voice)
        taken = next(item for item in items if self.value(item) == value)
        unit = unit_of(rule)
        limit = show(value, unit, self.language) if isinstance(taken, Number) else self.named(taken)
        which = "least" if value < self.value(rule) else "greatest"
        self.remarks.append(self.phrase(f"limited.{which}", what=self.named(rule), limit=limit))
        if isinstance(taken, Number):
            return limit, _ATOM
        return self.text(taken, voice)

    def rounded(self, node: Round, voice: _Voice) -> tuple[str, int]:
        text = self.text(node.item, voice)
        before, after = self.value(node.item), self.value(node)
        unit = self.unit if node is self.root else unit_of(node.item)
        # No remark where both look the same: 30 000 from three thirds.
        if node.step != COMPARED_TO and show(before, unit, self.language) != show(after, unit, self.language):
            step = show(node.step, "percent" if unit == "percent" else "number", self.language)
            shown = show(before, unit, self.language)
            self.remarks.append(self.phrase(f"rounded.{node.ties}", found=shown, step=step))
        return text

    def chosen(self, node: Choose, voice: _Voice, *, chained: bool) -> tuple[str, int]:
        if truths(node.when, self.rows)[0]:
            text = self.text(node.then, voice)
            if chained or isinstance(node.then, Number | Param | Column | Band) or _unseen(node):
                self.remarks.append(self.phrase("because", what=self.stated(node.when, True)))
            return text
        if isinstance(node.otherwise, Choose):
            return self.chosen(node.otherwise, voice, chained=True)
        text = self.text(node.otherwise, voice)
        if isinstance(node.otherwise, Number) and self.unit == "percent":
            # A share of nothing is 0 %.
            text = show(node.otherwise.value, self.unit, self.language), _ATOM
        self.remarks.append(self.phrase("because", what=self.stated(node.when, False)))
        return text

    def stated(self, condition: Condition, holds: bool) -> str:
        """State a condition, or its opposite, with names and figures."""
        match condition:
            case Compare(op, left, right):
                sign = _COMPARISONS[op if holds else _OPPOSITE[op]]
                return f"{self.named(left)} {sign} {self.named(right)}"
            case Both(items):
                if holds:
                    return self.phrase("logic.and").join(self.stated(item, True) for item in items)
                failed = (item for item in items if not truths(item, self.rows)[0])
                return self.phrase("logic.and").join(self.stated(item, False) for item in failed)
            case Either(items):
                if holds:
                    met = (item for item in items if truths(item, self.rows)[0])
                    return self.phrase("logic.and").join(self.stated(item, True) for item in met)
                return self.phrase("logic.and").join(self.stated(item, False) for item in items)
            case Not(item):
                return self.stated(item, not holds)
            case _:
                assert_never(condition)

    def named(self, node: Node) -> str:
        remarks = list(self.remarks)
        (name, strength), figure = self.text(node, "names"), self.shown(node)
        # The words of the figure itself give what its name leaves out.
        self.remarks[:] = remarks
        if name == figure:
            return figure
        return f"{name} {figure}" if strength == _ATOM else f"{name} = {figure}"

    def tell_band(self, node: Band) -> None:
        value, steps = self.value(node.of), node.table.steps
        passed = (i for i, step in enumerate(steps) if step.bound.value < value + (not step.excluded) * _LEAST)
        index = max(passed, default=0)
        what, start = self.named(node.of), self.edge("above" if steps[index].excluded else "from", steps[index])
        if index + 1 < len(steps):
            after = steps[index + 1]
            end = self.edge("through" if after.excluded else "up_to", after)
            self.remarks.append(self.phrase("band.between", what=what, start=start, end=end))
        else:
            self.remarks.append(self.phrase("band.open", what=what, start=start))

    def edge(self, which: str, step: Step) -> str:
        """Say where a band begins or ends: from 80 %, above 80 %, up to 100 %, to 100 % included."""
        return self.phrase(f"edge.{which}", bound=self.shown(step.bound))

    def slices(self, node: Slices, voice: _Voice) -> tuple[str, int]:
        if voice == "names":
            return self.phrase("slices", what=self.text(node.of, voice)[0]), _ADDITION
        value, steps = self.value(node.of), node.table.steps
        unit, times = unit_of(node.of), self.value(node.unit)
        parts = []
        for index, step in enumerate(steps):
            start = step.bound.value * times
            end = min(value, steps[index + 1].bound.value * times) if index + 1 < len(steps) else value
            if end > start:
                part = show(end - start, unit, self.language)
                parts.append(f"{part} × {self.shown(step.pays)}")
        return " + ".join(parts) or show(Decimal(0), "money", self.language), _ADDITION

    def curve(self, node: Curve, voice: _Voice) -> tuple[str, int]:
        value, steps = self.value(node.of), node.table.steps
        what = self.named(node.of)
        if voice == "names":
            return node.table.title, _ATOM
        if value <= steps[0].bound.value or value >= steps[-1].bound.value:
            end, which = (steps[0], "before") if value <= steps[0].bound.value else (steps[-1], "after")
            if value != end.bound.value:
                self.remarks.append(self.phrase(f"curve.{which}", what=what, start=self.shown(end.bound)))
            return self.shown(end.pays), _ATOM
        left, right = next((left, right) for left, right in itertools.pairwise(steps) if value < right.bound.value)
        start, end_bound = self.shown(left.bound), self.shown(right.bound)
        low, high = self.shown(left.pays), self.shown(right.pays)
        self.remarks.append(self.phrase("curve.between", what=what, start=start, end=end_bound))
        figure = self.shown(node.of)
        return (
            f"{low} + ({high} {MINUS} {low}) × ({figure} {MINUS} {start}) / ({end_bound} {MINUS} {start})",
            _ADDITION,
        )


def _unseen(node: Choose) -> bool:
    """Tell whether the condition compares a figure that the chosen branch does not show with a term of the scheme."""
    match node.when:
        case Compare(_, Column() as decides, Param()):
            return decides not in columns_in(node.then)
        case _:
            return False
