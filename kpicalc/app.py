"""One function per command: read, check, compile, compute, write. The page to read first.

Nothing here prints or exits. A command returns what it found; issues travel as data, and a run with an error among them
writes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.engine.examples import run_examples
from kpicalc.engine.payroll import compute
from kpicalc.engine.plausible import doubts, without_examples
from kpicalc.engine.result import Payroll
from kpicalc.intake.files import read_book
from kpicalc.intake.names import sheet_title
from kpicalc.intake.scheme import read_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import Language, language_of_environment, severity
from kpicalc.model.funnel import FunnelMonth
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.listing import Listing
from kpicalc.model.progress import Progress
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.targets import PlanFromHistory
from kpicalc.planning.from_history import plan_from_history, terms_of
from kpicalc.planning.funnel import funnels_of
from kpicalc.planning.progress import progress_of


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


def check(workbook: Path | None, scheme: Path, period: str | None = None) -> Outcome:
    """Do everything short of paying: read both files, run the examples, compute the month."""
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
        issues += doubts(book, payroll)
        if not _errors(issues):
            issues += without_examples(book)
    unique = tuple(dict.fromkeys(issues))
    if payroll is not None:
        payroll = replace(payroll, issues=unique)
    return Outcome(unique, book.language, book, payroll, examples=examples)


def read(
    workbook: Path, scheme: Path, period: str | None = None, months: Decimal | None = Decimal(0)
) -> tuple[Outcome, Inputs | None]:
    """Read both files without paying, for all that is done besides; no inputs where an error forbids using them.

    `months` is how many earlier months are wanted of KPIs that come from facts; None: as many as plans are made from.
    """
    raw, found_in_file = read_book(workbook)
    book, issues = read_scheme(scheme)
    issues = [*issues, *found_in_file]
    if book is None:
        return Outcome(tuple(issues), language_of_environment()), None
    statements, found = compile_schemes(book)
    earlier = earlier_months(statements)
    wanted = {str(back) for back in range(1, 1 + int((book.planning.months if months is None else months) or 0))}
    for key, kpi in book.kpis.items():
        if kpi.from_ is not None and wanted:
            earlier.setdefault(key, set()).update(wanted)
    inputs, found_in_sheets = read_inputs(raw, book, period, earlier) if raw else (None, [])
    outcome = Outcome(tuple(dict.fromkeys([*issues, *found, *found_in_sheets])), book.language, book)
    return outcome, None if outcome.errors else inputs


def funnel(
    workbook: Path, scheme: Path, period: str | None = None
) -> tuple[Outcome, Inputs | None, tuple[FunnelMonth, ...]]:
    """Count a month's funnels."""
    outcome, inputs = read(workbook, scheme, period)
    # A scheme with errors may have a funnel that could not be read.
    if outcome.book is not None and not outcome.book.funnels and not outcome.errors:
        found = issue("funnel_none", outcome.book.source.place())
        return replace(outcome, issues=(*outcome.issues, found)), None, ()
    if outcome.book is None or inputs is None:
        return outcome, None, ()
    return outcome, inputs, funnels_of(outcome.book, inputs)


def plan(
    workbook: Path,
    scheme: Path,
    *,
    period: str | None = None,
    out: Path | None = None,
    months: Decimal | None = None,
    growth: Decimal | None = None,
    step: Decimal | None = None,
    available: bool = False,
) -> tuple[Outcome, Inputs | None, PlanFromHistory | None]:
    """Plan a month from the months before it, and write the plans where a file or folder is named."""
    outcome, inputs = read(workbook, scheme, period, months)
    book = outcome.book
    if book is None or inputs is None:
        return outcome, None, None
    terms, found = terms_of(book, months, growth, step, available=available)
    if "history" not in inputs.sheets and not inputs.history:
        found.append(issue("planning_no_history", Place(inputs.file), sheet=sheet_title("history", book.language)))
    if terms is None or found:
        return replace(outcome, issues=(*outcome.issues, *found)), None, None
    made, found = plan_from_history(book, compile_schemes(book)[0], inputs, terms)
    outcome = replace(outcome, issues=(*outcome.issues, *found))
    if out is None or outcome.errors:
        return outcome, inputs, made
    from kpicalc.export.plan_workbook import write_plan
    from kpicalc.export.release import release

    path, refused = _output(out, f"plan-{inputs.period}.xlsx", (workbook, scheme))
    replaced = path.exists()
    if not refused:
        refused = release(path, lambda temporary: write_plan(made, book, inputs, temporary))
    files = () if refused else (path,)
    return replace(outcome, issues=(*outcome.issues, *refused), files=files, replaced=replaced), inputs, made


def progress(
    workbook: Path, scheme: Path, period: str | None = None
) -> tuple[Outcome, Inputs | None, Callable[[int, date], Progress] | None]:
    """Return what tells a payee's progress at a date."""
    outcome, inputs = read(workbook, scheme, period)
    book = outcome.book
    if book is None or inputs is None:
        return outcome, None, None
    statements, _ = compile_schemes(book)
    working: Sequence[date] = ()
    if book.calendar is not None:
        from kpicalc.intake.calendar import month_of

        working = month_of(book.calendar, inputs.period).working
    return outcome, inputs, lambda payee, on: progress_of(book, statements, inputs, payee, on, working)


def run(workbook: Path, scheme: Path, *, period: str | None = None, out: Path | None = None) -> Outcome:
    """Pay a month: everything that `check` does, and the payroll workbook if nothing is refused."""
    outcome = check(workbook, scheme, period)
    if outcome.errors or outcome.payroll is None:
        return outcome
    from kpicalc.export.release import release
    from kpicalc.export.workbook import write_workbook

    payroll = outcome.payroll
    path, refused = _output(out, f"payroll-{payroll.inputs.period}.xlsx", (workbook, scheme))
    replaced = path.exists()
    if not refused:
        funnels = funnels_of(payroll.book, payroll.inputs)
        refused = release(path, lambda temporary: write_workbook(payroll, temporary, funnels))
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
    """Make a folder to start from: the template's scheme, a workbook of that month to fill in, and a README."""
    from kpicalc.export.release import release
    from kpicalc.intake.form_guide import guide
    from kpicalc.intake.form_workbook import write_form
    from kpicalc.intake.templates import about

    book, issues = read_scheme(template)
    if book is None or issues:
        return Outcome(tuple(issues), language_of_environment())
    statements, _ = compile_schemes(book)
    files = (folder / "scheme.yaml", folder / f"{period}.xlsx", folder / "README.md")
    taken = [path for path in files if path.exists()]
    if taken:
        found = (issue("init_exists", Place(str(path)), found=template.parent.name) for path in taken)
        return Outcome(tuple(found), book.language, book)
    readme = guide(book, statements, about(template), period, files[0].name, files[1].name)
    writers: tuple[Callable[[Path], None], ...] = (
        lambda path: _write_bytes(path, template.read_bytes()),
        lambda path: write_form(book, statements, path, period),
        lambda path: _write_bytes(path, readme.encode()),
    )
    for number, (path, write) in enumerate(zip(files, writers, strict=True)):
        if refused := release(path, write):
            # All or none: what is there already would stand in the way of the next try.
            for done in files[:number]:
                done.unlink()
            return Outcome(tuple(refused), book.language, book)
    return Outcome((), book.language, book, files=files)


def _write_bytes(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def _output(out: Path | None, name: str, inputs: tuple[Path, ...]) -> tuple[Path, list[Issue]]:
    """Return where a workbook goes: a folder gets it under its usual name, a file name is taken as it is."""
    path = Path(name) if out is None else out
    if out is not None and (out.is_dir() or not out.suffix):
        path = out / name
    place = Place(str(path))
    if path.suffix.lower() != ".xlsx":
        return path, [issue("output_name", place, found=path.name)]
    if any(path.resolve() == item.resolve() for item in inputs):
        return path, [issue("output_is_input", place)]
    return path, []
