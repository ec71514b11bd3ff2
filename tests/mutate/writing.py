"""How people of a language write a number, a day, a total: a slip in an English table is typed as there."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Writing:
    """The decimal sign, the mark between thousands, the day, and the words that a slip adds."""

    decimal: str
    thousands: str
    other_thousands: str
    """The mark of another country, which looks like a decimal sign or is one."""
    day: str
    unit: str
    in_thousands: str
    letter_for_zero: str
    this_month: str
    other_month: str
    total: str
    note: str

    def number(self, value: float) -> str:
        """Return a number as a text in this writing."""
        return f"{value}".replace(".", self.decimal)

    def grouped(self, value: float) -> str:
        """Return a number with two places and its thousands grouped."""
        whole, _, places = f"{value:,.2f}".partition(".")
        return whole.replace(",", self.thousands) + self.decimal + places


_RUSSIAN = Writing(
    decimal=",",
    thousands="\N{NO-BREAK SPACE}",
    other_thousands=",",
    day="%d.%m.%Y",
    unit="шт",
    in_thousands=" тыс.",
    letter_for_zero="О",
    this_month="Октябрь 2026",
    other_month="Сентябрь 2026",
    total="Итого",
    note="Составил: Захарова Н. Ю.",
)
_ENGLISH = Writing(
    decimal=".",
    thousands=",",
    other_thousands=".",
    day="%m/%d/%Y",
    unit="pcs",
    in_thousands="k",
    letter_for_zero="O",
    this_month="October 2026",
    other_month="September 2026",
    total="Total",
    note="Prepared by: N. Zakharova",
)


def writing_of(headings: Iterable[str]) -> Writing:
    """Return how those write who wrote these headings."""
    return _ENGLISH if all(text.isascii() for text in headings) else _RUSSIAN
