"""A scheme with some options replaced, `sales_manager.commission.rate=18%`: for estimates, never for pay.

The file is read once; every variant is checked as the file itself is, and its issues name the setting.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any

from kpicalc.engine.components import all_components
from kpicalc.intake.scheme.errors import Path
from kpicalc.intake.scheme.read import bytes_of, checked_scheme, read_scheme_text
from kpicalc.intake.scheme.shape import allowed_keys, form_at
from kpicalc.intake.scheme.yaml_text import read_yaml
from kpicalc.intake.sheets.names import currency_words
from kpicalc.model.issue import Issue, issue
from kpicalc.model.numbers import number_in_text
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook, Source
from kpicalc.model.texts import unknown


@record
class Setting:
    """An option of a component and its new value, as typed: a per cent keeps its sign."""

    path: str
    value: str

    def __str__(self) -> str:
        return f"{self.path}={self.value}"


def setting(text: str) -> Setting | None:
    """Read `PATH=VALUE`; None where the text has another form."""
    path, sign, value = (part.strip() for part in text.partition("="))
    return Setting(path, value) if path and sign and value else None


@record
class SchemeText:
    """A scheme file and the variants made of it."""

    file: str
    text: bytes
    raw: object
    marks: dict[Path, tuple[int, int]] = field(repr=False)

    def stated(self) -> tuple[SchemeBook | None, list[Issue]]:
        """Return the scheme as the file states it."""
        return read_scheme_text(self.file, self.text)

    def changed(self, settings: Sequence[Setting]) -> tuple[SchemeBook | None, list[Issue]]:
        """Return the scheme with some options replaced; an unknown path is an issue with the nearest known one."""
        stated = ", ".join(map(str, settings))
        source = Source(f"{self.file} (--set)", self.marks)
        issues: list[Issue] = []
        raw = self.raw
        for setting in settings:
            raw = _with(raw, setting, source, issues)
        if issues:
            return None, issues
        return checked_scheme(raw, source, issues, sha256(self.text + f"\0{stated}".encode()).hexdigest())

    def value_of(self, path: str) -> str | None:
        """Return the file's value at a path; None where the option is not stated or the path is unknown."""
        source = Source(self.file, self.marks)
        followed = _Way(self.raw, path, source, []).follow()
        value = followed and _inside(self.raw, followed)
        return value if isinstance(value, str) else None


def open_scheme(path: FilePath) -> tuple[SchemeText | None, list[Issue]]:
    """Read a scheme file from which variants will be made."""
    text, issues = bytes_of(path)
    if text is None:
        return None, issues
    _, raised = read_scheme_text(str(path), text)
    raw, marks, _ = read_yaml(str(path), text)
    # Faults of the file itself are reported by `stated`.
    return (SchemeText(str(path), text, raw, marks), []) if raw is not None else (None, raised)


def _with(raw: object, item: Setting, source: Source, issues: list[Issue]) -> object:
    way = _Way(raw, item.path, source, issues)
    followed = way.follow()
    return raw if followed is None else _replaced(raw, followed, _as_written(item.value, _mapping(raw).get("currency")))


def _as_written(value: str, currency: object) -> str:
    """Return a number of the command line as a scheme file writes it: `1 800,50 руб.` is 1800.5.

    Other texts are returned unchanged.
    """
    number = number_in_text(value, currency_words(str(currency or "RUB")))
    if not isinstance(number, Decimal):
        return value
    # The product for 5.1 % is 5.100: three decimal places could be read as thousands.
    return f"{(number * 100).normalize():f}%" if "%" in value else f"{number.normalize():f}"


@record(frozen=False)
class _Way:
    """A path on its way through the file: the part already followed, and the rest."""

    raw: object
    path: str
    source: Source
    issues: list[Issue]
    walked: list[str | int] = field(default_factory=list)

    def follow(self) -> Path | None:
        """Return the path in the file; None, with an issue, where there is no such entry."""
        schemes = _mapping(_mapping(self.raw).get("schemes"))
        key, rest = _first(self.path, schemes)
        if key not in schemes:
            self._unknown(key, [*schemes])
            return None
        self.walked += ["schemes", key]
        items = _mapping(schemes[key]).get("pay")
        names = {_id(item): number for number, item in enumerate(items)} if isinstance(items, list) else {}
        name, rest = _first(rest, names)
        if name not in names:
            self._unknown(name, [*names])
            return None
        item = items[names[name]] if isinstance(items, list) else None
        component = item if isinstance(item, str) else next(iter(_mapping(item)), "")
        self.walked += ["pay", names[name], component]
        return self._option(_mapping(item).get(component), component, rest)

    def _option(self, value: object, component: str, rest: str) -> Path | None:
        model = all_components().get(component)
        options: list[str | int] = []
        while rest or not options:
            if isinstance(value, list):
                text, rest = _first(rest, [str(at) for at in range(len(value))])
                if not (text.isdigit() and int(text) < len(value)):
                    facts = {"path": self.path, "found": text, "count": len(value), "last": len(value) - 1}
                    self.issues.append(issue("setting_entry", self.source.place(*self.walked), **facts))
                    return None
                part: str | int = int(text)
                value = value[int(text)]
            elif isinstance(value, str):
                facts = {"path": self.path, "found": str(options[-1]) if options else component, "value": value}
                self.issues.append(issue("setting_too_far", self.source.place(*self.walked), **facts))
                return None
            else:
                allowed = allowed_keys(form_at(model, tuple(options))) if model else []
                known = list(dict.fromkeys([*_mapping(value), *allowed]))
                part, rest = _first(rest, known)
                inside = isinstance(value, dict) or (value is None and bool(allowed))
                if not part or not inside or (allowed and part not in known):
                    self._unknown(str(part), known)
                    return None
                value = _mapping(value).get(str(part))
            options.append(part)
            self.walked.append(part)
        if isinstance(value, dict | list):
            entries = [*value] if isinstance(value, dict) else range(len(value))
            facts = {"path": self.path, "allowed": [f"{self.path}.{entry}" for entry in entries]}
            self.issues.append(issue("setting_not_value", self.source.place(*self.walked), **facts))
            return None
        return tuple(self.walked)

    def _unknown(self, name: str, known: Sequence[str]) -> None:
        place = self.source.place(*self.walked)
        self.issues.append(unknown("setting_unknown", place, name or "—", known, path=self.path))


def _first(rest: str, names: Iterable[str]) -> tuple[str, str]:
    """Split off the first part of a path: the longest known name at its beginning, else the text up to the point."""
    fitting = [name for name in names if rest == name or rest.startswith(f"{name}.")]
    name = max(fitting, key=len) if fitting else rest.partition(".")[0]
    return name, rest[len(name) + 1 :]


def _id(item: object) -> str:
    """Return the id of a component as the file writes it."""
    if isinstance(item, dict) and item:
        name, options = next(iter(item.items()))
        return str(_mapping(options).get("id") or name)
    return str(item)


def _inside(raw: object, path: Path) -> object:
    value: Any = raw
    for part in path:
        value = value[int(part)] if isinstance(value, list) else _mapping(value).get(str(part))
    return value


def _replaced(node: object, path: Path, value: str) -> object:
    """Return a copy with one value replaced; an entry shared with other places (an anchor) stays unchanged there."""
    if not path:
        return value
    first, *rest = path
    if isinstance(node, list):
        return [_replaced(item, tuple(rest), value) if number == first else item for number, item in enumerate(node)]
    # `- adjustments` and `adjustments:` are a component without options.
    copy = {node: None} if isinstance(node, str) else _mapping(node)
    return {**copy, str(first): _replaced(copy.get(str(first)), tuple(rest), value)}


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
