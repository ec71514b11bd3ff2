"""Titles where keys belong: the reader of a rule thinks of «Продажи», and the scheme asks for `sales`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kpicalc.engine.components import all_components
from kpicalc.intake.alphabets import wrong_alphabet
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import Source

Path = tuple[str | int, ...]
Titles = Mapping[str, str]
"""Keys by title, the title in small letters."""

_OF_KPI = frozenset({"on", "kpi"})
_OF_KPIS = frozenset({"weights", "goals", "reward"})
_OF_LINES = frozenset({"of"})


def folded(title: str) -> str:
    """Return what two spellings of one title share: case and spaces do not matter."""
    return " ".join(title.casefold().split())


def kpi_titles(kpis: Mapping[str, Any]) -> Titles:
    """Return the keys of KPIs by their titles, from the entries of the file; every key is its own title too."""
    titles = {
        folded(entry["title"]): key
        for key, entry in kpis.items()
        if isinstance(entry, dict) and isinstance(entry.get("title"), str)
    }
    return titles | {folded(key): key for key in kpis}


def component_titles() -> Titles:
    """Return the keys of components by their titles in both languages."""
    return {folded(title): name for name, one in all_components().items() for title in one.titles()}


def title_for_key(place: Place, found: str, titles: Titles, known: Collection[str]) -> Issue | None:
    """Name the key where its title was written, or where it was written in the other alphabet."""
    if found in known:
        return None
    if key := titles.get(folded(found)):
        return issue("title_for_key", place, found=found, fixed=key)
    return wrong_alphabet(place, found, known)


def with_keys(items: Sequence[Any], path: Path, kpis: Titles, source: Source, issues: list[Issue]) -> list[Any]:
    """Return the components with keys in place of titles, each of which is an issue.

    What follows reads the keys, so that one slip is told once.
    """
    reader = _Reader(kpis, frozenset(kpis.values()), source, issues)
    return [reader.item(item, (*path, number)) for number, item in enumerate(items)]


class _Reader:
    """One pass over a scheme's components, with the titles of the lines so far."""

    def __init__(self, kpis: Titles, kpi_keys: frozenset[str], source: Source, issues: list[Issue]) -> None:
        self.kpis, self.kpi_keys, self.source, self.issues = kpis, kpi_keys, source, issues
        self.lines: dict[str, str] = {}
        self.line_keys: set[str] = set()

    def item(self, item: Any, path: Path) -> Any:
        name, options = next(iter(item.items())) if isinstance(item, dict) and len(item) == 1 else (item, None)
        if not isinstance(name, str):
            return item
        if isinstance(options, dict):
            options = self._options(options, (*path, name))
            item = {name: options}
        self._line(name, options if isinstance(options, dict) else {})
        return item

    def _line(self, name: str, options: Mapping[str, Any]) -> None:
        key = str(options.get("id") or name)
        self.line_keys.add(key)
        component = all_components().get(name)
        titles = [options["title"]] if isinstance(options.get("title"), str) else []
        titles += component.titles() if component and not titles else []
        for title in titles:
            self.lines.setdefault(folded(title), key)

    def _options(self, options: dict[str, Any], path: Path) -> dict[str, Any]:
        return {name: self._option(name, value, (*path, name)) for name, value in options.items()}

    def _option(self, name: str, value: Any, path: Path) -> Any:
        if name in _OF_KPI and isinstance(value, str):
            return self._key(value, path, self.kpis, self.kpi_keys)
        if name in _OF_KPIS or name in _OF_LINES:
            titles, known = (self.lines, self.line_keys) if name in _OF_LINES else (self.kpis, self.kpi_keys)
            if isinstance(value, list):
                return [
                    self._key(one, (*path, at), titles, known) if isinstance(one, str) else one
                    for at, one in enumerate(value)
                ]
            if isinstance(value, dict):
                return {self._key(one, (*path, one), titles, known): inner for one, inner in value.items()}
        if name in ("rows", "columns") and isinstance(value, dict):
            return self._options(value, path)
        return value

    def _key(self, found: str, path: Path, titles: Titles, known: Collection[str]) -> str:
        slip = title_for_key(self.source.place(*path), found, titles, known)
        if slip is None:
            return found
        self.issues.append(slip)
        return slip.fact("fixed") or slip.fact("nearest")
