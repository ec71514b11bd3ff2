"""The languages of the program and how each writes numbers, days and quotes: the contents of their catalogues."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kpicalc.model.record import record

CATALOGUES = Path(__file__).parents[1] / "lang"
"""The folder with every text that people read."""


@record
class Conventions:
    """How a language writes numbers, days and quotes."""

    decimal: str
    """Stands before the decimals."""
    thousands: str
    """Stands between groups of three figures."""
    percent: str
    """Stands after a number of per cents."""
    quotes: tuple[str, str]
    day: str
    """A day's format, as `strftime` reads it."""
    separator: str
    """Stands between the columns of a csv file that a spreadsheet of the language opens."""
    pages: str
    """How the name of a reference page under docs/ ends."""
    months: tuple[tuple[str, ...], ...]
    """How people write each month; the first spelling is the one that messages use."""


def _read() -> Mapping[str, Conventions]:
    entries = tomllib.loads(CATALOGUES.joinpath("conventions.toml").read_text(encoding="utf-8"))
    for entry in entries.values():
        entry["quotes"], entry["months"] = tuple(entry["quotes"]), tuple(map(tuple, entry["months"]))
    return {language: Conventions(**entry) for language, entry in entries.items()}


CONVENTIONS = _read()
LANGUAGES = tuple(CONVENTIONS)
"""The first one is the default."""

if TYPE_CHECKING:
    Language = str
else:
    # The languages are known when the program starts; the models refuse any other.
    Language = Literal[LANGUAGES]
