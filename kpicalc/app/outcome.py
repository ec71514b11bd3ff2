"""The result of a command, and the paths of its files."""

from collections.abc import Iterable
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, severity
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook

if TYPE_CHECKING:
    from kpicalc.exchange.target import Order


@record(slots=False)
class Outcome:
    """The result of a command. `payroll` is None unless all its inputs could be read."""

    issues: tuple[Issue, ...]
    language: Language
    book: SchemeBook | None = None
    payroll: Payroll | None = None
    files: tuple[Path, ...] = ()
    examples: int = 0
    replaced: bool = False
    """True if a payroll of the same name stood there before."""
    inputs: Inputs | None = None
    """The inputs from the workbook, unless an error forbids using them."""
    order: "Order | None" = None
    """The source of the files for 1C and banks, if any are requested."""

    @property
    def errors(self) -> int:
        """Return how many issues forbid paying."""
        return error_count(self.issues)

    @property
    def attention(self) -> bool:
        """Tell whether a payee is held."""
        return bool(self.payroll and self.payroll.held)

    @property
    def warnings(self) -> int:
        """Return how many issues are warnings."""
        return sum(severity(item) == "warning" for item in self.issues)


def error_count(issues: Iterable[Issue]) -> int:
    """Return how many issues forbid going on."""
    return sum(severity(item) == "error" for item in issues)


def output_path(out: Path | None, name: str, inputs: tuple[Path, ...]) -> tuple[Path, list[Issue]]:
    """Return the path of a workbook: in a folder it gets its usual name, a file name is taken as it is."""
    path = Path(name) if out is None else out
    if out is not None and (isdir(out) or not out.suffix):
        path = out / name
    from kpicalc.exchange.release import is_one_of

    place = Place(str(path))
    if path.suffix.lower() != ".xlsx":
        return path, [issue("output_name", place, found=path.name)]
    if is_one_of(path, inputs):
        return path, [issue("output_is_input", place)]
    return path, []
