"""The payrolls in a folder by month, in any format that a spreadsheet may have saved them in."""

from collections.abc import Iterator, Sequence
from os.path import isdir
from pathlib import Path

from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.languages import Language
from kpicalc.model.period import in_file_name, payroll_name, title

_FORMATS = (".xlsx", ".ods", ".xlsb", ".xls")
"""The format that kpicalc writes comes first."""


def payrolls_in(folder: Path) -> dict[str, list[Path]]:
    """Return the payrolls of a folder by month; of several in one month, the one to be read comes first."""
    by_month: dict[str, list[Path]] = {}
    if not isdir(folder):
        return by_month
    for path in folder.iterdir():
        if (month := month_by_name(path)) and path.suffix.lower() in _FORMATS and path.is_file():
            by_month.setdefault(month, []).append(path)
    order = {ending: place for place, ending in enumerate(_FORMATS)}
    return {
        month: sorted(paths, key=lambda path: (order[path.suffix.lower()], path.name))
        for month, paths in sorted(by_month.items())
    }


def month_by_name(path: Path) -> str | None:
    """Return the month as whose payroll later months take a file of this name."""
    month = in_file_name(path.name)
    return month if month and path.stem.casefold() == Path(payroll_name(month)).stem else None


def in_two_formats(paths: Sequence[Path]) -> Iterator[Issue]:
    """Yield the payrolls of one month that are not read, because the first of them is."""
    for other in paths[1:]:
        yield issue("payroll_in_two_formats", Place(str(other)), found=other.name, other=paths[0].name)


def of_other_month(path: Path, month: str, found: str, language: Language) -> Issue:
    """Return the issue for a payroll that is inside of another month than by its name."""
    return issue("payroll_other_month", Place(str(path)), month=title(month, language), found=title(found, language))
