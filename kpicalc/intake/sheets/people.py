"""The people of the month and the look-ups by which other sheets find them: by number, by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kpicalc.intake.alphabets import look
from kpicalc.intake.sheets.names import name_key
from kpicalc.model.inputs import Payee
from kpicalc.model.persons import name_finder


@dataclass(frozen=True)
class People:
    """Who may stand on the other sheets; `left_out` are those who are not paid here (number -> name).

    `asked` is what stands in their Scheme cells (number -> text).
    """

    payees: list[Payee]
    index: dict[str, int]
    left_out: dict[str, str]
    asked: dict[str, str]
    called: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What a CRM calls the payees: heading of a column of the Employees sheet -> their texts; '' is «Имя в CRM»."""

    @cached_property
    def names(self) -> dict[str, str]:
        """Return every name by personnel number."""
        return {payee.id: payee.name for payee in self.payees} | self.left_out

    @cached_property
    def bare(self) -> dict[str, list[str]]:
        """Return personnel numbers by what is left of them without leading zeros."""
        found: dict[str, list[str]] = {}
        for number in self.names:
            found.setdefault(number.lstrip("0") or "0", []).append(number)
        return found

    @cached_property
    def ordered(self) -> list[str]:
        """Return personnel numbers in text order."""
        return sorted(self.names)

    @cached_property
    def by_look(self) -> dict[str, str]:
        """Return personnel numbers by what they look like, whatever the alphabet of their letters."""
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
    def find_named(self) -> Callable[[str], list[str]]:
        """Return the look-up of personnel numbers by a name as people shorten it."""
        numbers = list(self.names)
        find = name_finder(list(self.names.values()))
        return lambda text: [numbers[index] for index in find(text)]

    @cached_property
    def by_name(self) -> dict[str, str]:
        """Return personnel numbers by name; of two namesakes neither."""
        return {name: found[0] for name, found in self.named.items() if len(found) == 1}


def people(payees: list[Payee], left_out: dict[str, str], asked: dict[str, str]) -> People:
    """Return the look-ups of the payees and of those who are left out."""
    return People(payees, {payee.id: at for at, payee in enumerate(payees)}, left_out, asked)
