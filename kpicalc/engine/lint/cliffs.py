"""Cliffs: bounds at which pay changes at once, where one rouble, call or per cent more is worth thousands.

Every band, whole tier, threshold, goal, level of a department's plan and condition is one. Each is priced by the
scheme's own terms (target x step; bound x difference of the rates) or, where that depends on the person, by the month's
data. The bounds of a line make one remark; a bound that people stand just before, within 3 % of it, makes another, with
their names. Smoother are `payout: points`, `tiers: marginal`, `pays_on: excess`, `pays: each`.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.engine.lint.places import bound_text, lines_of, named_bound, place_of
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme
from kpicalc.engine.lint.steps import Step, steps_of
from kpicalc.engine.result import SchemePay
from kpicalc.engine.statement import Line
from kpicalc.engine.tree.formula import Both, Param, unit_of
from kpicalc.engine.tree.sources import Actual, OfTeam
from kpicalc.engine.tree.values import Rows, numbers, truths
from kpicalc.engine.tree.words import show
from kpicalc.model.issue import Issue, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import PayItem, SchemeBook

_NEAR = Decimal("0.03")
_MOST_NAMES = 3
_LEAST = Decimal("0.01")


def less_is_better(step: Step, book: SchemeBook) -> bool:
    """Tell whether the result that passes a step is a typed KPI where less is better."""
    match step.figures[step.column.key].role if step.column else None:
        case Actual(key) | OfTeam(key):
            return book.kpis[key].better == "lower"
        case _:
            return False


def better(step: Step, rise: Decimal, book: SchemeBook) -> Decimal:
    """Return how much pay rises as the result gets better."""
    return -rise if less_is_better(step, book) else rise


def _find(subject: Subject) -> Iterator[Remark]:
    paid = {pay.statement.scheme.key: pay for pay in subject.payroll.schemes} if subject.payroll else {}
    for key, statement in subject.statements.items():
        for line, item in lines_of(statement):
            for issue_ in _of_line(subject, line, item, steps_of(statement, line), paid.get(key)):
                yield Remark(issue_, of_scheme(key))


def _of_line(
    subject: Subject, line: Line, item: PayItem, steps: Iterator[Step], pay: SchemePay | None
) -> Iterator[Issue]:
    book = subject.book
    priced: list[tuple[Step, Decimal]] = []
    for step in steps:
        jump = step.jump()
        rise = None if jump is None else better(step, jump, book)
        if step.gradual or (rise is not None and rise < _LEAST):
            continue
        if rise is not None:
            priced.append((step, rise))
        near = _worth(step, rise, _near(step, pay, book), pay, book) if pay else []
        if near and pay:
            gains = _range([gain for _, gain in near], book)
            facts = {"title": line.title, "bound": named_bound(step, book.language), "jump": gains}
            names = [payee.shown(step, pay, subject) for payee, _ in near[:_MOST_NAMES]]
            yield issue("cliff_near", place_of(subject, item, step), **facts, found=names, count=len(near))
    if priced:
        priced.sort(key=lambda pair: place_of(subject, item, pair[0]))
        place = place_of(subject, item, priced[0][0])
        yield issue("cliff", place, title=line.title, found=_listed(priced, book))


def _listed(steps: Sequence[tuple[Step, Decimal]], book: SchemeBook) -> str:
    """Return bounds with their worth, grouped by result: sales 100 (+500), 200 (+700)."""
    worth: dict[str, list[str]] = {}
    for step, rise in steps:
        # The title of a plan or a level includes the result's.
        result = step.column.title if step.column and isinstance(step.limit, Param) else ""
        bounds_of = worth.setdefault(result, [])
        bounds_of.append(f"{bound_text(step, book.language)} (+{show(rise, 'money', book.language)})")
    return "; ".join(f"{result} {', '.join(bounds)}".strip() for result, bounds in worth.items())


@record
class _Near:
    """A payee who stands just before a bound."""

    row: int
    result: Decimal
    distance: Decimal

    def shown(self, step: Step, pay: SchemePay, subject: Subject) -> str:
        assert subject.inputs is not None  # people come from the workbook
        payee = subject.inputs.payees[pay.payees[self.row]]
        return f"{payee} ({show(self.result, unit_of(step.result), subject.book.language)})"


def _near(step: Step, pay: SchemePay, book: SchemeBook) -> list[_Near]:
    """Return the payees within 3 % of a bound who have not passed it, the nearest first."""
    rows = Rows(pay.columns, len(pay.payees))
    lower = less_is_better(step, book)
    waits_at_bound = step.included == lower
    met = truths(Both(step.guards), rows) if step.guards else [True] * rows.count
    near = []
    for row, (result, bound) in enumerate(zip(numbers(step.result, rows), numbers(step.bound, rows), strict=True)):
        if bound <= 0:
            continue
        distance = (result - bound if lower else bound - result) / bound
        if (0 < distance <= _NEAR or (distance == 0 and waits_at_bound)) and met[row]:
            near.append(_Near(row, result, distance))
    return sorted(near, key=lambda payee: payee.distance)


def _worth(
    step: Step, rise: Decimal | None, near: Sequence[_Near], pay: SchemePay, book: SchemeBook
) -> list[tuple[_Near, Decimal]]:
    """Return the payees to whom a step is worth something, and how much."""
    if rise is not None:
        return [(payee, rise) for payee in near]
    gains = step.gains(pay.columns, [payee.row for payee in near])
    worth = [(payee, better(step, gain, book)) for payee, gain in zip(near, gains, strict=True)]
    return [(payee, gain) for payee, gain in worth if gain >= _LEAST]


def _range(gains: Sequence[Decimal], book: SchemeBook) -> str:
    """Return the worth of a step: one amount, or the least and the greatest of several."""
    shown = dict.fromkeys(show(gain, "money", book.language) for gain in (min(gains), max(gains)))
    return "–".join(shown)


RULE = Rule(("cliff", "cliff_near"), _find, monthly=("cliff_near",))
