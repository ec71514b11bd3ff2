"""What was paid, as one plain table: the neutral form between a payroll and the files that 1C and banks load."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from functools import cached_property
from itertools import repeat
from string import ascii_uppercase
from typing import get_args

from kpicalc.model.fields import DetailField
from kpicalc.model.issue import Place
from kpicalc.model.languages import Language
from kpicalc.model.record import record

DETAILS: tuple[DetailField, ...] = get_args(DetailField)
"""Optional columns of the Employees sheet that files for 1C and banks need."""


@record
class Count:
    """A control figure: how many people a file pays and how much; `people` is None where a file does not state it."""

    people: int | None
    total: Decimal


@record
class Person:
    """One payee: `accruals` and `withheld` by the table's lines, `total` is what is to be paid.

    No accrual is below 0 unless their sum is; withheld amounts are.
    """

    id: str
    name: str
    department: str
    position: str
    accruals: tuple[Decimal, ...]
    withheld: tuple[Decimal, ...]
    total: Decimal
    details: Mapping[str, str]
    place: Place

    @property
    def accrued(self) -> Decimal:
        """Return what was accrued, before anything is withheld."""
        return sum(self.accruals, Decimal(0))

    def detail(self, name: str) -> str:
        """Return a detail; an empty text where there is none."""
        return self.details.get(name, "")

    def __str__(self) -> str:
        return self.id if self.id.startswith(self.name) else f"{self.id} {self.name}"


@record(slots=False)
class People:
    """Everybody who is paid, column by column: `accruals` and `withheld` hold a column for each line of the table."""

    ids: Sequence[str]
    names: Sequence[str]
    departments: Sequence[str]
    positions: Sequence[str]
    accruals: Sequence[Sequence[Decimal]]
    withheld: Sequence[Sequence[Decimal]]
    totals: Sequence[Decimal]
    details: Mapping[DetailField, Sequence[str]]
    places: Sequence[Place]

    @cached_property
    def accrued(self) -> Sequence[Decimal]:
        """Return what each person was accrued, before anything is withheld."""
        rows = zip(*self.accruals, strict=True) if self.accruals else repeat((), len(self.ids))
        return [sum(row, Decimal(0)) for row in rows]

    @property
    def texts(self) -> tuple[Sequence[str], ...]:
        """Return the columns that say who is paid."""
        return self.ids, self.names, self.departments, self.positions

    def amounts(self) -> Iterator[Sequence[Decimal]]:
        """Yield the columns of amounts: what was accrued and its sum; what is withheld and the rest, if anything is."""
        yield from (*self.accruals, self.accrued)
        if self.withheld:
            yield from (*self.withheld, self.totals)

    def persons(self) -> Iterator[Person]:
        """Yield one person after another."""
        accruals, withheld, details = (
            zip(*columns, strict=True) if columns else repeat((), len(self.ids))
            for columns in (self.accruals, self.withheld, list(self.details.values()))
        )
        rows = zip(*self.texts, accruals, withheld, self.totals, details, self.places, strict=True)
        for number, name, department, position, earned, taken, total, known, place in rows:
            own = dict(zip(self.details, known, strict=True))
            yield Person(number, name, department, position, earned, taken, total, own, place)


@record
class Indicator:
    """A KPI's actuals: of people (by their index in `Paid.people`), or of departments by name."""

    key: str
    title: str
    of_people: tuple[tuple[int, Decimal], ...] = ()
    of_departments: tuple[tuple[str, Decimal], ...] = ()


@record(slots=False)
class Paid:
    """A month's pay. `accrued` and `paid` are control figures from the source itself, not from the rows."""

    file: str
    sha256: str
    period: str
    currency: str
    language: Language
    lines: tuple[str, ...]
    withheld: tuple[str, ...]
    table: People
    accrued: Count
    paid: Count
    held: tuple[str, ...] = ()
    """People who are not paid until their figures are complete; known only for a payroll just computed."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Letters of the columns that hold the details."""
    indicators: Callable[[], tuple[Indicator, ...]] | None = None
    """Made where a file asks for them; None where the source has no actuals: a payroll workbook."""

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Return the table person by person, as files for 1C and banks are written."""
        return tuple(self.table.persons())

    def place(self, person: Person, name: str) -> Place:
        """Return the cell of a person's detail; without such a column, the cell of the personnel number."""
        letter = self.columns.get(name)
        return (
            replace(person.place, cell=letter + person.place.cell.lstrip(ascii_uppercase)) if letter else person.place
        )

    def payable(self) -> tuple[Person, ...]:
        """Return everybody who gets money: an amount of 0 is not paid."""
        return tuple(person for person in self.people if person.total)
