"""How a row of facts is paid, as an expression over the row: its rate by cases or tiers, and its rounded pay.

So the pay of a row is summed, shared, listed and checked as any other figure of it, in every engine. Without a rate the
pay is blank, which is an error: a row is never paid nothing silently.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from kpicalc.engine.tree.tokens import FormulaError
from kpicalc.intake.facts.measuring.language import MOST_PLACES, Term, read_expression
from kpicalc.intake.facts.measuring.measures import Measure, types_of
from kpicalc.intake.facts.sources.headers import heading_of
from kpicalc.intake.sheets.names import words
from kpicalc.model.deals import RateRow, RateTable, RowRule, RowStep
from kpicalc.model.facts import FactTable
from kpicalc.model.money import places
from kpicalc.model.numbers import number_in_text
from kpicalc.model.record import record
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.texts import spelling_key

_ZERO = Decimal(0)
UNKNOWN = Term("unknown", "number")
Spellings = Mapping[int, Mapping[str, str]]
"""By the index of the matched term: every text that occurs in the table -> its spelling key."""


@record(kw_only=True)
class RowPay(Measure):
    """The terms of a rule for a row: its amount, what decides its rate, the rate, the number of the case (0: none)."""

    rule: RowRule
    amount: Term
    decided: tuple[Term, ...]
    rate: Term | None
    case: Term
    rates: RateTable | None
    headings: tuple[str, ...]
    """The names of the figures and texts that decide the rate."""
    zero: bool = False
    """True where rows without a rate are paid nothing."""

    @property
    def may_lack(self) -> bool:
        """Tell whether a row may be without a rate."""
        return self.rates is not None or self.rule.below_zero == "error"


def matched_terms(schemes: SchemeBook, rule: RowRule) -> list[Term]:
    """Return the terms that a rule's rate sheet matches in a row."""
    if not isinstance(rule.rates, str):
        return []
    types = types_of(schemes.facts[rule.facts])
    return [read_expression(text, types, None) for text in schemes.rates[rule.rates].match]


def row_pay(
    schemes: SchemeBook, rule: RowRule, rates: RateTable | None, spellings: Spellings, until: date | None
) -> RowPay:
    """Return how the rows of a table are paid by a rule."""
    table = schemes.facts[rule.facts]
    types = types_of(table)
    amount = read_expression(rule.amount, types, "number")
    sheet = schemes.rates[rule.rates] if isinstance(rule.rates, str) else None
    if sheet is not None and rates is not None:
        matched = matched_terms(schemes, rule)
        stepped = [read_expression(text, types, "number") for text in sheet.steps]
        decided = (*matched, *stepped)
        zero = sheet.unknown == "zero"
        known = (rates.rows, matched, stepped, spellings)
        value = _known(decided, _rated(*known, [row.rate for row in rates.rows], number(_ZERO) if zero else UNKNOWN))
        rate: Term | None = value
        pay = _times(amount, value)
        case = _rated(*known, [Decimal(n) for n in range(1, len(rates.rows) + 1)], number(_ZERO))
        headings = tuple(_called(table, text) for text in (*sheet.match, *sheet.steps))
    else:
        assert not isinstance(rule.rates, str)
        by = amount if rule.by is None else read_expression(rule.by, types, "number")
        zero = False
        decided, headings = (() if rule.by is None else (by,)), (_called(table, rule.by or ""),) * (rule.by is not None)
        case = _tier(by, rule.rates, [Decimal(n) for n in range(1, len(rule.rates) + 1)], number(_ZERO))
        below = {"zero": number(_ZERO), "first_rate": number(rule.rates[0].rate), "error": UNKNOWN}[rule.below_zero]
        if rule.tiers == "marginal":
            slices = _slices(amount, rule.rates)
            whole = Term("cases", "number", (_at_least(by, rule.rates[0]), slices, _times(amount, below)),
                         places=slices.places)  # fmt: skip
            rate, pay = None, _known((by,), whole)
        else:
            value = _known((by,), _tier(by, rule.rates, [step.rate for step in rule.rates], below))
            rate, pay = value, _times(amount, value)
    if rule.places is not None:
        pay = Term("round", "number", (pay,), places=rule.places)
    where = None if rule.where is None else read_expression(rule.where, types, "yes_no")
    if schemes.calendar is None and any(term.asks_calendar() for term in (pay, case, *([where] if where else []))):
        # The scheme's own checks report it.
        raise FormulaError(0, "fact_no_calendar")
    return RowPay(
        kpi="", title=rule.title, way="sum", value=pay, where=where, over="month", until=until,
        rule=rule, amount=amount, decided=decided, rate=rate, case=case, rates=rates, headings=headings, zero=zero,
        needed=(amount, *decided), calendar=schemes.calendar,
    )  # fmt: skip


def _called(table: FactTable, text: str) -> str:
    """Return the name of an expression that people see: a column's heading, or the expression as written."""
    return heading_of(table, f"c_{text}") if text in table.columns else text


def number(value: Decimal) -> Term:
    """Return a number as a term."""
    return Term("number", "number", value=value, places=max(places(value), 0) if value else 0)


def _known(terms: Sequence[Term], value: Term) -> Term:
    """Return a value that is blank where a deciding figure or text is blank: a blank matches no case."""
    tests = tuple(Term("=", "yes_no", (term, term)) for term in terms)
    when = tests[0] if len(tests) == 1 else Term("and", "yes_no", tests)
    return Term("if", "number", (when, value, UNKNOWN), places=value.places)


def _times(amount: Term, rate: Term) -> Term:
    return Term("*", "number", (amount, rate), places=min(amount.places + rate.places, MOST_PLACES))


def _rated(
    rows: Sequence[RateRow],
    matched: Sequence[Term],
    stepped: Sequence[Term],
    spellings: Spellings,
    values: Sequence[Decimal],
    otherwise: Term,
) -> Term:
    """Return the value of the case that a row matches.

    The matched texts are tested once for all steps of a case, as a database tries the conditions one by one.
    """
    groups: dict[tuple[str, ...], list[tuple[tuple[Decimal, ...], Decimal]]] = {}
    for row, value in zip(rows, values, strict=True):
        groups.setdefault(tuple(map(spelling_key, row.match)), []).append((row.bounds, value))
    first = {tuple(map(spelling_key, row.match)): row.match for row in reversed(rows)}
    pairs = []
    for key, steps in groups.items():
        pairs_of = enumerate(zip(matched, first[key], strict=True))
        tests = [_same(term, text, spellings.get(index, {})) for index, (term, text) in pairs_of]
        pairs.append((tests, _by_step(steps, stepped, otherwise)))
    if not matched:
        return pairs[0][1] if pairs else otherwise
    return _cases([(_all(tests), value) for tests, value in pairs], otherwise)


def _by_step(cases: Sequence[tuple[tuple[Decimal, ...], Decimal]], stepped: Sequence[Term], otherwise: Term) -> Term:
    """Return the value of the step that a row has reached; the highest step comes first."""
    if not stepped:
        return number(cases[0][1])
    starts: dict[Decimal, list[tuple[tuple[Decimal, ...], Decimal]]] = {}
    for bounds, value in cases:
        starts.setdefault(bounds[0], []).append((bounds[1:], value))
    pairs = [
        (Term(">=", "yes_no", (stepped[0], number(bound))), _by_step(starts[bound], stepped[1:], otherwise))
        for bound in sorted(starts, reverse=True)
    ]
    return _cases(pairs, otherwise)


def _all(tests: Sequence[Term]) -> Term:
    return tests[0] if len(tests) == 1 else Term("and", "yes_no", tuple(tests))


def _cases(pairs: Sequence[tuple[Term, Term]], otherwise: Term) -> Term:
    """Return the value of the first condition that is true."""
    if not pairs:
        return otherwise
    digits = max(term.places for term in (*(value for _, value in pairs), otherwise))
    return Term("cases", "number", (*(piece for pair in pairs for piece in pair), otherwise), places=digits)


def _same(term: Term, text: str, spellings: Mapping[str, str]) -> Term:
    """Return the condition that a row matches a case: a text in any spelling, a number, yes or no."""
    if term.type == "number":
        value = number_in_text(text, frozenset())
        known = value if isinstance(value, Decimal) else None
        return Term("=", "yes_no", (term, UNKNOWN if known is None else number(known)))
    if term.type == "yes_no":
        yes = spelling_key(text) in words("yes")
        return term if yes else Term("not", "yes_no", (term,))
    wanted = spelling_key(text)
    return Term("among", "yes_no", (term,), value=tuple(sorted(raw for raw, key in spellings.items() if key == wanted)))


def _at_least(by: Term, step: RowStep) -> Term:
    return Term(">" if step.excluded else ">=", "yes_no", (by, number(step.bound)))


def _tier(by: Term, steps: Sequence[RowStep], values: Sequence[Decimal], below: Term) -> Term:
    """Return the value of the tier in which a figure lies; the highest tier comes first."""
    pairs = [(_at_least(by, step), number(value)) for step, value in zip(steps, values, strict=True)]
    return _cases(pairs[::-1], below)


def _slices(amount: Term, steps: Sequence[RowStep]) -> Term:
    """Return the sum of the slices of an amount, each times its own rate."""
    parts: list[Term] = []
    for index, step in enumerate(steps):
        upper = amount
        if index + 1 < len(steps):
            end = number(steps[index + 1].bound)
            upper = Term("min", "number", (amount, end), places=max(amount.places, end.places))
        start = number(step.bound)
        digits = max(upper.places, start.places)
        slice_ = Term("-", "number", (upper, start), places=digits)
        parts.append(_times(Term("max", "number", (slice_, number(_ZERO)), places=digits), number(step.rate)))
    whole = parts[0]
    for part in parts[1:]:
        whole = Term("+", "number", (whole, part), places=max(whole.places, part.places))
    return whole
