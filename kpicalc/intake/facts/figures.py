"""From a table of facts to a figure per payee and KPI, with every fault in its rows reported.

One query per table returns one row per payee with counts of each kind of fault; the rows themselves are queried only
where a count is not zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kpicalc.engine.row_rules import row_rules
from kpicalc.intake.facts.accounts import Account
from kpicalc.intake.facts.findings import Findings
from kpicalc.intake.facts.measuring.conditions import backwards, chosen_rows, counted, in_span, in_spans, value_of
from kpicalc.intake.facts.measuring.measures import NOTHING_IS_ZERO, Measure, measure_of
from kpicalc.intake.facts.measuring.per import reached
from kpicalc.intake.facts.measuring.split import with_shares
from kpicalc.intake.facts.owners import Owners
from kpicalc.intake.facts.paying.paid_rows import list_paid, measures_of_rows, tell_odd_steps, tell_without_rate
from kpicalc.intake.facts.paying.rates import read_rates
from kpicalc.intake.facts.paying.row_terms import RowPay
from kpicalc.intake.facts.positions import by_position, is_of_days, tell_rows_between
from kpicalc.intake.facts.shares import tell_shares
from kpicalc.intake.facts.sources.headers import DATE, PAYEE
from kpicalc.intake.facts.sources.source import open_facts
from kpicalc.intake.facts.spellings import of_measures, settled
from kpicalc.intake.facts.table import Facts, Unreadable, with_payees
from kpicalc.intake.scheme.fact_checks import check_table
from kpicalc.intake.sheets.layout.merged import merged_in_facts
from kpicalc.intake.sheets.staff.people import People
from kpicalc.lang import severity
from kpicalc.model.book import Book
from kpicalc.model.deals import MOST_LISTED, PaidRows, RateTable, RowRule, heading_twice
from kpicalc.model.inputs import FactSource, Series, TableCount
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import exact_context, rounder
from kpicalc.model.period import months_back
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.stage import tell

_ZERO = Decimal(0)
_BLANKS = frozenset({"fact_blank", "fact_undated", "fact_no_payee"})
_RATIO = Decimal("1e-9")
"""Averages and shares are kept to nine places: what a spreadsheet holds exactly and comparisons see."""


@record(frozen=False)
class FactFigures:
    """Figures from facts: of the month by KPI, of earlier months by `kpi:months back`; and the files behind them."""

    actual: dict[str, Series] = field(default_factory=dict)
    history: dict[tuple[str, int], Series] = field(default_factory=dict)
    reached: dict[str, list[date | None]] = field(default_factory=dict)
    """By KPI: the day of each payee's last row that counts, where it decides a tie."""
    sources: list[FactSource] = field(default_factory=list)
    tables: list[TableCount] = field(default_factory=list)
    row_pay: dict[RowRule, Series] = field(default_factory=dict)
    paid_rows: dict[RowRule, PaidRows] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    """KPIs that count rows of more than one month; the positions of one person cannot be told apart in them."""
    unread: set[Place] = field(default_factory=set)
    """Tables with reported faults: their figures are missing, not blank."""


def read_facts(
    book: Book,
    schemes: SchemeBook,
    month: str,
    who: People,
    earlier: Mapping[str, set[str]],
    issues: list[Issue],
    until: date | None = None,
) -> FactFigures:
    """Return the figures of all KPIs computed from facts; `earlier` are the months for which a KPI is needed.

    `until` is the last day of the month whose rows count; all of them unless stated.
    """
    figures = FactFigures()
    rules = row_rules(schemes)
    rates = _rates(book, schemes, rules, figures, issues)
    for number, (key, table) in enumerate(schemes.facts.items()):
        tell("facts", number, len(schemes.facts))
        if any(check_table(key, table, schemes.source)):
            continue
        measures = [
            measure
            for kpi, entry in schemes.kpis.items()
            if entry.from_ == key
            for back in (0, *sorted({back for span in earlier.get(kpi, ()) for back in months_back(span, month)}))
            if (measure := measure_of(schemes, kpi, back, until))
        ]
        own_rules = [rule for rule in rules if rule.facts == key]
        if not measures and not own_rules:
            continue
        raised: list[Issue] = []
        facts = open_facts(key, book, schemes, who, month, raised)
        place = facts.place if facts else Place(key)
        paid: list[RowPay] = []
        nothing: list[Decimal | None] = [None] * len(who.payees)
        columns: list[list[Decimal | None]] = []
        if facts is not None:
            if facts.source.sha256:
                figures.sources.append(facts.source)
            raised += Owners(table, who).unknown_aliases(key, schemes)
            try:
                facts = of_measures(facts, measures, month, raised)
                measures = settled(facts, measures, month, raised)
                paid = measures_of_rows(facts, schemes, own_rules, rates, until, raised)
                paid = settled(facts, paid, month, raised)
                if measures or paid:
                    columns, count, listed = _figures(facts, [*measures, *paid], month, who, raised, figures.reached)
                    figures.tables.append(count)
                    figures.paid_rows |= listed
            except Unreadable as error:
                raised.append(issue("fact_broken", facts.place, found=error))
            if not facts.unchanged():
                raised.append(issue("fact_changed", facts.place))
            facts.close()
        told = _told_once(raised)
        # Two tables of facts may be read from one sheet: its faults are reported once.
        issues += [item for item in (*told, *merged_in_facts(told)) if item not in issues]
        if any(severity(item) == "error" for item in raised):
            figures.unread.add(replace(place, cell=""))
        known = dict(zip([*measures, *paid], columns, strict=False))
        for measure in [*measures, *paid]:
            values = known.get(measure, nothing)
            series = Series(values, place.file, place.sheet, "", [0] * len(values))
            if isinstance(measure, RowPay):
                figures.row_pay[measure.rule] = series
            elif measure.months:
                figures.history[measure.kpi, measure.months] = series
            else:
                figures.actual[measure.kpi] = series
                figures.whole |= set() if is_of_days(measure) else {measure.kpi}
    return figures


def _rates(
    book: Book, schemes: SchemeBook, rules: Sequence[RowRule], figures: FactFigures, issues: list[Issue]
) -> dict[str, RateTable | None]:
    """Return the rate sheets that rules name; None for one that cannot be paid by."""
    rates: dict[str, RateTable | None] = {}
    for key in dict.fromkeys(rule.rates for rule in rules if isinstance(rule.rates, str)):
        # The scheme's own checks have reported what is wrong in the rule; such a rule is not read.
        if key in schemes.rates and not heading_twice(schemes.rates[key]):
            read = read_rates(key, book, schemes, issues)
            rates[key] = read.table
            figures.tables += [read.count] if read.count else []
            figures.sources += [read.source] if read.source else []
    return rates


def _told_once(issues: Sequence[Issue]) -> list[Issue]:
    """Remove issues about blank cells that could not be read: those cells have an issue of their own."""
    reported = {item.place for item in issues if item.code not in _BLANKS}
    return [item for item in issues if item.code not in _BLANKS or item.place not in reported]


def _figures(
    facts: Facts,
    measures: Sequence[Measure],
    month: str,
    who: People,
    issues: list[Issue],
    reached_on: dict[str, list[date | None]],
) -> tuple[list[list[Decimal | None]], TableCount, dict[RowRule, PaidRows]]:
    """Return a column per measure, what became of the rows, and the rows paid one by one.

    `reached_on` receives the day of each payee's last row, where a tie needs it.
    """
    owners = Owners(facts.spec, who)
    rows = facts.ask(_question(with_shares(facts), measures, month))
    if spellings := owners.spellings(rows):
        facts = with_payees(facts, spellings)
        rows = facts.ask(_question(with_shares(facts), measures, month))
    facts = with_shares(facts)
    rows = _with_reached(facts, rows, measures, month)
    findings = Findings(facts, month, measures, issues)
    findings.report(rows, owners)
    apart, of_positions = by_position(facts, rows, owners, month), dict[int, Mapping[str, Any]]()
    answers = rows
    if apart is not None:
        answers = _with_reached(apart.facts, facts.ask(_question(apart.facts, measures, month)), measures, month)
        tell_rows_between(apart, answers, measures, who, issues)
        of_positions = {owner: row for row in answers if (owner := apart.owner(row[PAYEE])) is not None}
    tell_shares(findings)
    listed: dict[RowRule, PaidRows] = {}
    for number, measure in enumerate(measures):
        if isinstance(measure, RowPay):
            if measure.zero or any(row[f"m{number}_blank"] for row in rows):
                tell_without_rate(findings, measure)
            tell_odd_steps(findings, measure)
            counts = {row[PAYEE]: row[f"m{number}_rows"] for row in answers if row[f"m{number}_rows"]}
            listed[measure.rule] = list_paid(facts, measure, month, owners, counts, len(who.payees), apart)
            if not listed[measure.rule].listed:
                details = {"title": measure.title, "count": sum(listed[measure.rule].counts.values())}
                issues.append(issue("fact_rows_not_listed", facts.place, **details, limit=MOST_LISTED))
    count = Account(facts, month, measures, rows, owners, findings).table()
    by_owner = owners.by_owner(rows)

    def row_of(measure: Measure, index: int) -> Mapping[str, Any] | None:
        first = heads.get(index)
        if first is None:
            return by_owner.get(index)
        return of_positions.get(index) if is_of_days(measure) else by_owner.get(first)

    heads = {one.index: first for first, rows_of in who.several.items() for one in rows_of}
    for number, measure in enumerate(measures):
        if measure.dated:
            days = [(row_of(measure, index) or {}).get(f"m{number}_last") for index in range(len(who.payees))]
            reached_on[measure.kpi] = [day.date() if isinstance(day, datetime) else day for day in days]
    with exact_context():
        return (
            [
                [_value(measure, f"m{number}_", row_of(measure, index)) for index in range(len(who.payees))]
                for number, measure in enumerate(measures)
            ],
            count,
            listed,
        )


def _with_reached(
    facts: Facts, rows: list[dict[str, Any]], measures: Sequence[Measure], month: str
) -> list[dict[str, Any]]:
    """Return the answers with the number of groups (clients, days) that reach the bound of each measure."""
    for number, measure in enumerate(measures):
        if measure.per is not None:
            enough = reached(facts, measure, month)
            rows = [row | {f"m{number}_value": enough.get(row[PAYEE], 0)} for row in rows]
    return rows


def _question(facts: Facts, measures: Sequence[Measure], month: str) -> Any:
    """Return the query with one row per text in the payee column: figures, and counts of faults."""
    table = facts.table
    asked: dict[str, Any] = {}
    for number, measure in enumerate(measures):
        asked |= {f"m{number}_{name}": value for name, value in _asked(facts, measure, month).items()}
    every = in_spans(measures, month, table)
    asked["rows"] = every.sum()
    asked["counted"] = counted(facts, measures, month, table).sum()
    asked["undated"] = table[DATE].isnull().sum()
    asked |= {f"bad_{name}": table[f"bad_{name}"].sum() for name in facts.bad}
    scope = every | table[DATE].isnull()
    for name in facts.bad:
        scope |= table[f"bad_{name}"]
    return table.filter(scope).group_by(PAYEE).aggregate(**asked)


def _asked(facts: Facts, measure: Measure, month: str) -> dict[str, Any]:
    """Return the parts of the query for one measure: its value, how many rows count, how many are doubtful."""
    chosen, doubtful = chosen_rows(facts, measure, month, facts.table)
    value = value_of(facts, measure, month, facts.table)
    match measure.way:
        case "sum" | "average":
            result = value.sum(where=chosen).cast(f"decimal(38, {value.type().scale})")
        case "count":
            result = chosen.sum()
        case "distinct":
            result = value.nunique(where=chosen)
        case "share":
            result = (chosen & value.fill_null(False)).sum()
        case "min":
            result = value.min(where=chosen)
        case "max":
            result = value.max(where=chosen)
    asked = {"last": facts.table[DATE].max(where=chosen)} if measure.dated else {}
    if measure.minutes():
        asked["backwards"] = backwards(facts, measure, month, facts.table).sum()
    return asked | {
        "rows": chosen.sum(),
        "value": result,
        "blank": doubtful.sum(),
        "span": in_span(measure, month, facts.table).sum(),
    }


def _value(measure: Measure, prefix: str, row: Mapping[str, Any] | None) -> Decimal | None:
    count = (row or {}).get(f"{prefix}rows") or 0
    if row is None or not count:
        return _ZERO if measure.way in NOTHING_IS_ZERO or measure.per is not None else None
    value = row[f"{prefix}value"]
    if measure.per is not None:
        return Decimal(value)
    if value is None:
        return None
    number = Decimal(value)
    if measure.way in ("average", "share"):
        return rounder(_RATIO, "half_up")(number / count)
    return number.normalize() + _ZERO
