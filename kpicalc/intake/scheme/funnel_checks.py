"""Rules for funnels and planning: their KPIs exist, and every stage can be counted person by person."""

from collections.abc import Iterator, Mapping

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.intake.scheme.checks import Pieces, roundings, unknown_kpi
from kpicalc.intake.scheme.errors import Path
from kpicalc.model.funnel import FunnelEntry
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import Source
from kpicalc.model.targets import Planning


def funnel_checks(funnels: Mapping[Path, FunnelEntry], pieces: Pieces, source: Source) -> Iterator[Issue]:
    """Check the stages of every funnel."""
    for path, funnel in funnels.items():
        stages = funnel.steps()
        if len(stages) == 1:
            yield issue("funnel_short", source.place(*path, "stages"), found=stages[0].kpi)
        seen: set[str] = set()
        for number, (stage, written) in enumerate(zip(stages, funnel.stages, strict=True)):
            here = (*path, "stages", number)
            place = source.place(*here) if isinstance(written, str) else source.place(*here, "kpi")
            kpi = pieces.kpis.get(stage.kpi)
            if stage.kpi not in pieces.kpi_keys:
                yield unknown_kpi(place, stage.kpi, pieces, pieces.kpi_keys)
            elif stage.kpi in seen:
                yield issue("funnel_stage_twice", place, found=stage.kpi)
            elif kpi and kpi.team:
                yield issue("funnel_team_kpi", place, found=stage.kpi, of=kpi.of or "—")
            elif kpi and unit_of_kpi(kpi) == "percent":
                yield issue("funnel_percent", place, found=stage.kpi)
            seen.add(stage.kpi)
            if number == 0 and stage.norm is not None:
                yield issue("funnel_first_norm", source.place(*here, "norm"), found=stage.kpi)


def planning_checks(planning: Planning | None, pieces: Pieces, source: Source) -> Iterator[Issue]:
    """Check the KPIs with their own growth or rounding, and every rounding."""
    if planning is None:
        return
    yield from roundings(planning, ("planning",), source)
    if planning.months is not None and planning.months != planning.months.to_integral_value():
        yield issue("planning_months", source.place("planning", "months"), found=planning.months)
    for key in planning.kpis:
        if key not in pieces.kpi_keys:
            yield unknown_kpi(source.place("planning", "kpis", key), key, pieces, pieces.kpi_keys)
