"""Reads the scheme file: text -> checked pay schemes, or all its faults at once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError, create_model

from kpicalc.engine.components import all_components
from kpicalc.intake.calendar import check_calendar
from kpicalc.intake.scheme.checks import Pieces, SchemePieces, cross_checks
from kpicalc.intake.scheme.errors import Path, shown, translate
from kpicalc.intake.scheme.funnel_checks import funnel_checks, planning_checks
from kpicalc.intake.scheme.silences import read_silences
from kpicalc.intake.scheme.titles import Titles, component_titles, kpi_titles, with_keys
from kpicalc.intake.scheme.yaml_text import read_yaml
from kpicalc.lang import LANGUAGES
from kpicalc.model.deals import RateSheet
from kpicalc.model.entry import Entry
from kpicalc.model.facts import FactTable
from kpicalc.model.funnel import FunnelEntry
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.scheme import Audience, Kpi, OwnColumnEntry, PayItem, Rules, Scheme, SchemeBook, SchemeFile, Source
from kpicalc.model.targets import Planning
from kpicalc.model.texts import unknown

_Model = TypeVar("_Model", bound=BaseModel)
_UNREAD_ROUNDING = {"round": "none"}
_UNSTATED = Rules(missing="error", zero_plan="error", zero_actual="error")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""The first bytes of zipped workbooks and of those of Excel 2003."""


def read_scheme(path: FilePath) -> tuple[SchemeBook | None, list[Issue]]:
    """Read a scheme file from disk."""
    text, issues = bytes_of(path)
    return (None, issues) if text is None else read_scheme_text(str(path), text)


def bytes_of(path: FilePath) -> tuple[bytes | None, list[Issue]]:
    """Return the bytes of a scheme file, or the reason why it cannot be read."""
    place = Place(str(path))
    try:
        return path.read_bytes(), []
    except FileNotFoundError:
        return None, [issue("scheme_not_found", place, found=path)]
    except PermissionError as error:
        # Windows gives this error for a folder too.
        return None, [issue("scheme_is_folder" if path.is_dir() else "scheme_unreadable", place, cause=error.strerror)]
    except IsADirectoryError:
        return None, [issue("scheme_is_folder", place)]
    except (OSError, ValueError) as error:
        return None, [issue("scheme_unreadable", place, cause=getattr(error, "strerror", None) or error)]


def read_scheme_text(file: str, text: bytes) -> tuple[SchemeBook | None, list[Issue]]:
    """Read a scheme from the bytes of its file.

    Where there are issues, the book holds the readable entries, so that formulas and names are checked in the same run;
    nobody must be paid by it. It is None where nothing could be read.
    """
    if text.startswith(_WORKBOOKS):
        return None, [issue("scheme_is_workbook", Place(file))]
    raw, marks, issues = read_yaml(file, text)
    if raw is None:
        return None, issues
    return checked_scheme(raw, Source(file, marks), issues, sha256(text).hexdigest())


def _without_value(raw: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Yield the keys without a value; in a worked example that is a blank cell."""
    entries = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for key, value in entries:
        if value is None:
            yield (*path, key)
        elif key != "examples":
            yield from _without_value(value, *path, key)


def checked_scheme(
    raw: object, source: Source, issues: list[Issue], digest: str
) -> tuple[SchemeBook | None, list[Issue]]:
    """Check the values of a scheme file; return the readable entries and all issues."""
    whole: SchemeFile | None = None
    # A model that stands in the whole is made ready once if it is used by itself first.
    faults: list[Issue] = []
    pieces = _pieces(raw, source, faults)
    try:
        whole = _whole(raw)
    except ValidationError as error:
        issues += translate(error.errors(include_url=False), raw, SchemeFile, source)
    issues += faults
    known_places = {item.place for item in issues}
    empty = (source.place(*path) for path in _without_value(raw))
    issues += [issue("empty_value", place) for place in empty if place not in known_places]
    issues += cross_checks(pieces, source)
    issues += funnel_checks(_funnels(raw), pieces, source)
    if "planning" in (entries := _mapping(raw)):
        issues += planning_checks(_valid(Planning, entries["planning"]), pieces, source)
    if whole:
        known = [*whole.kpis]
        unknown_targets = [key for key in whole.targets if key not in known]
        issues += [unknown("target_kpi", source.place("targets", key), key, known) for key in unknown_targets]
    if whole and (calendar_issues := list(check_calendar(whole.calendar, source))):
        issues += calendar_issues
        whole = whole.model_copy(update={"calendar": None})
    silences = read_silences(raw, source, issues)
    issues = sorted(dict.fromkeys(issues), key=lambda item: item.place)
    if whole is None and not pieces.schemes:
        return None, issues
    return replace(_book(whole or _unread(raw), pieces, source, digest), silences=silences), issues


def _whole(raw: object) -> SchemeFile:
    """Check a file by the entries that it states; to make the other models ready takes as long as to pay ten people."""
    if not isinstance(raw, dict):
        return SchemeFile.model_validate(raw)
    options = SchemeFile.model_fields.items()
    stated = frozenset(name for name, option in options if option.is_required() or name in raw)
    return SchemeFile.model_construct(**vars(_file_of(stated).model_validate(raw)))


@cache
def _file_of(stated: frozenset[str]) -> type[Entry]:
    """Return the model of files with these entries; many schemes are read where months are replayed."""
    options: Any = {
        name: (entry.annotation, entry) for name, entry in SchemeFile.model_fields.items() if name in stated
    }
    return create_model(SchemeFile.__name__, __base__=Entry, **options)


def _unread(raw: object) -> SchemeFile:
    """Stand for a file that is invalid as a whole and read entry by entry; its faults are told in its language."""
    stated = _mapping(raw).get("language")
    language = next((known for known in LANGUAGES if known == stated), LANGUAGES[0])
    return SchemeFile.model_construct(kpicalc="1", schemes={}, language=language)


def _book(whole: SchemeFile, pieces: Pieces, source: Source, digest: str) -> SchemeBook:
    company = (pieces.rules or _UNSTATED).over(_UNSTATED)
    return SchemeBook(
        title=whole.title or "",
        language=whole.language,
        currency=whole.currency,
        kpis={key: _kpi(key, pieces) for key in pieces.kpi_keys},
        schemes={
            key: Scheme(
                key=key,
                title=whole.schemes[key].title or key if key in whole.schemes else key,
                audience=scheme.audience or Audience(),
                rules=(scheme.rules or _UNSTATED).over(company),
                pay=scheme.pay,
                examples=tuple(whole.schemes[key].examples) if key in whole.schemes else (),
                unread=scheme.unread,
            )
            for key, scheme in pieces.schemes.items()
        },
        workbook=whole.workbook,
        source=source,
        sha256=digest,
        calendar=whole.calendar,
        facts={key: _matched(table, whole) for key, table in pieces.facts.items() if table is not None},
        employees=pieces.employees,
        rates={key: sheet for key, sheet in pieces.rates.items() if sheet is not None},
        funnels=_all_of(whole.funnel),
        planning=whole.planning,
        targets=whole.targets,
        minimum_wage=whole.minimum_wage,
    )


def _matched(table: FactTable, whole: SchemeFile) -> FactTable:
    """Return a table of facts; where it states no rule for unknown payees, it has the rule of the sheets."""
    return table if table.match else table.model_copy(update={"match": whole.workbook.match})


def _kpi(key: str, pieces: Pieces) -> Kpi:
    """Return a KPI; one whose sum is invalid, which has its issue already, without the sum: no issues follow."""
    kpi = pieces.kpis.get(key) or Kpi()
    summed = pieces.kpis.get(kpi.of) if kpi.of else None
    if kpi.of and (kpi.of not in pieces.kpi_keys or (summed and summed.team)):
        return kpi.model_copy(update={"team": None, "of": None})
    return kpi


def _pieces(raw: object, source: Source, issues: list[Issue]) -> Pieces:
    """Read each entry separately, so that one mistake does not hide the others."""
    entries = _mapping(raw)
    kpis = _mapping(entries.get("kpis"))
    titles = kpi_titles(kpis)
    return Pieces(
        kpi_keys=tuple(kpis),
        kpis={key: kpi for key, entry in kpis.items() if (kpi := _valid(Kpi, entry))},
        rules=_rules(entries.get("rules", {})),
        schemes={
            key: _scheme(_mapping(entry), ("schemes", key), titles, source, issues)
            for key, entry in _mapping(entries.get("schemes")).items()
        },
        employees={
            key: column
            for key, entry in _mapping(entries.get("employees")).items()
            if (column := _valid(OwnColumnEntry, {} if entry is None else entry))
        },
        calendar=entries.get("calendar"),
        facts={key: _valid(FactTable, entry) for key, entry in _mapping(entries.get("facts")).items()},
        rates={key: _valid(RateSheet, entry) for key, entry in _mapping(entries.get("rates")).items()},
    )


def _all_of(funnel: FunnelEntry | list[FunnelEntry] | None) -> tuple[FunnelEntry, ...]:
    if funnel is None:
        return ()
    return tuple(funnel) if isinstance(funnel, list) else (funnel,)


def _funnels(raw: object) -> dict[Path, FunnelEntry]:
    """Return the readable funnels by their paths: the only one, or each of a list."""
    entry = _mapping(raw).get("funnel")
    entries: dict[Path, object] = {("funnel",): entry} if isinstance(entry, dict) else {}
    entries |= {("funnel", number): item for number, item in enumerate(_list(entry))}
    return {path: funnel for path, item in entries.items() if (funnel := _valid(FunnelEntry, item))}


def _scheme(entry: Mapping[str, Any], path: Path, kpis: Titles, source: Source, issues: list[Issue]) -> SchemePieces:
    items = with_keys(_list(entry.get("pay")), (*path, "pay"), kpis, source, issues)
    pay = [_pay_item(item, (*path, "pay", number), source, issues) for number, item in enumerate(items)]
    title = entry.get("title")
    return SchemePieces(
        title=title if isinstance(title, str) else "",
        rules=_rules(entry.get("rules", {})),
        audience=_valid(Audience, entry.get("for")),
        pay=tuple(item for item in pay if item),
        examples=tuple(_list(entry.get("examples"))),
        unread=frozenset(_id(item) for item, read in zip(items, pay, strict=True) if read is None),
    )


def _id(item: object) -> str:
    """Return the id of a component that could not be read."""
    if isinstance(item, dict) and item:
        name, options = next(iter(item.items()))
        return str(_mapping(options).get("id") or name)
    return str(item)


def _pay_item(item: object, path: Path, source: Source, issues: list[Issue]) -> PayItem | None:
    if isinstance(item, str):
        name, options = item, None
    elif isinstance(item, dict) and len(item) == 1:
        name, options = next(iter(item.items()))
    elif isinstance(item, dict) and item:
        # Options at the indentation of the name, or a missing dash before the next component.
        code = "pay_item_indent" if next(iter(item.values())) is None else "pay_item_many"
        issues.append(issue(code, source.place(*path), found=next(iter(item)), keys=[*item]))
        return None
    else:
        issues.append(issue("pay_item_shape", source.place(*path), found="—" if item is None else shown(item)))
        return None
    components = all_components()
    if name not in components:
        place = source.place(*path) if isinstance(item, str) else source.place(*path, name)
        issues.append(unknown("unknown_component", place, name, components, component_titles()))
        return None
    raw: object = {} if options is None else options
    try:
        return PayItem(name, components[name].model_validate(raw), path)
    except ValidationError as error:
        issues += translate(error.errors(include_url=False), raw, components[name], source, (*path, name))
        return None


def _rules(raw: object) -> Rules | None:
    """Return the rules; one that cannot be read leaves the others stated, and is itself not told as unstated."""
    if rules := _valid(Rules, raw):
        return rules
    entries = _mapping(raw)
    readable = {name: value for name, value in entries.items() if _valid(Rules, {name: value})}
    unread = ({"money", *entries} & {"money", "attainment"}) - readable.keys()
    return _valid(Rules, readable | dict.fromkeys(unread, _UNREAD_ROUNDING))


def _valid(model: type[_Model], raw: object) -> _Model | None:
    try:
        return model.model_validate(raw)
    except ValidationError:
        return None


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
