"""The summary that people see after a run, and the issues, in a terminal of any width.

Data goes to one console, messages to another, so that the table can be piped while the warnings stay on the screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from kpicalc.engine.result import Payroll
from kpicalc.lang import Language, message, money, remedy, severity, word
from kpicalc.model import period
from kpicalc.model.issue import Issue

_MOST_ROWS = 30
"""With more payees than this the table shows departments and notable rows, not everybody."""
_EXTREMES = 3
_MOST_ALIKE = 5
_NAME_WIDTH = 18
_COLUMN_GAP = 2
_COLOURS = {"error": "bold red", "hold": "bold yellow", "warning": "yellow", "notice": "dim"}
_ORDER = ("notice", "warning", "hold", "error")


@dataclass(frozen=True, slots=True)
class Row:
    """One payee's amounts by (line id, title)."""

    index: int
    name: str
    department: str
    amounts: dict[tuple[str, str], Decimal]
    total: Decimal


def print_summary(payroll: Payroll, console: Console) -> None:
    """Print payees x components with totals by department; with many payees, the totals and the notable rows."""
    language = payroll.book.language
    rows = _rows(payroll)
    month = period.title(payroll.inputs.period, language)
    title = word("terminal.summary.title", language).format(period=month)
    console.print(Text(f"{payroll.book.title}. {title}", style="bold"))
    if len(rows) + len(payroll.held) <= _MOST_ROWS:
        console.print(_table(payroll, rows, console.width, people=True))
        return
    console.print(Text(word("terminal.summary.by_department", language)))
    console.print(_table(payroll, rows, console.width, people=False))
    notable = _notable(payroll, rows)
    console.print(Text(word("terminal.summary.notable", language)))
    console.print(_notable_table(notable, language))
    hint = word("terminal.summary.hidden", language).format(shown=len(notable), count=len(rows) + len(payroll.held))
    console.print(Text(hint, style="dim"))


def _rows(payroll: Payroll) -> list[Row]:
    rows = []
    for pay in payroll.schemes:
        for at, index in enumerate(pay.payees):
            payee = payroll.inputs.payees[index]
            amounts = {(line.id, line.title): pay.columns[line.figure][at] for line in pay.statement.lines}
            rows.append(Row(index, payee.name, payee.department, amounts, pay.columns[pay.statement.total][at]))
    return sorted(rows, key=lambda row: row.index)


def _table(payroll: Payroll, rows: Sequence[Row], width: int, *, people: bool) -> Table:
    language = payroll.book.language
    lines = [(line.id, line.title) for line, _ in payroll.lines]
    # A column of zeros tells nothing here; the workbook keeps it.
    lines = [line for line in lines if any(row.amounts.get(line) for row in rows)]
    shown, folded = _fitting(lines, rows, width)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    first = "name" if people else "department"
    table.add_column(word(f"terminal.summary.{first}", language), min_width=12, overflow="fold")
    if not people:
        table.add_column(word("terminal.summary.people", language), justify="right")
    for line in shown:
        # A heading may break into words, an amount never.
        table.add_column(line[1], justify="right", min_width=_widest(rows, [line]))
    if folded:
        table.add_column(word("terminal.summary.other", language), justify="right", min_width=_widest(rows, folded))
    total = len(money(sum((row.total for row in rows), Decimal(0)), language))
    table.add_column(word("terminal.summary.total", language), justify="right", style="bold", min_width=total)

    def cells(group: Sequence[Row]) -> list[str]:
        texts = [_amount(group, [line], language) for line in shown]
        if folded:
            texts.append(_amount(group, folded, language))
        return [*texts, money(sum((row.total for row in group), Decimal(0)), language)]

    departments: dict[str, list[Row]] = {}
    for row in rows:
        departments.setdefault(row.department, []).append(row)
    for department, members in departments.items():
        name = escape(department) or word("terminal.summary.no_department", language)
        if people:
            for row in members:
                table.add_row(escape(_short(row.name) if folded else row.name), *cells([row]))
            if len(departments) > 1:
                table.add_row(name, *cells(members), style="cyan", end_section=True)
        else:
            table.add_row(name, str(len(members)), *cells(members))
    for index in payroll.held if people else ():
        payee = payroll.inputs.payees[index]
        blanks = [""] * (len(shown) + bool(folded))
        table.add_row(escape(payee.name), *blanks, word("terminal.summary.held", language), style="yellow")
    table.add_section()
    count = [] if people else [str(len(rows))]
    table.add_row(word("terminal.summary.all", language), *count, *cells(rows), style="bold")
    return table


def _short(name: str) -> str:
    """Shorten a name where room is scarce: Иванова Мария Петровна -> Иванова М. П."""
    family, *others = name.split()
    return " ".join([family, *(f"{part[0]}." for part in others)]) if 1 <= len(others) <= 2 else name


def _fitting(
    lines: Sequence[tuple[str, str]], rows: Sequence[Row], width: int
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Choose the lines that fit the width, the largest first; the others are shown as one sum."""
    widths = {line: _needed(line, rows) for line in lines}
    total = len(money(sum((row.total for row in rows), Decimal(0)), "ru")) + _COLUMN_GAP
    space = width - _NAME_WIDTH - total
    if sum(widths.values()) <= space:
        return list(lines), []
    space -= max(12, total)
    kept: set[tuple[str, str]] = set()
    for line in sorted(lines, key=lambda item: -abs(_sum(rows, [item]))):
        if widths[line] > space:
            break
        kept.add(line)
        space -= widths[line]
    return [line for line in lines if line in kept], [line for line in lines if line not in kept]


def _widest(rows: Sequence[Row], lines: Sequence[tuple[str, str]]) -> int:
    """Return the width of the longest amount in a column: of a row, or of all rows together."""
    own = [_sum([row], lines) for row in rows]
    # The longest text is that of an extreme: no need to write every amount to know.
    return max(len(money(amount, "ru")) for amount in (_sum(rows, lines), max(own), min(own)))


def _amount(rows: Sequence[Row], lines: Sequence[tuple[str, str]], language: Language) -> str:
    """Write a sum, or a dash where nobody's scheme has such a line."""
    if not any(line in row.amounts for row in rows for line in lines):
        return "—"
    return money(_sum(rows, lines), language)


def _needed(line: tuple[str, str], rows: Sequence[Row]) -> int:
    longest_word = max(len(part) for part in line[1].split() or [""])
    return max(longest_word, _widest(rows, [line])) + _COLUMN_GAP


def _sum(rows: Iterable[Row], lines: Sequence[tuple[str, str]]) -> Decimal:
    return sum((row.amounts.get(line, Decimal(0)) for row in rows for line in lines), Decimal(0))


def _notable(payroll: Payroll, rows: Sequence[Row]) -> list[tuple[str, str, str]]:
    """Return (name, total, why) of the rows that a reader should not miss."""
    language = payroll.book.language
    found: dict[int, tuple[str, str, list[str]]] = {}

    def note(row: Row, why: str) -> None:
        found.setdefault(row.index, (row.name, money(row.total, language), []))[2].append(why)

    for index in payroll.held:
        found[index] = (payroll.inputs.payees[index].name, "—", [word("terminal.why.held", language)])
    by_total = sorted(rows, key=lambda row: row.total)
    for row in by_total[::-1][:_EXTREMES]:
        note(row, word("terminal.why.highest", language))
    for row in by_total[:_EXTREMES]:
        note(row, word("terminal.why.lowest", language))
    adjusting = {(line.id, line.title) for line, _ in payroll.lines if line.component == "adjustments"}
    for row in rows:
        if row.total < 0:
            note(row, word("terminal.why.negative", language))
        elif row.total == 0:
            note(row, word("terminal.why.nothing", language))
        for line in adjusting:
            if row.amounts.get(line):
                amount = money(row.amounts[line], language)
                note(row, word("terminal.why.line", language).format(line=line[1], amount=amount))
    items = [(name, total, "; ".join(why)) for name, total, why in found.values()]
    return items[:_MOST_ROWS]


def _notable_table(rows: Sequence[tuple[str, str, str]], language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(word("terminal.summary.name", language), overflow="fold")
    table.add_column(word("terminal.summary.total", language), justify="right", no_wrap=True)
    table.add_column(word("terminal.summary.why", language), overflow="fold")
    for name, total, why in rows:
        table.add_row(escape(name), total, escape(why))
    return table


def print_issues(issues: Iterable[Issue], language: Language, console: Console, *, least: str = "notice") -> None:
    """Print issues, the weightiest last, next to the prompt; those of one kind in one sheet together."""
    wanted = _ORDER[_ORDER.index(least) :]
    ordered = sorted(
        (found for found in issues if severity(found) in wanted),
        key=lambda found: (
            _ORDER.index(severity(found)),
            found.place.file,
            found.place.sheet,
            found.code,
            found.place.line,
            _cell_order(found.place.cell),
        ),
    )
    for (kind, _, _, _), group in groupby(
        ordered, key=lambda found: (severity(found), found.place.file, found.place.sheet, found.code)
    ):
        alike = list(group)
        for found in alike[:_MOST_ALIKE]:
            text = Text()
            text.append(word(f"terminal.severity.{kind}", language), style=_COLOURS[kind])
            if str(found.place):
                text.append(f" {found.place}", style="bold")
            text.append(f"  {found.code}", style="dim")
            text.append(f"\n  {message(found, language)}.")
            if found is alike[min(len(alike), _MOST_ALIKE) - 1]:
                if len(alike) > _MOST_ALIKE:
                    more = word("terminal.summary.more", language).format(count=len(alike) - _MOST_ALIKE)
                    places = ", ".join(item.place.cell or str(item.place) for item in alike[_MOST_ALIKE:])
                    text.append(f"\n  {more}: {_shortened(places)}")
                text.append(f"\n  → {remedy(found, language)}")
            console.print(text, soft_wrap=not console.is_terminal)


def _cell_order(cell: str) -> tuple[int, str]:
    """Order cells as the eye meets them: by row, then by column."""
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), letters.rjust(3)


def _shortened(text: str) -> str:
    limit = 200
    return text if len(text) <= limit else text[:limit].rsplit(",", 1)[0] + ", …"
