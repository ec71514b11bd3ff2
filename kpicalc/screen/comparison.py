"""Two payrolls side by side, on the terminal and as JSON: the people paid differently, and by which lines."""

import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kpicalc import __version__
from kpicalc.lang import Language, money, number, word
from kpicalc.model.issue import Issue
from kpicalc.model.period import title
from kpicalc.payroll.comparison import Change, ChangedPerson, Comparison
from kpicalc.screen.data.json import issue_data, money_text
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_ZERO = Decimal(0)


def print_comparison(comparison: Comparison, language: Language, console: Console) -> None:
    """Print the people who are paid differently with the changed lines, and the sums of the whole payroll."""
    month = title(comparison.period, language)
    count, changed = comparison.count, len(comparison.changed)
    if not changed:
        total = money(comparison.total.new or _ZERO, language)
        console.print(Text(word("compare.table.same", language).format(month=month, count=count, total=total)))
        return
    console.print(Text(word("compare.table.title", language).format(month=month), style="bold"))
    headings = (word(f"compare.table.{name}", language) for name in ("old", "new", "difference"))
    table = table_of(texts(""), *(figures(heading) for heading in headings))
    for person in comparison.changed:
        _person(table, person, language)
    table.add_section()
    add_row(table, word("compare.table.all", language), *_amounts(comparison.total, language), style="bold")
    console.print(table)
    console.print(Text(word("compare.table.count", language).format(changed=changed, count=count)))


def _person(table: Table, person: ChangedPerson, language: Language) -> None:
    add_row(table, f"{person.id} {person.name}", *_amounts(person.total, language), style="bold")
    for line in person.lines:
        add_row(table, f"  {line.title}", *_amounts(line, language))
    for kept in person.beside:
        text = word("compare.table.beside", language).format(title=kept.title)
        add_row(table, f"  {text}", *_amounts(kept, language, number), style="dim")


def _amounts(change: Change, language: Language, write: Callable[[Decimal, Language], str] = money) -> list[str]:
    """Return the old amount, the new amount, and the difference with its sign."""
    old, new = (DASH if value is None else write(value, language) for value in (change.old, change.new))
    difference = write(change.difference, language)
    return [old, new, f"+{difference}" if change.difference > 0 else difference]


def comparison_json(
    comparison: Comparison | None, issues: Iterable[Issue], files: Sequence[str], language: Language
) -> str:
    """Return the comparison as JSON, money as decimal strings; null is an amount that a payroll lacks."""
    data: dict[str, Any] = {
        "kpicalc": __version__,
        "period": comparison.period if comparison else None,
        "payees": [_payee(person) for person in comparison.changed] if comparison else [],
        "total": _change(comparison.total) if comparison else None,
        "issues": [issue_data(item, language) for item in issues],
        "files": list(files),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _payee(person: ChangedPerson) -> dict[str, Any]:
    lines = [{"title": line.title, **_change(line)} for line in person.lines]
    beside = [{"title": kept.title, **_change(kept)} for kept in person.beside]
    return {"id": person.id, "name": person.name, "lines": lines, "total": _change(person.total), "beside": beside}


def _change(change: Change) -> dict[str, str | None]:
    amounts = {"old": change.old, "new": change.new, "difference": change.difference}
    return {name: None if amount is None else money_text(amount) for name, amount in amounts.items()}
