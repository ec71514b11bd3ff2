"""A month's funnels: the figure of each stage by person, by department and in total."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kpicalc.engine.tree.sources import Actual, Plan
from kpicalc.model.funnel import FunnelEntry, FunnelMonth, Passage, Stage
from kpicalc.model.inputs import Inputs
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook
from kpicalc.planning.figures import kpi_figures


def funnels_of(book: SchemeBook, inputs: Inputs) -> tuple[FunnelMonth, ...]:
    """Return every funnel of the scheme with the month's figures."""
    with exact_context():
        return tuple(_month(funnel, book, inputs) for funnel in book.funnels)


def _month(funnel: FunnelEntry, book: SchemeBook, inputs: Inputs) -> FunnelMonth:
    stages = tuple(Stage(step.kpi, book.kpi_title(step.kpi), step.norm) for step in funnel.steps())
    actual = [kpi_figures(book, inputs, Actual(stage.kpi)) for stage in stages]
    plan = [kpi_figures(book, inputs, Plan(stage.kpi)) for stage in stages]
    people = []
    for index, payee in enumerate(inputs.payees):
        if index in inputs.further:
            continue
        rows = inputs.rows_of(index)
        figures_of_person = tuple(_known(figures[row] for row in rows) for figures in actual)
        # A person without any figure has no part in this funnel.
        if any(value is not None for value in figures_of_person):
            planned = tuple(_planned(inputs, stage.kpi, rows, at) for stage, at in zip(stages, plan, strict=True))
            people.append((index, Passage(payee.name, figures_of_person, planned)))
    departments: dict[str, list[Passage]] = {}
    for index, passage in people:
        departments.setdefault(inputs.payees[index].department, []).append(passage)
    return FunnelMonth(
        title=funnel.title or "",
        stages=stages,
        people=tuple(people),
        departments=tuple(_together(name, passages, len(stages)) for name, passages in departments.items()),
        total=_together("", [passage for _, passage in people], len(stages)),
    )


def _together(name: str, passages: Sequence[Passage], stages: int) -> Passage:
    """Add up a group: a stage has no sum if a member's figure is unknown."""
    lacking = tuple(tuple(passage.name for passage in passages if passage.actual[at] is None) for at in range(stages))
    return Passage(
        name,
        tuple(_sum(passage.actual[at] for passage in passages) for at in range(stages)),
        tuple(_sum(passage.plan[at] for passage in passages) for at in range(stages)),
        lacking,
    )


def _known(values: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of the known figures of a person's rows; None if none is known."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _planned(inputs: Inputs, kpi: str, rows: Sequence[int], plan: Sequence[Decimal | None]) -> Decimal | None:
    """Return a person's plan: one cell that several rows read counts once."""
    series = inputs.plan.get(kpi)
    cells = {series.place(row) if series else row: plan[row] for row in rows}
    return _known(cells.values())


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    figures = list(values)
    known = [value for value in figures if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(figures) else None
