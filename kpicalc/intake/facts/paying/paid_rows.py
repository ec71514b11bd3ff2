"""The rows that are paid one by one: rows without a rate are reported, the others listed with their rate."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from kpicalc.engine.tree.tokens import FormulaError
from kpicalc.intake.facts.findings import Findings, place_of
from kpicalc.intake.facts.measuring.conditions import chosen_rows, value_of
from kpicalc.intake.facts.measuring.language import Term
from kpicalc.intake.facts.measuring.measure import Query
from kpicalc.intake.facts.measuring.split import AFTER, BEFORE
from kpicalc.intake.facts.mistyped import look_alikes
from kpicalc.intake.facts.owners import Owners, is_nobody
from kpicalc.intake.facts.paying.row_terms import RowPay, Spellings, matched_terms, row_pay
from kpicalc.intake.facts.positions import ByPosition
from kpicalc.intake.facts.sources.headers import DATE, KEY, PAYEE, heading_of
from kpicalc.intake.facts.table import MOST, Facts
from kpicalc.intake.sheets.names import words
from kpicalc.model.deals import MATCHED, MOST_LISTED, SHOWN_OF_ONE, PaidRow, PaidRows, RateTable, RowRule
from kpicalc.model.entry import PerCent
from kpicalc.model.issue import Issue, issue
from kpicalc.model.numbers import number_in_text
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import spelling_key, wrong_alphabet

_ONE = Decimal(1)
_MOST_COMPARED = 50_000_000
"""Rows times payees: each payee is looked up in all rows, and more comparisons make a spreadsheet slow."""


def measures_of_rows(
    facts: Facts,
    schemes: SchemeBook,
    rules: Sequence[RowRule],
    rates: Mapping[str, RateTable | None],
    until: date | None,
    issues: list[Issue],
) -> list[RowPay]:
    """Return the measures of the rules whose rates are known; a case that no row can match is an issue."""
    measures = []
    for rule in rules:
        table = rates.get(rule.rates) if isinstance(rule.rates, str) else None
        if isinstance(rule.rates, str) and table is None:
            continue
        # Errors in expressions of the scheme file are reported by its own checks.
        with suppress(FormulaError):
            terms = matched_terms(schemes, rule)
            odd = list(_misfits(table, terms)) if table is not None else []
            issues += odd
            if not odd and all(term.type in MATCHED for term in terms):
                spellings = {index: _spellings(facts, term) for index, term in enumerate(terms) if term.type == "text"}
                issues += _dashes(facts, table, spellings) if table is not None else ()
                measures.append(row_pay(schemes, rule, table, spellings, until))
    return measures


def _misfits(rates: RateTable, terms: Sequence[Term]) -> Iterator[Issue]:
    """Yield the cases whose condition has the wrong type: the rows hold numbers, or yes and no."""
    for row in rates.rows:
        for text, term in zip(row.match, terms, strict=True):
            number_ = isinstance(number_in_text(text, frozenset()), Decimal)
            sure = spelling_key(text) in (*words("yes"), *words("no"))
            if (term.type == "number" and not number_) or (term.type == "yes_no" and not sure):
                yield issue("fact_rate_type", row.place, found=text, allowed=term.type)


def _dashes(facts: Facts, rates: RateTable, spellings: Spellings) -> Iterator[Issue]:
    """Yield the cases for a dash, or another text without a letter, that no row has: it means nothing, or anything."""
    for row in rates.rows:
        for index, known in spellings.items():
            text = row.match[index]
            if not any(map(str.isalnum, text)) and spelling_key(text) not in known.values():
                yield issue("fact_rate_dash", row.place, found=text, heading=rates.match[index], table=facts.title())


def _spellings(facts: Facts, term: Term) -> dict[str, str]:
    """Return every text that a table has in a place, with what its spellings share."""
    value = Query({name: facts.table[f"c_{name}"] for name in term.columns()}, {}).value(term)
    asked = facts.table.select(found=value).distinct()
    return {row["found"]: spelling_key(row["found"]) for row in facts.ask(asked) if row["found"] is not None}


def _terms(measure: RowPay, month: str, table: Any, terms: Sequence[Term]) -> list[Any]:
    columns = {name: table[f"c_{name}"] for name in measure.columns() | set().union(*(t.columns() for t in terms))}
    query = Query(columns, measure.days(month), measure.calendar)
    return [query.value(term) for term in terms]


def without_rate(facts: Facts, measure: RowPay, month: str, table: Any) -> Any:
    """Return the condition that a row is to be paid, has every figure that decides its rate, and still has no rate."""
    chosen, _ = chosen_rows(facts, measure, month, table)
    value, case, *decided = _terms(measure, month, table, [measure.amount, measure.case, *measure.decided])
    lacks = (case == 0) & value.notnull()
    for term in decided:
        lacks &= term.notnull()
    return chosen & lacks.fill_null(False)


def tell_without_rate(findings: Findings, measure: RowPay) -> None:
    """Report the rows without a rate: how many, their amount, and the first of them."""
    facts, month = findings.facts, findings.month
    table = facts.table
    if not measure.may_lack:
        return
    condition = without_rate(facts, measure, month, table)
    amount, *decided = _terms(measure, month, table, [measure.amount, *(measure.decided or (measure.amount,))])
    marked = table.mutate(amount=amount, **{f"d{n}": value for n, value in enumerate(decided)}).filter(condition)
    whole = facts.ask(marked.aggregate(count=marked.count(), sum=marked.amount.sum().cast("decimal(38, 6)")))[0]
    if not whole["count"]:
        return
    names = [name for name in ("row", KEY) if name in marked.columns]
    order = names[:1] or [DATE]
    wanted = list(dict.fromkeys([*names, DATE, "amount", *(f"d{n}" for n in range(len(decided)))]))
    rows = facts.ask(marked.select(*wanted).order_by(order).limit(MOST))
    headings = measure.headings or (amount_heading(facts, measure),)
    cases = [_in_words(headings, [row[f"d{n}"] for n in range(len(decided))]) for row in rows]
    places = [place_of(facts, row, PAYEE) for row in rows]
    listed = [f"{place.cell or place.line or place.file} ({case})" for place, case in zip(places, cases, strict=True)]
    details = {"title": measure.title, "count": whole["count"], "sum": _plain(whole["sum"] or Decimal(0))}
    shown = [*listed, *(["…"] if whole["count"] > len(listed) else [])]
    code = "fact_rate_zero" if measure.zero else "fact_rate_unknown"
    findings.issues.append(issue(code, places[0], **details, found=shown, table=facts.title()))
    _tell_alike(findings, measure, marked)


def _tell_alike(findings: Findings, measure: RowPay, marked: Any) -> None:
    """Report texts of rows without a rate that only look like one of the rate sheet, with the first of their rows."""
    facts, cases = findings.facts, [row.match for row in measure.rates.rows] if measure.rates else []
    for n, texts in enumerate(zip(*cases, strict=True)):
        decided = marked[f"d{n}"]
        if not decided.type().is_string():
            continue
        found = facts.ask(marked.select(text=decided).distinct())
        names = [name for name in ("row", KEY) if name in marked.columns]
        for text, meant in look_alikes(set(texts), (row["text"] for row in found if row["text"])):
            rows = marked.filter(decided == text)
            first = facts.ask(rows.select(*names, DATE).order_by(names[:1] or [DATE]).limit(1))[0]
            if slip := wrong_alphabet(place_of(facts, first, PAYEE), text, [meant]):
                findings.issues.append(slip)


def tell_odd_steps(findings: Findings, measure: RowPay) -> None:
    """Warn of figures above 1 where steps are shares, and of shares where steps are in per cents.

    A discount of 15 reaches every step below 100 %; one of 0.15 reaches none from 5 on.
    """
    facts, month, rule = findings.facts, findings.month, measure.rule
    matched = len(measure.rates.match) if measure.rates else 0
    if measure.rates is not None:
        bounds = [{row.bounds[n] for row in measure.rates.rows} for n in range(len(measure.rates.steps))]
    else:
        bounds = [{step.bound for step in rule.rates if not isinstance(step, str)}] * len(measure.decided)
    steps = {n: sorted(bound for bound in stated if bound) for n, stated in enumerate(bounds) if any(stated)}
    signed = {n for n, stated in steps.items() if any(isinstance(bound, PerCent) for bound in stated)}
    shares = signed | {n for n, stated in steps.items() if stated[-1] < _ONE}
    points = {n for n, stated in steps.items() if stated[0] >= _ONE} - signed
    if not shares | points:
        return
    table = facts.table
    chosen, _ = chosen_rows(facts, measure, month, table)
    values = _terms(measure, month, table, [measure.decided[matched + n] for n in sorted(steps)])
    asked = {f"m{n}": value.max(where=chosen) for n, value in zip(sorted(steps), values, strict=True)}
    largest_by_step = facts.ask(table.aggregate(**asked))[0]
    for n in sorted(shares | points):
        largest = largest_by_step[f"m{n}"]
        code, limit = ("fact_steps_unit", steps[n][-1]) if n in shares else ("fact_steps_points", steps[n][0])
        # Twice the last bound may be a share too: 250 % beside steps up to 200 %.
        most = max(_ONE, 2 * limit) if n in signed else _ONE
        if largest is not None and (largest > most if n in shares else 0 < largest < _ONE):
            details = {"title": measure.title, "heading": measure.headings[matched + n], "found": _plain(largest)}
            findings.issues.append(issue(code, facts.place, **details, allowed=_plain(limit)))


def _in_words(headings: Sequence[str], values: Sequence[object]) -> str:
    return ", ".join(f"{heading} {_plain(value)}" for heading, value in zip(headings, values, strict=True))


def _plain(value: object) -> str:
    return f"{value.normalize() + 0:f}" if isinstance(value, Decimal) else str(value)


def amount_heading(facts: Facts, measure: RowPay) -> str:
    """Return the name of a rule's amount: the heading of its column, or the expression as written."""
    name = measure.rule.amount.strip()
    return heading_of(facts.spec, f"c_{name}") if name in facts.spec.columns else name


def list_paid(
    facts: Facts,
    measure: RowPay,
    month: str,
    owners: Owners,
    texts: Mapping[str, int],
    people: int,
    apart: ByPosition | None = None,
) -> PaidRows:
    """List the rows that a rule pays; `texts` holds the number of rows of each text in the payee column.

    Where there are more rows than a sheet may hold, only the first rows of each payee are listed, for explanations.
    `apart` is the table in which several positions of one person are separate payees.
    """
    facts, positions = (apart.facts, apart.texts) if apart is not None else (facts, dict[str, int]())
    whose = {
        text: positions[text] if text in positions else owners.owner(text) for text in texts if not is_nobody(text)
    }
    own = {text: owner for text, owner in whose.items() if owner >= 0}
    counts: dict[int, int] = {}
    for text, owner in own.items():
        counts[owner] = counts.get(owner, 0) + texts[text]
    total = sum(counts.values())
    listed = total <= MOST_LISTED and total * max(people, 1) <= _MOST_COMPARED
    most = 0 if listed else min(SHOWN_OF_ONE, MOST_LISTED // max(len(counts), 1))
    names = [name for name in (KEY, DATE) if name in facts.table.columns]
    rows: list[PaidRow] = []
    if total and (listed or most):
        rows = [
            _row(facts, measure, names, answer, own[answer[PAYEE]]) for answer in _ask(facts, measure, month, own, most)
        ]
    rows.sort(key=lambda row: row.payee)
    split = facts.spec.split
    headings = tuple(heading_of(facts.spec, name) for name in names)
    amount = amount_heading(facts, measure)
    shared = split.round if split is not None else None
    return PaidRows(headings, amount, measure.headings, measure.rates, rows, counts, listed, shared)


def _ask(facts: Facts, measure: RowPay, month: str, owner_of: Mapping[str, int], most: int) -> list[dict[str, Any]]:
    import ibis

    table = facts.table
    chosen, _ = chosen_rows(facts, measure, month, table)
    table = table.filter(chosen & table[PAYEE].isin(sorted(owner_of)))
    order = ["row"] if "row" in table.columns else [name for name in (DATE, KEY) if name in table.columns]
    order += [] if order == ["row"] else [f"c_{name}" for name in sorted(measure.columns())]
    if most:
        # The pay is queried only for the few rows that are shown.
        table = table.mutate(place=ibis.row_number().over(group_by=PAYEE, order_by=order))
        table = table.filter(table["place"] < most)
    terms = [measure.amount, measure.case, *measure.decided] + ([measure.rate] if measure.rate is not None else [])
    amount, case, *others = _terms(measure, month, table, terms)
    columns = {"amount": amount, "case": case, "pay": value_of(facts, measure, month, table)}
    columns |= {f"d{index}": value for index, value in enumerate(others[: len(measure.decided)])}
    if measure.rate is not None:
        columns["rate"] = others[-1]
    marked = table.mutate(**columns)
    wanted = [PAYEE, DATE, *order, *columns]
    wanted += [name for name in (KEY, BEFORE, AFTER) if name in marked.columns]
    return facts.ask(marked.select(*dict.fromkeys(wanted)).order_by([PAYEE, *order]))


def _row(facts: Facts, measure: RowPay, names: Sequence[str], row: Mapping[str, Any], payee: int) -> PaidRow:
    decided: list[object] = [row[f"d{index}"] for index in range(len(measure.decided))]
    case = int(row["case"])
    if measure.rates is not None and case:
        # A text is written as on the rate sheet, so that the lookup formula finds it there.
        decided[: len(measure.rates.match)] = measure.rates.rows[case - 1].match
    share = (row[BEFORE], row[AFTER]) if BEFORE in row else None
    return PaidRow(
        payee,
        place_of(facts, row, PAYEE),
        tuple(row[name] for name in names),
        row["amount"],
        tuple(decided),
        row.get("rate"),
        row["pay"],
        share,
    )
