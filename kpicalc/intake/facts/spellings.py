"""Texts of a table of facts that are written in several ways.

They are looked up once, so that a table in which everybody writes alike is as fast as before. A condition then names
the spellings that the table has of its text; a column with several spellings of one text is folded row by row when
rows are grouped by it. Texts that look like slips for the text of a condition are told (`mistyped`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from kpicalc.intake.facts.findings import Findings, place_of
from kpicalc.intake.facts.measuring.conditions import in_spans
from kpicalc.intake.facts.measuring.language import Term
from kpicalc.intake.facts.measuring.measures import Measure, where_of
from kpicalc.intake.facts.measuring.spelled import looked, spelled
from kpicalc.intake.facts.mistyped import MOST, having, seen_as, tell_mistyped
from kpicalc.intake.facts.sources.headers import heading_of
from kpicalc.intake.facts.sources.opening import Opening
from kpicalc.intake.facts.table import Facts, Unreadable
from kpicalc.model.issue import Issue, issue
from kpicalc.model.texts import foreign_letters, spelling_key

M = TypeVar("M", bound=Measure)
_SHOWN = 50


def with_spellings(facts: Facts, issues: list[Issue]) -> Facts:
    """Mark the columns with several spellings among those by which `order` and `split` group rows."""
    spec = facts.spec
    columns = {f"c_{name}" for name in (*spec.order.values(), *([spec.split.of] if spec.split else []))}
    try:
        return _with_folded(facts, facts.table, columns, Findings(facts, "", (), issues))
    except Unreadable:
        # The questions to come tell of it.
        return replace(facts, folded=frozenset(columns & _texts(facts.table)))


def of_measures(facts: Facts, measures: Sequence[Measure], month: str, issues: list[Issue]) -> Facts:
    """Mark the columns with several spellings among those by which measures group rows."""
    grouped = {f"c_{term.value}" for one in measures for term in _groups(one) if term.op == "column"}
    if not grouped:
        return facts
    table = facts.table.filter(in_spans(measures, month, facts.table))
    return _with_folded(facts, table, grouped, Findings(facts, month, measures, issues))


def settled(facts: Facts, measures: Sequence[M], month: str, issues: list[Issue]) -> list[M]:
    """Return measures whose conditions name the spellings in the table; look-alike texts are issues."""
    texts = stated_texts(term for one in measures for term in _terms(one))
    table = facts.table.filter(in_spans(measures, month, facts.table)) if texts else None
    findings = Findings(facts, month, measures, issues)
    known = _spellings(findings, table, texts, findings.spans)
    return [_settled(facts, one, known) for one in measures]


def with_condition(opening: Opening, facts: Facts) -> Facts:
    """Leave out the rows that fail the table's own condition, which then names the spellings in the table.

    Texts that only look like a text of the condition are issues. A sheet has been judged already.
    """
    term, whole = where_of(facts.spec), facts.whole
    if term is None or whole is None:
        return facts
    with suppress(Unreadable):  # The questions to come tell of it.
        findings = Findings(facts, opening.month, (), opening.issues)
        term = _named(term, _spellings(findings, whole, stated_texts([term]), None))
    condition = opening.condition(whole, term)
    if condition is None:
        return facts
    return replace(facts, table=whole.filter(condition.fill_null(False)), condition=condition)


def stated_texts(terms: Iterable[Term]) -> dict[str, set[str]]:
    """Return the texts with which conditions compare columns, by column."""
    texts: dict[str, set[str]] = {}
    for term in (inner for own in terms for inner in own.inside()):
        for column, text in _stated(term):
            texts.setdefault(column, set()).add(text)
    return texts


def _spellings(
    findings: Findings, table: Any, texts: Mapping[str, set[str]], among: Callable[[Any], Any] | None
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the spellings of texts by column, and report slips for one in the rows that matter."""
    known = {}
    for column, stated in texts.items():
        found = _distinct(findings.facts, table, column)
        if found is not None:
            known[column] = {text: _alike(text, found) for text in stated}
        else:
            whole = table if among is None else findings.facts.table
            found = seen_as(findings.facts, whole, column, stated, table)
        tell_mistyped(findings, column, stated, found, among)
    return known


def _terms(measure: Measure) -> list[Term]:
    return [term for term in (measure.value, measure.where, measure.per) if isinstance(term, Term)]


def _groups(measure: Measure) -> Iterator[Term]:
    """Yield the texts by which a measure groups rows."""
    if measure.way == "distinct" and measure.value is not None and measure.value.type == "text":
        yield measure.value
    if isinstance(measure.per, Term) and measure.per.type == "text":
        yield measure.per


def _settled(facts: Facts, measure: M, known: Mapping[str, Mapping[str, tuple[str, ...]]]) -> M:
    value, where, per = measure.value, measure.where, measure.per
    if value is not None:
        value = _grouped(facts, _named(value, known), measure.way == "distinct")
    if isinstance(per, Term):
        per = _grouped(facts, _named(per, known), True)
    return replace(measure, value=value, where=_named(where, known) if where is not None else None, per=per)


def _grouped(facts: Facts, term: Term, together: bool) -> Term:
    """Return what rows are grouped by: a text with several spellings as what these share."""
    alike = term.type != "text" or (term.op == "column" and f"c_{term.value}" not in facts.folded)
    return term if alike or not together else Term("spelled", "text", (term,))


def _stated(term: Term) -> Iterator[tuple[str, str]]:
    """Yield the column and the text, where a term compares the two."""
    if term.op in ("=", "<>"):
        for one, other in (term.items, term.items[::-1]):
            if one.op == "column" and other.op == "text":
                yield str(one.value), str(other.value)


def _named(term: Term, known: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Term:
    """Return a term whose comparisons with a text name its spellings."""
    for column, text in _stated(term):
        if column in known:
            among = Term("among", "yes_no", (Term("column", "text", value=column),), value=known[column][text])
            return among if term.op == "=" else Term("not", "yes_no", (among,))
    return replace(term, items=tuple(_named(item, known) for item in term.items)) if term.items else term


def _distinct(facts: Facts, table: Any, column: str) -> list[str] | None:
    """Return the different texts of a column; None where there are too many of them."""
    asked = table.select(found=table[f"c_{column}"]).distinct().limit(MOST + 1)
    found = [row["found"] for row in facts.ask(asked) if row["found"] is not None]
    return found if len(found) < MOST else None


def _alike(text: str, found: Iterable[str]) -> tuple[str, ...]:
    key = spelling_key(text)
    return tuple(sorted({text, *(one for one in found if spelling_key(one) == key)}))


def _texts(table: Any) -> set[str]:
    return {name for name, kind in table.schema().items() if kind.is_string()}


def _with_folded(facts: Facts, table: Any, columns: Iterable[str], findings: Findings) -> Facts:
    """Mark the columns in which a text has several spellings, and report each of them; so are texts that look alike."""
    folded = set(facts.folded)
    for name in sorted(set(columns) & _texts(table) - folded):
        texts = table.select(found=table[name]).filter(table[name].notnull()).distinct()
        # One question finds both, as there is usually neither.
        several = _several(texts, looked(spelled(texts.found)))
        first = facts.ask(several.order_by(several.spellings.desc(), "key").limit(1))
        if first and first[0]["spellings"] > 1:
            _tell_groups(findings, name, texts, several, first[0]["key"])
            several = _several(texts, spelled(texts.found))
            first = facts.ask(several.order_by("key").limit(1))
        if first:
            count = facts.ask(several.aggregate(count=several.count()))[0]["count"]
            told = {"title": facts.title(), "heading": heading_of(facts.spec, name), "count": count}
            told |= {"found": first[0]["one"], "other": first[0]["other"]}
            findings.issues.append(issue("fact_spellings", facts.place, **told))
            folded.add(name)
    return replace(facts, folded=frozenset(folded))


def _several(texts: Any, key: Any) -> Any:
    """Return the keys that several texts share, with the number of their spellings."""
    found = texts.found
    ways = texts.group_by(key=key).aggregate(
        count=texts.count(), spellings=spelled(found).nunique(), one=found.min(), other=found.max()
    )
    return ways.filter(ways["count"] > 1)


def _tell_groups(findings: Findings, name: str, texts: Any, several: Any, key: str) -> None:
    """Report texts that look alike and are two groups of rows, with the first row of one of them."""
    facts, twice = findings.facts, several.filter(several.spellings > 1)
    count = facts.ask(twice.aggregate(count=twice.count()))[0]["count"]
    asked = texts.filter(looked(spelled(texts.found)) == key).order_by("found").limit(_SHOWN)
    found, *others = (row["found"] for row in facts.ask(asked))
    other = next((text for text in others if spelling_key(text) != spelling_key(found)), others[-1])
    rows = findings.rows(having(name, found, findings.spans if findings.measures else None), ())
    _, letters = foreign_letters(found, other)
    told = {"heading": heading_of(facts.spec, name), "count": count, "found": found, "other": other, "letters": letters}
    findings.issues.append(issue("fact_look_alikes", place_of(facts, rows.first, name), title=facts.title(), **told))
