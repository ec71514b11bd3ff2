"""Facts of people with several rows on the Employees sheet: a row of facts belongs to the position of its day.

Inside the query each position is a payee of its own: the text of the payee column gets the number of the sheet row
appended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kpicalc.intake.facts.measuring.measures import Measure
from kpicalc.intake.facts.owners import Owners, is_nobody
from kpicalc.intake.facts.sources.headers import DATE, PAYEE
from kpicalc.intake.facts.table import Facts
from kpicalc.intake.sheets.staff.people import People, RowDays
from kpicalc.model.issue import Issue, issue
from kpicalc.model.period import first_day, last_day
from kpicalc.model.record import record

_MARK = "¦"
Answer = Mapping[str, Any]


@record(slots=False)
class ByPosition:
    """A table of facts in which each position of a person is a payee of its own, by the marked texts."""

    facts: Facts
    texts: Mapping[str, int]
    """Marked texts -> the row of the Employees sheet."""
    unmarked: Mapping[str, int]
    """Texts of the same people for rows outside the month -> their first row."""

    def owner(self, text: str) -> int | None:
        """Return the row of the Employees sheet that a marked text means."""
        return self.texts.get(text)


def by_position(facts: Facts, answers: Sequence[Answer], owners: Owners, month: str) -> ByPosition | None:
    """Return the table by positions; None where no person with several rows occurs in it."""
    several = owners.who.several
    people = {
        row[PAYEE]: owner
        for row in answers
        if not is_nobody(row[PAYEE]) and (owner := owners.owner(row[PAYEE])) in several
    }
    if not people:
        return None
    texts = {f"{text}{_MARK}{days.index}": days.index for text, owner in people.items() for days in several[owner]}
    spans = {text: several[owner] for text, owner in people.items()}
    return ByPosition(replace(facts, table=_marked(facts.table, spans, month)), texts, people)


def _marked(table: Any, spans: Mapping[str, Sequence[RowDays]], month: str) -> Any:
    import ibis

    payee, day = table[PAYEE], table[DATE].cast("date")
    branches = [
        ((payee == text) & (day >= begins) & (day <= ends), ibis.literal(f"{text}{_MARK}{row.index}"))
        for text, rows in spans.items()
        for row in rows
        for begins, ends in [_days(row, month)]
    ]
    return table.mutate(**{PAYEE: ibis.cases(*branches, else_=payee)})


def _days(row: RowDays, month: str) -> tuple[date, date]:
    return row.begins or first_day(month), row.ends or last_day(month)


def is_of_days(measure: Measure) -> bool:
    """Tell whether a measure counts rows of the month only, so that each row belongs to the position of its day."""
    return measure.months == 0 and measure.over == "month"


def tell_rows_between(
    apart: ByPosition, answers: Sequence[Answer], measures: Sequence[Measure], who: People, issues: list[Issue]
) -> None:
    """Refuse rows of the month on days that belong to none of the person's positions: they would pay nobody."""
    for row in answers:
        first = apart.unmarked.get(row[PAYEE])
        if first is None:
            continue
        count = max((row[f"m{number}_rows"] for number, item in enumerate(measures) if is_of_days(item)), default=0)
        if count:
            facts = {"payee": who.payees[first], "title": apart.facts.title(), "count": count}
            issues.append(issue("fact_between_positions", apart.facts.place, **facts))
