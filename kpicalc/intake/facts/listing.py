"""The rows of facts that made one payee's figure of a KPI."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kpicalc.intake.facts.conditions import chosen_rows, value_of
from kpicalc.intake.facts.findings import place_of
from kpicalc.intake.facts.headers import DATE, KEY, PAYEE, heading_of
from kpicalc.intake.facts.measures import measure_of
from kpicalc.intake.facts.owners import Owners, is_nobody
from kpicalc.intake.facts.source import open_facts
from kpicalc.intake.facts.split import with_shares
from kpicalc.intake.sheets.people import people
from kpicalc.model.book import Book
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue
from kpicalc.model.listing import FactRow, Listing
from kpicalc.model.scheme import SchemeBook

MOST_ROWS = 200


def list_rows(
    book: Book, schemes: SchemeBook, inputs: Inputs, kpi: str, payee: int, issues: list[Issue]
) -> Listing | None:
    """Return the rows of facts behind a payee's figure of the month; None where the table cannot be read any more."""
    measure = measure_of(schemes, kpi)
    if measure is None:
        return None
    who = replace(people(inputs.payees, {}, {}), called=inputs.called)
    facts = open_facts(schemes.kpis[kpi].from_ or "", book, schemes, who, inputs.period, issues)
    if facts is None:
        return None
    facts = with_shares(facts)
    table = facts.numbered
    owners = Owners(facts.spec, who)
    texts = owners.texts(
        payee, [row[PAYEE] for row in facts.ask(table.select(PAYEE).distinct()) if not is_nobody(row[PAYEE])]
    )
    chosen, _ = chosen_rows(facts, measure, inputs.period, table)
    names = [name for name in (KEY, DATE) if name in table.columns]
    shown = {heading_of(facts.spec, name) for name in names}
    used = [f"c_{name}" for name in facts.spec.columns if name in measure.columns()]
    names += [name for name in used if heading_of(facts.spec, name) not in shown]
    value = value_of(facts, measure, inputs.period, table)
    marked = table.mutate(value=value, chosen=chosen).filter(chosen & table[PAYEE].isin(texts))
    order = [name for name in ("row", DATE) if name in table.columns]
    wanted = marked.select(*dict.fromkeys([*order, *names]), "value").order_by(order)
    found = facts.ask(wanted.limit(MOST_ROWS))
    count = len(found)
    if count == MOST_ROWS:
        count = facts.ask(marked.aggregate(count=marked.count()))[0]["count"]
    facts.close()
    headings = [heading_of(facts.spec, name) for name in names]
    return Listing(kpi, payee, headings, [_row(facts, row, names) for row in found], count)


def _row(facts: Any, row: dict[str, Any], names: Sequence[str]) -> FactRow:
    return FactRow(place_of(facts, row, names[0]), [row[name] for name in names], row["value"])
