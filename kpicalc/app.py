"""One function per command: read, check, compile, compute, write. The page to read first.

Nothing here prints or exits. A command returns what it found; issues travel as data, and a run with an error among them
writes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from kpicalc.engine.comparison import Comparison, compare_months
from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.engine.examples import run_examples
from kpicalc.engine.payroll import compute
from kpicalc.engine.plausible import doubts, without_examples
from kpicalc.engine.result import Payroll
from kpicalc.intake.files import read_book
from kpicalc.intake.payrolls.earlier import join_payrolls
from kpicalc.intake.payrolls.written import read_payroll
from kpicalc.intake.scheme import read_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import Language, language_of_environment, severity
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.listing import Listing
from kpicalc.model.period import in_file_name, payroll_name, title
from kpicalc.model.scheme import SchemeBook


@dataclass(frozen=True)
class Outcome:
    """What a command found. `payroll` is there only when everything needed for it could be read."""

    issues: tuple[Issue, ...]
    language: Language
    book: SchemeBook | None = None
    payroll: Payroll | None = None
    files: tuple[Path, ...] = ()
    examples: int = 0
    replaced: bool = False
    """True where a payroll of the same name stood there before."""

    @property
    def errors(self) -> int:
        """Return how many issues forbid paying."""
        return _errors(self.issues)

    @property
    def attention(self) -> bool:
        """Tell whether somebody is held."""
        return bool(self.payroll and self.payroll.held)

    @property
    def warnings(self) -> int:
        """Return how many issues are warnings."""
        return sum(severity(found) == "warning" for found in self.issues)


@dataclass(frozen=True)
class Compared:
    """What differs between two payrolls; `comparison` is there only where both could be read."""

    issues: tuple[Issue, ...]
    language: Language
    comparison: Comparison | None = None
    files: tuple[Path, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many issues forbid comparing."""
        return _errors(self.issues)


def _errors(issues: Iterable[Issue]) -> int:
    return sum(severity(found) == "error" for found in issues)


def check(workbook: Path | None, scheme: Path, period: str | None = None, history: Path | None = None) -> Outcome:
    """Do everything short of paying: read both files, run the examples, compute the month.

    `history` is the folder of the payrolls of earlier months, where their figures are to be taken from these.
    """
    raw, issues = read_book(workbook) if workbook else (None, [])
    book, scheme_issues = read_scheme(scheme)
    issues = [*scheme_issues, *issues]
    if book is None:
        return Outcome(tuple(issues), language_of_environment())
    statements, found = compile_schemes(book)
    issues += found
    sound = not _errors([*scheme_issues, *found])
    examples = 0
    if sound:
        for statement in statements.values():
            issues += run_examples(statement, book)
            examples += len(statement.scheme.examples)
    earlier = earlier_months(statements)
    inputs, found = read_inputs(raw, book, period, earlier) if raw else (None, [])
    # The raw cells are not needed any more, and in a large month they are a third of the memory.
    del raw
    issues += found
    payroll = None
    if inputs is not None and sound:
        if history is not None:
            inputs, found = join_payrolls(inputs, book, statements, history)
            issues += found
        payroll = compute(book, statements, inputs)
        issues += payroll.issues
    if sound:
        issues += doubts(book, payroll)
        if not _errors(issues):
            issues += without_examples(book)
    unique = tuple(dict.fromkeys(issues))
    if payroll is not None:
        payroll = replace(payroll, issues=unique)
    return Outcome(unique, book.language, book, payroll, examples=examples)


def run(
    workbook: Path,
    scheme: Path,
    *,
    period: str | None = None,
    out: Path | None = None,
    history: Path | None = None,
) -> Outcome:
    """Pay a month: everything that `check` does, and the payroll workbook if nothing is refused."""
    outcome = check(workbook, scheme, period, history)
    if outcome.errors or outcome.payroll is None:
        return outcome
    from kpicalc.export.release import release
    from kpicalc.export.workbook import write_workbook

    payroll = outcome.payroll
    earlier = tuple(Path(found.file) for found in payroll.inputs.payrolls)
    path, refused = _output(out, payroll.inputs.period, (workbook, scheme, *earlier))
    refused = refused or _closed(path, payroll)
    replaced = path.exists()
    if not refused:
        refused = release(path, lambda temporary: write_workbook(payroll, temporary))
    return replace(
        outcome,
        issues=(*outcome.issues, *refused),
        files=() if refused else (path,),
        replaced=replaced,
    )


def compare(old: Path, new: Path, adjustments: Path | None = None) -> Compared:
    """Say who is paid differently by two payrolls of one month; write the differences as rows of adjustments."""
    from kpicalc.export.adjustment_rows import write_adjustments
    from kpicalc.export.release import release

    paid, issues = read_payroll(old)
    anew, found = read_payroll(new)
    issues += found
    if paid and anew and paid.period != anew.period:
        months = {name: title(month.period, anew.language) for name, month in (("old", paid), ("found", anew))}
        issues.append(issue("compare_months", Place(str(new)), **months))
    if adjustments and adjustments.suffix.lower() not in (".csv", ".xlsx"):
        issues.append(issue("compare_output", Place(str(adjustments)), found=adjustments.name))
    if adjustments and any(adjustments.resolve() == item.resolve() for item in (old, new)):
        issues.append(issue("output_is_input", Place(str(adjustments))))
    if _errors(issues) or paid is None or anew is None:
        return Compared(tuple(issues), anew.language if anew else language_of_environment())
    comparison = compare_months(paid, anew)
    if adjustments:
        issues += release(adjustments, lambda path: write_adjustments(comparison, anew.language, path))
    files = (adjustments,) if adjustments and not _errors(issues) else ()
    return Compared(tuple(issues), anew.language, comparison, files)


def fact_rows(outcome: Outcome, workbook: Path, kpi: str, payee: int) -> Listing | None:
    """Return the rows of facts behind a payee's figure in a month that was checked; None where they are gone since."""
    from kpicalc.intake.facts.listing import list_rows

    raw, _ = read_book(workbook)
    if raw is None or outcome.book is None or outcome.payroll is None:
        return None
    return list_rows(raw, outcome.book, outcome.payroll.inputs, kpi, payee, [])


def init(folder: Path, template: Path, period: str) -> Outcome:
    """Make a folder to start from: the template's scheme, and a workbook of that month to fill in."""
    from kpicalc.export.release import release
    from kpicalc.intake.form import write_form

    book, issues = read_scheme(template)
    if book is None or issues:
        return Outcome(tuple(issues), language_of_environment())
    statements, _ = compile_schemes(book)
    scheme, workbook = folder / "scheme.yaml", folder / f"{period}.xlsx"
    taken = [path for path in (scheme, workbook) if path.exists()]
    if taken:
        found = (issue("init_exists", Place(str(path)), found=template.parent.name) for path in taken)
        return Outcome(tuple(found), book.language, book)
    text = template.read_bytes()
    refused = release(scheme, lambda path: _write_bytes(path, text))
    if not refused:
        refused = release(workbook, lambda path: write_form(book, statements, path))
        if refused:
            # Both or none: a scheme alone would stand in the way of the next try.
            scheme.unlink()
    return Outcome(tuple(refused), book.language, book, files=() if refused else (scheme, workbook))


def _closed(path: Path, payroll: Payroll) -> list[Issue]:
    """Refuse to write over a month that a later month in the same folder has followed: it is closed."""
    month, language = payroll.inputs.period, payroll.book.language
    if path.name != payroll_name(month) or not path.exists():
        return []
    # The names sort as the months do.
    later = sorted(found.name for found in path.parent.glob(payroll_name("20??-??")) if found.name > path.name)
    followed = in_file_name(later[0]) if later else None
    if followed is None:
        return []
    closed = title(month, language)
    names = {"month": closed[0].upper() + closed[1:], "later": title(followed, language)}
    return [issue("month_closed", Place(str(path)), **names)]


def _write_bytes(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def _output(out: Path | None, period: str, inputs: tuple[Path, ...]) -> tuple[Path, list[Issue]]:
    """Return where the payroll goes: a folder gets `payroll-2026-10.xlsx`, a file name is taken as it is."""
    name = payroll_name(period)
    path = Path(name) if out is None else out
    if out is not None and (out.is_dir() or not out.suffix):
        path = out / name
    place = Place(str(path))
    if path.suffix.lower() != ".xlsx":
        return path, [issue("output_name", place, found=path.name)]
    if any(path.resolve() == item.resolve() for item in inputs):
        return path, [issue("output_is_input", place)]
    return path, []
