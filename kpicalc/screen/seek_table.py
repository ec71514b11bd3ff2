"""A search on the terminal: the values that keep the fund; if none does, the lines and people that prevent it."""

from decimal import Decimal

from rich.console import Console
from rich.text import Text

from kpicalc.lang import Language, in_quotes, money, number, percent, word
from kpicalc.model.period import title
from kpicalc.model.seek import Bound, Seek
from kpicalc.screen.table import add_row, figures, table_of, texts

_MOST_NAMES = 5
_MOST_LINES = 6


def print_seek(seek: Seek, stated: str | None, language: Language, console: Console) -> None:
    """Print a search; `stated` is the value in the file."""
    console.print(
        Text(_word("title", language).format(path=seek.path, amount=money(seek.amount, language)), style="bold")
    )
    when = _word("months", language).format(
        months=len(seek.months), first=title(seek.months[0], language), last=title(seek.months[-1], language)
    )
    console.print(Text(f"{when} {word('replay.text.act_as_they_did', language)}", style="dim"))
    was = _word("stated" if stated else "unstated", language)
    console.print(Text(was.format(value=stated or "", fund=money(seek.stated, language))))
    console.print()
    if seek.intervals:
        table = table_of(
            *(texts(_word(name, language)) for name in ("from", "to")),
            *(figures(_word(name, language)) for name in ("fund_from", "fund_to")),
        )
        for span in seek.intervals:
            ends = (span.first, span.last)
            values = (shown(end.value, seek, language) for end in ends)
            add_row(table, *values, *(money(end.fund, language) for end in ends))
        console.print(table)
    else:
        over = money(seek.least.fund - seek.amount, language)
        facts = {"value": shown(seek.least.value, seek, language), "fund": money(seek.least.fund, language)}
        console.print(Text(_word("none", language).format(over=over, **facts), style="bold"))
    for sentence in reasons(seek, language):
        console.print(Text(sentence))


def reasons(seek: Seek, language: Language) -> list[str]:
    """Return sentences on why the fund does not change more; none if there is a plain solution."""
    sentences = []
    if seek.idle:
        sentences.append(_word("idle", language))
    sentences += [_bound(one, language) for one in seek.bounds[:_MOST_LINES]]
    if seek.flat_from is not None and not seek.idle:
        sentences.append(_word("flat", language).format(value=shown(seek.flat_from, seek, language)))
    if not seek.intervals and seek.fixed:
        lines = [f"{in_quotes(one.title, language)} {money(one.amount, language)}" for one in seek.fixed[:_MOST_LINES]]
        total = money(sum((one.amount for one in seek.fixed), Decimal(0)), language)
        sentences.append(_word("fixed", language).format(total=total, lines=", ".join(lines)))
    return sentences


def _bound(bound: Bound, language: Language) -> str:
    names = [f"{person.id} {person.name}" for person in bound.people[:_MOST_NAMES]]
    more = len(bound.people) - len(names)
    rest = _word("more", language).format(count=more) if more else ""
    facts = {"title": bound.title, "names": ", ".join(names) + rest, "count": len(bound.people)}
    phrase = "takes" if bound.change < 0 else "gives"
    return _word(phrase, language).format(change=money(abs(bound.change), language), **facts)


def shown(value: Decimal, seek: Seek, language: Language) -> str:
    """Write a value in the form of the option."""
    return percent(value, language) if seek.percent else number(value, language)


def _word(name: str, language: Language) -> str:
    return word(f"replay.seek.{name}", language)
