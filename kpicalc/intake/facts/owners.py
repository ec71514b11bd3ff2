"""Whose the rows of a table of facts are: by personnel number, or by full name where the scheme says so."""

from collections.abc import Iterable, Mapping
from typing import Any

from kpicalc.intake.facts.headers import PAYEE
from kpicalc.intake.facts.table import Facts
from kpicalc.intake.sheets.people import People
from kpicalc.intake.sheets.rows import LEFT_OUT, UNKNOWN
from kpicalc.model.texts import clean, name_key


def is_nobody(text: str | None) -> bool:
    """Tell whether a payee cell is blank."""
    return text is None or not clean(text)


class Owners:
    """The payees behind the texts that stand in a table's payee column."""

    def __init__(self, facts: Facts, who: People) -> None:
        self.facts = facts
        self.who = who

    def owner(self, text: str) -> int:
        """Return the payee's index, LEFT_OUT or UNKNOWN; blanks at the ends mean nothing."""
        number = self.number(clean(text))
        if number in self.who.index:
            return self.who.index[number]
        return LEFT_OUT if number in self.who.left_out else UNKNOWN

    def number(self, text: str) -> str:
        """Return the personnel number that a text means; empty where it is nobody's, or may be two people's."""
        found = self.numbers(text)
        return found[0] if len(found) == 1 else ""

    def numbers(self, text: str) -> list[str]:
        """Return the personnel numbers that a text may mean."""
        if self.facts.spec.match == "name":
            return self.who.named.get(name_key(text), [])
        return [text] if text in self.who.names else self.who.bare.get(text, [])

    def texts(self, index: int, found: Iterable[str]) -> list[str]:
        """Return the texts that mean one payee."""
        return [text for text in found if self.owner(text) == index]

    def by_owner(self, rows: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
        """Return the rows of known payees by their index; of two spellings, the one in which something counts."""
        found: dict[int, Mapping[str, Any]] = {}
        for row in rows:
            text = row[PAYEE]
            if not is_nobody(text) and row["rows"] and (owner := self.owner(text)) >= 0:
                found[owner] = row
        return found
