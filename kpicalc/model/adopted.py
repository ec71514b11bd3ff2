"""What `adopt` understood of a workbook: people with their figures, questions, and the files that it wrote."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal

from kpicalc.model.issue import Issue
from kpicalc.model.record import record

Side = Literal["plan", "actual"]
DifferenceClass = Literal["rounding", "bound", "typed", "constant", "other"]
"""Why the scheme pays another amount than the old sheet: rounding; a bound of a scale that the sheet counts elsewhere;
a number typed among formulas; a constant inside one person's formula that is another one than in the others."""


@record
class Question:
    """What is doubtful: about what, where, and what it may be. Nothing of it is read."""

    about: str
    place: str
    candidates: tuple[str, ...] = ()


@record
class Understood:
    """One thing that was understood: what it is, where it stands, and why."""

    what: str
    place: str
    why: str


@record
class Both:
    """A person's plan and actual of a KPI; None where it is blank, absent or doubtful."""

    plan: Decimal | None = None
    actual: Decimal | None = None


@record
class Member:
    """A person as the workbook has them; `department` and `position` are empty where no cell says them."""

    id: str
    name: str
    department: str
    position: str
    figures: Mapping[str, Both] = field(default_factory=dict)
    """By the KPI's title."""
    paid: Decimal | None = None


@record
class PaidDifference:
    """What the old sheet pays otherwise than the written scheme: whom, which line, both amounts, why, and the cell."""

    id: str
    who: str
    line: str
    old: Decimal
    new: Decimal
    kind: DifferenceClass
    place: str


@record
class OldPay:
    """The old sheet's own pay beside what the written scheme pays."""

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
    """What is said of sheets that are not read, by name."""
    told: tuple[Issue, ...] = ()
    """What the reader passed over or assumed."""
    pay: OldPay | None = None
    left: tuple[str, ...] = ()
    """People of the list whose figures are not shown, as a question is about their row."""
    hints: tuple[str, ...] = ()
    """Headings of columns in which formulas seem to compute pay."""
