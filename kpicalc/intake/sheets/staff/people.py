"""The people of the month, and the look-ups by number and name with which other sheets find them."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property

from kpicalc.model.inputs import Payee
from kpicalc.model.persons import NameFinder, name_finder
from kpicalc.model.record import record
from kpicalc.model.texts import look, name_key


@record
class RowDays:
    """A row of the Employees sheet and the days that it states."""

    index: int
    begins: date | None
    ends: date | None


@record(slots=False)
class People:
    """The people who may be named on other sheets; `left_out` are those whom no scheme pays (number -> name).

    `asked` holds the texts of their Scheme cells (number -> text).
    """

    payees: list[Payee]
    index: dict[str, int]
    left_out: dict[str, str]
    asked: dict[str, str]
    called: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The payees' names in a CRM: heading of a column of the Employees sheet -> their texts; '' is «Имя в CRM»."""
    rows: Mapping[int, tuple[RowDays, ...]] = field(default_factory=dict)
    """All rows by the first row of their person, if any row states days of its own."""

    @cached_property
    def several(self) -> dict[int, tuple[RowDays, ...]]:
        """Return the rows of people who have several."""
        return {first: rows for first, rows in self.rows.items() if len(rows) > 1}

    @cached_property
    def names(self) -> dict[str, str]:
        """Return every name by personnel number."""
        return {payee.id: payee.name for payee in self.payees} | self.left_out

    @cached_property
    def bare(self) -> dict[str, list[str]]:
        """Return personnel numbers by their form without leading zeros."""
        numbers: dict[str, list[str]] = {}
        for number in self.names:
            numbers.setdefault(number.lstrip("0") or "0", []).append(number)
        return numbers

    @cached_property
    def ordered(self) -> list[str]:
        """Return personnel numbers in text order."""
        return sorted(self.names)

    @cached_property
    def by_look(self) -> dict[str, str]:
        """Return personnel numbers by their appearance, whatever the alphabet of their letters."""
        return {look(number): number for number in self.names if not number.isdigit()}

    @cached_property
    def by_word(self) -> dict[str, list[str]]:
        """Return personnel numbers by every word of a name."""
        numbers: dict[str, list[str]] = {}
        for number, name in self.names.items():
            for word in set(name_key(name).split()):
                numbers.setdefault(word, []).append(number)
        return numbers

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """Return personnel numbers by name, all those of namesakes."""
        numbers: dict[str, list[str]] = {}
        for number, name in self.names.items():
            numbers.setdefault(name_key(name), []).append(number)
        return numbers

    @cached_property
    def by_name(self) -> dict[str, str]:
        """Return personnel numbers by name; without those of namesakes."""
        return {name: numbers[0] for name, numbers in self.named.items() if len(numbers) == 1}

    def is_known(self, text: str) -> bool:
        """Tell whether a text is the name of a person, in full or shortened."""
        return bool(self.spelled.get(text) or self.numbers_of(text))

    def label(self, number: str) -> str:
        """Return a person's label for messages: the name, with the number where there is one."""
        name = self.names[number]
        return name if number == name else f"{number} {name}"

    def numbers_of(self, text: str) -> list[str]:
        """Return the personnel numbers of all people whom a name may mean: in full, by initials, by surname."""
        if whole := self.spelled.get(text):
            return [whole]
        numbers = self.ordered
        return [numbers[index] for index in self._finder(text)]

    @cached_property
    def spelled(self) -> dict[str, str]:
        """Return personnel numbers by exactly spelled names; those of namesakes are left out."""
        numbers: dict[str, str] = {}
        for number, name in self.names.items():
            numbers[name] = "" if name in numbers else number
        return numbers

    @cached_property
    def _finder(self) -> NameFinder:
        return name_finder([self.names[number] for number in self.ordered])


def people(payees: list[Payee], left_out: dict[str, str], asked: dict[str, str]) -> People:
    """Return the look-ups of the payees and of those who are left out."""
    # The first of a person's several rows represents all of them.
    index = {payee.id: len(payees) - number for number, payee in enumerate(reversed(payees), 1)}
    return People(payees, index, left_out, asked)


def no_people() -> People:
    """Return empty look-ups: the list of people cannot be read."""
    return people([], {}, {})
