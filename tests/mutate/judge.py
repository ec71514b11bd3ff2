"""What a changed month comes to: refused, held, told, paid as before, rightly otherwise, or silently."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from kpicalc.app import check
from kpicalc.lang import severity

LIST = Path(__file__).parent / "silent.yaml"


@dataclass(frozen=True)
class Seen:
    """What a run showed: whether anybody may be paid, who is paid how much, who is held, what was said and where."""

    refused: bool
    pay: Mapping[str, Decimal]
    held: int
    said: frozenset[tuple[str, str]]


def seen(workbook: Path, scheme: Path) -> Seen:
    """Pay a month from files, in this process, writing nothing."""
    outcome = check(workbook, scheme)
    payroll = outcome.payroll
    pay: dict[str, Decimal] = {}
    for one in payroll.schemes if payroll else ():
        for index, total in zip(one.payees, one.columns[one.statement.total], strict=True):
            payee = payroll.inputs.payees[index]  # type: ignore[union-attr]
            pay[payee.id] = pay.get(payee.id, Decimal(0)) + total
    said = frozenset(
        (item.code, f"{item.place.sheet}!{item.place.cell}:{item.place.line} {item.fact('payee')}{item.fact('title')}")
        for item in outcome.issues
    )
    refused = payroll is None or any(severity(item) == "error" for item in outcome.issues)
    return Seen(refused, pay, len(payroll.held) if payroll else 0, said)


def verdict(before: Seen, after: Seen, *, honest: bool) -> str:
    """Return what a change came to; `silent` is the one that must not be."""
    if after.refused:
        return "refused"
    if after.held > before.held:
        return "held"
    if after.said - before.said:
        return "told"
    if after.pay == before.pay:
        return "unchanged"
    return "right" if honest else "silent"


@dataclass(frozen=True)
class Known:
    """An entry of the list: which silent changes it explains, and why they may be."""

    kinds: tuple[str, ...]
    at: str
    where: str
    reason: str

    def explains(self, case: str, kind: str, at: str) -> bool:
        """Tell whether a silent change is one of these. `at` is a sheet's column or a path in a scheme."""
        fits = any(fnmatchcase(kind, known) for known in self.kinds)
        return fits and fnmatchcase(at, self.at) and fnmatchcase(case, self.where)


@cache
def known() -> tuple[Known, ...]:
    """Return the list of what may be silent."""
    return tuple(_entries(YAML(typ="safe").load(LIST.read_text(encoding="utf-8"))))


def _entries(raw: list[dict[str, Any]]) -> Iterator[Known]:
    for entry in raw:
        yield Known(tuple(entry["kinds"]), entry["at"], entry.get("where", "*"), entry["reason"])
