"""One function per command: read, check, compile, compute, write. The page to read first.

Nothing here prints or exits. A command returns what it found; issues travel as data, and a run with an error among them
writes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.app.closed import closed
from kpicalc.engine.compile import compile_schemes, earlier_months
from kpicalc.engine.examples import run_examples
from kpicalc.engine.lint.judge import judged
from kpicalc.engine.lint.rule import Subject
from kpicalc.engine.payroll import compute
from kpicalc.engine.result import Payroll
from kpicalc.intake.files import read_book
from kpicalc.intake.payrolls.earlier import join_payrolls
from kpicalc.intake.scheme import read_scheme
from kpicalc.intake.tables import read_inputs
from kpicalc.lang import Language, language_of_environment, severity
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.listing import Listing
from kpicalc.model.paid import Count, Paid
from kpicalc.model.period import payroll_name
from kpicalc.model.scheme import SchemeBook

if TYPE_CHECKING:
    from kpicalc.export.target import Order
    from kpicalc.model.organisation import Organisation


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
    order: "Order | None" = None
    """What the files for 1C and banks are made from, where some are wanted."""

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


def check(
    workbook: Path | None,
    scheme: Path,
    period: str | None = None,
    history: Path | None = None,
    *,
    remarks: bool = False,
) -> Outcome:
    """Do everything short of paying: read both files, run the examples, compute the month, look for what is odd.

    `history`: a folder of payrolls for earlier months. `remarks` adds what is said of the scheme itself.
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
        issues = judged(issues, Subject(book, statements, payroll), check=remarks)
    unique = tuple(dict.fromkeys(issues))
    if payroll is not None:
        payroll = replace(payroll, issues=unique)
    return Outcome(unique, book.language, book, payroll, examples=examples)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files asked for besides the payroll: names of targets, whose organisation, when and under which number."""

    targets: tuple[str, ...]
    organisation: Path | None = None
    day: date | None = None
    number: str | None = None


def prepare(
    workbook: Path | None,
    scheme: Path,
    period: str | None = None,
    wanted: Wanted | None = None,
    history: Path | None = None,
    *,
    remarks: bool = False,
) -> Outcome:
    """Check a month together with the files wanted from it: the organisation, bank details, amounts."""
    organisation, found = _organisation(wanted, [scheme.parent])
    outcome = check(workbook, scheme, period, history, remarks=remarks)
    outcome = replace(outcome, issues=(*outcome.issues, *found))
    if wanted is None or outcome.errors or outcome.payroll is None:
        return outcome
    from kpicalc.export.bundle import vet
    from kpicalc.export.paid import paid_from

    order = _order(paid_from(outcome.payroll), wanted, organisation)
    return replace(outcome, issues=(*outcome.issues, *vet(order, wanted.targets)), order=order)


def run(
    workbook: Path,
    scheme: Path,
    *,
    period: str | None = None,
    out: Path | None = None,
    wanted: Wanted | None = None,
    history: Path | None = None,
) -> Outcome:
    """Pay a month: check everything, and write the payroll workbook and the files wanted, if nothing is refused."""
    outcome = prepare(workbook, scheme, period, wanted, history)
    if outcome.errors or outcome.payroll is None:
        return outcome
    from kpicalc.export.release import release
    from kpicalc.export.workbook import write_workbook

    payroll, order = outcome.payroll, outcome.order
    inputs = (workbook, scheme, *(Path(found.file) for found in payroll.inputs.payrolls))
    path, refused = _output(out, payroll.inputs.period, inputs)
    refused = refused or closed(path, payroll)
    replaced = path.exists()
    files: tuple[Path, ...] = (path,)

    def write(temporary: Path) -> None:
        write_workbook(payroll, temporary)

    if not refused and order is None:
        refused = release(path, write)
    elif not refused and order is not None and wanted is not None:
        order = replace(order, stem=path.stem)
        files, refused = _released(order, wanted, path.parent, inputs, (path, write))
    return replace(
        outcome,
        issues=(*outcome.issues, *refused),
        files=() if refused else files,
        replaced=replaced,
    )


def export(workbook: Path, wanted: Wanted, *, out: Path | None = None) -> Outcome:
    """Write files from a payroll workbook that was written before, into its own folder unless stated."""
    from kpicalc.export.bundle import vet
    from kpicalc.intake.payroll_book import read_paid

    organisation, issues = _organisation(wanted, [workbook.parent, Path()])
    paid, found = read_paid(workbook)
    issues += found
    if paid is None:
        return Outcome(tuple(issues), language_of_environment())
    order = replace(_order(paid, wanted, organisation), stem=workbook.stem)
    if not _errors(issues):
        issues += vet(order, wanted.targets)
    files: tuple[Path, ...] = ()
    if not _errors(issues):
        files, refused = _released(order, wanted, out or workbook.parent, (workbook,), None)
        issues += refused
    return Outcome(tuple(issues), paid.language, files=files, order=order)


def _organisation(wanted: Wanted | None, folders: Sequence[Path]) -> tuple["Organisation | None", list[Issue]]:
    """Read the organisation file: the one stated, else organisation.yaml in the first of the folders that has one."""
    if wanted is None:
        return None, []
    beside = (folder / "organisation.yaml" for folder in folders)
    path = wanted.organisation or next((file for file in beside if file.is_file()), None)
    if path is None:
        return None, []
    from kpicalc.intake.organisation import read_organisation

    return read_organisation(path)


def _order(paid: Paid, wanted: Wanted, organisation: "Organisation | None") -> "Order":
    from kpicalc.export.target import Order

    day = wanted.day or (organisation.pay_date(paid.period) if organisation else None)
    # A month is paid once, unless a number is stated: the number of the month tells its payment from the others.
    number = wanted.number or str(int(paid.period[-2:]))
    return Order(paid, f"payroll-{paid.period}", number, organisation, day)


def _released(
    order: "Order",
    wanted: Wanted,
    folder: Path,
    inputs: tuple[Path, ...],
    payroll: tuple[Path, Callable[[Path], None]] | None,
) -> tuple[tuple[Path, ...], list[Issue]]:
    """Write the files of an order with the payroll's workbook, prove them, and release all or none."""
    from kpicalc.export.bundle import release_bundle
    from kpicalc.intake.payroll_book import read_paid

    def counted(path: Path) -> Count:
        paid, found = read_paid(path)
        return paid.paid if paid and not found else Count(0, Decimal(0))

    if order.organisation is not None:
        inputs = (*inputs, Path(order.organisation.source.file))
    ours = (*payroll, counted) if payroll else None
    return release_bundle(order, wanted.targets, folder, inputs, ours)


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
