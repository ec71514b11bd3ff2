"""A replay on the terminal: months, people paid differently, lines; the effect of a moved result."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kpicalc.lang import Language, money, percent, word
from kpicalc.model.period import title
from kpicalc.model.replay import Amounts, Replay
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_MOST_ROWS = 25


def print_replay(replay: Replay, language: Language, console: Console, base: str = "", varied: str = "") -> None:
    """Print a replay; `base` and `varied` are the titles of the requested KPIs."""
    console.print(Text(word("replay.title.whole", language), style="bold"))
    notes = [word(f"replay.text.{name}", language) for name in ("act_as_they_did", "accrued")]
    console.print(Text(" ".join(notes), style="dim"))
    _print_months(replay, language, console, base)
    count = len(replay.by_person)
    if not any(amounts.difference for amounts in replay.by_person_month.values()):
        facts = {"total": money(replay.total.new, language), "months": len(replay.months), "count": count}
        console.print(Text(word("replay.text.same", language).format(**facts)))
    else:
        _print_people(replay, language, console)
        changed = [(title, amounts) for (_, title), amounts in replay.by_line.items() if amounts.difference]
        rest = sum(amounts.old for amounts in replay.by_line.values() if not amounts.difference)
        if rest:
            changed.append((word("replay.head.other_lines", language), Amounts(Decimal(rest), Decimal(rest))))
        _print_amounts(word("replay.title.lines", language), word("replay.head.line", language), changed,
                       replay.total, language, console)  # fmt: skip
        same = count - replay.winners - replay.losers
        facts = {"winners": replay.winners, "losers": replay.losers, "same": same}
        console.print(Text(word("replay.text.winners", language).format(**facts)))
    if replay.varied:
        _print_varied(replay, language, console, varied)


def _print_months(replay: Replay, language: Language, console: Console, base: str) -> None:
    months = [(title(month.period, language), month.fund, month.base) for month in replay.months]
    if len(months) > 1:
        months.append((word("replay.head.all", language), replay.total, replay.base))
    table = _table(word("replay.head.month", language), language)
    for number, (name, fund, _) in enumerate(months, 1):
        whole = number > len(replay.months)
        add_row(
            table, name, *_amounts(fund, language), style="bold" if whole else "", last=number == len(replay.months)
        )
    _headed(word("replay.title.months", language), table, console)
    if replay.base is None:
        return
    heads = [word(f"replay.head.{name}", language) for name in ("amount", "old_share", "new_share")]
    shares = table_of(texts(word("replay.head.month", language)), *(figures(head) for head in heads))
    for number, (name, fund, over) in enumerate(months, 1):
        whole = number > len(replay.months)
        add_row(
            shares,
            name,
            *_shares(fund, over, language),
            style="bold" if whole else "",
            last=number == len(replay.months),
        )
    _headed(word("replay.head.base", language).format(kpi=base), shares, console)


def _print_people(replay: Replay, language: Language, console: Console) -> None:
    people = [
        (f"{number} {replay.people[number].name}", amounts)
        for number, amounts in sorted(replay.by_person.items(), key=lambda item: (item[1].difference, item[0]))
        if amounts.difference
    ]
    # Those who lose most and those who gain most; the file has all others.
    shown = people if len(people) <= _MOST_ROWS else [*people[: _MOST_ROWS // 2], *people[-(_MOST_ROWS // 2) :]]
    heading = word("replay.title.people", language)
    _print_amounts(heading, word("replay.head.payee", language), shown, None, language, console)
    if len(shown) < len(people):
        text = word("replay.text.hidden", language).format(shown=len(shown), count=len(people))
        console.print(Text(text, style="dim"))


def _print_amounts(
    heading: str,
    first: str,
    rows: Iterable[tuple[str, Amounts]],
    total: Amounts | None,
    language: Language,
    console: Console,
) -> None:
    table = _table(first, language)
    for name, amounts in rows:
        add_row(table, name, *_amounts(amounts, language))
    if total is not None:
        table.add_section()
        add_row(table, word("replay.head.all", language), *_amounts(total, language), style="bold")
    _headed(heading, table, console)


def _print_varied(replay: Replay, language: Language, console: Console, kpi: str) -> None:
    table = _table(word("replay.head.varied", language), language)
    for moved in replay.varied:
        sign = "+" if moved.by > 0 else ""
        add_row(table, f"{sign}{percent(moved.by, language)}", *_amounts(moved.fund, language))
    _headed(word("replay.title.varied", language).format(kpi=kpi), table, console)
    if replay.base is not None and (even_share := replay.break_even) is not None:
        share, growth = even_share
        phrase = "no_break_even" if growth is None else "break_even"
        facts = {"share": percent(round(share, 6), language), "kpi": kpi}
        facts["growth"] = "" if growth is None else percent(growth, language)
        console.print(Text(word(f"replay.text.{phrase}", language).format(**facts)))


def _headed(heading: str, table: Table, console: Console) -> None:
    console.print()
    console.print(Text(heading, style="bold"))
    console.print(table)


def _table(first: str, language: Language) -> Table:
    heads = [word(f"replay.head.{name}", language) for name in ("old", "new", "difference")]
    return table_of(texts(first), *(figures(head) for head in heads))


def _amounts(amounts: Amounts, language: Language) -> Sequence[str]:
    difference = money(amounts.difference, language)
    signed = f"+{difference}" if amounts.difference > 0 else difference
    return money(amounts.old, language), money(amounts.new, language), signed


def _shares(amounts: Amounts, base: Decimal | None, language: Language) -> Sequence[str]:
    """Return the base, and both funds in per cent of it; a dash if the base is unknown or zero."""
    if not base:
        return (DASH if base is None else money(base, language), DASH, DASH)
    shares = (percent(round(amount / base, 4), language) for amount in (amounts.old, amounts.new))
    return money(base, language), *shares
