"""Plans from earlier months: the average of some months x (1 + growth), rounded as stated."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.audience import schemes_of
from kpicalc.engine.statement import Statement
from kpicalc.engine.terms.growth import AVERAGE, GROWTH, planned_from
from kpicalc.engine.tree.sources import Plan
from kpicalc.engine.tree.values import Rows, numbers
from kpicalc.lang import catalogue, word
from kpicalc.model.inputs import Inputs, Payee, Series
from kpicalc.model.issue import Issue, issue
from kpicalc.model.money import exact_context
from kpicalc.model.period import month_back
from kpicalc.model.scheme import Rounding, SchemeBook
from kpicalc.model.targets import PlanFromHistory, Planned, Terms

_OPTIONS = {"months": "--months 6", "growth": "--growth 20%", "rounding": "--round 1"}


def terms_of(
    book: SchemeBook, months: Decimal | None, growth: Decimal | None, step: Decimal | None, *, available: bool
) -> tuple[Terms | None, list[Issue]]:
    """Return the terms of planning: from the options, else from the scheme; a missing term is an issue."""
    stated = book.planning
    months = stated.months if months is None else months
    growth = stated.growth if growth is None else growth
    rounding = stated.rounding if step is None else Rounding(round=step, ties="half_up")
    if months is None or growth is None or rounding is None:
        open_ = [name for name, value in zip(_OPTIONS, (months, growth, rounding), strict=True) if value is None]
        options = " ".join(_OPTIONS[name] for name in open_)
        return None, [issue("planning_open", book.source.place("planning"), found=open_, options=options)]
    return Terms(int(months), growth, rounding, stated.kpis, available), []


def plan_from_history(
    book: SchemeBook, statements: dict[str, Statement], inputs: Inputs, terms: Terms
) -> tuple[PlanFromHistory, list[Issue]]:
    """Return everybody's plans; a person with too few months is reported, and planned only if the terms allow it."""
    months = tuple(month_back(inputs.period, back) for back in range(terms.months, 0, -1))
    kpis = tuple(key for key in book.kpis if any((key, back) in inputs.history for back in range(1, 1 + len(months))))
    issues = _growth_of_less(book, terms, kpis)
    history = _history(book, inputs, terms)
    figures: list[Planned] = []
    with exact_context():
        for index, payee in enumerate(inputs.payees):
            # A person who does not work in that month needs no plan.
            if index in inputs.away or index in inputs.further:
                continue
            needed = frozenset[str]().union(
                *(_needed(book, statements, inputs.payees[row]) for row in inputs.rows_of(index))
            )
            planned = [
                figure for key in book.kpis if (figure := _planned(history, index, key, terms, wanted=key in needed))
            ]
            figures += planned
            issues += _short(book, inputs, payee, planned, months, terms)
    shown = tuple(key for key in book.kpis if key in kpis or any(figure.kpi == key for figure in figures))
    return PlanFromHistory(terms, months, shown, tuple(figures)), issues


def _history(book: SchemeBook, inputs: Inputs, terms: Terms) -> dict[tuple[str, int], Series]:
    """Return earlier figures without the months in which a table of facts has no row for anybody.

    Such a month has no zeros: the facts began later.
    """
    found = dict(inputs.history)
    for table in {kpi.from_ for kpi in book.kpis.values() if kpi.from_ is not None}:
        from_table = [key for key, kpi in book.kpis.items() if kpi.from_ == table]
        for back in range(1, terms.months + 1):
            names = [(key, back) for key in from_table if (key, back) in found]
            if not any(value for name in names for value in found[name].values):
                for name in names:
                    del found[name]
    return found


def _planned(
    history: Mapping[tuple[str, int], Series], index: int, key: str, terms: Terms, *, wanted: bool
) -> Planned | None:
    """Return a payee's plan of a KPI; None if neither the history nor the scheme has its figures."""
    series = [history.get((key, back)) for back in range(terms.months, 0, -1)]
    months = tuple(one.values[index] if one else None for one in series)
    known = [value for value in months if value is not None]
    if not known and not wanted:
        return None
    growth = terms.growth_of(key)
    if not known or (len(known) < len(months) and not terms.available):
        return Planned(index, key, months, growth, None, None)
    average = sum(known, Decimal(0)) / len(known)
    rows = Rows({AVERAGE.key: [average], GROWTH.key: [growth]}, 1)
    return Planned(index, key, months, growth, average, numbers(planned_from(terms.rounding_of(key)), rows)[0])


def _needed(book: SchemeBook, statements: dict[str, Statement], payee: Payee) -> frozenset[str]:
    """Return the KPIs whose plans a payee's pay depends on."""
    sources = (figure.role for key in schemes_of(book, payee) for figure in statements[key].given())
    return frozenset(source.kpi for source in sources if isinstance(source, Plan))


def _growth_of_less(book: SchemeBook, terms: Terms, kpis: Sequence[str]) -> list[Issue]:
    """Refuse one growth for a KPI that should shrink: more complaints are no aim."""
    stated = {key for key, kpi in terms.kpis.items() if kpi.growth is not None}
    return [
        issue("planning_less", book.source.place("kpis", key), title=book.kpi_title(key), kpi=key)
        for key in kpis
        if book.kpis[key].better == "lower" and terms.growth > 0 and key not in stated
    ]


def _short(
    book: SchemeBook, inputs: Inputs, payee: Payee, figures: Sequence[Planned], months: Sequence[str], terms: Terms
) -> list[Issue]:
    """Report a payee's KPIs with too few months: those not planned, and those planned from fewer."""
    place, of = inputs.sheet("history"), word("planning.months_of", book.language)
    sheet = place.sheet or catalogue("tables")["sheets"]["history"][book.language][0]
    facts = {"payee": payee, "months": len(months), "first": months[0], "last": months[-1]}
    known = {figure.kpi: sum(value is not None for value in figure.months) for figure in figures}
    if not any(known.values()):
        return [issue("planning_newcomer", place, **facts, sheet=sheet)]
    # Without any month, no option helps.
    partly = {kpi for kpi, count in known.items() if terms.available and 0 < count < len(months)}
    not_planned = {kpi for kpi, count in known.items() if count < len(months)} - partly

    def told(code: str, kpis: set[str]) -> list[Issue]:
        counted = [of.format(kpi=book.kpi_title(kpi), count=known[kpi]) for kpi in known if kpi in kpis]
        return [issue(code, place, **facts, found=counted, sheet=sheet)] if counted else []

    return told("planning_few_months", not_planned) + told("planning_available", partly)
