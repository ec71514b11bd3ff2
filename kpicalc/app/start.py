"""Commands to start with."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from kpicalc.app.outcome import Outcome
from kpicalc.engine.compile import compile_schemes
from kpicalc.intake.scheme.read import read_scheme
from kpicalc.lang import language_of_environment
from kpicalc.model.issue import Place, issue
from kpicalc.model.period import month_before


def init(folder: Path, template: Path, period: str | None = None) -> Outcome:
    """Make a folder to start from: the template's scheme, a workbook to fill in, and a README.

    `period` is the workbook's month; by default the month before today's.
    """
    from kpicalc.exchange.release import release
    from kpicalc.forms.form_guide import guide
    from kpicalc.forms.form_workbook import write_form
    from kpicalc.forms.templates import about

    book, issues = read_scheme(template)
    if book is None or issues:
        return Outcome(tuple(issues), language_of_environment())
    statements, _ = compile_schemes(book)
    period = period or month_before(date.today())  # noqa: DTZ011 - the clerk's own date
    files = (folder / "scheme.yaml", folder / f"{period}.xlsx", folder / "README.md")
    taken = [path for path in files if path.exists()]
    if taken:
        faults = (issue("init_exists", Place(str(path)), found=template.parent.name) for path in taken)
        return Outcome(tuple(faults), book.language, book)
    readme = guide(book, statements, about(template), period, files[0].name, files[1].name)
    writers: tuple[Callable[[Path], None], ...] = (
        lambda path: _write_bytes(path, template.read_bytes()),
        lambda path: write_form(book, statements, path, period),
        lambda path: _write_bytes(path, readme.encode()),
    )
    for number, (path, write) in enumerate(zip(files, writers, strict=True)):
        if refused := release(path, write):
            # All or none: leftover files would stand in the way of the next attempt.
            for done in files[:number]:
                done.unlink()
            return Outcome(tuple(refused), book.language, book)
    return Outcome((), book.language, book, files=files)


def _write_bytes(path: Path, text: bytes) -> None:
    path.write_bytes(text)
