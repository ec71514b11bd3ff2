"""Which components get a column in the terminal's summary, how wide, and which are added up as "other".

The largest components come first. If they do not fit, names are shortened, then broken over lines, then headings are
broken; amounts never are.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpicalc.lang import Language, money
from kpicalc.model.record import record

Line = tuple[str, str]
"""A component of the payroll: its id and its title."""
GAP = 2
"""The space between two columns."""
_SHORT_NAME = 22
_TIGHT_NAME = 14
_HALF = Decimal("0.5")
_ZERO = Decimal(0)


@record
class Amounts:
    """A column of the summary, added up once."""

    values: Sequence[Decimal | None]
    """An amount per payee; None where the payee's scheme has no such line."""
    total: Decimal
    longest: int
    """The width of the column's longest amount."""

    def sum_of(self, members: Iterable[int]) -> Decimal | None:
        """Return the sum over some payees; None if none of them has such a line."""
        known = [value for member in members if (value := self.values[member]) is not None]
        return sum(known, _ZERO) if known else None


def amounts_of(amounts: Sequence[Decimal | None], language: Language) -> Amounts:
    """Add a column up."""
    known = [value for value in amounts if value is not None] or [_ZERO]
    total = sum(known, _ZERO)
    # The longest text belongs to the largest or the smallest amount: the others need not be written.
    return Amounts(amounts, total, max(len(money(amount, language)) for amount in (total, max(known), min(known))))


@record
class Plan:
    """The layout of the table."""

    name: int
    """The width of the column of names."""
    shown: Mapping[Line, int]
    """The components that have a column, in order, with its width."""
    folded: tuple[Line, ...]
    """The components added up as "other", the largest first."""
    other: Amounts | None
    """The sums of the other components, if there are any."""
    hidden: Decimal
    """The others' share of all amounts, each taken without its sign: from 0 to 1."""


@record
class Room:
    """The available width: the terminal's width without the columns always shown, and the words of the headings."""

    width: int
    name_heading: str
    other_heading: str
    language: Language


def plan_of(columns: Mapping[Line, Amounts], names: Sequence[str], room: Room) -> Plan:
    """Choose the columns that fit: every component, or the largest ones and the sum of the others."""
    words = {line: max(column.longest, _longest_word(line[1])) for line, column in columns.items()}
    amounts = {line: column.longest for line, column in columns.items()}
    full = max(map(len, [room.name_heading, *names]))
    short = min(max(map(len, [room.name_heading, *map(short_name, names)])), _SHORT_NAME)
    tight = min(short, max(_TIGHT_NAME, len(room.name_heading)))
    if sum(words.values()) + GAP * len(words) <= room.width - full:
        return Plan(full, words, (), None, _ZERO)
    best = None
    for name, widths in ((short, words), (tight, words), (tight, amounts)):
        plan = _chosen(columns, name, widths, room)
        best = plan if best is None or plan.hidden < best.hidden else best
        if plan.hidden < _HALF:
            break
    assert best is not None
    return best


def _chosen(columns: Mapping[Line, Amounts], name: int, widths: Mapping[Line, int], room: Room) -> Plan:
    """Give the largest components a column as long as they fit beside the sum of the others."""
    free = room.width - name
    if sum(widths.values()) + GAP * len(widths) <= free:
        return Plan(name, widths, (), None, _ZERO)
    largest = sorted(columns, key=lambda line: -abs(columns[line].total))
    rest = _Rest.of(columns.values(), room.language)
    shown: set[Line] = set()
    for line in largest:
        left = rest.without(columns[line], room.language)
        other = max(left.amounts.longest, _longest_word(room.other_heading)) + GAP
        if sum(widths[line_] + GAP for line_ in (*shown, line)) + other <= free:
            shown.add(line)
            rest = left
        # Of a large payroll it is megabytes: it goes before the next one is made.
        del left
    folded = tuple(line for line in largest if line not in shown)
    whole = sum((abs(column.total) for column in columns.values()), _ZERO)
    hidden = sum((abs(columns[line].total) for line in folded), _ZERO) / whole if whole else _ZERO
    kept = {line: width for line, width in widths.items() if line in shown}
    return Plan(name, kept, folded, rest.amounts, hidden)


@record
class _Rest:
    """The sum of the columns that are not shown, and how many of them each payee has."""

    amounts: Amounts
    counts: Sequence[int]

    @classmethod
    def of(cls, columns: Iterable[Amounts], language: Language) -> "_Rest":
        """Add columns up, payee by payee."""
        whole: list[Decimal | None] = []
        counts: list[int] = []
        for values in zip(*(column.values for column in columns), strict=True):
            known = [value for value in values if value is not None]
            whole.append(sum(known, _ZERO) if known else None)
            counts.append(len(known))
        return cls(amounts_of(whole, language), counts)

    def without(self, taken: Amounts, language: Language) -> "_Rest":
        """Subtract a column from the sum; a payee who has none of the other columns left gets no amount."""
        counts = [count - (value is not None) for count, value in zip(self.counts, taken.values, strict=True)]
        values = [
            None if whole is None or not count else whole if value is None else whole - value
            for whole, value, count in zip(self.amounts.values, taken.values, counts, strict=True)
        ]
        return _Rest(amounts_of(values, language), counts)


def _longest_word(heading: str) -> int:
    return max(map(len, heading.split()), default=0)


def short_name(name: str) -> str:
    """Shorten a person's name to save room: Иванова Мария Петровна -> Иванова М. П."""
    family, *others = name.split() or [""]
    return " ".join([family, *(f"{part[0]}." for part in others)]) if len(others) == 2 else name
