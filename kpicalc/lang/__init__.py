"""The words of the program: catalogues in both languages, and the form of numbers for people.

Each room has its catalogue, a TOML file in this folder with Russian and English side by side; no message or heading
stands in code. An issue's entry gives its severity, its message (what is wrong) and its remedy.
"""

import os
import tomllib
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from kpicalc.model.issue import Issue
from kpicalc.model.languages import CATALOGUES, CONVENTIONS
from kpicalc.model.languages import LANGUAGES as LANGUAGES
from kpicalc.model.languages import Language as Language

Severity = Literal["error", "hold", "warning", "notice"]
About = Literal["figure", "owner", "payroll", "setting"]
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_SHOWN_PLACES = 10
_PERCENT_PLACES = 7


@cache
def catalogue(name: str) -> Mapping[str, Any]:
    """Return one catalogue, e.g. `headings`."""
    return tomllib.loads("".join(_parts(name).values()))


@cache
def _parts(name: str) -> Mapping[str, str]:
    """Return the text of a catalogue by section; the text before the first section is called ''."""
    text = CATALOGUES.joinpath(f"{name}.toml").read_text(encoding="utf-8")
    first, *pieces = f"\n{text}".split("\n[")
    parts = {"": first}
    for piece in pieces:
        # Dotted sections belong to their first part.
        section = piece[: piece.index("]")].partition(".")[0]
        parts[section] = f"{parts.get(section, '')}\n[{piece}"
    return parts


@cache
def section(name: str, section: str) -> Mapping[str, Any]:
    """Return one section of a catalogue; a command parses only the few that it needs."""
    parts = _parts(name)
    return tomllib.loads(parts[section if section in parts else ""])


@cache
def _issue_sections() -> Mapping[str, str]:
    """Return the catalogue of each issue, by its code."""
    names = sorted(path.stem for path in CATALOGUES.glob("issues_*.toml"))
    return {code: name for name in names for code in _parts(name) if code}


def issue_entry(code: str) -> Mapping[str, Any]:
    """Return one issue: its severity, and in every language {"message", "remedy"}."""
    entry: Mapping[str, Any] = section(_issue_sections()[code], code)[code]
    return entry


def issue_codes() -> Collection[str]:
    """Return the code of every issue of every room."""
    return _issue_sections().keys()


@cache
def issue_entries() -> Mapping[str, Any]:
    """Return every issue of every room by its code."""
    return {code: issue_entry(code) for code in issue_codes()}


def severity(issue: Issue) -> Severity:
    """Return the severity of an issue: an error stops the run, a hold stops one payee's pay."""
    level: Severity = issue_entry(issue.code)["severity"]
    return level


def about(issue: Issue) -> About | None:
    """Return what an error concerns, where the program goes on in spite of it or keeps it apart; usually None.

    `figure`: single figures, so the rest of the workbook can be checked. `owner`: whose a row is, which is not asked of
    people who have left. `payroll`: an edited payroll, which may be the one that was paid. `setting`: what is set
    besides the scheme file.
    """
    concerned: About | None = issue_entry(issue.code).get("about")
    return concerned


def message(issue: Issue, language: Language) -> str:
    """Return an issue's message, without the place."""
    text = _fill(issue_entry(issue.code)[language]["message"], issue, language)
    # Further cells with the same issue are counted at its end.
    return text + _fill(word("terminal.issues.also", language), issue, language) if issue.fact("more") else text


def remedy(issue: Issue, language: Language) -> str:
    """Return an issue's remedy."""
    return _fill(issue_entry(issue.code)[language]["remedy"], issue, language)


_REFERENCES = ("docs/scheme.md", "docs/organisation.md")
"""Pages that may be where something is explained; each stands in every language."""


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _fill(template: str, issue: Issue, language: Language) -> str:
    blanks = _Blank(issue.facts)
    if blanks.get("where") in _REFERENCES:
        blanks["where"] = blanks["where"].removesuffix(".md") + CONVENTIONS[language].pages
    return template.format_map(blanks)


def word(path: str, language: Language) -> str:
    """Return a heading or a phrase by its path in a catalogue: `headings.payee.name`."""
    name, *keys = path.split(".")
    entry: Any = section(name, keys[0])
    for key in keys:
        entry = entry[key]
    text: str = entry[language]
    return text


def language_of_environment() -> Language:
    """Return the language for texts before any scheme is read: help and usage errors."""
    for name in ("KPICALC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return next((language for language in LANGUAGES if value.lower().startswith(language)), LANGUAGES[0])
    return LANGUAGES[0]


def number(value: Decimal, language: Language, *, places: int | None = None) -> str:
    """Write a number for people: 1 234,50 in Russian, 1,234.50 in English; `places` fixes the decimals."""
    if places is None:
        # A value too small to be shown rounded is shown in full: a rate of 0.00000000001 is not 0.
        text = f"{round(value, _SHOWN_PLACES) or value:f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    else:
        text = f"{value:.{places}f}"
    sign, text = (MINUS, text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = text.partition(".")
    written = CONVENTIONS[language]
    groups = f"{int(whole):,}".replace(",", written.thousands)
    return sign + groups + (written.decimal + rest if rest else "")


def percent(value: Decimal, language: Language) -> str:
    """Write a ratio in per cents: 0.2 -> 20 % in Russian, 20% in English."""
    return number(round(value * 100, _PERCENT_PLACES) or value * 100, language) + CONVENTIONS[language].percent


def in_quotes(text: str, language: Language) -> str:
    """Return a title in the quotation marks of the language."""
    return text.join(CONVENTIONS[language].quotes)


def money(value: Decimal, language: Language) -> str:
    """Write an amount with kopecks: 1 234,50."""
    return number(value, language, places=2)
