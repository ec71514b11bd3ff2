"""The table of the summary: payees or departments x components, for any width of the terminal.

Amounts are never broken or cut. If not all components fit, names are shortened and the smallest components are shown as
one sum, so that each row still adds up to its total. Balances (points, debts) stand right of the total, if they fit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from heapq import nlargest
from typing import TypeVar

from rich.table import Table

from kpicalc.engine.result import Payroll
from kpicalc.engine.statement import Tally
from kpicalc.engine.tree.words import show
from kpicalc.lang import money, word
from kpicalc.model.record import record
from kpicalc.screen.summary_plan import GAP, Amounts, Line, Plan, Room, amounts_of, plan_of, short_name
from kpicalc.screen.table import DASH, add_row, figures, table_of, texts

_Key = TypeVar("_Key")
_HALF = Decimal("0.5")
_MOST_NAMED = 3
_MOST_DEPARTMENTS = 50
"""Nobody reads more lines of a terminal; the Summary sheet has them all."""
_ZERO = Decimal(0)


@record
class People:
    """Everybody who is paid, in the order of the Employees sheet, column by column.

    An amount is None for a person who has no such line. `beside` are points and debts, which are no part of the total.
    """

    indices: Sequence[int]
    names: Sequence[str]
    departments: Sequence[str]
    amounts: Mapping[Line, Sequence[Decimal | None]]
    totals: Sequence[Decimal]
    beside: Mapping[Line, Sequence[Decimal | None]]


def people_of(payroll: Payroll) -> People:
    """Return the columns of the summary."""
    persons = [payroll.inputs.person(index) for index in payroll.persons]

    def columns(figures: Sequence[Mapping[Line, str]]) -> dict[Line, list[Decimal | None]]:
        return {
            line: payroll.by_person(
                pay.columns.get(own.get(line, "")) for pay, own in zip(payroll.schemes, figures, strict=True)
            )
            for line in dict.fromkeys(line for own in figures for line in own)
        }

    statements = [pay.statement for pay in payroll.schemes]
    totals = payroll.by_person(pay.columns[pay.statement.total] for pay in payroll.schemes)
    return People(
        payroll.persons,
        [person.name for person in persons],
        [person.department for person in persons],
        columns([{(line.id, line.title): line.figure for line in one.lines} for one in statements]),
        [total or _ZERO for total in totals],
        columns([{(tally.id, tally.title): tally.figure for tally in one.tallies} for one in statements]),
    )


@record
class Summary:
    """The table, and remarks on what it does not show: components, unless these are few, and points and debts."""

    table: Table
    note: str


def summary_of(payroll: Payroll, rows: People, width: int, *, people: bool) -> Summary:
    """Return the summary: a row per payee with subtotals, or a row per department."""
    sheet = _Sheet(payroll, rows, people=people)
    plan = sheet.plan(width)
    table, shown = sheet.table(plan, width)
    return Summary(table, " ".join(text for text in (sheet.note(plan), sheet.left_out(shown)) if text))


class _Sheet:
    """The summary of one payroll; its columns are added up once, however wide the terminal is."""

    def __init__(self, payroll: Payroll, rows: People, *, people: bool) -> None:
        self.language = payroll.book.language
        self.rows, self.people = rows, people
        self.held = [payroll.inputs.payees[index].name for index in payroll.held] if people else []
        self.total_heading = total_title(payroll)
        self.tallies = payroll.tallies
        self.totals = amounts_of(rows.totals, self.language)
        lines = [(line.id, line.title) for line, _ in payroll.lines]
        columns = {line: amounts_of(rows.amounts[line], self.language) for line in lines}
        # A column of zeros is left out here; the workbook has it.
        self.columns = {line: column for line, column in columns.items() if any(column.values)}
        self.departments: dict[str, list[int]] = {}
        for number, department in enumerate(rows.departments):
            self.departments.setdefault(department, []).append(number)
        self.rest: list[int] = []
        """The people of departments that have no row of their own."""
        self.rest_title = ""
        if not people and len(self.departments) > _MOST_DEPARTMENTS:
            self.leave_out_the_smallest()

    def word(self, name: str) -> str:
        return word(f"terminal.summary.{name}", self.language)

    def leave_out_the_smallest(self) -> None:
        """Keep the departments with the largest totals, in their order; one row has the sums of the others."""
        totals = {name: abs(self.totals.sum_of(members) or _ZERO) for name, members in self.departments.items()}
        largest = set(nlargest(_MOST_DEPARTMENTS - 1, totals, key=totals.__getitem__))
        others = [name for name in self.departments if name not in largest]
        self.rest_title = self.word("other_departments").format(count=len(others))
        self.rest = [member for name in others for member in self.departments.pop(name)]

    def plan(self, width: int) -> Plan:
        """Choose the columns."""
        names = [*self.departments, self.rest_title, *(self.rows.names if self.people else []), *self.held]
        heading = self.word("name" if self.people else "department")
        fixed = self.total_width + GAP + (0 if self.people else self.count_width + GAP)
        room = Room(width - fixed, heading, self.word("other"), self.language)
        return plan_of(self.columns, [*names, self.word("all")], room)

    @property
    def total_width(self) -> int:
        """Return the width of the last column."""
        return max(self.totals.longest, len(self.word("held")), len(self.total_heading))

    @property
    def count_width(self) -> int:
        """Return the width of the column that counts people."""
        return max(len(str(len(self.rows.names))), len(self.word("people")))

    def table(self, plan: Plan, width: int) -> tuple[Table, Collection[Tally]]:
        """Build the table; return it with the points and debts that it shows."""
        other = max(plan.other.longest, *map(len, self.word("other").split())) if plan.other else 0
        fixed = [plan.name, *plan.shown.values(), self.total_width, *([other] if plan.other else [])]
        fixed += [] if self.people else [self.count_width]
        free = width - sum(fixed) - GAP * (len(fixed) - 1)
        beside = self.beside(free)
        free -= sum(amounts.longest + GAP for amounts in beside.values())
        names = self.rows.names if self.people else [*self.departments, self.rest_title]
        name = min(plan.name + free, max(plan.name, *map(len, [*names, *self.held, *self.departments]), 0))
        free -= name - plan.name
        shown = _widened(plan.shown, {line: line[1] for line in plan.shown}, free)
        free -= sum(shown.values()) - sum(plan.shown.values())
        tallies = _widened({one: amounts.longest for one, amounts in beside.items()},
                           {one: one.title for one in beside}, free)  # fmt: skip
        table = table_of(
            texts(self.word("name" if self.people else "department"), width=name),
            *([] if self.people else [figures(self.word("people"), width=self.count_width)]),
            *(figures(line[1], width=column) for line, column in shown.items()),
            *([figures(self.word("other"), width=other)] if plan.other else []),
            figures(self.total_heading, width=self.total_width, style="bold"),
            *(figures(tally.title, width=column) for tally, column in tallies.items()),
        )
        self.fill(table, plan, beside, name)
        return table, beside.keys()

    def fill(self, table: Table, plan: Plan, beside: Mapping[Tally, Amounts], name: int) -> None:
        """Add the rows: people by department, people not paid yet, the total of all."""
        columns = [*(self.columns[line] for line in plan.shown), *([plan.other] if plan.other else [])]

        def cells(members: Sequence[int]) -> list[str]:
            sums = (column.sum_of(members) for column in columns)
            amounts = [DASH if value is None else money(value, self.language) for value in sums]
            total = money(self.totals.sum_of(members) or _ZERO, self.language)
            return [*amounts, total, *(self.tallied(tally, beside[tally], members) for tally in beside)]

        for department, members in self.departments.items():
            title = department or self.word("no_department")
            if not self.people:
                add_row(table, title, str(len(members)), *cells(members))
                continue
            for member in members:
                add_row(table, _fitted(self.rows.names[member], name), *cells([member]))
            if len(self.departments) > 1:
                add_row(table, title, *cells(members), style="cyan", last=True)
        if self.rest:
            add_row(table, self.rest_title, str(len(self.rest)), *cells(self.rest))
        for payee in self.held:
            blanks = [""] * len(columns)
            add_row(table, _fitted(payee, name), *blanks, self.word("held"), *("" for _ in beside), style="yellow")
        table.add_section()
        count = [] if self.people else [str(len(self.rows.names))]
        add_row(table, self.word("all"), *count, *cells(range(len(self.rows.names))), style="bold")

    def beside(self, free: int) -> dict[Tally, Amounts]:
        """Return the points and debts that fit; `longest` is the width of their column."""
        columns = {}
        for tally in self.tallies:
            amounts = self.kept(tally)
            groups = (range(len(self.rows.names)), *([number] for number in range(len(self.rows.names))))
            texts_ = [*(self.tallied(tally, amounts, group) for group in groups), *tally.title.split()]
            wide = max(map(len, texts_))
            if wide + GAP <= free:
                columns[tally] = replace(amounts, longest=wide)
                free -= wide + GAP
        return columns

    def kept(self, tally: Tally) -> Amounts:
        """Return everybody's points or debts of one kind."""
        return amounts_of(self.rows.beside[tally.id, tally.title], self.language)

    def tallied(self, tally: Tally, amounts: Amounts, members: Sequence[int]) -> str:
        """Write a sum of points or debts, or a dash if no scheme keeps them."""
        total = amounts.sum_of(members)
        if total is None:
            return DASH
        return money(total, self.language) if tally.kind != "points" else show(total, "number", self.language)

    def note(self, plan: Plan) -> str:
        """Describe what the column of others hides, if that is half of the pay or more."""
        if plan.hidden < _HALF:
            return ""
        largest = plan.folded[:_MOST_NAMED]
        parts = (f"{line[1]} {money(self.columns[line].total, self.language)}" for line in largest)
        return self.word("folded").format(other=self.word("other"), lines="; ".join(parts))

    def left_out(self, shown: Collection[Tally]) -> str:
        """Tell the sums of points and debts for which there is no room."""
        everybody = range(len(self.rows.names))
        # Roles may call theirs alike: these are columns of their own in the table too.
        left = [
            (tally.title, self.tallied(tally, self.kept(tally), everybody))
            for tally in self.tallies
            if tally not in shown
        ]
        parts = [f"{title} {total}" for title, total in left if total != DASH]
        return self.word("no_room").format(tallies="; ".join(parts)) if parts else ""


def _widened(widths: Mapping[_Key, int], headings: Mapping[_Key, str], free: int) -> dict[_Key, int]:
    """Use free width for headings that would otherwise break into several lines."""
    wider = {}
    for key, width in widths.items():
        extra = max(0, min(len(headings[key]) - width, free))
        wider[key] = width + extra
        free -= extra
    return wider


def _fitted(name: str, width: int) -> str:
    return name if len(name) <= width else short_name(name)


def total_title(payroll: Payroll) -> str:
    """Return the heading of the total: the sum to be paid, if something is withheld."""
    return word("headings.figure.to_pay" if payroll.withheld else "headings.figure.total", payroll.book.language)
