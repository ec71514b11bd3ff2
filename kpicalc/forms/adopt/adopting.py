"""A workbook -> what it is: looked at, a mapping proposed, and that mapping read as every run will read it."""

from dataclasses import dataclass
from pathlib import Path

from kpicalc.forms.adopt.assemble import Sights, assemble
from kpicalc.forms.adopt.draft import Draft
from kpicalc.forms.adopt.formulas import Formulas, formulas_of
from kpicalc.forms.adopt.scheme_text import Starter, scheme_text, starter_of
from kpicalc.forms.adopt.trial import Trial, people_of, questions_of, tried
from kpicalc.intake.files.formats import formats_of
from kpicalc.intake.sheets.sheets import sheets_called
from kpicalc.lang import Language, severity
from kpicalc.model.adopted import Adopted
from kpicalc.model.book import Book
from kpicalc.model.fields import SheetRole
from kpicalc.model.issue import folded

_BESIDE: tuple[SheetRole, ...] = ("team_plan", "adjustments", "history", "changes")


@dataclass(frozen=True)
class Attempt:
    """A workbook under adoption: the mapping, what was seen, and what the reader made of it."""

    book: Book
    draft: Draft
    sights: Sights
    formulas: Formulas
    trial: Trial

    @property
    def salary(self) -> bool:
        """Tell whether salaries could be read."""
        inputs = self.trial.inputs
        return inputs is not None and "salary" in inputs.employee


def attempt(book: Book, path: Path, period: str, language: Language) -> Attempt:
    """Look at a workbook, propose a mapping, and read by it."""
    draft = Draft(language, period)
    formulas = formulas_of(path)
    sights = assemble(book, draft, formulas, formats_of(str(path)))
    trial = tried(_text(draft, starter_of(draft, salary=True)), book, period)
    for role in _BESIDE:
        own = sheets_called(role, book.sheets, period)
        if own and any(found.place.sheet in own or found.fact("sheet") in own for found in trial.errors):
            draft.sheets[role] = "none"
            draft.notes |= dict.fromkeys(own, draft.reason("not_as_called"))
    if set(_BESIDE) & set(draft.sheets):
        trial = tried(_text(draft, starter_of(draft, salary=True)), book, period)
    return Attempt(book, draft, sights, formulas, trial)


def _text(draft: Draft, starter: Starter) -> str:
    return scheme_text(draft, draft.reason("title"), starter)


def adopted(one: Attempt, paid: str | None = None) -> Adopted:
    """Return what was understood of a workbook; `paid` is the heading of the old sheet's own pay."""
    del paid
    draft, trial = one.draft, one.trial
    refused = questions_of(trial, draft) if one.sights.roster else []
    questions = [*draft.questions, *refused]
    people = people_of(trial, draft, draft.expected)
    unread = (
        trial.inputs.unread_sheets if trial.inputs else tuple(sheet.name for sheet in one.book.sheets if sheet.rows)
    )
    starter = starter_of(draft, salary=one.salary)
    return Adopted(
        period=draft.period,
        people=tuple(people),
        understood=tuple(draft.understood),
        questions=tuple(dict.fromkeys(questions)),
        passed=tuple(draft.passed),
        unread=unread,
        scheme=_text(draft, starter),
        notes=dict(draft.notes),
        told=tuple(found for found in folded(trial.issues) if severity(found) != "error"),
    )
