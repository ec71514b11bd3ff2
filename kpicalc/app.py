"""One function per command: read, check, compile, compute, write. The page to read first.

Nothing here prints or exits. A command returns what it found; issues travel as data, and a run with an error among them
writes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.engine.examples import run_examples
from kpicalc.engine.lint.judge import judged
from kpicalc.engine.lint.rule import Subject
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import Payroll
from kpicalc.intake.files import read_book
from kpicalc.intake.scheme import read_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import Language, language_of_environment, severity
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.listing import Listing
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


def _errors(issues: Iterable[Issue]) -> int:
    return sum(severity(found) == "error" for found in issues)


def check(workbook: Path | None, scheme: Path, period: str | None = None, *, remarks: bool = False) -> Outcome:
    """Do everything short of paying: read both files, run the examples, compute the month, look for what is odd.

    `remarks` adds what is said of the scheme itself, which a monthly run does not repeat.
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
        payroll = compute(book, statements, inputs)
        issues += payroll.issues
    if sound:
        issues = judged(issues, Subject(book, statements, payroll), check=remarks)
    unique = tuple(dict.fromkeys(issues))
    if payroll is not None:
        payroll = replace(payroll, issues=unique)
    return Outcome(unique, book.language, book, payroll, examples=examples)


def run(workbook: Path, scheme: Path, *, period: str | None = None, out: Path | None = None) -> Outcome:
    """Pay a month: everything that `check` does, and the payroll workbook if nothing is refused."""
    outcome = check(workbook, scheme, period)
    if outcome.errors or outcome.payroll is None:
        return outcome
    from kpicalc.export.release import release
    from kpicalc.export.workbook import write_workbook

    payroll = outcome.payroll
    path, refused = _output(out, payroll.inputs.period, (workbook, scheme))
    replaced = path.exists()
    if not refused:
        refused = release(path, lambda temporary: write_workbook(payroll, temporary))
    return replace(
        outcome,
        issues=(*outcome.issues, *refused),
        files=() if refused else (path,),
        replaced=replaced,
    )


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


def _write_bytes(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def _output(out: Path | None, period: str, inputs: tuple[Path, ...]) -> tuple[Path, list[Issue]]:
    """Return where the payroll goes: a folder gets `payroll-2026-10.xlsx`, a file name is taken as it is."""
    name = f"payroll-{period}.xlsx"
    path = Path(name) if out is None else out
    if out is not None and (out.is_dir() or not out.suffix):
        path = out / name
    place = Place(str(path))
    if path.suffix.lower() != ".xlsx":
        return path, [issue("output_name", place, found=path.name)]
    if any(path.resolve() == item.resolve() for item in inputs):
        return path, [issue("output_is_input", place)]
    return path, []
