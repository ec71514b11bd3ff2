"""Deciding before paying: what another scheme would have paid over past months. Nothing here is a payroll."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from kpicalc.app.outcome import error_count, output_path
from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.examples import run_examples
from kpicalc.intake.files.book import read_book
from kpicalc.intake.scheme.errors import near
from kpicalc.intake.scheme.settings import SchemeText, Setting, open_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import LANGUAGES, Language, language_of_environment, message, severity, word
from kpicalc.model.book import Book
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import title
from kpicalc.model.scheme import SchemeBook
from kpicalc.planning.replay.replay import Month, replayed
from kpicalc.planning.replay.result import Replay
from kpicalc.planning.replay.sides import Side

Tick = Callable[[str, int, int], None]
"""Told while work goes on: the stage, how much of it is done, of how much."""
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Tried:
    """What a replay found; `replay` is there only where at least one month could be paid by both schemes."""

    issues: tuple[Issue, ...]
    language: Language
    old: SchemeBook | None = None
    new: SchemeBook | None = None
    replay: Replay | None = None
    settings: tuple[Setting, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many issues forbid an answer."""
        return error_count(self.issues)


def replay(
    months: Sequence[Path],
    scheme: Path,
    *,
    other: Path | None = None,
    settings: Sequence[Setting] = (),
    base: str | None = None,
    vary: tuple[str, Sequence[Decimal]] | None = None,
    out: Path | None = None,
    tick: Tick | None = None,
) -> Tried:
    """Pay months by a scheme and by another one: `other` is its file, or `settings` say what differs.

    `base` and the KPI of `vary` are keys or titles. Writes a workbook, or a page for a browser, where `out` names it.
    """
    old, issues = stated_side(scheme)
    if old is None:
        return Tried(tuple(issues), language_of_environment())
    text, found = open_scheme(other or scheme)
    new, more = side_of(*(text.changed(settings) if settings else text.stated())) if text else (None, found)
    issues += more
    language = old.book.language
    if new is None or error_count(issues):
        return Tried(tuple(dict.fromkeys(issues)), language, old.book, new.book if new else None)
    examples = failed_examples(new)
    base_key = _kpi(base, old.book, issues) if base is not None else None
    vary_key = varied_kpi(vary[0], old.book, issues) if vary is not None else None
    read = read_months(months, old, new, issues, tick=tick)
    if error_count(issues) or not read:
        return Tried(tuple(dict.fromkeys(issues)), language, old.book, new.book)
    shares = (vary_key, vary[1]) if vary is not None and vary_key is not None else None
    result = replace(replayed(old, new, read, base=base_key, vary=shares), examples=tuple(examples))
    issues += [*examples, *told(result, language, base)]
    tried = Tried(tuple(dict.fromkeys(issues)), language, old.book, new.book, result, tuple(settings))
    if not result.months:
        whole = issue("replay_nothing", Place(str(months[0])), count=len(read))
        reasons = [reason for month in result.months_out for reason in month.issues]
        return replace(tried, issues=tuple(dict.fromkeys([whole, *reasons, *tried.issues])), replay=None)
    return tried if out is None else _written(tried, result, out, (scheme, *([other] if other else []), *months))


def _written(tried: Tried, result: Replay, out: Path, inputs: tuple[Path, ...]) -> Tried:
    from kpicalc.exchange.release import release
    from kpicalc.planning.replay.workbook import write_replay

    path, refused = output_path(out, "replay.xlsx", inputs)
    assert tried.old is not None
    assert tried.new is not None
    old, new = tried.old, tried.new
    if not refused:
        refused = release(path, lambda temporary: write_replay(result, old, new, tried.settings, temporary))
    return replace(tried, issues=(*tried.issues, *refused), files=() if refused else (path,))


# -- schemes --------------------------------------------------------------------------------------------------------


def stated_side(scheme: Path) -> tuple[Side | None, list[Issue]]:
    """Return the scheme as it is; its own worked examples must come out, as before any payment."""
    text, issues = open_scheme(scheme)
    if text is None:
        return None, issues
    side, issues = side_of(*text.stated())
    if side is not None and not error_count(issues):
        for statement in side.statements.values():
            issues += run_examples(statement, side.book)
    return side, issues


def side_of(book: SchemeBook | None, issues: list[Issue]) -> tuple[Side | None, list[Issue]]:
    """Compile a scheme; where it has errors they stand among the issues."""
    if book is None:
        return None, issues
    statements, found = compile_schemes(book)
    return Side(book, statements), [*issues, *found]


def failed_examples(side: Side) -> list[Issue]:
    """Return the worked examples that a changed scheme fails: that is what a change does, and nothing in the way."""
    found: list[Issue] = []
    for statement in side.statements.values():
        for failed in run_examples(statement, side.book):
            facts = {"title": failed.fact("title"), "found": message(failed, side.book.language)}
            found.append(issue("replay_example", failed.place, **facts))
    return found


def changed_side(text: SchemeText, settings: Sequence[Setting]) -> tuple[Side | None, list[Issue]]:
    """Return a scheme with options set otherwise."""
    return side_of(*text.changed(settings))


# -- months ---------------------------------------------------------------------------------------------------------


def read_months(
    paths: Sequence[Path], old: Side, new: Side, issues: list[Issue], *, tick: Tick | None = None
) -> list[Month]:
    """Read every month as both schemes need it; a month that the scheme as it is cannot read is an error."""
    files = _files(paths, issues)
    earlier = {key: old.earlier.get(key, set()) | new.earlier.get(key, set()) for key in {*old.earlier, *new.earlier}}
    found: dict[str, Month] = {}
    remarks = 0
    for number, path in enumerate(files):
        if tick:
            tick("months", number, len(files))
        raw, problems = read_book(path)
        if raw is not None and path not in paths and _is_ours(raw):
            issues.append(issue("replay_not_a_month", Place(str(path)), found=path.name))
            continue
        inputs, more = read_inputs(raw, old.book, None, _known(earlier, old.book)) if raw else (None, [])
        problems = [*problems, *more]
        refused = [item for item in problems if severity(item) == "error"]
        issues += refused
        remarks += len(problems) - len(refused)
        if raw is None or inputs is None or refused:
            continue
        if inputs.period in found:
            facts = {"month": title(inputs.period, old.book.language), "first": found[inputs.period].file}
            issues.append(issue("replay_month_twice", Place(str(path)), **facts))
            continue
        alike = _read_alike(old.book, new.book)
        other, why = (inputs, ()) if alike else _other(raw, new, inputs.period, earlier)
        found[inputs.period] = Month(inputs.period, str(path), inputs, other, why)
    if tick:
        tick("months", len(files), len(files))
    if remarks:
        issues.append(issue("replay_remarks", Place(str(paths[0])), count=remarks))
    return [found[period] for period in sorted(found)]


def _other(raw: Book, new: Side, period: str, earlier: dict[str, set[str]]) -> tuple[Inputs | None, tuple[Issue, ...]]:
    inputs, problems = read_inputs(
        raw, new.book, period, {key: earlier[key] for key in earlier if key in new.book.kpis}
    )
    why = tuple(item for item in problems if severity(item) == "error")
    return (None if why else inputs), why


def _known(earlier: dict[str, set[str]], book: SchemeBook) -> dict[str, set[str]]:
    return {key: months for key, months in earlier.items() if key in book.kpis}


def _read_alike(old: SchemeBook, new: SchemeBook) -> bool:
    """Tell whether a workbook means the same to both schemes."""

    def reading(book: SchemeBook) -> tuple[object, ...]:
        people = {key: (scheme.title, scheme.audience) for key, scheme in book.schemes.items()}
        return (book.kpis, book.facts, book.workbook, book.calendar, book.language, people)

    return old is new or reading(old) == reading(new)


def _files(paths: Sequence[Path], issues: list[Issue]) -> list[Path]:
    """Return the workbooks named, and those of the folders named."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = [found for found in sorted(path.iterdir()) if found.suffix.lower() in _WORKBOOKS]
        inside = [found for found in inside if not found.name.startswith((".", "~$"))]
        if not inside:
            issues.append(issue("replay_folder_empty", Place(str(path)), found=path.name))
        files += inside
    return list(dict.fromkeys(files))


def _is_ours(raw: Book) -> bool:
    """Tell whether a workbook of a folder is a payroll or a replay, which is no month's input."""
    names = {sheet.name for sheet in raw.sheets}
    payrolls = ({word(f"sheets.name.{name}", language) for name in ("payroll", "run")} for language in LANGUAGES)
    replays = ({word(f"replay.sheet.{name}", language) for name in ("summary", "terms")} for language in LANGUAGES)
    return any(own <= names for own in (*payrolls, *replays))


# -- what is told ---------------------------------------------------------------------------------------------------


def told(result: Replay, language: Language, base: str | None) -> list[Issue]:
    """Return what is left out of a replay or assumed in it: named once each."""
    found = []
    both = [out.period for out in result.months_out if out.by == "new"]
    for out in result.months_out if result.months else ():
        # What neither scheme can compute is told once.
        side = "both" if out.by == "old" and out.period in both else out.by
        if side == "new" and any(one.period == out.period and one.by == "old" for one in result.months_out):
            continue
        facts = {"month": title(out.period, language), "scheme": word(f"replay.side.{side}", language)}
        first = message(out.issues[0], language) if out.issues else "—"
        found.append(issue("replay_month_left_out", Place(out.file), found=first, count=len(out.issues), **facts))
    for month in result.months:
        if month.left_out:
            names = [f"{person.id} {person.name}" for person in month.left_out]
            facts = {"month": title(month.period, language)}
            found.append(issue("replay_left_out", Place(month.file), found=names, count=len(names), **facts))
        if base is not None and month.base is None:
            facts = {"month": title(month.period, language), "found": base}
            found.append(issue("replay_base_lacks", Place(month.file), **facts))
    for balance in dict.fromkeys(name for _, _, name in result.begun):
        months = list(dict.fromkeys(title(period, language) for period, _, name in result.begun if name == balance))
        heading = word(f"headings.employee.{balance}", language)
        found.append(
            issue(
                "replay_balance_begins",
                Place(result.months[0].file if result.months else ""),
                title=heading,
                found=months,
            )
        )
    return found


def _kpi(text: str, book: SchemeBook, issues: list[Issue]) -> str | None:
    """Return the key of a KPI named by its key or title; an unknown one is an issue."""
    names = {key: key for key in book.kpis} | {book.kpi_title(key).casefold(): key for key in book.kpis}
    found = names.get(text) or names.get(text.casefold())
    if found is None:
        issues.append(near("replay_kpi", book.source.place("kpis"), text, list(book.kpis)))
    return found


def varied_kpi(text: str, book: SchemeBook, issues: list[Issue]) -> str | None:
    """Return the key of a KPI whose results can be moved: one that the workbook or a table of facts gives."""
    key = _kpi(text, book, issues)
    if key is not None and (book.kpis[key].formula is not None or book.kpis[key].team is not None):
        made = book.kpis[key].formula or book.kpis[key].of or ""
        issues.append(
            issue("replay_vary_computed", book.source.place("kpis", key), title=book.kpi_title(key), found=made)
        )
        return None
    return key
