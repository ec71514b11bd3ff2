"""Texts of a table of facts that are probably slips for the text of a condition: their rows would not count."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Any

from kpicalc.intake.facts.findings import Findings, Listed, place_of
from kpicalc.intake.facts.measuring.spelled import looked, spelled
from kpicalc.intake.facts.sources.headers import DATE, heading_of
from kpicalc.intake.facts.table import Facts
from kpicalc.intake.sheets.names import words
from kpicalc.model.issue import issue
from kpicalc.model.period import first_day, last_day
from kpicalc.model.texts import CYRILLIC, LATIN, look, slips, spelling_key, wrong_alphabet

MOST = 20_000
"""Of a column with more different texts the database itself compares every row."""
_SLIP, _SPACES = 4, 5
"""The shortest text of which another one is told, and how many spaces may stand between its words."""


def look_alikes(stated: Collection[str], found: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the texts that look like a stated one and have letters of another alphabet, each with the stated one."""
    known = {look(text): text for text in sorted(stated)}
    same = set(map(spelling_key, stated))
    for text in sorted(found):
        if look(text) in known and spelling_key(text) not in same:
            yield text, known[look(text)]


def near_texts(stated: Collection[str], found: Iterable[str]) -> dict[str, str]:
    """Return the texts a letter away from a stated one, each with it; those that only look like one are apart."""
    same = {*map(spelling_key, stated), *map(look, stated)}
    return slips(sorted(text for text in found if not {spelling_key(text), look(text)} & same), sorted(stated))


def seen_as(facts: Facts, whole: Any, column: str, stated: Collection[str], among: Any) -> list[str]:
    """Return the texts of a column that look like stated ones, or are a letter away: the first that the database finds.

    All rows are searched at first, as to find those of the month takes longer; `among` are the rows that matter.
    """
    text = whole[f"c_{column}"]
    own, keys = spelled(text), set(map(spelling_key, stated))
    # Few texts have letters of the other alphabet at all.
    signs = "".join(
        other for letters, other in ((CYRILLIC, LATIN), (LATIN, CYRILLIC)) if any({*letters} & {*key} for key in keys)
    )
    near = [_is_near(text, own, key) for key in sorted(keys) if len(key) >= _SLIP]
    if signs:
        near.append(text.re_search(f"[{signs}{signs.upper()}]") & looked(own).isin(sorted(map(look, stated))))
    if not near:
        return []
    asked = whole.filter(reduce(or_, near) & ~own.isin(sorted(keys))).select(found=text).distinct().limit(MOST)
    found = [row["found"] for row in facts.ask(asked)]
    return seen_as(facts, among, column, stated, among) if found and among is not whole else found


def _is_near(text: Any, own: Any, key: str) -> Any:
    """Return the condition that a text may be a letter away from a key: it begins or it ends as the key does."""
    half, length = len(key) // 2, text.length()
    ends = own.startswith(key[: half - 1]) | own.endswith(key[half + 1 :])
    return (length >= len(key) - 1) & (length <= len(key) + _SPACES) & ends


def tell_mistyped(
    findings: Findings, column: str, stated: Collection[str], found: Iterable[str], among: Callable[[Any], Any] | None
) -> None:
    """Report the texts of a column that are probably slips for stated ones, if rows that matter have them.

    Without `among`, rows of other months matter too where a text looks like a stated one.
    """
    matter = among or _of_month(findings.month)
    _tell_errors(findings, column, found, matter)
    _tell_near(findings, column, near_texts(stated, found), matter)
    _tell_alike(findings, column, look_alikes(stated, found), among)


def _of_month(month: str) -> Callable[[Any], Any]:
    def condition(table: Any) -> Any:
        return table[DATE].cast("date").between(first_day(month), last_day(month)).fill_null(False)

    return condition


def _tell_alike(
    findings: Findings, column: str, alike: Iterable[tuple[str, str]], among: Callable[[Any], Any] | None
) -> None:
    """Report texts that only look like a stated one, with the first of their rows among those that matter."""
    facts, name = findings.facts, f"c_{column}"
    for text, meant in alike:
        rows = findings.rows(having(name, text, among), ())
        slip = wrong_alphabet(place_of(facts, rows.first, name), text, [meant])
        if slip is not None and slip not in findings.issues:
            findings.issues.append(slip)
            _tell_more(findings, slip.code, rows)


def _tell_near(findings: Findings, column: str, near: Mapping[str, str], among: Callable[[Any], Any]) -> None:
    """Warn of texts a letter away from a text of a condition: their rows do not count, and may be meant to."""
    facts, name = findings.facts, f"c_{column}"
    for text, meant in near.items():
        rows = findings.rows(having(name, text, among), ())
        if rows.count:
            told = {"heading": heading_of(facts.spec, name), "found": text, "meant": meant, "count": rows.count}
            findings.issues.append(issue("fact_text_near", place_of(facts, rows.first, name), **told))


def _tell_errors(findings: Findings, column: str, found: Iterable[str], among: Callable[[Any], Any]) -> None:
    """Refuse the errors of a spreadsheet that was saved as text: their rows would not count."""
    facts, name = findings.facts, f"c_{column}"
    for text in sorted(text for text in found if text.strip().casefold() in words("error_cells")):
        rows = findings.rows(having(name, text, among), ())
        if rows.count:
            told = {"heading": heading_of(facts.spec, name), "found": text}
            findings.issues.append(issue("error_cell", place_of(facts, rows.first, name), **told))
            _tell_more(findings, "error_cell", rows)


def _tell_more(findings: Findings, code: str, rows: Listed) -> None:
    if rows.count > 1:
        told = {"title": findings.facts.title(), "count": rows.count - 1, "kind": code}
        findings.issues.append(issue("fact_more", findings.facts.place, **told))


def having(name: str, text: str, among: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """Return the condition that a column has a text, among the rows that matter."""

    def condition(table: Any) -> Any:
        same = table[name] == text
        return same if among is None else among(table) & same

    return condition
