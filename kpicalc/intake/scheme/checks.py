"""Rules between the entries of a scheme file: names, roundings, choices, KPIs, who is paid by which scheme."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import get_args

from pydantic import BaseModel

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.tree.expression import FUNCTIONS, KPI_FUNCTIONS
from kpicalc.engine.tree.sources import PAID, PLANNED
from kpicalc.engine.tree.tokens import WORDS
from kpicalc.intake.scheme.errors import Path
from kpicalc.intake.scheme.fact_checks import check_facts
from kpicalc.intake.scheme.rate_checks import check_rates, check_row_pay
from kpicalc.intake.scheme.shape import literals_in
from kpicalc.model.deals import RateSheet
from kpicalc.model.entry import PerCent, written
from kpicalc.model.facts import FactTable
from kpicalc.model.fields import BalanceField, EmployeeField, WithheldField
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import Audience, Kpi, OwnColumnEntry, PayItem, Rounding, Rules, Source
from kpicalc.model.texts import by_spelling, name_key, spelling_key, unknown

RESERVED = frozenset(
    (
        *WORDS,
        *FUNCTIONS,
        *KPI_FUNCTIONS,
        *("total", "accrued"),
        *get_args(EmployeeField),
    ),
) - {"shifts", "month", "months_employed", "hired", "month_start", "month_end", "day", "days"}
"""Words added later are not reserved: a KPI with such a key keeps its meaning in formulas."""
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_NOT_IDENTIFIER = re.compile(r"\W+")


@record
class SchemePieces:
    """The readable entries of one scheme, whatever is wrong with the others."""

    title: str = ""
    rules: Rules | None = None
    audience: Audience | None = None
    pay: tuple[PayItem, ...] = ()
    examples: tuple[object, ...] = ()
    unread: frozenset[str] = frozenset()
    """Ids of components that could not be read: other components may still refer to them."""


@record
class Pieces:
    """The readable entries of a scheme file, so that all problems are shown together."""

    kpi_keys: tuple[str, ...]
    kpis: Mapping[str, Kpi]
    rules: Rules | None
    schemes: Mapping[str, SchemePieces]
    facts: Mapping[str, FactTable | None]
    """Tables of facts; None for one that could not be read."""
    employees: Mapping[str, OwnColumnEntry] = field(default_factory=dict)
    """Columns of the Employees sheet that the file declares."""
    calendar: object = None
    rates: Mapping[str, RateSheet | None] = field(default_factory=dict)
    """Rate sheets; None for one that could not be read."""


def cross_checks(pieces: Pieces, source: Source) -> Iterator[Issue]:
    """Check the entries against each other."""
    for key in pieces.kpi_keys:
        yield from _key(key, ("kpis", key), source)
    yield from _kpis(pieces, source)
    for key in pieces.employees:
        yield from _key(key, ("employees", key), source)
        if key in pieces.kpi_keys:
            yield issue("column_is_kpi", source.place("employees", key), found=key, fixed=f"{key}_own")
    yield from check_facts(pieces.kpis, pieces.facts, pieces.calendar, source)
    yield from check_rates(pieces.rates, source)
    for scheme in pieces.schemes.values():
        yield from check_row_pay(scheme.pay, pieces.facts, pieces.rates, pieces.calendar, source)
    yield from _titles(pieces, source)
    if pieces.rules:
        yield from roundings(pieces.rules, ("rules",), source)
    yield from _open_rules(pieces, source)
    yield from _audiences(pieces, source)
    for key, scheme in pieces.schemes.items():
        yield from _key(key, ("schemes", key), source)
        if scheme.rules:
            yield from roundings(scheme.rules, ("schemes", key, "rules"), source)
        yield from _lines(scheme, pieces, source)
        for number, example in enumerate(scheme.examples):
            yield from _example(example, ("schemes", key, "examples", number), scheme.pay, pieces, source)
            yield from _columns(example, ("schemes", key, "examples", number), pieces, source)


def _key(key: str, path: Path, source: Source) -> Iterator[Issue]:
    if key.casefold() in RESERVED:
        yield issue("reserved_key", source.place(*path), found=key, fixed=f"{key}_1")
    elif not _IDENTIFIER.fullmatch(key):
        fixed = _NOT_IDENTIFIER.sub("_", key).strip("_")
        fixed = fixed if _IDENTIFIER.fullmatch(fixed) else f"k_{fixed}".rstrip("_")
        yield issue("bad_key", source.place(*path), found=key, fixed=fixed)


def _kpis(pieces: Pieces, source: Source) -> Iterator[Issue]:
    for key, kpi in pieces.kpis.items():
        path = ("kpis", key)
        yield from roundings(kpi.part_month, (*path, "part_month"), source)
        if kpi.team and kpi.formula is not None:
            yield issue("kpi_team_or_formula", source.place(*path, "team"), found=key)
        if kpi.team and kpi.of is None:
            yield issue("kpi_team_without_of", source.place(*path, "team"), found=key)
        if kpi.team and kpi.over not in (None, "department", "all", *pieces.employees):
            known = ["department", "all", *pieces.employees]
            yield unknown("group_unknown", source.place(*path, "over"), kpi.over or "", known)
        yield from _range(key, kpi, source)
        if kpi.of is not None:
            if not kpi.team:
                yield issue("kpi_of_without_team", source.place(*path, "of"), found=key)
            if kpi.of not in pieces.kpi_keys:
                others = [name for name in pieces.kpi_keys if name != key]
                yield unknown_kpi(source.place(*path, "of"), kpi.of, pieces, others)
            elif (summed := pieces.kpis.get(kpi.of)) and summed.team:
                yield issue("kpi_team_of_team", source.place(*path, "of"), found=kpi.of)


def _range(key: str, kpi: Kpi, source: Source) -> Iterator[Issue]:
    """Check that a range is stated only where it has a meaning: with given actuals."""
    title = kpi.title or key
    if not kpi.range:
        return
    place = source.place("kpis", key, "range")
    if len(kpi.range) != 2 or kpi.range[0] > kpi.range[1]:
        yield issue("range_form", place, found=", ".join(map(written, kpi.range)))
    if kpi.team or kpi.formula is not None:
        yield issue("range_of_computed", place, found=title)
    share = next((bound for bound in kpi.range if isinstance(bound, PerCent) and bound), None)
    if share is not None and unit_of_kpi(kpi) != "percent":
        yield issue("bound_per_cent", place, found=written(share), title=title, kpi=key)


def _titles(pieces: Pieces, source: Source) -> Iterator[Issue]:
    """Refuse two KPIs or two schemes with one name: names that differ by case or ё look the same in the workbook."""
    entries: list[tuple[Path, str, str]] = [(("kpis", key), key, key) for key in pieces.kpi_keys]
    entries += [(("kpis", key, "title"), key, kpi.title) for key, kpi in pieces.kpis.items() if kpi.title]
    yield from _same("same_title", entries, name_key, source)
    entries = [(("schemes", key), key, key) for key in pieces.schemes]
    entries += [(("schemes", key, "title"), key, item.title) for key, item in pieces.schemes.items() if item.title]
    yield from _same("same_scheme_title", entries, spelling_key, source)


def _same(
    code: str, entries: Iterable[tuple[Path, str, str]], same: Callable[[str], str], source: Source
) -> Iterator[Issue]:
    taken: dict[str, str] = {}
    for path, key, name in entries:
        first = taken.setdefault(same(name), key)
        if first != key:
            yield issue(code, source.place(*path), found=name, first=first, key=key)


def roundings(entry: object, path: Path, source: Source) -> Iterator[Issue]:
    """Check every rounding inside an entry, at any depth: a step is a power of ten, and ties are stated."""
    if isinstance(entry, Rounding):
        if isinstance(entry.round, Decimal):
            if entry.round <= 0 or entry.round.normalize().as_tuple().digits != (1,):
                yield issue("bad_step", source.place(*path, "round"), found=f"{entry.round:f}")
            if entry.ties is None:
                answers = literals_in(Rounding.model_fields["ties"].annotation)
                yield issue("ties_open", source.place(*path), allowed=answers, example=answers[0])
    elif isinstance(entry, BaseModel):
        for name, about in type(entry).model_fields.items():
            yield from roundings(getattr(entry, name), (*path, about.alias or name), source)
    elif isinstance(entry, Mapping):
        for key, value in entry.items():
            yield from roundings(value, (*path, key), source)
    elif isinstance(entry, list | tuple):
        for number, value in enumerate(entry):
            yield from roundings(value, (*path, number), source)


def _open_rules(pieces: Pieces, source: Source) -> Iterator[Issue]:
    if pieces.rules is None:
        return
    for scheme in pieces.schemes.values():
        if scheme.rules and scheme.rules.over(pieces.rules).money is None:
            # One place corrects all of them: one issue, however many schemes there are.
            yield issue("rule_open", source.place("rules"), found="money", step="0.01")
            return


def _audiences(pieces: Pieces, source: Source) -> Iterator[Issue]:
    """Refuse two schemes that claim the same person; the same position is allowed in different departments."""
    taken: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for key, scheme in pieces.schemes.items():
        if scheme.audience is None:
            continue
        departments = frozenset(spelling_key(text) for text in _texts(scheme.audience.department))
        for position in _texts(scheme.audience.position):
            claims = taken.setdefault(spelling_key(position), [])
            # A scheme that states no department is for all departments.
            clash = next(
                (other for other, theirs in claims if not departments or not theirs or departments & theirs), None
            )
            if clash and clash != key:
                place = source.place("schemes", key, "for", "position")
                yield issue("two_schemes_for_position", place, found=position, first=clash, second=key)
            claims.append((key, departments))


def _texts(value: str | list[str] | None) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


def _lines(scheme: SchemePieces, pieces: Pieces, source: Source) -> Iterator[Issue]:
    seen: dict[str, Path] = {}
    for item in scheme.pay:
        stated = getattr(item.component, "id", None)
        key = stated or item.name
        where = (*item.path, item.name)
        if stated:
            yield from _key(stated, (*where, "id"), source)
        if key in seen:
            first = source.place(*seen[key]).line
            yield issue("duplicate_id", source.place(*where), found=key, first=first, fixed=f"{key}_2")
        elif key in pieces.kpi_keys:
            yield issue("id_is_kpi", source.place(*where), found=key, fixed=f"{key}_pay")
        elif key in pieces.employees:
            yield issue("id_is_column", source.place(*where), found=key, fixed=f"{key}_pay")
        seen.setdefault(key, where)
        yield from roundings(item.component, where, source)


def _example(example: object, path: Path, pay: Sequence[PayItem], pieces: Pieces, source: Source) -> Iterator[Issue]:
    for part in ("actual", "plan", "team", "earlier"):
        figures = example.get(part) if isinstance(example, dict) else None
        for key in figures if isinstance(figures, dict) else ():
            kpi = key.removesuffix(PLANNED) if part == "earlier" else key
            if part == "earlier" and key.endswith(PAID):
                line, known = key.removesuffix(PAID), [item.component.id or item.name for item in pay]
                if line not in known:
                    yield unknown("unknown_line", source.place(*path, part, key), line, known)
            elif kpi not in pieces.kpi_keys:
                yield unknown_kpi(source.place(*path, part, key), kpi, pieces, pieces.kpi_keys)


def _columns(example: object, path: Path, pieces: Pieces, source: Source) -> Iterator[Issue]:
    """Check the names of Employees figures in an example."""
    fields = (*get_args(EmployeeField), *get_args(BalanceField), "leaves", *get_args(WithheldField))
    known = [*pieces.employees, *fields]
    figures = example.get("employee") if isinstance(example, dict) else None
    for key in figures if isinstance(figures, dict) else ():
        if key not in known:
            yield unknown("unknown_key", source.place(*path, "employee", key), key, known)


def unknown_kpi(place: Place, name: str, pieces: Pieces, known: Collection[str]) -> Issue:
    """Report a KPI that does not exist: by its title, or with the nearest known key."""
    titles = by_spelling({key: kpi.title or key for key, kpi in pieces.kpis.items()})
    return unknown("unknown_kpi", place, name, known, titles)
