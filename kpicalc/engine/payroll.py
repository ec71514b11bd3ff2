"""A month's pay: who is paid by which scheme, what is known of them, and every figure of their calculation.

Nobody is paid from a guess: a figure that is needed and blank stops the run, holds the person or counts as zero, as the
scheme states; a figure that cannot be computed stops the run and names the person.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from kpicalc.engine.compile import compile_scheme
from kpicalc.engine.formula import Arith, Band, Node, Slices
from kpicalc.engine.statement import Figure, Given, Line, Statement
from kpicalc.engine.values import Fault, Rows, numbers
from kpicalc.engine.words import show, tell, unit_of
from kpicalc.model.inputs import Inputs, Series
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import Scheme, SchemeBook

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, Sequence[Decimal]]
_ZERO = Decimal(0)
_PATTERN = re.compile(r"^[<>=]|[*?~]")
"""Names that a spreadsheet's SUMIFS and MATCH would take for a pattern."""
_LARGE = Decimal(10) ** 12
"""A spreadsheet keeps 15 digits: above this an amount in kopecks has no digit left to round by."""


@dataclass(frozen=True, slots=True)
class SchemePay:
    """What one scheme pays: its payees (indices into the inputs) and their figures, column by column."""

    statement: Statement
    payees: tuple[int, ...]
    columns: Columns


@dataclass(frozen=True, slots=True)
class Team:
    """A department's figure of a KPI, with what of it comes from people outside the calculation sheets.

    `outside` counts people whose scheme does not use the KPI, or who are held: their results are the department's too.
    """

    kpi: str
    of: str
    department: str
    actual: Decimal | None
    outside: Decimal


@dataclass(frozen=True)
class Payroll:
    """The result of a month. `held` are payees who are not paid until their figures are complete."""

    book: SchemeBook
    inputs: Inputs
    schemes: tuple[SchemePay, ...]
    held: tuple[int, ...]
    teams: tuple[Team, ...]
    issues: tuple[Issue, ...] = field(default=())

    @cached_property
    def lines(self) -> tuple[tuple[Line, tuple[SchemePay, ...]], ...]:
        """Return every column of the payroll, in reading order: a line's id and title, and the schemes that have it."""
        found: dict[tuple[str, str], list[SchemePay]] = defaultdict(list)
        first: dict[tuple[str, str], Line] = {}
        for pay in self.schemes:
            for line in pay.statement.lines:
                found[line.id, line.title].append(pay)
                first.setdefault((line.id, line.title), line)
        return tuple((first[key], tuple(schemes)) for key, schemes in found.items())

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """Return the payroll as a table: a row per payee and line, in the order of the Employees sheet.

        Columns: payee (index into the inputs), department, scheme, id, title, amount (Decimal).
        """
        import pandas as pd

        parts = []
        for pay in self.schemes:
            departments = [self.inputs.payees[index].department for index in pay.payees]
            parts += [
                pd.DataFrame(
                    {
                        "payee": list(pay.payees),
                        "department": departments,
                        "scheme": pay.statement.scheme.key,
                        "id": line.id,
                        "title": line.title,
                        "amount": list(pay.columns[line.figure]),
                    }
                )
                for line in pay.statement.lines
            ]
        empty = pd.DataFrame(columns=["payee", "department", "scheme", "id", "title", "amount"])
        whole = pd.concat(parts, ignore_index=True) if parts else empty
        return whole.sort_values("payee", kind="stable", ignore_index=True)

    def sums(self, *by: str) -> dict[str, Decimal]:
        """Return exact sums of pay by columns of `frame`; several columns are joined by a line break."""
        return {
            "\n".join(map(str, key)): sum(amounts.tolist(), _ZERO)
            for key, amounts in self.frame.groupby(list(by), sort=False)["amount"]
        }

    def people(self) -> dict[str, int]:
        """Return how many people are paid in each department."""
        counts = self.frame.groupby("department", sort=False)["payee"].nunique()
        return {str(name): int(count) for name, count in counts.items()}

    def total(self) -> Decimal:
        """Return what the whole payroll pays."""
        return sum((sum(pay.columns[pay.statement.total], _ZERO) for pay in self.schemes), _ZERO)


def compile_schemes(book: SchemeBook) -> tuple[dict[str, Statement], list[Issue]]:
    """Compile every scheme of the file."""
    statements, issues = {}, []
    for key, scheme in book.schemes.items():
        statements[key], found = compile_scheme(scheme, book)
        issues += [item for item in found if item not in issues]
    return statements, issues


def compute(book: SchemeBook, statements: Mapping[str, Statement], inputs: Inputs) -> Payroll:
    """Compute a month's pay. The result's issues say whether it may be paid."""
    with exact_context():
        return _Month(book, statements, inputs).payroll()


class _Month:
    """The steps of a month's computation and what they find."""

    def __init__(self, book: SchemeBook, statements: Mapping[str, Statement], inputs: Inputs) -> None:
        self.book = book
        self.statements = statements
        self.inputs = inputs
        self.issues: list[Issue] = []
        self.held: set[int] = set()

    def payroll(self) -> Payroll:
        groups = self._assigned()
        given = {key: self._given(self.statements[key], payees) for key, payees in groups.items()}
        self._unpaid_adjustments(groups)
        self._assumed(groups)
        teams = self._teams(groups, given)
        schemes = []
        for key, payees in groups.items():
            statement = self.statements[key]
            columns = {name: list(values) for name, values in given[key].items()}
            self._place_teams(statement, payees, columns, teams)
            kept = [at for at, payee in enumerate(payees) if payee not in self.held]
            known = {
                name: [value if (value := values[at]) is not None else _ZERO for at in kept]
                for name, values in columns.items()
            }
            paid = tuple(payees[at] for at in kept)
            schemes.append(SchemePay(statement, paid, self._figures(statement, paid, known)))
        placed = tuple(self._team_rows(teams, schemes))
        return Payroll(
            self.book, self.inputs, tuple(schemes), tuple(sorted(self.held)), placed, tuple(dict.fromkeys(self.issues))
        )

    # -- who is paid by what ------------------------------------------------------------------------------------

    def _assigned(self) -> dict[str, tuple[int, ...]]:
        groups: dict[str, list[int]] = {key: [] for key in self.book.schemes}
        for index, payee in enumerate(self.inputs.payees):
            if payee.scheme:
                groups[payee.scheme].append(index)
                continue
            fitting = [
                key for key, scheme in self.book.schemes.items() if _fits(scheme, payee.position, payee.department)
            ]
            if len(fitting) == 1:
                groups[fitting[0]].append(index)
            else:
                code = "two_schemes" if fitting else "no_scheme"
                found = payee.position or "—"
                allowed = fitting or list(self.book.schemes)
                self._report(code, payee.place, payee=f"{payee.id} {payee.name}", found=found, allowed=allowed)
        return {key: tuple(payees) for key, payees in groups.items() if payees}

    def _unpaid_adjustments(self, groups: Mapping[str, tuple[int, ...]]) -> None:
        for key, payees in groups.items():
            if not any(line.component == "adjustments" for line in self.statements[key].lines):
                for index in payees:
                    for adjustment in self.inputs.adjustments.get(index, ()):
                        payee = self.inputs.payees[index]
                        self._report("adjustment_unpaid", adjustment.place, payee=f"{payee.id} {payee.name}", found=key)

    def _assumed(self, groups: Mapping[str, tuple[int, ...]]) -> None:
        for key, payees in groups.items():
            for assumption in self.statements[key].assumptions:
                series = self.inputs.employee.get(assumption.employee)
                for index in payees if series else ():
                    value = series.values[index] if series else None
                    if value is not None and value != assumption.value:
                        payee = self.inputs.payees[index]
                        self._report(assumption.code, assumption.place, payee=f"{payee.id} {payee.name}",
                                     found=show(value, "number", self.book.language))  # fmt: skip

    # -- what is known of them ----------------------------------------------------------------------------------

    def _given(self, statement: Statement, payees: tuple[int, ...]) -> dict[str, list[Decimal | None]]:
        columns: dict[str, list[Decimal | None]] = {}
        for figure in statement.given():
            match figure.source:
                case Given("adjustments", _):
                    columns[figure.key] = [
                        sum((item.amount for item in self.inputs.adjustments.get(index, ())), _ZERO) for index in payees
                    ]
                case Given("team", _):
                    pass
                case Given(sheet, name):
                    tables = {"plan": self.inputs.plan, "actual": self.inputs.actual, "employee": self.inputs.employee}
                    series = tables[sheet].get(name)
                    columns[figure.key] = self._from_series(statement, figure, series, payees, sheet, name)
        return columns

    def _from_series(
        self,
        statement: Statement,
        figure: Figure,
        series: Series | None,
        payees: tuple[int, ...],
        sheet: str,
        name: str,
    ) -> list[Decimal | None]:
        if series is None:
            self._report(
                f"no_{sheet}_column",
                Place(self.inputs.file),
                found=name,
                title=figure.group if sheet != "employee" else figure.title,
                scheme=statement.scheme.title,
            )
            return [None] * len(payees)
        values = [series.values[index] for index in payees]
        for at, value in enumerate(values):
            if value is None:
                values[at] = self._blank(statement, figure, payees[at], series.place(payees[at]))
            elif value < 0 and sheet in ("plan", "employee"):
                payee = self.inputs.payees[payees[at]]
                self._report(
                    "negative_input",
                    series.place(payees[at]),
                    payee=f"{payee.id} {payee.name}",
                    title=figure.title,
                    found=show(value, figure.unit, self.book.language),
                )
        return values

    def _blank(self, statement: Statement, figure: Figure, index: int, place: Place) -> Decimal | None:
        payee = self.inputs.payees[index]
        facts = {"payee": f"{payee.id} {payee.name}", "title": figure.title}
        blank = statement.blanks[figure.key]
        if blank == "zero" and not self.inputs.blanks_are_sure:
            self._report("blank_unsure", place, **facts)
            return None
        match blank:
            case "zero":
                self._report("blank_is_zero", place, **facts)
                return _ZERO
            case "hold":
                self._report("blank_holds", place, **facts)
                self.held.add(index)
                return None
            case "error":
                self._report("blank", place, **facts)
                return None

    # -- departments --------------------------------------------------------------------------------------------

    def _teams(
        self, groups: Mapping[str, tuple[int, ...]], given: Mapping[str, Mapping[str, Sequence[Decimal | None]]]
    ) -> dict[tuple[str, str], Decimal | None]:
        """Return a department's figure by (KPI, department); None where a member's own figure is not known."""
        wanted = {team.kpi: team.of for key in groups for team in self.statements[key].teams}
        result: dict[tuple[str, str], Decimal | None] = {}
        for kpi, of in wanted.items():
            series = self.inputs.actual.get(of)
            if series is None:
                self._report("no_actual_column", Place(self.inputs.file), found=of, title=self.book.kpi_title(of),
                             scheme=self.book.kpi_title(kpi))  # fmt: skip
                continue
            figures: list[Decimal | None] = list(series.values)
            unknown: set[str] = set()
            for key, payees in groups.items():
                for index, value in zip(payees, given[key].get(f"actual.{of}", ()), strict=False):
                    figures[index] = value
                    if value is None:
                        unknown.add(self.inputs.payees[index].department)
            for name in {payee.department for payee in self.inputs.payees}:
                if _PATTERN.search(name):
                    self._report("department_pattern", Place(self.inputs.file), found=name)
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for payee, value in zip(self.inputs.payees, figures, strict=True):
                sums[payee.department] += value or _ZERO
            result |= {(kpi, name): None if name in unknown else found for name, found in sums.items()}
        return result

    def _place_teams(
        self,
        statement: Statement,
        payees: tuple[int, ...],
        columns: dict[str, list[Decimal | None]],
        teams: Mapping[tuple[str, str], Decimal | None],
    ) -> None:
        for figure in statement.given():
            if not isinstance(figure.source, Given) or figure.source.sheet != "team":
                continue
            kpi, _, part = figure.source.name.partition(":")
            values: list[Decimal | None] = []
            for index in payees:
                department = self.inputs.payees[index].department
                if not department:
                    payee = self.inputs.payees[index]
                    self._report("team_of_nobody", payee.place, payee=f"{payee.id} {payee.name}")
                    value = None
                elif part == "actual":
                    value = teams.get((kpi, department))
                    if value is None:
                        self._unknown_team(statement, figure, index)
                else:
                    levels = self.inputs.team_plan.get((kpi, department), {})
                    level = levels.get(part)  # type: ignore[call-overload]
                    value = level.value if level else None
                    if value is None:
                        self._no_level(statement, figure, index, level.place if level else Place(self.inputs.file))
                values.append(value)
            columns[figure.key] = values

    def _unknown_team(self, statement: Statement, figure: Figure, index: int) -> None:
        """Hold everybody whose pay depends on a department's figure that is not known as a whole."""
        payee = self.inputs.payees[index]
        if statement.blanks[figure.key] == "hold" and index not in self.held:
            self.held.add(index)
            self._report("team_holds", payee.place, payee=f"{payee.id} {payee.name}", title=figure.title,
                         department=payee.department)  # fmt: skip

    def _no_level(self, statement: Statement, figure: Figure, index: int, place: Place) -> None:
        payee = self.inputs.payees[index]
        hold = statement.blanks[figure.key] == "hold"
        if hold:
            self.held.add(index)
        self._report("no_team_plan_holds" if hold else "no_team_plan", place, title=figure.title,
                     department=payee.department)  # fmt: skip

    def _team_rows(
        self, teams: Mapping[tuple[str, str], Decimal | None], schemes: Sequence[SchemePay]
    ) -> Iterable[Team]:
        wanted = {team.kpi: team.of for pay in schemes for team in pay.statement.teams}
        for (kpi, department), actual in teams.items():
            of = wanted.get(kpi)
            if of is None:
                continue
            inside = _ZERO
            for pay in schemes:
                if f"actual.{of}" in pay.columns:
                    for index, value in zip(pay.payees, pay.columns[f"actual.{of}"], strict=True):
                        if self.inputs.payees[index].department == department:
                            inside += value
            yield Team(kpi, of, department, actual, (actual - inside) if actual is not None else _ZERO)

    # -- figures ------------------------------------------------------------------------------------------------

    def _figures(self, statement: Statement, payees: tuple[int, ...], known: dict[str, list[Decimal]]) -> Columns:
        columns: dict[str, Sequence[Decimal]] = dict(known)
        for figure in statement.figures:
            if isinstance(figure.source, Given):
                continue
            rows = Rows(columns, len(payees))
            columns[figure.key] = numbers(figure.source, rows)
            for fault in rows.faults:
                payee = self.inputs.payees[payees[fault.row]]
                self.issues.append(
                    fault_issue(fault, figure, f"{payee.id} {payee.name}", payee.place, self.book, columns)
                )
        for line in statement.lines:
            largest = max(map(abs, columns[line.figure]), default=_ZERO)
            if largest >= _LARGE:
                shown = show(largest, "money", self.book.language)
                self._report("large_amount", Place(self.inputs.file), title=line.title, found=shown)
        return columns

    def _report(self, code: str, place: Place, **facts: object) -> None:
        self.issues.append(issue(code, place, **facts))


def fault_issue(fault: Fault, figure: Figure, payee: str, place: Place, book: SchemeBook, columns: Columns) -> Issue:
    """Turn a figure that could not be computed into an issue that names the person."""
    node: Node = fault.node
    language = book.language
    if isinstance(node, Band | Slices):
        first = node.table.steps[0].bound
        return issue(
            "below_first_band",
            place,
            payee=payee,
            title=figure.title,
            table=node.table.title,
            found=show(fault.value, unit_of(node.of), language),
            allowed=show(first.value, first.unit, language),
        )
    if figure.key.startswith(("attainment.", "share.")) or ".share." in figure.key:
        bottom = getattr(getattr(node, "right", None), "key", "")
        return issue("zero_actual" if bottom.startswith("actual.") else "zero_plan", place, payee=payee,
                     title=figure.title)  # fmt: skip
    bottom = tell(node.right, "number", columns, fault.row, language).names if isinstance(node, Arith) else ""
    return issue("division_by_zero", place, payee=payee, title=figure.title, bottom=bottom)


def _fits(scheme: Scheme, position: str, department: str) -> bool:
    audience = scheme.audience
    if audience.position is None and audience.department is None:
        return False
    return _among(audience.position, position) and _among(audience.department, department)


def _among(allowed: str | list[str] | None, found: str) -> bool:
    if allowed is None:
        return True
    names = [allowed] if isinstance(allowed, str) else allowed
    return _folded(found) in {_folded(name) for name in names}


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
