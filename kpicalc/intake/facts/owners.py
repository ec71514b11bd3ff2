"""Matches the rows of a table of facts to payees: by personnel number, or by a name that fits one person.

A text is looked up in this order: the aliases of the table, the CRM names of the Employees sheet, then numbers or
names.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from kpicalc.intake.facts.sources.headers import PAYEE
from kpicalc.intake.sheets.cells import is_blank, shown
from kpicalc.intake.sheets.layout.rows import LEFT_OUT, UNKNOWN
from kpicalc.intake.sheets.reading import Reading
from kpicalc.intake.sheets.staff.people import People
from kpicalc.model.facts import FactTable
from kpicalc.model.fields import DetailField
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import clean, name_key


def is_nobody(text: str | None) -> bool:
    """Tell whether a payee cell is blank."""
    return text is None or not clean(text)


def read_called(employees: Reading, details: Mapping[DetailField, Sequence[str]]) -> dict[str, list[str]]:
    """Return what a CRM calls the payees: the column «Имя в CRM», and the columns that tables name under `aliases`."""
    table, schemes = employees.table, employees.schemes
    called = {"": list(details["crm_name"])} if "crm_name" in details else {}
    for key, facts in schemes.facts.items():
        heading = facts.aliases
        if not isinstance(heading, str) or heading in called:
            continue
        columns = [column for column, cell in enumerate(table.sheet.rows[table.head])
                   if isinstance(cell, str) and name_key(cell) == name_key(heading)]  # fmt: skip
        if len(columns) != 1:
            place = schemes.source.place("facts", key, "aliases")
            employees.issues.append(issue("fact_alias_column", place, heading=heading, sheet=table.sheet.name))
            continue
        cells = [table.cell(row, columns[0]) for row in employees.rows]
        called[heading] = ["" if is_blank(cell) else shown(cell) for cell in cells]
    return called


class Owners:
    """The payees that the texts of a table's payee column mean."""

    def __init__(self, spec: FactTable, who: People) -> None:
        self.spec = spec
        self.who = who

    def owner(self, text: str) -> int:
        """Return the payee's index, LEFT_OUT or UNKNOWN; spaces at the ends of the text are ignored."""
        number = self.number(clean(text))
        if number in self.who.index:
            return self.who.index[number]
        return LEFT_OUT if number in self.who.left_out else UNKNOWN

    def number(self, text: str) -> str:
        """Return the personnel number that a text means; empty where it matches nobody, or more than one person."""
        numbers = self.numbers(text)
        return numbers[0] if len(numbers) == 1 else ""

    def numbers(self, text: str) -> list[str]:
        """Return the personnel numbers that a text may mean."""
        if (known := self.aliases.get(name_key(text))) is not None:
            return known
        if self.spec.match == "name":
            return self.by_name(text)
        return [text] if text in self.who.names else self.who.bare.get(text, [])

    def by_name(self, text: str) -> list[str]:
        """Return the numbers of the people whose name fits: full names first, then shortened ones."""
        return self.who.named.get(name_key(text)) or self.who.numbers_of(text)

    def shortened(self, text: str) -> bool:
        """Tell whether a text matched a person only as a shortened name: it is neither an alias nor the full name."""
        key = name_key(text)
        return self.spec.match == "name" and key not in self.aliases and key not in self.who.named

    @cached_property
    def aliases(self) -> Mapping[str, list[str]]:
        """Return the numbers that the aliases state for a text, by the text's key."""
        heading = self.spec.aliases if isinstance(self.spec.aliases, str) else ""
        numbers: dict[str, list[str]] = {}
        for payee, called in zip(self.who.payees, self.who.called.get(heading, ()), strict=False):
            for text in called.replace(";", "\n").splitlines():
                if (key := name_key(text)) and payee.id not in numbers.setdefault(key, []):
                    numbers[key].append(payee.id)
        if not isinstance(self.spec.aliases, str):
            numbers |= {name_key(text): self._meant(meant) for text, meant in self.spec.aliases.items()}
        return numbers

    def _meant(self, text: str) -> list[str]:
        number = clean(text)
        return [number] if number in self.who.names else self.by_name(number)

    def unknown_aliases(self, key: str, schemes: SchemeBook) -> list[Issue]:
        """Report the aliases that match nobody, or more than one person."""
        if isinstance(self.spec.aliases, str):
            return []
        return [
            issue("fact_alias", schemes.source.place("facts", key, "aliases", text), found=meant,
                  numbers=self._meant(meant) or "—")
            for text, meant in self.spec.aliases.items()
            if len(self._meant(meant)) != 1
        ]  # fmt: skip

    def texts(self, index: int, texts: Iterable[str]) -> list[str]:
        """Return the texts that mean one payee."""
        return [text for text in texts if self.owner(text) == index]

    def spellings(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Return the texts that mean the same payee as an earlier text: text -> the one that stands for all."""
        by_owner: dict[int, list[str]] = {}
        for row in rows:
            if not is_nobody(row[PAYEE]) and row["rows"] and (owner := self.owner(row[PAYEE])) >= 0:
                by_owner.setdefault(owner, []).append(row[PAYEE])
        return {text: first for first, *others in map(sorted, by_owner.values()) for text in others}

    def by_owner(self, rows: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
        """Return the rows of known payees by their index."""
        rows_by_owner: dict[int, Mapping[str, Any]] = {}
        for row in rows:
            text = row[PAYEE]
            if not is_nobody(text) and row["rows"] and (owner := self.owner(text)) >= 0:
                rows_by_owner[owner] = row
        return rows_by_owner
