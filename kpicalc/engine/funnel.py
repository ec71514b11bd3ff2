"""The arithmetic of a funnel: conversions, the narrowest stage, and how many actions a target takes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from kpicalc.model.funnel import Flow, Passage, Stage
from kpicalc.model.money import exact_context
from kpicalc.model.record import record


def flow(figures: Sequence[Decimal | None], stage: int, base: int) -> Flow:
    """Return how much of one stage's figure another stage has."""
    upper, lower = figures[base], figures[stage]
    if lower is None:
        return Flow(None, "blank")
    if upper is None:
        return Flow(None, "above")
    if upper == 0:
        return Flow(None, "zero")
    with exact_context():
        return Flow(lower / upper)


def conversions(figures: Sequence[Decimal | None]) -> tuple[Flow | None, ...]:
    """Return each stage's conversion from the stage above; the first stage has none."""
    return (None, *(flow(figures, stage, stage - 1) for stage in range(1, len(figures))))


def narrowest(figures: Sequence[Decimal | None]) -> int | None:
    """Return the stage with the lowest conversion; of equal ones the first."""
    known = [(flow.value, stage) for stage, flow in enumerate(conversions(figures)) if flow and flow.value is not None]
    return min(known)[1] if known else None


_GUARD_PLACES = 30


@record
class Target:
    """The figure that a stage (by its number from 0) is to reach."""

    stage: int
    amount: Decimal


Profile = Sequence[Decimal | Fraction | None]
"""Figures of the stages in proportion to each other; their scale is arbitrary."""


def norm_profile(stages: Sequence[Stage], goal: int) -> Profile:
    """Return the profile of a funnel that keeps every norm, with one stage at 1; None beyond a missing norm."""
    profile: list[Fraction | None] = [None] * len(stages)
    profile[goal] = Fraction(1)
    for stage in range(goal, 0, -1):
        norm, below = stages[stage].norm, profile[stage]
        profile[stage - 1] = below / Fraction(norm) if norm and below else None
    for stage in range(goal + 1, len(stages)):
        norm, above = stages[stage].norm, profile[stage - 1]
        profile[stage] = above * Fraction(norm) if norm and above else None
    return profile


def needed(profile: Profile, target: Decimal, goal: int) -> tuple[int | None, ...]:
    """Return the figures that every stage needs for a target at one of them, by the proportions of a profile.

    The ratios are exact and only the results are made whole: rounded up above the target, as half a call brings
    nothing, and down below it. None where a stage has no figure, or none of it was needed to go on.
    """
    proportion = profile[goal]
    if not proportion:
        return tuple(ceil(target) if stage == goal else None for stage in range(len(profile)))
    # A norm of 1/3 ends after 50 places: a difference from a whole number beyond 30 places is ignored.
    ratios = [
        None if value is None else round(Fraction(target) * Fraction(value) / Fraction(proportion), _GUARD_PLACES)
        for value in profile
    ]
    return tuple(
        None if ratio is None or (stage < goal and ratio == 0) else ceil(ratio) if stage <= goal else floor(ratio)
        for stage, ratio in enumerate(ratios)
    )


def takes(stages: Sequence[Stage], passage: Passage, target: Target) -> Mapping[str, Sequence[int | None]]:
    """Return the figures needed for a target by the month's conversions, by those of the plan and by the norms.

    A basis that gives no other stage's figure is left out, except the actual one.
    """
    profiles = {"actual": passage.actual, "plan": passage.plan, "norm": norm_profile(stages, target.stage)}
    by_basis = {name: needed(profile, target.amount, target.stage) for name, profile in profiles.items()}
    known = {name: sum(count is not None for count in counts) for name, counts in by_basis.items()}
    return {name: counts for name, counts in by_basis.items() if name == "actual" or known[name] > 1}
