"""The summary after a run, and the issues, in a terminal of any width.

Data goes to one console, messages to another, so that the table can be piped while the warnings stay on the screen.
"""

from collections.abc import Collection, Iterable, Sequence
from heapq import nlargest, nsmallest
from itertools import groupby
from textwrap import wrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, message, money, remedy, severity, word
from kpicalc.model import period
from kpicalc.model.issue import Issue
from kpicalc.screen.summary_table import People, people_of, summary_of, total_title
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_MOST_ROWS = 30
"""With more payees than this the table shows departments and notable rows, not everybody."""
_EXTREMES = 3
_MOST_ALIKE = 5
_COLOURS = {"error": "bold red", "hold": "bold yellow", "warning": "yellow", "notice": "dim"}
_ORDER = ("notice", "warning", "hold", "error")


def print_summary(payroll: Payroll, console: Console) -> None:
    """Print payees x components with totals by department; for many payees, the totals and the notable rows."""
    language = payroll.book.language
    rows = people_of(payroll)
    month = period.title(payroll.inputs.period, language)
    title = word("terminal.summary.title", language).format(period=month)
    console.print(Text(f"{payroll.book.title}. {title}", style="bold"))
    if len(rows.names) + len(payroll.held) <= _MOST_ROWS:
        _print_table(payroll, rows, console, people=True)
        _print_withheld(payroll, console)
        return
    console.print(Text(word("terminal.summary.by_department", language)))
    _print_table(payroll, rows, console, people=False)
    _print_withheld(payroll, console)
    notable = _notable(payroll, rows)
    console.print(Text(word("terminal.summary.notable", language)))
    console.print(_notable_table(notable, total_title(payroll), language))
    hint = word("terminal.summary.hidden", language).format(
        shown=len(notable), count=len(rows.names) + len(payroll.held)
    )
    console.print(Text(hint, style="dim"))


def _print_table(payroll: Payroll, rows: People, console: Console, *, people: bool) -> None:
    summary = summary_of(payroll, rows, console.width, people=people)
    console.print(summary.table)
    if summary.note:
        console.print(Text(summary.note, style="dim"))


def _print_withheld(payroll: Payroll, console: Console) -> None:
    """Print the sums accrued, withheld and paid, if something is withheld."""
    if payroll.withheld:
        language, accrued, total = payroll.book.language, payroll.accrued(), payroll.total()
        amounts = {"accrued": accrued, "withheld": accrued - total, "total": total}
        shown = {name: money(amount, language) for name, amount in amounts.items()}
        console.print(Text(word("terminal.summary.withheld", language).format(**shown)))


def _notable(payroll: Payroll, rows: People) -> list[tuple[str, str, str]]:
    """Return (name, total, reason) of the rows that a reader must not miss."""
    language = payroll.book.language
    notable: dict[int, tuple[str, str, list[str]]] = {}

    def note(at: int, why: str) -> None:
        entry = (rows.names[at], money(rows.totals[at], language), list[str]())
        notable.setdefault(rows.indices[at], entry)[2].append(why)

    for index in payroll.held:
        notable[index] = (payroll.inputs.payees[index].name, DASH, [word("terminal.why.held", language)])
    everybody = range(len(rows.totals))
    # Of equal totals the last ones on the sheet count as the highest, the first ones as the lowest.
    for at in nlargest(_EXTREMES, reversed(everybody), rows.totals.__getitem__):
        note(at, word("terminal.why.highest", language))
    for at in nsmallest(_EXTREMES, everybody, rows.totals.__getitem__):
        note(at, word("terminal.why.lowest", language))
    adjusting = [(line.id, line.title) for line, _ in payroll.lines if line.component == "adjustments"]
    adjusted = {at for line in adjusting for at, amount in enumerate(rows.amounts[line]) if amount}
    for at in sorted(adjusted.union(at for at, total in enumerate(rows.totals) if total <= 0)):
        if rows.totals[at] < 0:
            note(at, word("terminal.why.negative", language))
        elif rows.totals[at] == 0:
            note(at, word("terminal.why.nothing", language))
        for line in adjusting:
            if value := rows.amounts[line][at]:
                note(at, word("terminal.why.line", language).format(line=line[1], amount=money(value, language)))
    items = [(name, total, "; ".join(why)) for name, total, why in notable.values()]
    return items[:_MOST_ROWS]


def _notable_table(rows: Sequence[tuple[str, str, str]], title: str, language: Language) -> Table:
    heading, reason = (texts(word(f"terminal.summary.{key}", language)) for key in ("name", "why"))
    table = table_of(heading, figures(title), reason)
    for name, total, why in rows:
        add_row(table, name, total, why)
    return table


def print_issues(
    issues: Iterable[Issue],
    language: Language,
    console: Console,
    *,
    least: str = "notice",
    always: Collection[str] = (),
) -> None:
    """Print issues, the most severe last, next to the prompt; similar issues of one sheet stand together.

    Codes in `always` are printed whatever the least severity is.
    """
    wanted = _ORDER[_ORDER.index(least) :]
    ordered = sorted(
        (entry for entry in issues if severity(entry) in wanted or entry.code in always),
        key=lambda entry: (
            _ORDER.index(severity(entry)),
            entry.place.file,
            entry.place.sheet,
            entry.place.line,
            entry.code,
            _cell_order(entry.place.cell),
        ),
    )
    for (kind, _, _, _), group in groupby(
        ordered, key=lambda entry: (severity(entry), entry.place.file, entry.place.sheet, entry.code)
    ):
        alike = list(group)
        for number, entry in enumerate(alike[:_MOST_ALIKE]):
            shown_last = number + 1 == min(len(alike), _MOST_ALIKE)
            advice = remedy(entry, language)
            text = Text()
            text.append(word(f"terminal.severity.{kind}", language), style=_COLOURS[kind])
            if str(entry.place):
                text.append(f" {entry.place}", style="bold")
            text.append(f"  {entry.code}", style="dim")
            lines = [f"  {message(entry, language)}."]
            if shown_last and len(alike) > _MOST_ALIKE:
                more = word("terminal.summary.more", language).format(count=len(alike) - _MOST_ALIKE)
                places = ", ".join(item.place.cell or str(item.place) for item in alike[_MOST_ALIKE:])
                lines.append(f"  {more}: {_shortened(places)}")
            # The remedy of several issues is printed once, below the last of them.
            if shown_last or remedy(alike[number + 1], language) != advice:
                lines.append(f"  → {advice}")
            for line in lines:
                text.append(f"\n{_hung(line, console)}")
            console.print(text, soft_wrap=not console.is_terminal)


def _hung(line: str, console: Console) -> str:
    """Return a line as the terminal shows it: what does not fit goes on below its own words, not below the place."""
    if not console.is_terminal:
        return line
    below = " " * (4 if line.startswith("  →") else 2)
    wrapped = wrap(line, console.width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False)
    return "\n".join(wrapped)


def _cell_order(cell: str) -> tuple[int, str]:
    """Order cells as they are read: by row, then by column."""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), letters.rjust(3)


def _shortened(text: str) -> str:
    limit = 200
    return text if len(text) <= limit else text[:limit].rsplit(",", 1)[0] + ", …"
