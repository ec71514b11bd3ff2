"""The table of the summary: payees or departments x components, in whatever width the terminal has.

Amounts are never broken or cut. Where not every component fits, names are shortened and the smallest components are
shown as one sum, so that each row still adds up to its total. Points and debts stand right of the total, where there is
room for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from rich.table import Table

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Tally
from kpicalc.engine.words import show
from kpicalc.lang import Language, money, word
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

Line = tuple[str, str]
"""A component of the payroll: its id and its title."""
_Key = TypeVar("_Key")
_GAP = 2
_SHORT_NAME = 22
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Row:
    """One payee's amounts by (line id, title)."""

    index: int
    name: str
    department: str
    amounts: dict[tuple[str, str], Decimal]
    total: Decimal
    beside: dict[Line, Decimal]
    """Points and debts, which are no part of the total."""


def rows_of(payroll: Payroll) -> list[Row]:
    """Return every paid payee, in the order of the Employees sheet."""
    rows = []
    for pay in payroll.schemes:
        for at, index in enumerate(pay.payees):
            payee = payroll.inputs.payees[index]
            amounts = {(line.id, line.title): pay.columns[line.figure][at] for line in pay.statement.lines}
            beside = {(tally.id, tally.title): pay.columns[tally.figure][at] for tally in pay.statement.tallies}
            total = pay.columns[pay.statement.total][at]
            rows.append(Row(index, payee.name, payee.department, amounts, total, beside))
    return sorted(rows, key=lambda row: row.index)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the table shows: the names' width, the components with their widths, those summed as "other"."""

    name: int
    shown: dict[Line, int]
    folded: list[Line]
    other: int
    total: int


def summary_table(payroll: Payroll, rows: Sequence[Row], width: int, *, people: bool) -> Table:
    """Return the table: a row per payee with subtotals, or a row per department."""
    language = payroll.book.language
    held = [payroll.inputs.payees[index].name for index in payroll.held] if people else []
    plan = _plan(payroll, rows, held, width, people=people)
    columns = [texts(_word("name" if people else "department", language), width=plan.name)]
    if not people:
        columns.append(figures(_word("people", language), width=_people_width(rows, language)))
    free = width - _used(plan, rows, language, people=people)
    beside = _beside(payroll, rows, free)
    free -= sum(column + _GAP for column in beside.values())
    shown = _widened(plan.shown, {line: line[1] for line in plan.shown}, free)
    columns += [figures(line[1], width=column) for line, column in shown.items()]
    if plan.folded:
        columns.append(figures(_word("other", language), width=plan.other))
    columns.append(figures(total_title(payroll), width=plan.total, style="bold"))
    free -= sum(shown.values()) - sum(plan.shown.values())
    widths = _widened(beside, {tally: tally.title for tally in beside}, free)
    columns += [figures(tally.title, width=column) for tally, column in widths.items()]
    table = table_of(*columns)

    def cells(group: Sequence[Row]) -> list[str]:
        amounts = [_amount(group, [line], language) for line in plan.shown]
        if plan.folded:
            amounts.append(_amount(group, plan.folded, language))
        amounts.append(money(sum((row.total for row in group), _ZERO), language))
        return [*amounts, *(_tallied(group, tally, language) for tally in beside)]

    departments: dict[str, list[Row]] = {}
    for row in rows:
        departments.setdefault(row.department, []).append(row)
    for department, members in departments.items():
        name = department or _word("no_department", language)
        if people:
            for row in members:
                add_row(table, _fitted(row.name, plan.name), *cells([row]))
            if len(departments) > 1:
                add_row(table, name, *cells(members), style="cyan", last=True)
        else:
            add_row(table, name, str(len(members)), *cells(members))
    for payee in held:
        blanks = [""] * (len(plan.shown) + bool(plan.folded))
        blanks += [_word("held", language), *("" for _ in beside)]
        add_row(table, _fitted(payee, plan.name), *blanks, style="yellow")
    table.add_section()
    count = [] if people else [str(len(rows))]
    add_row(table, _word("all", language), *count, *cells(rows), style="bold")
    return table


def _plan(payroll: Payroll, rows: Sequence[Row], held: Sequence[str], width: int, *, people: bool) -> _Plan:
    """Choose what fits: every component, or the largest ones and the sum of the others."""
    language = payroll.book.language
    lines = [(line.id, line.title) for line, _ in payroll.lines]
    # A column of zeros tells nothing here; the workbook keeps it.
    lines = [line for line in lines if any(row.amounts.get(line) for row in rows)]
    names = [row.department for row in rows] + ([row.name for row in rows] if people else []) + list(held)
    words = (money(sum((row.total for row in rows), _ZERO), language), _word("held", language), total_title(payroll))
    total = max(map(len, words))
    fixed = total + (0 if people else _people_width(rows, language) + _GAP)
    widths = {line: _width(rows, [line], language, line[1]) for line in lines}
    heading = _word("name" if people else "department", language)
    name = _longest([*names, heading], language)
    if name + fixed + sum(widths.values()) + _GAP * (len(lines) + 1) <= width:
        return _Plan(name, widths, [], 0, total)
    name = min(_longest([heading, *map(short_name, names)], language), _SHORT_NAME)
    kept = list(lines)
    while kept:
        folded = [line for line in lines if line not in kept]
        other = _width(rows, folded, language, _word("other", language)) if folded else 0
        columns = {line: widths[line] for line in kept}
        free = width - name - fixed - sum(columns.values()) - _GAP * (len(kept) + 1) - (other + _GAP if folded else 0)
        if free >= 0:
            return _Plan(name, columns, folded, other, total)
        kept.remove(min(kept, key=lambda line: abs(_sum(rows, [line]))))
    return _Plan(name, {}, lines, _width(rows, lines, language, _word("other", language)), total)


def _used(plan: _Plan, rows: Sequence[Row], language: Language, *, people: bool) -> int:
    """Return how wide the table is without what stands beside the pay."""
    columns = [plan.name, *plan.shown.values(), plan.total]
    columns += [plan.other] if plan.folded else []
    columns += [] if people else [_people_width(rows, language)]
    return sum(columns) + _GAP * (len(columns) - 1)


def _beside(payroll: Payroll, rows: Sequence[Row], free: int) -> dict[Tally, int]:
    """Return the points and debts for which there is room, with the widths of their columns."""
    found = {}
    for tally in payroll.tallies:
        amounts = [_tallied(group, tally, payroll.book.language) for group in (rows, *([row] for row in rows))]
        width = max(len(part) for part in [*amounts, *tally.title.split()])
        if width + _GAP <= free:
            found[tally] = width
            free -= width + _GAP
    return found


def _tallied(rows: Sequence[Row], tally: Tally, language: Language) -> str:
    """Write a sum of points or debts, or a dash where nobody's scheme keeps them."""
    key = (tally.id, tally.title)
    if not any(key in row.beside for row in rows):
        return DASH
    found = sum((row.beside.get(key, _ZERO) for row in rows), _ZERO)
    return money(found, language) if tally.kind == "debt" else show(found, "number", language)


def _widened(widths: dict[_Key, int], headings: Mapping[_Key, str], free: int) -> dict[_Key, int]:
    """Give free room to headings that would otherwise break into several lines."""
    found = {}
    for key, own in widths.items():
        extra = max(0, min(len(headings[key]) - own, free))
        found[key] = own + extra
        free -= extra
    return found


def _longest(names: Iterable[str], language: Language) -> int:
    return max(len(_word("all", language)), *map(len, names))


def _people_width(rows: Sequence[Row], language: Language) -> int:
    return max(len(str(len(rows))), len(_word("people", language)))


def short_name(name: str) -> str:
    """Shorten a person's name where room is scarce: Иванова Мария Петровна -> Иванова М. П."""
    family, *others = name.split() or [""]
    return " ".join([family, *(f"{part[0]}." for part in others)]) if len(others) == 2 else name


def _fitted(name: str, width: int) -> str:
    return name if len(name) <= width else short_name(name)


def _width(rows: Sequence[Row], lines: Sequence[Line], language: Language, heading: str) -> int:
    """Return a column's least width: its longest amount, or the longest word of its heading."""
    own = [_sum([row], lines) for row in rows] or [_ZERO]
    # The longest text is that of an extreme: no need to write every amount to know.
    amounts = (_sum(rows, lines), max(own), min(own))
    return max([len(money(amount, language)) for amount in amounts] + [len(part) for part in heading.split()])


def _amount(rows: Sequence[Row], lines: Sequence[Line], language: Language) -> str:
    """Write a sum, or a dash where nobody's scheme has such a line."""
    if not any(line in row.amounts for row in rows for line in lines):
        return DASH
    return money(_sum(rows, lines), language)


def _sum(rows: Iterable[Row], lines: Sequence[Line]) -> Decimal:
    return sum((row.amounts.get(line, _ZERO) for row in rows for line in lines), _ZERO)


def total_title(payroll: Payroll) -> str:
    """Return the heading of the total: what is to be paid, where something is withheld."""
    return word("headings.figure.to_pay" if payroll.withheld else "headings.figure.total", payroll.book.language)


def _word(name: str, language: Language) -> str:
    return word(f"terminal.summary.{name}", language)
