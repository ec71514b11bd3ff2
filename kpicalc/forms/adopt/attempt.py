"""One attempt at a workbook: the proposed mapping, and what the reader of every run made of it."""

from pathlib import Path

from kpicalc.forms.adopt.assemble import assemble
from kpicalc.forms.adopt.draft import Draft
from kpicalc.forms.adopt.formulas import Formulas, formulas_of
from kpicalc.forms.adopt.looking import BESIDE, Sights
from kpicalc.forms.adopt.scheme_text import Starter, scheme_text, starter_of
from kpicalc.forms.adopt.trial import Trial, beyond, tried
from kpicalc.intake.files.formats import formats_of
from kpicalc.intake.sheets.layout.sheets import sheets_called
from kpicalc.lang import Language
from kpicalc.model.book import Book
from kpicalc.model.fields import SheetRole
from kpicalc.model.record import record
from kpicalc.model.workbook_map import BLANK_ROW


@record(slots=False)
class Attempt:
    """A workbook under adoption: the mapping, the tables seen on its sheets, and the reader's result."""

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

    def text(self, starter: Starter) -> str:
        """Return the scheme file with this pay."""
        return scheme_text(self.draft, self.draft.reason("title"), starter)


def attempt(book: Book, path: Path, period: str, language: Language) -> Attempt:
    """Look at a workbook, propose a mapping, and read by it."""
    draft = Draft(language, period)
    formulas = formulas_of(path)
    sights = assemble(book, draft, formulas, formats_of(str(path)))
    trial = tried(scheme_text(draft, draft.reason("title"), starter_of(draft, salary=True)), book, period)
    if _ended(draft, sights, trial):
        trial = tried(scheme_text(draft, draft.reason("title"), starter_of(draft, salary=True)), book, period)
    for role in BESIDE:
        sheets = sheets_called(role, book.sheets, period)
        if sheets and any(item.place.sheet in sheets or item.fact("sheet") in sheets for item in trial.errors):
            draft.sheets[role] = "none"
            draft.notes |= dict.fromkeys(sheets, draft.reason("not_as_called"))
    if set(BESIDE) & set(draft.sheets):
        trial = tried(scheme_text(draft, draft.reason("title"), starter_of(draft, salary=True)), book, period)
    return Attempt(book, draft, sights, formulas, trial)


def _ended(draft: Draft, sights: Sights, trial: Trial) -> bool:
    """End tables at a blank row if something else stands below; tell whether there is one."""
    homes = {"employees": sights.roster.sheet.name if sights.roster else "", **draft.homes}
    short = [name for name, seen in sights.tables.items() if name in homes.values() and beyond(trial, seen)]
    roles: tuple[SheetRole, ...] = ("employees", "plan", "actuals")
    for role in roles:
        if (name := homes.get(role)) in short:
            draft.tables.setdefault(role, {})["until"] = BLANK_ROW
            draft.tell("ends", str(name), draft.reason("blank_row"))
    return bool(short)
