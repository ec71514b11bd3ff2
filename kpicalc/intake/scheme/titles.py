"""Titles in place of keys: a person who knows the title «Продажи» writes it where the scheme needs `sales`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kpicalc.engine.components import all_components
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import Source
from kpicalc.model.texts import by_spelling, certain, spelling_key

Path = tuple[str | int, ...]
Titles = Mapping[str, str]
"""Keys by the spelling of their titles."""

_OF_KPI = frozenset({"on", "kpi"})
_OF_KPIS = frozenset({"weights", "goals", "reward"})
_OF_LINES = frozenset({"of"})
_OF_TABLES = frozenset({("deal_commission", "on")})
"""Options that name a table of facts, though the same option elsewhere names a KPI."""


def kpi_titles(kpis: Mapping[str, Any]) -> Titles:
    """Return the keys of KPIs by their titles, from the entries of the file; every key is its own title too."""
    titles = {key: entry.get("title") if isinstance(entry, dict) else None for key, entry in kpis.items()}
    return by_spelling({key: title if isinstance(title, str) else key for key, title in titles.items()})


def component_titles() -> Titles:
    """Return the keys of components by their titles in both languages."""
    return {spelling_key(title): name for name, component in all_components().items() for title in component.titles()}


def with_keys(items: Sequence[Any], path: Path, kpis: Titles, source: Source, issues: list[Issue]) -> list[Any]:
    """Return the components with keys in place of titles; each title is an issue.

    The later checks see the keys, so that one slip is reported once.
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
            self.lines.setdefault(spelling_key(title), key)

    def _options(self, options: dict[str, Any], path: Path) -> dict[str, Any]:
        return {name: self._option(name, value, (*path, name)) for name, value in options.items()}

    def _option(self, name: str, value: Any, path: Path) -> Any:
        if path[-2:] in _OF_TABLES:
            return value
        if name in _OF_KPI and isinstance(value, str):
            return self._key(value, path, self.kpis, self.kpi_keys)
        if name in _OF_KPIS or name in _OF_LINES:
            titles, known = (self.lines, self.line_keys) if name in _OF_LINES else (self.kpis, self.kpi_keys)
            if isinstance(value, list):
                return [
                    self._key(item, (*path, number), titles, known) if isinstance(item, str) else item
                    for number, item in enumerate(value)
                ]
            if isinstance(value, dict):
                return {self._key(item, (*path, item), titles, known): inner for item, inner in value.items()}
        if name in ("rows", "columns") and isinstance(value, dict):
            return self._options(value, path)
        return value

    def _key(self, name: str, path: Path, titles: Titles, known: Collection[str]) -> str:
        slip = None if name in known else certain(name, known, titles)
        if slip is None:
            return name
        code, facts = slip
        self.issues.append(issue(code, self.source.place(*path), **facts))
        return str(facts.get("fixed") or facts["nearest"])
