"""Rules for the rate sheets of a scheme file, and for the rows that are paid by them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from kpicalc.engine.tree.tokens import FormulaError, title_at
from kpicalc.intake.facts.measuring.language import MOST_PLACES, read_expression
from kpicalc.intake.facts.measuring.measures import types_of
from kpicalc.intake.scheme.fact_checks import expression_place
from kpicalc.model.deals import MATCHED, RATE_PLACES, RateSheet, heading_twice
from kpicalc.model.facts import FactTable, FactType
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import PayItem, Source
from kpicalc.model.texts import by_spelling, name_key, unknown

if TYPE_CHECKING:
    from kpicalc.engine.components.deal_commission import DealCommission

Path = tuple[str | int, ...]


def check_rates(rates: Mapping[str, RateSheet | None], source: Source) -> Iterator[Issue]:
    """Check the entry of a rate sheet."""
    for key, sheet in rates.items():
        if sheet is None:
            continue
        path = ("rates", key)
        if sheet.from_ is None and not sheet.rows:
            yield issue("missing_one_of", source.place(*path), allowed=["from", "rows"], key=key, words="—")
        if sheet.from_ is not None and sheet.rows:
            yield issue("only_one_of", source.place(*path, "rows"), key=key, allowed=["from", "rows"])
        if not sheet.match and not sheet.steps:
            yield issue("missing_one_of", source.place(*path), allowed=["match", "steps"], key=key, words="—")
        headings = [*sheet.match.values(), *sheet.steps.values(), sheet.rate]
        keys = [name_key(heading) for heading in headings]
        if twice := heading_twice(sheet):
            yield issue("rate_heading_twice", source.place(*path), found=twice)
        for number, row in enumerate(sheet.rows):
            for heading in row:
                if name_key(heading) not in keys:
                    yield unknown("unknown_key", source.place(*path, "rows", number, heading), heading, headings)


def check_row_pay(
    pay: Sequence[PayItem],
    facts: Mapping[str, FactTable | None],
    rates: Mapping[str, RateSheet | None],
    calendar: object,
    source: Source,
) -> Iterator[Issue]:
    """Check the lines that pay row by row against their tables of facts and rate sheets."""
    for item in pay:
        if item.name != "deal_commission":
            continue
        component: DealCommission = item.component
        path = (*item.path, item.name)
        if isinstance(component.rates, str) and component.rates not in rates:
            yield unknown("rates_unknown", source.place(*path, "rates"), component.rates, list(rates))
        if component.on not in facts:
            yield unknown("fact_unknown_table", source.place(*path, "on"), component.on, list(facts))
            continue
        table = facts[component.on]
        if table is not None:
            sheet = rates.get(component.rates) if isinstance(component.rates, str) else None
            yield from _terms(component, path, table, sheet, calendar, source)


def _terms(
    component: "DealCommission", path: Path, table: FactTable, sheet: RateSheet | None, calendar: object, source: Source
) -> Iterator[Issue]:
    wanted: list[tuple[Path, str, tuple[FactType, ...]]] = [((*path, "amount"), component.amount, ("number",))]
    if component.where is not None:
        wanted.append(((*path, "where"), component.where, ("yes_no",)))
    if component.by is not None:
        wanted.append(((*path, "by"), component.by, ("number",)))
    if sheet is not None:
        base = ("rates", str(component.rates))
        wanted += [((*base, "match", text), text, MATCHED) for text in sheet.match]
        wanted += [((*base, "steps", text), text, ("number",)) for text in sheet.steps]
    types = types_of(table)
    headings = by_spelling({name: table.column(name).heading for name in table.columns})
    for option, text, kinds in wanted:
        try:
            term = read_expression(text, types, kinds[0] if len(kinds) == 1 else None)
        except FormulaError as mistake:
            error = title_at(text, mistake, headings, types)
            yield issue(error.code, expression_place(source, option, error), **error.facts)
            continue
        if calendar is None and term.asks_calendar():
            yield issue("fact_no_calendar", source.place(*option))
        if term.type not in kinds:
            yield issue("fact_type", source.place(*option), text=text, found=term.type, allowed=" / ".join(kinds))
        if option[-1] == "amount" and term.places + _rate_places(component) > MOST_PLACES:
            yield issue("fact_too_long", source.place(*option), text=text, allowed=str(MOST_PLACES - RATE_PLACES))


def _rate_places(component: "DealCommission") -> int:
    if isinstance(component.rates, str):
        return RATE_PLACES
    exponents = [tier.rate.normalize().as_tuple().exponent for tier in component.rates]
    return max(-int(exponent) for exponent in (*exponents, Decimal(0).as_tuple().exponent))
