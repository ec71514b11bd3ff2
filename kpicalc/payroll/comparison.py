"""Two payrolls of one month side by side: who is paid differently, line by line."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from kpicalc.model.paid_month import PaidFigure, PaidMonth
from kpicalc.model.record import record

_ZERO = Decimal(0)
_NOBODY: Mapping[str, PaidFigure] = {}


@record
class Change:
    """One amount in both payrolls; None where a payroll does not have it. `withheld` marks a withholding."""

    title: str
    old: Decimal | None
    new: Decimal | None
    withheld: bool = False

    @property
    def difference(self) -> Decimal:
        """Return the new amount minus the old one."""
        return (self.new or _ZERO) - (self.old or _ZERO)


@record
class ChangedPerson:
    """A person whose payrolls differ: the lines that differ, the total, the balances (points, debts) that differ."""

    id: str
    name: str
    lines: tuple[Change, ...]
    total: Change
    beside: tuple[Change, ...]


@record
class Comparison:
    """All people whose payrolls differ, in the order of the old payroll, then of the new one, out of `count` people."""

    period: str
    changed: tuple[ChangedPerson, ...]
    count: int
    total: Change


def compare_months(old: PaidMonth, new: PaidMonth) -> Comparison:
    """Compare two payrolls of a month; lines are matched by their titles."""
    numbers = list(dict.fromkeys([*old.people, *new.people]))
    lines = list(dict.fromkeys([*old.lines, *new.lines]))
    beside = list(dict.fromkeys([*old.beside, *new.beside]))
    withheld = old.withheld | new.withheld
    changed = []
    for number in numbers:
        before, after = old.people.get(number), new.people.get(number)
        diffs = tuple(_changes(lines, withheld, before.lines if before else _NOBODY, after.lines if after else _NOBODY))
        kept = tuple(
            _changes(beside, frozenset(), before.beside if before else _NOBODY, after.beside if after else _NOBODY)
        )
        # A person in only one of the payrolls is reported even with a pay of 0.
        if diffs or kept or before is None or after is None:
            total = Change("", before.total.value if before else None, after.total.value if after else None)
            name = after.name if after else before.name if before else ""
            changed.append(ChangedPerson(number, name, diffs, total, kept))
    return Comparison(new.period, tuple(changed), len(numbers), Change("", old.total(), new.total()))


def _changes(
    titles: Iterable[str],
    withheld: Collection[str],
    old: Mapping[str, PaidFigure],
    new: Mapping[str, PaidFigure],
) -> Iterator[Change]:
    for title in titles:
        before, after = (figures[title].value if title in figures else None for figures in (old, new))
        change = Change(title, before, after, title in withheld)
        if change.difference:
            yield change
