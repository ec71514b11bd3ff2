"""A reconciliation with the bank's answer, on the terminal and as JSON."""

import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kpicalc import __version__
from kpicalc.lang import Language, money, word
from kpicalc.model import period
from kpicalc.model.identifiers import digits
from kpicalc.model.issue import Issue
from kpicalc.model.paid import Count
from kpicalc.model.reconciliation import RESULTS, Pair, Reconciliation, State
from kpicalc.screen.data.json import issue_data, money_text
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_MOST_ROWS = 30
"""With more people than this, only those with something to report are listed."""
_LONGEST_REMARK = 120
"""The bank's explanation may have 3 000 letters; the JSON has all of them."""
_TOTALS: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("credited", ("credited",)),
    ("refused", ("refused", "unclear")),
    ("missing", ("missing",)),
)
"""The results that add up to the amount sent, except for amounts that differ."""


def print_reconciliation(result: Reconciliation, language: Language, console: Console) -> None:
    """Print people with the bank's results, those without money last, and the totals."""
    title = word(f"terminal.reconcile.{'title' if result.period else 'title_registry'}", language)
    month = period.title(result.period, language) if result.period else ""
    console.print(Text(title.format(period=month, number=result.number or DASH), style="bold"))
    shown = [pair for pair in result.pairs if _is_plain(pair)]
    hidden = len(shown) if len(result.pairs) > _MOST_ROWS else 0
    shown = [*([] if hidden else shown), *(pair for pair in result.pairs if not _is_plain(pair))]
    if shown:
        console.print(_people(shown, language))
    if hidden:
        console.print(Text(word("terminal.reconcile.hidden", language).format(count=hidden), style="dim"))
    console.print()
    console.print(_totals(result, language))


def reconciliation_text(result: Reconciliation | None, issues: Iterable[Issue], language: Language) -> str:
    """Return the reconciliation as JSON; if it was refused, it has no people and null totals."""
    data: dict[str, Any] = {
        "kpicalc": __version__,
        "period": result.period or None if result else None,
        "number": result.number or None if result else None,
        "people": [_person(pair) for pair in result.pairs] if result else [],
        "totals": _totals_data(result) if result else None,
        "issues": [issue_data(item, language) for item in issues],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _is_plain(pair: Pair) -> bool:
    """Tell whether the amount sent was credited without any remark."""
    return pair.state == "credited" and pair.sent is not None and pair.sent.amount == pair.amount


def _people(pairs: Iterable[Pair], language: Language) -> Table:
    table = table_of(
        texts(word("terminal.summary.name", language)),
        figures(word("terminal.reconcile.sent", language)),
        texts(word("terminal.reconcile.answer", language)),
        texts(word("terminal.reconcile.by", language), breaks=False),
    )
    for pair in pairs:
        name = str(pair.sent) if pair.sent else _stranger(pair)
        sent = money(pair.sent.amount, language) if pair.sent else DASH
        by = word(f"terminal.reconcile.by_{pair.by}", language) if pair.by else DASH
        add_row(table, name, sent, _answer(pair, language), by)
    return table


def _stranger(pair: Pair) -> str:
    credit = pair.credit
    return (credit.name or digits(credit.payee) or DASH) if credit else DASH


def _answer(pair: Pair, language: Language) -> str:
    """Return the bank's words about a person: the result, the amount if it differs, the explanation."""
    credit = pair.credit
    if credit is None:
        return word("terminal.reconcile.missing", language)
    key = credit.result.casefold()
    text = word(f"terminal.reconcile.result.{key}", language) if key in RESULTS else credit.result or DASH
    if pair.sent is None or pair.sent.amount != credit.amount:
        text += f" {money(credit.amount, language)}"
    remark = credit.remark
    if len(remark) > _LONGEST_REMARK:
        remark = f"{remark[:_LONGEST_REMARK]}…"
    return f"{text}: {remark}" if remark else text


def _totals(result: Reconciliation, language: Language) -> Table:
    people, amount = word("terminal.summary.people", language), word("terminal.reconcile.amount", language)
    table = table_of(texts(""), figures(people), figures(amount))

    def row(name: str, count: Count) -> None:
        members = "" if count.people is None else str(count.people)
        add_row(table, word(f"terminal.reconcile.total.{name}", language), members, money(count.total, language))

    row("sent", result.sent)
    for name, states in _TOTALS:
        row(name, result.count(*states))
    if result.difference:
        row("difference", Count(None, result.difference))
    if result.count("extra").people:
        row("extra", result.count("extra"))
    return table


def _person(pair: Pair) -> dict[str, Any]:
    sent, credit = pair.sent, pair.credit
    return {
        "id": sent.id or None if sent else None,
        "name": sent.name if sent else credit.name if credit else "",
        "state": pair.state,
        "sent": money_text(sent.amount) if sent else None,
        "answered": money_text(credit.amount) if credit else None,
        "result": credit.result if credit else None,
        "remark": (credit.remark or None) if credit else None,
        "matched_by": pair.by,
        "line": credit.line if credit else None,
    }


def _totals_data(result: Reconciliation) -> dict[str, Any]:
    totals = {"sent": result.sent, "answered": result.answered, "extra": result.count("extra")}
    totals |= {name: result.count(*states) for name, states in _TOTALS}
    data: dict[str, Any] = {
        name: {"people": count.people, "total": money_text(count.total)} for name, count in totals.items()
    }
    return data | {"difference": money_text(result.difference)}
