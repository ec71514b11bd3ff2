"""Two payrolls side by side, for the terminal and as JSON: whoever is paid differently, and by which lines."""

import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from kpicalc import __version__
from kpicalc.lang import Language, money, number, word
from kpicalc.model.issue import Issue
from kpicalc.model.period import title
from kpicalc.payroll.comparison import Change, ChangedPerson, Comparison
from kpicalc.screen.json import issue_data

_ZERO = Decimal(0)


def print_comparison(comparison: Comparison, language: Language, console: Console) -> None:
    """Print everybody who is paid differently with the lines that changed, and the sums of the whole payroll."""
    month = title(comparison.period, language)
    count, changed = comparison.count, len(comparison.changed)
    if not changed:
        total = money(comparison.total.new or _ZERO, language)
        console.print(Text(word("compare.table.same", language).format(month=month, count=count, total=total)))
        return
    console.print(Text(word("compare.table.title", language).format(month=month), style="bold"))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", overflow="fold", ratio=1)
    for name in ("old", "new", "difference"):
        table.add_column(word(f"compare.table.{name}", language), justify="right", no_wrap=True)
    for person in comparison.changed:
        _person(table, person, language)
    table.add_section()
    table.add_row(word("compare.table.all", language), *_amounts(comparison.total, language), style="bold")
    console.print(table)
    console.print(Text(word("compare.table.count", language).format(changed=changed, count=count)))


def _person(table: Table, person: ChangedPerson, language: Language) -> None:
    table.add_row(escape(f"{person.id} {person.name}"), *_amounts(person.total, language), style="bold")
    for line in person.lines:
        table.add_row(escape(f"  {line.title}"), *_amounts(line, language))
    for kept in person.beside:
        text = word("compare.table.beside", language).format(title=kept.title)
        table.add_row(escape(f"  {text}"), *_amounts(kept, language, number), style="dim")


def _amounts(change: Change, language: Language, write: Callable[[Decimal, Language], str] = money) -> list[str]:
    """Return what was, what is, and the difference with its sign."""
    old, new = ("—" if value is None else write(value, language) for value in (change.old, change.new))
    difference = write(change.difference, language)
    return [old, new, f"+{difference}" if change.difference > 0 else difference]


def comparison_json(
    comparison: Comparison | None, issues: Iterable[Issue], files: Sequence[str], language: Language
) -> str:
    """Return the comparison as JSON, money as decimal strings; null is what a payroll does not have."""
    data: dict[str, Any] = {
        "kpicalc": __version__,
        "period": comparison.period if comparison else None,
        "payees": [_payee(person) for person in comparison.changed] if comparison else [],
        "total": _change(comparison.total) if comparison else None,
        "issues": [issue_data(found, language) for found in issues],
        "files": list(files),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _payee(person: ChangedPerson) -> dict[str, Any]:
    lines = [{"title": line.title, **_change(line)} for line in person.lines]
    beside = [{"title": kept.title, **_change(kept)} for kept in person.beside]
    return {"id": person.id, "name": person.name, "lines": lines, "total": _change(person.total), "beside": beside}


def _change(change: Change) -> dict[str, str | None]:
    return {"old": _text(change.old), "new": _text(change.new), "difference": _text(change.difference)}


def _text(amount: Decimal | None) -> str | None:
    """Write an amount with at least two decimals: 47000.00."""
    if amount is None:
        return None
    text = f"{amount:f}"
    return text if len(text.partition(".")[2]) >= 2 else f"{amount:.2f}"
