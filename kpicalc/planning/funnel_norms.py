"""The norms of a funnel against its plans: planned payments require a number of planned calls."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpicalc.engine.funnel import needed, norm_profile
from kpicalc.engine.tree.sources import Plan
from kpicalc.model.balance import FunnelNorms, NormStage, Short
from kpicalc.model.funnel import FunnelEntry, Stage
from kpicalc.model.inputs import Inputs
from kpicalc.model.scheme import SchemeBook
from kpicalc.planning.figures import Figures, kpi_figures

_ZERO = Decimal(0)


def funnel_norms(book: SchemeBook, inputs: Inputs | None) -> Iterator[FunnelNorms]:
    """Yield every funnel with norms that has a plan, or a figure of the financial plan, to compare them with."""
    for funnel in book.funnels:
        stages = tuple(Stage(step.kpi, book.kpi_title(step.kpi), step.norm) for step in funnel.steps())
        if any(stage.norm is not None for stage in stages):
            yield from _against(book, funnel, stages, inputs)


def _against(
    book: SchemeBook, funnel: FunnelEntry, stages: Sequence[Stage], inputs: Inputs | None
) -> Iterator[FunnelNorms]:
    plans: list[Figures] = [_plans(book, inputs, stage.kpi) for stage in stages]
    sums = [sum(known, _ZERO) if (known := _known(figures)) else None for figures in plans]
    at = _last([amount is not None for amount in sums])
    aim = _last([stage.kpi in book.targets for stage in stages])
    if at is None and aim is None:
        return
    wanted: tuple[int | None, ...] = (None,) * len(stages)
    by_plan = wanted if at is None else needed(norm_profile(stages, at), sums[at] or _ZERO, at)
    by_target = wanted if aim is None else needed(norm_profile(stages, aim), book.targets[stages[aim].kpi], aim)
    compared = tuple(
        NormStage(
            stage.kpi, stage.title, stage.norm, sums[number], len(_known(plans[number])), by_plan[number],
            by_target[number], book.targets.get(stage.kpi),
        )
        for number, stage in enumerate(stages)
    )  # fmt: skip
    short = () if at is None or inputs is None else tuple(_short(stages, plans, at, inputs))
    yield FunnelNorms(
        funnel.title or "",
        None if at is None else stages[at].title,
        None if aim is None else stages[aim].title,
        compared,
        short,
    )


def _plans(book: SchemeBook, inputs: Inputs | None, kpi: str) -> Figures:
    """Return everybody's plan; a person who does not work here in the month has none."""
    if inputs is None:
        return ()
    figures = kpi_figures(book, inputs, Plan(kpi))
    return [None if index in inputs.away else value for index, value in enumerate(figures)]


def _known(figures: Figures) -> list[Decimal]:
    return [value for value in figures if value is not None]


def _last(held: Sequence[bool]) -> int | None:
    """Return the lowest stage that meets the condition."""
    return max((number for number, meets in enumerate(held) if meets), default=None)


def _short(stages: Sequence[Stage], plans: Sequence[Figures], at: int, inputs: Inputs) -> Iterator[Short]:
    """Yield the people whose plan of a stage is less than the norms require for their own plan further down."""
    profile = norm_profile(stages, at)
    for index, payee in enumerate(inputs.payees):
        planned = plans[at][index]
        if planned is None:
            continue
        for number, least in enumerate(needed(profile, planned, at)[:at]):
            plan = plans[number][index]
            if least is not None and plan is not None and plan < least:
                yield Short(payee.id, payee.name, stages[number].kpi, stages[number].title, plan, least)
