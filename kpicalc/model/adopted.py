"""What `adopt` understood of a workbook: people with their figures, questions, and the files that it wrote."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from kpicalc.model.issue import Issue
from kpicalc.model.record import record

Side = Literal["plan", "actual"]
DifferenceClass = Literal["rounding", "bound", "typed", "constant", "other"]
"""Why the scheme pays another amount than the old sheet.

Rounding; a bound of a scale that the sheet assigns to the other band; a number typed among formulas; a constant that
differs in one person's formula.
"""


@record
class Question:
    """A doubtful part of the workbook: its subject, its place, and what it may mean. It is not used."""

    about: str
    place: str
    candidates: tuple[str, ...] = ()


@record
class Understood:
    """One thing that was understood: its meaning, its place, and the reason."""

    what: str
    place: str
    why: str


@record
class Both:
    """A person's plan and actual of a KPI; None where it is blank, missing or doubtful."""

    plan: Decimal | None = None
    actual: Decimal | None = None


@record
class Member:
    """A person in the workbook; `department` and `position` are empty where no cell states them."""

    id: str
    name: str
    department: str
    position: str
    figures: Mapping[str, Both] = field(default_factory=dict)
    """By the KPI's title."""
    paid: Decimal | None = None


@record
class PaidDifference:
    """An amount that differs between the old sheet and the written scheme: person, line, both amounts, reason, cell."""

    id: str
    who: str
    line: str
    old: Decimal
    new: Decimal
    kind: DifferenceClass
    place: str


@record
class OldPay:
    """The pay of the old sheet beside that of the written scheme."""

    heading: str
    place: str
    lines: tuple[Understood, ...] = ()
    compared: int = 0
    """How many amounts were compared."""
    equal: int = 0
    differences: tuple[PaidDifference, ...] = ()


@record
class Adopted:
    """A workbook as it was understood."""

    period: str
    people: tuple[Member, ...]
    understood: tuple[Understood, ...]
    questions: tuple[Question, ...]
    passed: tuple[Understood, ...]
    """Columns that are not read: sums, per cents of the plan, pay, other months."""
    unread: tuple[str, ...]
    scheme: str
    """The text of scheme.yaml."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Messages about sheets that are not read, by name."""
    told: tuple[Issue, ...] = ()
    """What the reader skipped or assumed."""
    pay: OldPay | None = None
    left: tuple[str, ...] = ()
    """People on the list whose figures are not shown, because a question concerns their row."""
    hints: tuple[str, ...] = ()
    """Headings of columns in which formulas seem to compute pay."""
