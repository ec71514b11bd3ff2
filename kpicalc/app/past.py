"""Past months and the schemes tried over them: read and compiled once for all questions."""

from collections.abc import Sequence
from pathlib import Path

from kpicalc.app.outcome import error_count
from kpicalc.engine.compile import compile_schemes
from kpicalc.engine.examples import run_examples
from kpicalc.engine.row_rules import row_rules
from kpicalc.intake.files.book import read_book
from kpicalc.intake.scheme.settings import SchemeText, Setting, open_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import LANGUAGES, message, severity, word
from kpicalc.model.book import Book
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import title
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.stage import Listener
from kpicalc.model.texts import unknown
from kpicalc.planning.replay.replay import Month
from kpicalc.planning.replay.sides import Side

Tick = Listener
"""It is called as work goes on: the stage, how much of it is done, of how much."""
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


# -- schemes --------------------------------------------------------------------------------------------------------


def stated_side(scheme: Path) -> tuple[Side | None, list[Issue]]:
    """Return the current scheme; its own worked examples must come out, as before any payment."""
    text, issues = open_scheme(scheme)
    if text is None:
        return None, issues
    side, issues = side_of(*text.stated())
    if side is not None and not error_count(issues):
        for statement in side.statements.values():
            issues += run_examples(statement, side.book)
    return side, issues


def side_of(book: SchemeBook | None, issues: list[Issue]) -> tuple[Side | None, list[Issue]]:
    """Compile a scheme; its errors are added to the issues."""
    if book is None:
        return None, issues
    statements, faults = compile_schemes(book)
    return Side(book, statements), [*issues, *faults]


def failed_examples(side: Side) -> list[Issue]:
    """Report once that a changed scheme fails worked examples; this is expected and forbids nothing."""
    failed = [
        (key, failure) for key, statement in side.statements.items() for failure in run_examples(statement, side.book)
    ]
    if not failed:
        return []
    count = len({(key, failure.fact("title")) for key, failure in failed})
    _, first = failed[0]
    return [issue("replay_example", first.place, count=count, found=message(first, side.book.language))]


def changed_side(text: SchemeText, settings: Sequence[Setting]) -> tuple[Side | None, list[Issue]]:
    """Return a scheme with some options set to other values."""
    return side_of(*text.changed(settings))


# -- months ---------------------------------------------------------------------------------------------------------


def read_months(
    paths: Sequence[Path],
    old: Side,
    new: Side,
    issues: list[Issue],
    *,
    history: Path | None = None,
    tick: Tick | None = None,
) -> list[Month]:
    """Read every month for both schemes; a month that the current scheme cannot read is an error.

    `history` is the folder of earlier payrolls: their figures count like typed ones.
    """
    files = _files(paths, issues)
    earlier = {key: old.earlier.get(key, set()) | new.earlier.get(key, set()) for key in {*old.earlier, *new.earlier}}
    if history is not None and not history.is_dir():
        issues.append(issue("history_folder", Place(str(history)), found=history.name))
        return []
    by_period: dict[str, Month] = {}
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
        earlier_read = inputs
        if inputs is not None and history is not None:
            inputs, more = _joined(inputs, old, old, history)
            problems += more
        refused = [item for item in problems if severity(item) == "error"]
        issues += refused
        remarks += len(problems) - len(refused)
        if raw is None or inputs is None or refused:
            continue
        if inputs.period in by_period:
            facts = {"month": title(inputs.period, old.book.language), "first": by_period[inputs.period].file}
            issues.append(issue("replay_month_twice", Place(str(path)), **facts))
            continue
        alike = _read_alike(old.book, new.book)
        other, why = (inputs, ()) if alike else _other(raw, new, inputs.period, earlier)
        if history is not None and other is not None and (needs := _needs(new)) != _needs(old) and needs:
            assert earlier_read is not None
            other, more = _joined(earlier_read if alike else other, new, old, history)
            why = tuple(item for item in more if severity(item) == "error")
            remarks += len({*more} - {*problems, *why})
            other = None if why else other
        by_period[inputs.period] = Month(inputs.period, str(path), inputs, other, why)
    if tick:
        tick("months", len(files), len(files))
    if remarks:
        issues.append(issue("replay_remarks", Place(str(paths[0])), count=remarks))
    return [by_period[period] for period in sorted(by_period)]


def _joined(inputs: Inputs, side: Side, old: Side, history: Path) -> tuple[Inputs, list[Issue]]:
    """Return a month with the figures of earlier months that a scheme needs, taken from their payrolls.

    Those payrolls were paid by the current scheme.
    """
    from kpicalc.payroll.months.earlier import join_payrolls

    return join_payrolls(inputs, side.book, side.statements, history, carried=old.carries)


def _needs(side: Side) -> tuple[object, ...]:
    return (*side.carries, *sorted((kpi, *sorted(spans)) for kpi, spans in side.earlier.items()))


def _other(raw: Book, new: Side, period: str, earlier: dict[str, set[str]]) -> tuple[Inputs | None, tuple[Issue, ...]]:
    inputs, problems = read_inputs(raw, new.book, period, _known(earlier, new.book))
    why = tuple(item for item in problems if severity(item) == "error")
    return (None if why else inputs), why


def _known(earlier: dict[str, set[str]], book: SchemeBook) -> dict[str, set[str]]:
    return {key: months for key, months in earlier.items() if key in book.kpis}


def _read_alike(old: SchemeBook, new: SchemeBook) -> bool:
    """Tell whether both schemes read a workbook alike."""

    def reading(book: SchemeBook) -> tuple[object, ...]:
        people = {key: (scheme.title, scheme.audience) for key, scheme in book.schemes.items()}
        rows = (book.rates, row_rules(book))
        return (book.kpis, book.facts, rows, book.workbook, book.calendar, book.language, people)

    return old is new or reading(old) == reading(new)


def _files(paths: Sequence[Path], issues: list[Issue]) -> list[Path]:
    """Return the stated workbooks, and those in the stated folders."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = [file for file in sorted(path.iterdir()) if file.suffix.lower() in _WORKBOOKS]
        inside = [file for file in inside if not file.name.startswith((".", "~$"))]
        if not inside:
            issues.append(issue("replay_folder_empty", Place(str(path)), found=path.name))
        files += inside
    return list(dict.fromkeys(files))


def _is_ours(raw: Book) -> bool:
    """Tell whether a workbook in a folder is a payroll or a replay, and so no input."""
    names = {sheet.name for sheet in raw.sheets}
    payrolls = ({word(f"sheets.name.{name}", language) for name in ("payroll", "run")} for language in LANGUAGES)
    replays = ({word(f"replay.sheet.{name}", language) for name in ("summary", "terms")} for language in LANGUAGES)
    return any(sheets <= names for sheets in (*payrolls, *replays))


def kpi_of(text: str, book: SchemeBook, issues: list[Issue]) -> str | None:
    """Return the key of a KPI from its key or title; an unknown one is an issue."""
    names = {key: key for key in book.kpis} | {book.kpi_title(key).casefold(): key for key in book.kpis}
    known = names.get(text) or names.get(text.casefold())
    if known is None:
        issues.append(unknown("replay_kpi", book.source.place("kpis"), text, list(book.kpis)))
    return known


def varied_kpi(text: str, book: SchemeBook, issues: list[Issue]) -> str | None:
    """Return the key of a KPI whose results can be moved: one from the workbook or a table of facts."""
    key = kpi_of(text, book, issues)
    if key is not None and (book.kpis[key].formula is not None or book.kpis[key].team is not None):
        made = book.kpis[key].formula or book.kpis[key].of or ""
        issues.append(
            issue("replay_vary_computed", book.source.place("kpis", key), title=book.kpi_title(key), found=made)
        )
        return None
    return key
