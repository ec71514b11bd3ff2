"""A funnel's norms against the plans, on the terminal and as JSON."""

from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.text import Text

from kpicalc.lang import Language, number, percent, word
from kpicalc.model.balance import FunnelNorms, NormStage
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_MOST_NAMES = 5


def print_norms(funnel: FunnelNorms, language: Language, console: Console) -> None:
    """Print the stages with their plans and what the norms require, and the people whose own plans are too low."""
    console.print()
    heading = _word("funnel_of" if funnel.title else "funnel", language).format(title=funnel.title)
    console.print(Text(heading, style="bold"))
    names = ["norm", "planned"]
    names += ["needed", "lacks"] if funnel.planned else []
    names += ["for_target"] if funnel.aimed else []
    table = table_of(texts(_word("stage", language)), *(figures(_word(name, language)) for name in names))
    for stage in funnel.stages:
        cells = [DASH if stage.norm is None else percent(round(stage.norm, 4), language), _shown(stage.plans, language)]
        cells += [_shown(stage.needed, language), _shown(lacking(stage), language)] if funnel.planned else []
        cells += [_shown(stage.for_target, language)] if funnel.aimed else []
        add_row(table, stage.title, *cells)
    console.print(table)
    if funnel.planned:
        console.print(Text(_word("needed_for", language).format(title=funnel.planned)))
    if funnel.aimed:
        amount = next(stage.target for stage in funnel.stages if stage.title == funnel.aimed)
        console.print(Text(_word("aimed_at", language).format(title=funnel.aimed, amount=_shown(amount, language))))
    counts = {stage.people for stage in funnel.stages if stage.plans is not None}
    if len(counts) > 1:
        plans = [f"{stage.title} — {stage.people}" for stage in funnel.stages if stage.plans is not None]
        console.print(Text(_word("partly", language).format(names=", ".join(plans))))
    if funnel.short:
        shown = [
            _word("short_one", language).format(
                who=f"{item.id} {item.name}", title=item.title, plan=number(item.plan, language), needed=item.needed
            )
            for item in funnel.short[:_MOST_NAMES]
        ]
        more = len(funnel.short) - len(shown)
        shown += [_word("more", language).format(count=more)] if more else []
        console.print(Text(_word("short", language).format(names="; ".join(shown))))


def lacking(stage: NormStage) -> Decimal | None:
    """Return by how much the plan of a stage falls short; None if it does not, or if that is unknown."""
    if stage.plans is None or stage.needed is None or stage.plans >= stage.needed:
        return None
    return stage.needed - stage.plans


def norms_data(funnel: FunnelNorms) -> dict[str, Any]:
    """Return the same as JSON."""
    return {
        "title": funnel.title,
        "planned": funnel.planned,
        "aimed": funnel.aimed,
        "stages": [
            {
                "kpi": item.kpi,
                "title": item.title,
                "norm": None if item.norm is None else f"{round(item.norm, 6).normalize():f}",
                "plans": _plain(item.plans),
                "people": item.people,
                "needed": item.needed,
                "lacking": _plain(lacking(item)),
                "for_target": item.for_target,
            }
            for item in funnel.stages
        ],
        "short": [
            {
                "id": item.id,
                "name": item.name,
                "kpi": item.kpi,
                "title": item.title,
                "plan": _plain(item.plan),
                "needed": item.needed,
            }
            for item in funnel.short
        ],
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _shown(value: Decimal | int | None, language: Language) -> str:
    return DASH if value is None else number(Decimal(value), language)


def _word(name: str, language: Language) -> str:
    return word(f"balance.{name}", language)
