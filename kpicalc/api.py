"""The Python API: a month, payrolls that were paid, and what another scheme would have paid, as tables.

All of it is reached by `import kpicalc`, which imports nothing before it is used. Amounts are `decimal.Decimal` in
columns of dtype object; personnel numbers are text, so leading zeros stay. Nothing here writes a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kpicalc import app
from kpicalc.lang import Language, language_of_environment, message, remedy, severity
from kpicalc.model.issue import Issue
from kpicalc.model.record import record
from kpicalc.model.replay import Amounts, Replay
from kpicalc.payroll.folder import payrolls_in
from kpicalc.payroll.read import read_payroll as payroll_file

if TYPE_CHECKING:
    import pandas as pd

    from kpicalc.engine.result import Payroll

__all__ = ["Finding", "Refused", "Replayed", "Result", "read_payroll", "read_payrolls", "replay", "run"]

_Path = str | PathLike[str]
_COLUMNS = ("period", "payee", "name", "department", "position", "scheme", "line", "title", "amount")


@record
class Finding:
    """One finding about the inputs, in the words of the scheme's language.

    `severity` is error (nobody is paid), hold (one payee is not paid), warning or notice; `place` is a cell or a line.
    """

    code: str
    severity: Literal["error", "hold", "warning", "notice"]
    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}. {self.remedy}"


class Refused(ValueError):
    """Inputs that forbid an answer; `issues` say all that is wrong with them, and so does the text."""

    def __init__(self, issues: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(found) for found in issues if found.severity == "error"))
        self.issues = tuple(issues)


@record(slots=False)
class Result:
    """A month as it would be paid. `issues` are all findings, whether anything can be paid or not."""

    issues: tuple[Finding, ...]
    outcome: app.Outcome
    """The same as the commands of the program have it."""

    @property
    def refused(self) -> bool:
        """Tell whether an error forbids paying; there are then no amounts."""
        return bool(self.outcome.errors) or self.outcome.payroll is None

    @property
    def period(self) -> str:
        """Return the month, `2026-10`."""
        return self._payroll().inputs.period

    @property
    def total(self) -> Decimal:
        """Return what is paid to all: the sum of the table's amounts."""
        return self._payroll().total()

    @property
    def held(self) -> tuple[str, ...]:
        """Return the personnel numbers of those who are not paid until their figures are complete."""
        payroll = self._payroll()
        return tuple(payroll.inputs.payees[index].id for index in payroll.held)

    def frame(self) -> "pd.DataFrame":
        """Return a row per payee and line, in the order of the workbook and of the scheme.

        Columns: period, payee (number), name, department, position, scheme (key), line (id), title, amount (Decimal).
        What is withheld is a line below zero; the amounts add up to the payroll's total. Raises Refused where nothing
        can be paid.
        """
        payroll = self._payroll()
        rows: list[tuple[int, tuple[object, ...]]] = []
        for pay in payroll.schemes:
            for at, index in enumerate(pay.payees):
                payee = payroll.inputs.payees[index]
                who = (payroll.inputs.period, payee.id, payee.name, payee.department, payee.position)
                rows += [
                    (index, (*who, pay.statement.scheme.key, line.id, line.title, pay.columns[line.figure][at]))
                    for line in pay.statement.lines
                ]
        return _table(row for _, row in sorted(rows, key=lambda item: item[0]))

    def explain(self, who: str) -> str:
        """Return one person's pay in words, line by line with the cells.

        `who` is a personnel number, or a name that fits one person; raises ValueError where it does not.
        """
        from kpicalc.screen.explanation import explanation

        payroll = self._payroll()
        return explanation(payroll, app.payee_in(payroll.inputs, who, payroll.book.language))

    def _payroll(self) -> "Payroll":
        if self.refused or self.outcome.payroll is None:
            raise Refused(self.issues)
        return self.outcome.payroll


@record(slots=False)
class Replayed:
    """What another scheme would have paid over past months: nobody is paid by it.

    Amounts are accruals before anything is withheld. `issues` name whoever and whatever is left out.
    """

    issues: tuple[Finding, ...]
    found: Replay

    @property
    def totals(self) -> dict[str, Decimal]:
        """Return the fund of all months: old, new, difference."""
        return _amounts(self.found.total)

    def frame(self) -> "pd.DataFrame":
        """Return a row per month, payee and line: period, payee, ... title, old, new, difference."""
        return self.found.frame

    def months(self) -> "pd.DataFrame":
        """Return a row per month: period, old, new, difference, base (None unless a base was asked for)."""
        import pandas as pd

        columns = ["period", "old", "new", "difference", "base"]
        rows = [(one.period, *_amounts(one.fund).values(), one.base) for one in self.found.months]
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def people(self) -> "pd.DataFrame":
        """Return a row per payee: payee, name, department, position, old, new, difference."""
        import pandas as pd

        columns = ["payee", "name", "department", "position", "old", "new", "difference"]
        rows = [
            (one.id, one.name, one.department, one.position, *_amounts(self.found.by_person[number]).values())
            for number, one in self.found.people.items()
        ]
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def lines(self) -> "pd.DataFrame":
        """Return a row per line of pay: line (id), title, old, new, difference."""
        import pandas as pd

        columns = ["line", "title", "old", "new", "difference"]
        rows = [(*line, *_amounts(amounts).values()) for line, amounts in self.found.by_line.items()]
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def varied(self) -> "pd.DataFrame":
        """Return a row per share by which the result was moved: by, old, new, difference, base."""
        import pandas as pd

        columns = ["by", "old", "new", "difference", "base"]
        rows = [(one.by, *_amounts(one.fund).values(), one.base) for one in self.found.varied]
        return pd.DataFrame(rows, columns=columns, dtype=object)


def run(workbook: _Path, scheme: _Path, *, period: str | None = None, history: _Path | None = None) -> Result:
    """Compute a month by a scheme, and write nothing.

    `period` is the month, 2026-10, where the workbook does not say it; `history` the folder of earlier payrolls. What
    is wrong stands in the result's issues; only its amounts raise Refused.
    """
    outcome = app.check(Path(workbook), Path(scheme), period, None if history is None else Path(history))
    return Result(_findings(outcome.issues, outcome.language), outcome)


def read_payroll(path: _Path) -> "pd.DataFrame":
    """Return a payroll that was written before: a row per payee and line, in the columns of `Result.frame`.

    Only what a payroll says is there: lines have their titles, `line` and `scheme` are None. A payroll that was edited
    since, or is none, raises Refused.
    """
    return _table(_paid_rows([Path(path)]))


def read_payrolls(folder: _Path) -> "pd.DataFrame":
    """Return all payrolls of a folder, `payroll-2026-10.xlsx` and the like, below each other in order of the months.

    Raises Refused with all that is wrong where one of them cannot be relied upon, and FileNotFoundError without any.
    """
    found = [paths[0] for paths in payrolls_in(Path(folder)).values()]
    if not found:
        raise FileNotFoundError(f"{folder}: payroll-YYYY-MM.xlsx")
    return _table(_paid_rows(found))


def replay(
    months: _Path | Iterable[_Path],
    scheme: _Path,
    *,
    other: _Path | None = None,
    settings: Mapping[str, object] | None = None,
    history: _Path | None = None,
    base: str | None = None,
    vary: tuple[str, Iterable[Decimal]] | None = None,
) -> Replayed:
    """Compute past months by a scheme and by another one.

    `months` are workbooks or a folder of them. Either `other` is the file of the other scheme, or `settings` say what
    differs, by scheme.component.option: {"manager.commission.rate": "18%"}. `history` is the folder of the payrolls of
    months before. `base` is a KPI (key or title) to compare
    the fund with; `vary` a KPI and the shares by which its results are moved. Raises Refused where nothing can be
    compared.
    """
    if bool(settings) == (other is not None):
        raise TypeError("replay() takes either other=... or settings={...}")
    paths = [Path(months)] if isinstance(months, str | PathLike) else [Path(path) for path in months]
    said = [app.setting_in(f"{path}={value}") for path, value in (settings or {}).items()]
    tried = app.replay(
        paths,
        Path(scheme),
        other=None if other is None else Path(other),
        settings=said,
        history=None if history is None else Path(history),
        base=base,
        vary=None if vary is None else (vary[0], list(vary[1])),
    )
    findings = _findings(tried.issues, tried.language)
    if tried.errors or tried.replay is None:
        raise Refused(findings)
    return Replayed(findings, tried.replay)


def _findings(issues: Iterable[Issue], language: Language) -> tuple[Finding, ...]:
    return tuple(
        Finding(found.code, severity(found), str(found.place), message(found, language), remedy(found, language))
        for found in issues
    )


def _amounts(amounts: Amounts) -> dict[str, Decimal]:
    return {"old": amounts.old, "new": amounts.new, "difference": amounts.difference}


def _paid_rows(paths: Iterable[Path]) -> list[tuple[object, ...]]:
    """Return the rows of payrolls; all that is wrong with any of them is told together."""
    rows: list[tuple[object, ...]] = []
    issues: list[Finding] = []
    for path in paths:
        paid, found = payroll_file(path)
        if paid is None:
            issues += _findings(found, language_of_environment())
            continue
        where = {person.id: (person.department, person.position) for person in paid.table.people}
        for number, person in paid.people.items():
            who = (paid.period, number, person.name, *where.get(number, ("", "")))
            # A line of another role stands on the sheet too, and is blank for this person.
            amounts = [(title, figure.value) for title, figure in person.lines.items() if figure.value is not None]
            rows += [(*who, None, None, title, amount) for title, amount in amounts]
    if issues:
        raise Refused(issues)
    return rows


def _table(rows: Iterable[tuple[object, ...]]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(_COLUMNS), dtype=object)
