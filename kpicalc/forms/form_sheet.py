"""What a sheet of the form is: headings that say what to enter, and the rows of an example."""

from collections.abc import Sequence
from dataclasses import field
from typing import Literal

from kpicalc.model.record import record

FORMATS = {
    "money": "#,##0.00",
    "percent": "0.00%",
    "number": "General",
    "text": "@",
    "day": "dd.mm.yyyy",
    "moment": "dd.mm.yyyy hh:mm",
}
Choices = Sequence[str] | Literal["ids", "departments"]
"""The choices of a column: a list of texts, or a column of the Employees sheet."""


@record(slots=False)
class Heading:
    """A column of the form: its heading, a note on what to enter, its format and its choices."""

    title: str
    note: str
    kind: str = "text"
    choices: Choices = ()


@record(frozen=False)
class FormSheet:
    """A sheet of the form: its columns, and the rows of the example."""

    title: str
    headings: list[Heading] = field(default_factory=list)
    rows: list[list[object]] = field(default_factory=list)
