"""What a rule of the lint is, and what it sees."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Statement
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.record import record
from kpicalc.model.scheme import PayItem, SchemeBook

Path = tuple[str, ...]
Told = Literal["always", "sound", "check"]
"""Told in every run, also beside errors; in every run that nothing forbids; by `kpicalc check` alone, likewise."""


@record
class Subject:
    """What is judged: the schemes, their compiled rules and, where there is a workbook, the month."""

    book: SchemeBook
    statements: Mapping[str, Statement]
    payroll: Payroll | None = None

    @property
    def inputs(self) -> Inputs | None:
        """Return what the workbook says."""
        return self.payroll.inputs if self.payroll else None

    def component_place(self, item: PayItem, *path: str | int) -> Place:
        """Return the place of a component's option."""
        return self.book.source.place(*item.path, item.name, *path)


@record
class Remark:
    """One finding, and what it is about: a scheme or a KPI by its path in the file, or nothing in particular."""

    issue: Issue
    about: Path = ()


@record
class Rule:
    """A rule: the codes of its remarks, how it finds them, when they are told.

    `monthly` are the codes that depend on the month's figures. Remarks of a rule that tells them `together` differ in
    their fact `found` only, and are told as one.
    """

    codes: tuple[str, ...]
    find: Callable[[Subject], Iterable[Remark]]
    told: Told = "check"
    monthly: tuple[str, ...] = ()
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
