"""The result of a replay: every line of every person and month under the present scheme and under the other one."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar

from kpicalc.model.fields import BalanceField
from kpicalc.model.issue import Issue
from kpicalc.model.record import record

if TYPE_CHECKING:
    import pandas as pd

_ZERO = Decimal(0)
Which = Literal["old", "new"]


@record
class Amounts:
    """An amount under the scheme as it is and under the other one."""

    old: Decimal
    new: Decimal

    @property
    def difference(self) -> Decimal:
        """Return how much more the other scheme pays."""
        return self.new - self.old

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.old + other.old, self.new + other.new)


@record
class Row:
    """One line of one person's month. `old` is 0 where only the other scheme has the line, and vice versa."""

    period: str
    id: str
    name: str
    department: str
    position: str
    scheme: str
    line: str
    title: str
    old: Decimal
    new: Decimal


@record
class Person:
    """A person in the replay, by the last month with that person."""

    id: str
    name: str
    department: str
    position: str


@record
class LeftOut:
    """A person who is left out of both sides of a month, and the scheme that holds or does not pay them."""

    id: str
    name: str
    by: tuple[Which, ...]


@record
class MonthOut:
    """A month that is left out of both sides: the scheme that cannot pay it, and the reason."""

    period: str
    file: str
    by: Which
    issues: tuple[Issue, ...]


@record
class ReplayedMonth:
    """One month: its workbook, the fund, the base of its people if requested, and the people left out."""

    period: str
    file: str
    sha256: str
    fund: Amounts
    base: Decimal | None
    left_out: tuple[LeftOut, ...]


@record
class Varied:
    """The fund if a result had been higher or lower by this share, with unchanged behaviour of all people."""

    by: Decimal
    fund: Amounts
    base: Decimal | None


@record
class Outcomes:
    """The fund of a month over past months: the least, the quartiles, the most."""

    least: Decimal
    lower: Decimal
    middle: Decimal
    upper: Decimal
    most: Decimal


@record(slots=False)
class Replay:
    """A whole replay. Amounts are accruals, before anything is withheld."""

    months: tuple[ReplayedMonth, ...]
    rows: tuple[Row, ...]
    months_out: tuple[MonthOut, ...]
    examples: tuple[Issue, ...] = ()
    """Worked examples that the other scheme fails."""
    varied: tuple[Varied, ...] = ()
    begun: tuple[tuple[str, Which, BalanceField], ...] = ()
    """Balances assumed to begin at 0: month, side, which."""
    ends: tuple[tuple[BalanceField, Amounts], ...] = ()
    """Amounts still held back or owed after the last month, where the schemes differ; the funds exclude them."""

    @cached_property
    def people(self) -> dict[str, Person]:
        """Return everybody in the replay, by personnel number in order of first appearance."""
        people: dict[str, Person] = {}
        for row in self.rows:
            people[row.id] = Person(row.id, row.name, row.department, row.position)
        return people

    @cached_property
    def by_person(self) -> dict[str, Amounts]:
        """Return everybody's pay over all months, by personnel number."""
        return _sums((row.id, row) for row in self.rows)

    @cached_property
    def by_line(self) -> dict[tuple[str, str], Amounts]:
        """Return what each line (id, title) pays over all months."""
        return _sums(((row.line, row.title), row) for row in self.rows)

    @cached_property
    def by_person_month(self) -> dict[tuple[str, str], Amounts]:
        """Return the pay of each person (number) and month."""
        return _sums(((row.id, row.period), row) for row in self.rows)

    @cached_property
    def by_department(self) -> dict[str, Amounts]:
        """Return what each department is paid over all months."""
        return _sums((row.department, row) for row in self.rows)

    @cached_property
    def total(self) -> Amounts:
        """Return the fund of all months."""
        return sum((month.fund for month in self.months), Amounts(_ZERO, _ZERO))

    @property
    def base(self) -> Decimal | None:
        """Return the base of all months; None where none is requested."""
        bases = [month.base for month in self.months if month.base is not None]
        return sum(bases, _ZERO) if bases else None

    @property
    def winners(self) -> int:
        """Return how many people the other scheme pays more."""
        return sum(amounts.difference > 0 for amounts in self.by_person.values())

    @property
    def losers(self) -> int:
        """Return how many people the other scheme pays less."""
        return sum(amounts.difference < 0 for amounts in self.by_person.values())

    @property
    def incomplete(self) -> bool:
        """Tell whether a month or a person is left out."""
        return bool(self.months_out) or any(month.left_out for month in self.months)

    @property
    def break_even(self) -> tuple[Decimal, Decimal | None] | None:
        """Return the base's share that the present scheme takes, and the least growth tried that keeps it.

        The growth is None where none of those tried does; the whole is None where nothing grows or there is no base.
        """
        growths = sorted((item for item in self.varied if item.by >= 0), key=lambda item: item.by)
        if not self.base or not growths:
            return None
        # Test fund / base <= share without dividing.
        kept = (item.by for item in growths if item.base and item.fund.new * self.base <= self.total.old * item.base)
        return self.total.old / self.base, next(kept, None)

    def outcomes(self, which: Which) -> Outcomes | None:
        """Return the spread of the monthly fund over the months; None for fewer than two months."""
        funds = sorted(getattr(month.fund, which) for month in self.months)
        return Outcomes(*(_quartile(funds, quarter) for quarter in range(5))) if len(funds) > 1 else None

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """Return a row per month, person and line; amounts are decimals, personnel numbers text."""
        import pandas as pd

        names = ["period", "payee", "name", "department", "position", "scheme", "line", "title", "old", "new"]
        names.append("difference")
        rows = [
            (row.period, row.id, row.name, row.department, row.position, row.scheme, row.line, row.title, row.old,
             row.new, row.new - row.old)
            for row in self.rows
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=names)


_Key = TypeVar("_Key")


def _sums(rows: Iterable[tuple[_Key, Row]]) -> dict[_Key, Amounts]:
    sums: dict[_Key, list[Decimal]] = {}
    for key, row in rows:
        amounts = sums.setdefault(key, [_ZERO, _ZERO])
        amounts[0] += row.old
        amounts[1] += row.new
    return {key: Amounts(*amounts) for key, amounts in sums.items()}


def _quartile(values: list[Decimal], quarter: int) -> Decimal:
    """Return a quartile as QUARTILE.INC of spreadsheets computes it, to kopecks."""
    place = Decimal(quarter) * (len(values) - 1) / 4
    index = int(place)
    above = values[min(index + 1, len(values) - 1)]
    return round(values[index] + (above - values[index]) * (place - index), 2)
