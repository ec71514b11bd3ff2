"""A rule of the lint, and what it judges."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Statement
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import PayItem, SchemeBook

Path = tuple[str, ...]
Keys = tuple[str | int, ...]
"""The keys and row numbers that lead to a number inside an entry of the scheme."""
When = Literal["always", "sound", "check"]
"""When a rule runs: always, even beside errors; in every run without errors; in `kpicalc check` without errors."""


@record
class Subject:
    """What is judged: the schemes, their compiled rules and, where there is a workbook, the month."""

    book: SchemeBook
    statements: Mapping[str, Statement]
    payroll: Payroll | None = None

    @property
    def inputs(self) -> Inputs | None:
        """Return the inputs of the month, if there is one."""
        return self.payroll.inputs if self.payroll else None

    def component_place(self, item: PayItem, *path: str | int) -> Place:
        """Return the place of a component's option."""
        return self.book.source.place(*item.path, item.name, *path)


@record
class Remark:
    """A remark and its subject: a scheme or a KPI by its path in the file, or none."""

    issue: Issue
    about: Path = ()


@record
class Rule:
    """A rule: the codes of its remarks, the function that yields them, and when it runs.

    `monthly` are the codes that depend on the month's figures, `by_rates` those that depend on its rate sheets too.
    Remarks of a rule with `together` differ in their fact `found` only, and are joined into one.
    """

    codes: tuple[str, ...]
    find: Callable[[Subject], Iterable[Remark]]
    when: When = "check"
    monthly: tuple[str, ...] = ()
    by_rates: tuple[str, ...] = ()
    together: bool = False


def of_scheme(key: str) -> Path:
    """Return the path of a scheme."""
    return ("schemes", key)


def of_kpi(key: str) -> Path:
    """Return the path of a KPI."""
    return ("kpis", key)


def remark(code: str, place: Place, about: Path = (), /, **facts: object) -> Remark:
    """Make a remark."""
    return Remark(issue(code, place, **facts), about)
