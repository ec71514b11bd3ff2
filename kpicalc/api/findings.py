"""Findings as data in the words of the scheme's language, and what is raised where they forbid an answer."""

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Literal

from kpicalc.lang import Language, message, remedy, severity
from kpicalc.model.issue import Issue
from kpicalc.model.record import record

AnyPath = str | PathLike[str]


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


def findings(issues: Iterable[Issue], language: Language) -> tuple[Finding, ...]:
    """Return issues in words."""
    return tuple(
        Finding(found.code, severity(found), str(found.place), message(found, language), remedy(found, language))
        for found in issues
    )
