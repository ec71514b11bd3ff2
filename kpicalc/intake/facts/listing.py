"""Lists the rows of facts behind one payee's figure of a KPI."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from kpicalc.intake.facts.findings import place_of
from kpicalc.intake.facts.measuring.conditions import chosen_rows, value_of
from kpicalc.intake.facts.measuring.measures import measure_of
from kpicalc.intake.facts.measuring.split import with_shares
from kpicalc.intake.facts.owners import Owners, is_nobody
from kpicalc.intake.facts.sources.headers import DATE, KEY, PAYEE, heading_of
from kpicalc.intake.facts.sources.source import open_facts
from kpicalc.intake.sheets.staff.people import people
from kpicalc.model.book import Book
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue
from kpicalc.model.listing import FactRow, Listing
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook

MOST_ROWS = 200


@record
class _Marked:
    """A table of facts with the rows that count for a KPI, the names of the columns that are shown, and their order."""

    facts: Any
    owners: Owners
    table: Any
    names: list[str]
    order: list[str]

    def columns(self) -> list[str]:
        return [*dict.fromkeys([*self.order, *self.names]), "value"]

    def listing(self, kpi: str, payee: int, rows: Sequence[dict[str, Any]], count: int) -> Listing:
        headings = [heading_of(self.facts.spec, name) for name in self.names]
        return Listing(kpi, payee, headings, [_row(self.facts, row, self.names) for row in rows], count)


def list_rows(
    book: Book, schemes: SchemeBook, inputs: Inputs, kpi: str, payee: int, issues: list[Issue]
) -> Listing | None:
    """Return the rows of facts behind a payee's figure of the month; None where the table cannot be read any more."""
    marked = _marked(book, schemes, inputs, kpi, issues)
    if marked is None:
        return None
    facts = marked.facts
    answers = facts.ask(facts.table.select(PAYEE).distinct())
    texts = marked.owners.texts(payee, [row[PAYEE] for row in answers if not is_nobody(row[PAYEE])])
    table = marked.table.filter(marked.table[PAYEE].isin(texts))
    rows = facts.ask(table.select(*marked.columns()).order_by(marked.order).limit(MOST_ROWS))
    count = len(rows)
    if count == MOST_ROWS:
        count = facts.ask(table.aggregate(count=table.count()))[0]["count"]
    facts.close()
    return marked.listing(kpi, payee, rows, count)


def list_rows_of_all(
    book: Book, schemes: SchemeBook, inputs: Inputs, kpi: str, most: int, issues: list[Issue]
) -> dict[int, Listing]:
    """Return the first rows of facts behind everybody's figure of the month, by payee; the table is read once."""
    import ibis

    marked = _marked(book, schemes, inputs, kpi, issues)
    if marked is None:
        return {}
    facts, table = marked.facts, marked.table
    counts = {row[PAYEE]: row["count"] for row in facts.ask(table.group_by(PAYEE).aggregate(count=table.count()))}
    place = ibis.row_number().over(group_by=PAYEE, order_by=marked.order)
    first = table.mutate(place=place)
    columns = [*dict.fromkeys([PAYEE, *marked.columns()])]
    rows = facts.ask(first.filter(first["place"] < most).select(*columns).order_by([PAYEE, *marked.order]))
    facts.close()
    of_payee: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if not is_nobody(row[PAYEE]) and (owner := marked.owners.owner(row[PAYEE])) >= 0:
            of_payee.setdefault(owner, []).append(row)
    total: dict[int, int] = {}
    for text, count in counts.items():
        if not is_nobody(text) and (owner := marked.owners.owner(text)) >= 0:
            total[owner] = total.get(owner, 0) + count
    return {payee: marked.listing(kpi, payee, shown[:most], total[payee]) for payee, shown in of_payee.items()}


def values_by_day(
    book: Book, schemes: SchemeBook, inputs: Inputs, kpi: str, until: date, issues: list[Issue]
) -> dict[int, dict[date, Decimal]]:
    """Return what each day up to `until` added to a sum or count, by payee and day."""
    marked = _marked(book, schemes, inputs, kpi, issues, until)
    if marked is None:
        return {}
    table = marked.table.mutate(day=marked.table[DATE].cast("date"))
    rows = marked.facts.ask(table.group_by([PAYEE, "day"]).aggregate(value=table["value"].sum()))
    marked.facts.close()
    values: dict[int, dict[date, Decimal]] = {}
    for row in rows:
        if not is_nobody(row[PAYEE]) and (owner := marked.owners.owner(row[PAYEE])) >= 0 and row["value"] is not None:
            days = values.setdefault(owner, {})
            days[row["day"]] = days.get(row["day"], Decimal(0)) + Decimal(row["value"])
    return values


def _marked(
    book: Book, schemes: SchemeBook, inputs: Inputs, kpi: str, issues: list[Issue], until: date | None = None
) -> _Marked | None:
    """Open the table behind a KPI; None where it cannot be read any more."""
    measure = measure_of(schemes, kpi, until=until)
    if measure is None:
        return None
    who = replace(people(inputs.payees, {}, {}), called=inputs.called)
    facts = open_facts(schemes.kpis[kpi].from_ or "", book, schemes, who, inputs.period, issues)
    if facts is None:
        return None
    facts = with_shares(facts)
    table = facts.table
    chosen, _ = chosen_rows(facts, measure, inputs.period, table)
    names = [name for name in (KEY, DATE) if name in table.columns]
    shown = {heading_of(facts.spec, name) for name in names}
    used = [f"c_{name}" for name in facts.spec.columns if name in measure.columns()]
    names += [name for name in used if heading_of(facts.spec, name) not in shown]
    value = value_of(facts, measure, inputs.period, table)
    marked = table.mutate(value=value, chosen=chosen).filter(chosen)
    return _Marked(
        facts, Owners(facts.spec, who), marked, names, [name for name in ("row", DATE) if name in table.columns]
    )


def _row(facts: Any, row: dict[str, Any], names: Sequence[str]) -> FactRow:
    return FactRow(place_of(facts, row, names[0]), [row[name] for name in names], row["value"])
