"""What was understood of a workbook: its people and figures, questions, the proposed scheme file."""

from dataclasses import replace

from kpicalc.forms.adopt.attempt import Attempt
from kpicalc.forms.adopt.comparing import compared
from kpicalc.forms.adopt.old_pay import old_pay, pay_headings, starter_of_old
from kpicalc.forms.adopt.scheme_text import starter_of
from kpicalc.forms.adopt.trial import people_of, questions_of
from kpicalc.lang import severity
from kpicalc.model.adopted import Adopted
from kpicalc.model.issue import folded


def adopted(attempt: Attempt, paid: str | None = None) -> Adopted:
    """Return what was understood of a workbook; `paid` is the heading of the old sheet's own pay."""
    draft, trial = attempt.draft, attempt.trial
    old = old_pay(attempt, paid) if paid and attempt.sights.roster else None
    refused = questions_of(trial, draft) if attempt.sights.roster else []
    people = people_of(trial, draft, draft.expected)
    text = attempt.text(starter_of_old(old) if old and old.lines else starter_of(draft, salary=attempt.salary))
    if old and trial.inputs is not None:
        number = {payee.id: at for at, payee in enumerate(trial.inputs.payees)}
        people = [replace(person, paid=old.amounts.get(number[person.id])) for person in people]
    shown = {person.id for person in people}
    every = tuple(sheet.name for sheet in attempt.book.sheets if sheet.rows)
    return Adopted(
        period=draft.period,
        people=tuple(people),
        understood=tuple(draft.understood),
        questions=tuple(dict.fromkeys([*draft.questions, *refused])),
        passed=tuple(draft.passed),
        unread=trial.inputs.unread_sheets if trial.inputs else every,
        scheme=text,
        notes=dict(draft.notes),
        told=tuple(item for item in folded(trial.issues) if severity(item) != "error"),
        pay=compared(attempt, old, text) if old else None,
        left=tuple(str(payee) for payee in trial.inputs.payees if payee.id not in shown) if trial.inputs else (),
        hints=() if paid else pay_headings(attempt),
    )
