"""The payrolls in a folder by month, in whatever format a spreadsheet has saved them since."""

from os.path import isdir
from pathlib import Path

from kpicalc.model.period import in_file_name, payroll_name

_FORMATS = (".xlsx", ".ods", ".xlsb", ".xls")
"""As it was written first."""


def payrolls_in(folder: Path) -> dict[str, list[Path]]:
    """Return the payrolls of a folder: by month, those of one month with the one to be read first."""
    found: dict[str, list[Path]] = {}
    if not isdir(folder):
        return found
    for path in folder.iterdir():
        month = in_file_name(path.name)
        ending = path.suffix.lower()
        if month and ending in _FORMATS and path.stem.casefold() == Path(payroll_name(month)).stem and path.is_file():
            found.setdefault(month, []).append(path)
    order = {ending: place for place, ending in enumerate(_FORMATS)}
    return {
        month: sorted(paths, key=lambda path: (order[path.suffix.lower()], path.name))
        for month, paths in sorted(found.items())
    }
