"""What incentives really reward, on the terminal and as JSON."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.text import Text

from kpicalc import __version__
from kpicalc.lang import Language, money, number, percent, word
from kpicalc.model.balance import Balance, RoleBalance, Whose
from kpicalc.model.issue import Issue
from kpicalc.screen.data.json import issue_data, money_text
from kpicalc.screen.funnel_norms import norms_data, print_norms
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_MOST_NAMES = 5
_WIDE = 72
"""From this width of the terminal each column has its own words."""


def print_balance(balance: Balance, language: Language, console: Console) -> None:
    """Print every role with its KPIs, the results at which more work pays nothing, and the financial plan."""
    console.print(Text(_word("title", language), style="bold"))
    console.print(Text(_word("about", language), style="dim"))
    for role in balance.roles:
        _print_role(role, language, console)
    if balance.targets:
        console.print()
        console.print(Text(_word("targets", language), style="bold"))
        names = ("target", "plans", "covered", "people")
        table = table_of(texts(_word("kpi", language)), *(figures(_word(name, language)) for name in names))
        for item in balance.targets:
            plans = DASH if item.plans is None else number(item.plans, language)
            covered = (
                DASH if item.plans is None or not item.target else percent(round(item.plans / item.target, 4), language)
            )
            add_row(table, item.title, number(item.target, language), plans, covered, str(item.people))
        console.print(table)
    for funnel in balance.funnels:
        print_norms(funnel, language, console)


def _print_role(role: RoleBalance, language: Language, console: Console) -> None:
    console.print()
    head = _word("role" if role.people else "example", language).format(title=role.title, count=role.people)
    console.print(Text(head, style="bold"))
    if not role.kpis:
        console.print(Text(_word("nothing", language)))
        return
    # On a narrow terminal the two words share a column, or they would be broken inside.
    kinds = ("kinds", "levels") if console.width >= _WIDE else ("kind_level",)
    table = table_of(
        texts(_word("kpi", language)),
        *(texts(_word(name, language)) for name in kinds),
        *(figures(_word(name, language)) for name in ("weight", "moves", "share")),
    )
    for mover in sorted(role.kpis, key=lambda item: -item.moves):
        weight = DASH if mover.weight is None else percent(mover.weight, language)
        kind = _word(f"kind.{mover.kind}", language) if mover.kind else DASH
        level = _word(f"level.{mover.level}", language) if mover.level else DASH
        words = (kind, level) if len(kinds) > 1 else (f"{kind}, {level}" if mover.kind or mover.level else DASH,)
        add_row(table, mover.title, *words, weight, money(mover.moves, language), _share(mover.share, language))
    console.print(table)
    for name in ("kind", "level"):
        shares = {key: share for key, share in role.by(name).items() if share}
        if any(shares) and set(shares) != {""}:
            parts = [f"{_word(f'{name}.{key}' if key else 'unstated', language)} {_share(share, language)}"
                     for key, share in sorted(shares.items(), key=lambda item: -item[1])]  # fmt: skip
            console.print(Text(_word(f"by_{name}", language).format(found=", ".join(parts))))
    told: list[tuple[str, str, Sequence[Whose]]] = [("stuck", mover.title, mover.stuck) for mover in role.kpis]
    told += [("unknown", mover.title, mover.unknown) for mover in role.kpis]
    for name, title, people in [*told, ("as_is", "", role.as_is)]:
        if people:
            facts = {"title": title, "count": len(people), "all": role.people or 1, "names": _names(people, language)}
            console.print(Text(_word(name, language).format(**facts)))


def _names(people: Sequence[Whose], language: Language) -> str:
    names = [f"{who.id} {who.name}".strip() + (f" ({who.why})" if who.why else "") for who in people[:_MOST_NAMES]]
    more = len(people) - len(names)
    return ", ".join([*names, *([_word("more", language).format(count=more)] if more else [])])


def balance_json(balance: Balance | None, issues: Iterable[Issue], language: Language) -> str:
    """Return the same as JSON: money and shares as decimal strings."""
    data: dict[str, Any] = {
        "kpicalc": __version__,
        "roles": [_role(role) for role in balance.roles] if balance else [],
        "targets": [
            {
                "kpi": target.kpi,
                "title": target.title,
                "target": f"{target.target:f}",
                "plans": None if target.plans is None else f"{target.plans:f}",
                "people": target.people,
            }
            for target in balance.targets
        ]
        if balance
        else [],
        "funnels": [norms_data(funnel) for funnel in balance.funnels] if balance else [],
        "issues": [issue_data(item, language) for item in issues],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _role(role: RoleBalance) -> dict[str, Any]:
    return {
        "scheme": role.scheme,
        "title": role.title,
        "people": role.people,
        "kpis": [
            {
                "kpi": mover.kpi,
                "title": mover.title,
                "kind": mover.kind,
                "level": mover.level,
                "source": mover.source,
                "weight": _plain(mover.weight),
                "moves": money_text(round(mover.moves, 2)),
                "share": _plain(mover.share),
                "stuck": _people(mover.stuck),
                "unknown": _people(mover.unknown),
            }
            for mover in role.kpis
        ],
        "kinds": {key: _plain(share) for key, share in role.by("kind").items() if key},
        "levels": {key: _plain(share) for key, share in role.by("level").items() if key},
        "as_is": _people(role.as_is),
    }


def _people(people: Sequence[Whose]) -> list[dict[str, str]]:
    return [{"id": who.id, "name": who.name, "why": who.why} for who in people]


def _plain(share: Decimal | None) -> str | None:
    return None if share is None else f"{round(share, 6).normalize():f}"


def _share(share: Decimal | None, language: Language) -> str:
    return DASH if share is None else percent(round(share, 3), language)


def _word(name: str, language: Language) -> str:
    return word(f"balance.{name}", language)
