"""The words of the program: catalogues in both languages, and how numbers are written for people.

Each room has its catalogue, a TOML file in this folder with Russian and English side by side; no message or
heading stands in code. An issue's entry gives its severity, its message (what was found) and its remedy.
"""

import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from kpicalc.model.issue import Issue

Language = Literal["ru", "en"]
Severity = Literal["error", "hold", "warning", "notice"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_SHOWN_PLACES = 10
_PERCENT_PLACES = 7


@cache
def catalogue(name: str) -> Mapping[str, Any]:
    """Return one catalogue, e.g. `headings`."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def issue_entries() -> Mapping[str, Any]:
    """Return every issue of every room by code: {"severity", "ru": {"message", "remedy"}, "en": {...}}."""
    entries: dict[str, Any] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda path: path.name):
        if path.name.startswith("issues_"):
            entries |= catalogue(path.name.removesuffix(".toml"))
    return entries


def severity(issue: Issue) -> Severity:
    """Return how much the issue weighs: error stops the run, hold stops one payee's pay."""
    found: Severity = issue_entries()[issue.code]["severity"]
    return found


def message(issue: Issue, language: Language) -> str:
    """Return what was found, in words, without the place."""
    text = _fill(issue_entries()[issue.code][language]["message"], issue)
    # What is true of other cells too is said once.
    return text + _fill(word("terminal.issues.also", language), issue) if issue.fact("more") else text


def remedy(issue: Issue, language: Language) -> str:
    """Return what to do about it."""
    return _fill(issue_entries()[issue.code][language]["remedy"], issue)


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _fill(template: str, issue: Issue) -> str:
    return template.format_map(_Blank(issue.facts))


def word(path: str, language: Language) -> str:
    """Return a heading or a phrase by its path in a catalogue: `headings.payee.name`."""
    name, *keys = path.split(".")
    entry: Any = catalogue(name)
    for key in keys:
        entry = entry[key]
    text: str = entry[language]
    return text


def language_of_environment() -> Language:
    """Return the language for words that come before any scheme is read: help and usage errors."""
    for name in ("KPICALC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "ru"
    return "ru"


def number(value: Decimal, language: Language, *, places: int | None = None) -> str:
    """Write a number for people: 1 234,50 in Russian, 1,234.50 in English; `places` fixes the decimals."""
    if places is None:
        # What is too small to be shown rounded is shown whole: a rate of 0.00000000001 is not 0.
        text = f"{round(value, _SHOWN_PLACES) or value:f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    else:
        text = f"{value:.{places}f}"
    sign, text = (MINUS, text[1:]) if text.startswith("-") else ("", text)
    whole, _, rest = text.partition(".")
    groups = f"{int(whole):,}"
    if language == "ru":
        groups = groups.replace(",", NBSP)
    mark = "," if language == "ru" else "."
    return sign + groups + (mark + rest if rest else "")


def percent(value: Decimal, language: Language) -> str:
    """Write a ratio in per cents: 0.2 -> 20 % in Russian, 20% in English."""
    return number(round(value * 100, _PERCENT_PLACES) or value * 100, language) + (
        f"{NBSP}%" if language == "ru" else "%"
    )


def money(value: Decimal, language: Language) -> str:
    """Write an amount with kopecks: 1 234,50."""
    return number(value, language, places=2)
