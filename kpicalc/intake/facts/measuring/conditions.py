"""Which rows of a table of facts a measure counts, as conditions on any table with those columns."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from kpicalc.intake.facts.measuring.language import Term
from kpicalc.intake.facts.measuring.measure import Query
from kpicalc.intake.facts.measuring.measures import Measure
from kpicalc.intake.facts.measuring.split import part
from kpicalc.intake.facts.sources.headers import DATE
from kpicalc.intake.facts.table import Facts


def in_span(measure: Measure, month: str, table: Any) -> Any:
    """Return the condition that a row belongs to a measure's days."""
    start, after = measure.span(month)
    date = table[DATE].cast("date")
    inside = date < after if start is None else (date >= start) & (date < after)
    return inside.fill_null(False)


def in_spans(measures: Sequence[Measure], month: str, table: Any) -> Any:
    """Return the condition that a row belongs to the days of any of the measures."""
    spans = {measure.span(month): in_span(measure, month, table) for measure in measures}
    return reduce(lambda left, right: left | right, spans.values())


def counted(facts: Facts, measures: Sequence[Measure], month: str, table: Any) -> Any:
    """Return the condition that any of the measures counts a row."""
    chosen = (chosen_rows(facts, measure, month, table)[0] for measure in measures)
    return reduce(lambda left, right: left | right, chosen)


def value_of(facts: Facts, measure: Measure, month: str, table: Any) -> Any:
    """Return what a measure takes from a row; of a shared fact, the payee's part."""
    import ibis

    if measure.value is None:
        return ibis.literal(1)
    value = whole_value(measure, month, table)
    return part(facts, table, value) if measure.way == "sum" and facts.spec.split is not None else value


def whole_value(measure: Measure, month: str, table: Any) -> Any:
    """Return what a measure takes from a row before it is shared."""
    assert measure.value is not None  # A count of rows is never shared.
    return _query(measure, month, table).value(measure.value)


def group_of(measure: Measure, month: str, table: Any) -> Any:
    """Return by what a measure takes rows together: the client, the day."""
    assert measure.per is not None  # Only measures with `per` are grouped.
    if isinstance(measure.per, Term):
        return _query(measure, month, table).value(measure.per)
    return table[DATE].cast("date")


def chosen_rows(facts: Facts, measure: Measure, month: str, table: Any) -> tuple[Any, Any]:
    """Return two conditions: the row counts; whether it counts, or its value, is unknown."""
    span = in_span(measure, month, table)
    chosen, doubtful = span, None
    if measure.where is not None:
        condition = _query(measure, month, table).value(measure.where)
        chosen = span & condition.fill_null(False)
        doubtful = span & condition.isnull()
    blank = chosen & value_of(facts, measure, month, table).isnull()
    if measure.per is not None:
        blank |= chosen & group_of(measure, month, table).isnull()
    return chosen, blank if doubtful is None else blank | doubtful


def backwards(facts: Facts, measure: Measure, month: str, table: Any) -> Any:
    """Return the condition that a row counts although its minutes are negative: its end comes before its start."""
    chosen, _ = chosen_rows(facts, measure, month, table)
    if measure.way == "share":
        chosen &= value_of(facts, measure, month, table).fill_null(False)
    query = _query(measure, month, table)
    ends = ([query.value(item) for item in term.items] for term in measure.minutes())
    return chosen & reduce(lambda left, right: left | right, ((end < begin).fill_null(False) for begin, end in ends))


def lacks_figures(facts: Facts, measure: Measure, month: str, table: Any) -> Any:
    """Return the condition that a row is doubtful because a cell is blank, and not because it has no rate."""
    doubtful = chosen_rows(facts, measure, month, table)[1]
    if not measure.needed:
        return doubtful
    asked = (*measure.needed, *([measure.where] if measure.where is not None else []))
    values = [_query(measure, month, table).value(term) for term in asked]
    if facts.spec.split is not None:
        values.append(table[f"c_{facts.spec.split.share}"])
    return doubtful & reduce(lambda left, right: left | right, (value.isnull() for value in values))


def _query(measure: Measure, month: str, table: Any) -> Query:
    columns = {name: table[f"c_{name}"] for name in measure.columns()}
    return Query(columns, measure.days(month), measure.calendar)
