"""Reading a month, the first step of every command: the scheme file, the workbook and earlier payrolls."""

from collections.abc import Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from os.path import exists
from pathlib import Path

from kpicalc.app.outcome import Outcome, error_count
from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.engine.statement import Statement
from kpicalc.intake.files.book import read_book
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import Language, language_of_environment
from kpicalc.model.book import Book
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, folded, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook


@record
class ReadMonth:
    """A scheme file and a month's workbook as they were read, with all their issues.

    `book` is None if the scheme file cannot be read, `inputs` if there is no workbook or it cannot be read. Both may be
    there although errors forbid paying, so callers check `sound` or `usable` before they compute.
    """

    issues: tuple[Issue, ...]
    language: Language
    book: SchemeBook | None = None
    statements: dict[str, Statement] = field(default_factory=dict)
    """The compiled schemes by their keys."""
    inputs: Inputs | None = None
    sound: bool = False
    """True if the scheme itself has no error, so that its examples and its lint can run."""

    @property
    def usable(self) -> bool:
        """Tell whether the scheme and the workbook are both there and without errors."""
        return self.book is not None and self.inputs is not None and not error_count(self.issues)

    def outcome(self) -> Outcome:
        """Return the outcome of a command that has computed nothing yet."""
        return Outcome(self.issues, self.language, self.book, inputs=self.inputs if self.usable else None)


def read_month(
    workbook: Path | Sequence[Path] | None,
    scheme: Path,
    period: str | None = None,
    history: Path | None = None,
    *,
    months: Decimal | None = Decimal(0),
    until: date | None = None,
) -> ReadMonth:
    """Read a scheme file and a month's workbook by it; the issues of both are returned together.

    `history` is the folder of earlier payrolls, if their figures are to be used. `months` is how many earlier months of
    KPIs from facts are wanted besides those that the schemes need; None: as many as plans are made from. `until` is the
    last day whose facts count.
    """
    paths = _paths(workbook)
    raw: list[Book] = []
    workbook_issues: list[Issue] = []
    for path in paths:
        book_, faults = read_book(path)
        raw += [book_] if book_ else []
        workbook_issues += [*faults, *_open_elsewhere(path)]
    book, scheme_issues = read_scheme(scheme)
    issues = [*scheme_issues, *workbook_issues]
    if book is None:
        return ReadMonth(tuple(dict.fromkeys(issues)), language_of_environment())
    statements, compile_issues = compile_schemes(book)
    issues += compile_issues
    sound = not error_count([*scheme_issues, *compile_issues])
    inputs: Inputs | None = None
    if raw and len(raw) == len(paths):
        inputs, input_issues = read_inputs(raw, book, period, _earlier_months(book, statements, months), until)
        issues += input_issues
        # The raw cells are no longer needed, and in a large month they take a third of the memory.
        del raw
    if inputs is not None and sound and history is not None:
        from kpicalc.payroll.months.earlier import join_payrolls

        inputs, history_issues = join_payrolls(inputs, book, statements, history)
        issues += history_issues
    return ReadMonth(tuple(folded(issues)), book.language, book, statements, inputs, sound)


def read_again(workbook: Path | Sequence[Path], book: SchemeBook) -> Book | None:
    """Return a month's workbooks as one, for the rows behind figures; None if a workbook is gone since."""
    from kpicalc.intake.tables import with_facts

    read = [read_book(path)[0] for path in _paths(workbook)]
    raw = [raw_book for raw_book in read if raw_book is not None]
    return with_facts(raw, book, []) if raw and len(raw) == len(read) else None


def _paths(workbook: Path | Sequence[Path] | None) -> list[Path]:
    return [workbook] if isinstance(workbook, Path) else list(workbook or ())


def _open_elsewhere(path: Path) -> list[Issue]:
    """Report a workbook that is open in another program: its saved state is read."""
    # «.» and «/» have no name.
    beside = [path.with_name(name) for name in (f"~${path.name}", f".~lock.{path.name}#") if path.name]
    return [issue("workbook_open", Place(str(path)), found=lock.name) for lock in beside if exists(lock)]


def _earlier_months(book: SchemeBook, statements: dict[str, Statement], months: Decimal | None) -> dict[str, set[str]]:
    """Return the earlier months to read for each KPI."""
    earlier = earlier_months(statements)
    wanted = {str(back) for back in range(1, 1 + int((book.planning.months if months is None else months) or 0))}
    for key, kpi in book.kpis.items():
        if kpi.from_ is not None and wanted:
            earlier.setdefault(key, set()).update(wanted)
    return earlier
