"""Closed months: none is overwritten; the changes of a correction are reported and paid as a difference."""

from os.path import exists
from pathlib import Path
from typing import TYPE_CHECKING

from kpicalc.app.outcome import error_count
from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, language_of_environment
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.period import payroll_name, title
from kpicalc.model.record import record
from kpicalc.payroll.months.folder import payrolls_in

if TYPE_CHECKING:
    from kpicalc.payroll.comparison import Comparison


@record(slots=False)
class Compared:
    """The differences of two payrolls; `comparison` is None unless both could be read."""

    issues: tuple[Issue, ...]
    language: Language
    comparison: "Comparison | None" = None
    files: tuple[Path, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many issues forbid comparing."""
        return error_count(self.issues)


def compare(old: Path, new: Path, adjustments: Path | None = None) -> Compared:
    """Compare two payrolls of one month; write the differences as rows of adjustments."""
    from kpicalc.exchange.release import is_one_of, release
    from kpicalc.payroll.adjustment_rows import write_adjustments
    from kpicalc.payroll.back.read import read_payroll
    from kpicalc.payroll.comparison import compare_months

    paid, issues = read_payroll(old)
    anew, further = read_payroll(new)
    issues += further
    if paid and anew and paid.period != anew.period:
        months = {name: title(month.period, anew.language) for name, month in (("old", paid), ("found", anew))}
        issues.append(issue("compare_months", Place(str(new)), **months))
    if adjustments and adjustments.suffix.lower() not in (".csv", ".xlsx"):
        issues.append(issue("compare_output", Place(str(adjustments)), found=adjustments.name))
    if adjustments and is_one_of(adjustments, (old, new)):
        issues.append(issue("output_is_input", Place(str(adjustments))))
    refused = Compared(tuple(issues), anew.language if anew else language_of_environment())
    if refused.errors or paid is None or anew is None:
        return refused
    comparison = compare_months(paid, anew)
    if adjustments is None:
        return Compared(tuple(issues), anew.language, comparison)
    prevented = release(adjustments, lambda path: write_adjustments(comparison, anew.language, path))
    return Compared((*issues, *prevented), anew.language, comparison, () if prevented else (adjustments,))


def closed(path: Path, payroll: Payroll) -> list[Issue]:
    """Refuse to overwrite a month if a later month stands in the same folder: it is closed."""
    month, language = payroll.inputs.period, payroll.book.language
    if path.name != payroll_name(month) or not exists(path):
        return []
    followed = next((other for other in payrolls_in(path.parent) if other > month), None)
    if followed is None:
        return []
    first, rest = title(month, language)[0], title(month, language)[1:]
    names = {"month": first.upper() + rest, "later": title(followed, language)}
    return [issue("month_closed", Place(str(path)), **names)]
