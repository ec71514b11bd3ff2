"""A month's pay: the scheme of every payee, the known inputs, and every figure of the calculation.

Nobody is paid by a guess: a needed figure that is blank stops the run, holds the payee or counts as zero, as the scheme
states; a figure that cannot be computed stops the run and names the payee.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.audience import audiences, positions_of, schemes_of
from kpicalc.engine.calculation import calculate
from kpicalc.engine.doubtful import Doubt, unconfirmed
from kpicalc.engine.faults import refusals
from kpicalc.engine.given import GivenFigures
from kpicalc.engine.groups.joint import Joint
from kpicalc.engine.groups.teams import team_rows
from kpicalc.engine.positions.one_person import taxed_as_one
from kpicalc.engine.positions.positions import settled
from kpicalc.engine.result import Columns, Payroll, SchemePay
from kpicalc.engine.statement import Statement
from kpicalc.engine.terms.withheld import withheld_issues
from kpicalc.engine.tree.words import show
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, Place, issue
from kpicalc.model.money import exact_context
from kpicalc.model.scheme import SchemeBook
from kpicalc.model.stage import tell
from kpicalc.model.texts import wrong_alphabet

_ZERO = Decimal(0)
_LARGE: Mapping[str, Decimal] = {
    "half_up": Decimal(10) ** 12,
    "half_even": Decimal(10) ** 12,
    "down": Decimal(10) ** 9,
    "up": Decimal(10) ** 9,
}
"""A spreadsheet keeps 15 digits, some programs 12 decimal places: from here on a recalculated kopeck may differ."""


def compute(
    book: SchemeBook, statements: Mapping[str, Statement], inputs: Inputs, *, imagined: bool = False
) -> Payroll:
    """Compute a month's pay. The result's issues say whether it may be paid.

    A payee with a figure that is probably a hundred times too large is held, unless the figures are `imagined`.
    """
    tell("computing")
    with exact_context():
        inputs, issues = settled(book, statements, inputs)
        payroll = _Month(book, statements, inputs, issues).payroll()
        doubtful = () if imagined else unconfirmed(payroll.schemes, book, inputs.period)
        payroll = _Month(book, statements, inputs, issues, doubtful).payroll() if doubtful else payroll
        return taxed_as_one(payroll, lambda joined: _Month(book, statements, joined, issues, doubtful).payroll())


class _Month:
    """The steps of one month's computation; issues and held payees collect on the way."""

    def __init__(
        self,
        book: SchemeBook,
        statements: Mapping[str, Statement],
        inputs: Inputs,
        issues: Sequence[Issue],
        doubtful: tuple[Doubt, ...] = (),
    ) -> None:
        self.book = book
        self.statements = statements
        self.inputs = inputs
        self.doubtful = doubtful
        self.issues: list[Issue] = [*issues, *(doubt.as_issue(inputs) for doubt in doubtful)]
        # Payees who do not work here in this month must not be paid by accident.
        self.held: set[int] = set(inputs.away) | {doubt.payee for doubt in doubtful}
        doubted = {(doubt.source, doubt.payee) for doubt in doubtful}
        self.given = GivenFigures(book, inputs, self.issues, self.held, doubted)

    def payroll(self) -> Payroll:
        groups = self._assigned()
        given = {key: self.given.columns(self.statements[key], payees) for key, payees in groups.items()}
        self._unpaid_adjustments(groups)
        self._assumed(groups)
        joint = Joint(self.given, self.statements, groups, given)
        joint.find_all()
        self._hold_whole_persons(groups, given)
        joint.hold_takers()
        self._hold_whole_persons(groups, given)
        self.given.report()
        schemes = []
        for key, payees in groups.items():
            statement = self.statements[key]
            columns = {figure.key: given[key][figure.key] for figure in statement.given()}
            # A payee who lacks a figure is not computed: one issue is enough.
            unknown = {row for values in columns.values() for row, value in enumerate(values) if value is None}
            kept = [row for row, payee in enumerate(payees) if payee not in self.held and row not in unknown]
            known = {
                name: [value for row in kept if (value := values[row]) is not None] for name, values in columns.items()
            }
            paid = tuple(payees[row] for row in kept)
            schemes.append(SchemePay(statement, paid, self._figures(statement, paid, known)))
        self._nobody_is_lost(groups, schemes)
        self.issues += withheld_issues(schemes, self.inputs, self.book)
        return Payroll(
            self.book,
            self.inputs,
            tuple(schemes),
            tuple(sorted({self.inputs.person_of(index) for index in self.held})),
            tuple(team_rows(joint.everybody, joint.sums, schemes)),
            tuple(dict.fromkeys(self.issues)),
            tuple(joint.common),
            joint.apart(),
            self.doubtful,
        )

    def _hold_whole_persons(
        self, groups: Mapping[str, tuple[int, ...]], given: Mapping[str, Mapping[str, Sequence[Decimal | None]]]
    ) -> None:
        """Hold all rows of a person if one of them is held: a part of the pay must not be paid alone."""
        if not self.inputs.further:
            return
        waiting = set(self.held)
        for key, payees in groups.items():
            for column in given[key].values():
                waiting |= {payees[row] for row, value in enumerate(column) if value is None}
        for rows in self.inputs.persons():
            if waiting.intersection(rows):
                self.held.update(rows)

    def _nobody_is_lost(self, groups: Mapping[str, tuple[int, ...]], schemes: Sequence[SchemePay]) -> None:
        """Raise RuntimeError if a payee is neither paid nor held nor refused, which would be a bug."""
        assigned = {index for payees in groups.values() for index in payees}
        lost = assigned - self.held - {index for pay in schemes for index in pay.payees}
        if lost and not self.given.absent.refuses():
            names = ", ".join(str(self.inputs.payees[index]) for index in sorted(lost))
            raise RuntimeError(f"neither paid nor held nor refused: {names}")

    # -- the scheme of every payee ------------------------------------------------------------------------------

    def _assigned(self) -> dict[str, tuple[int, ...]]:
        groups: dict[str, list[int]] = {key: [] for key in self.book.schemes}
        decided: dict[tuple[str, str, str], list[str]] = {}
        by_department = any(scheme.audience.department is not None for scheme in self.book.schemes.values())
        for index, payee in enumerate(self.inputs.payees):
            if index in self.inputs.away:
                continue
            by = (payee.scheme, payee.position, payee.department if by_department else "")
            if by not in decided:
                decided[by] = schemes_of(self.book, payee)
            fitting = decided[by]
            if len(fitting) == 1:
                groups[fitting[0]].append(index)
            else:
                code = "two_schemes" if fitting else "no_scheme"
                position = payee.position or "—"
                allowed = fitting or list(self.book.schemes)
                place = self.inputs.place_of(index, "position")
                if not fitting and (look_alike := wrong_alphabet(place, payee.position, positions_of(self.book))):
                    self.issues.append(look_alike)
                    continue
                facts = {"payee": self.inputs.payees[index], "found": position, "allowed": allowed}
                if not fitting:
                    facts["positions"] = audiences(self.book)
                self._report(code, place, **facts)
        return {key: tuple(payees) for key, payees in groups.items() if payees}

    def _unpaid_adjustments(self, groups: Mapping[str, tuple[int, ...]]) -> None:
        for key, payees in groups.items():
            if not any(line.component == "adjustments" for line in self.statements[key].lines):
                for index in payees:
                    for adjustment in self.inputs.adjustments.get(index, ()):
                        self._report("adjustment_unpaid", adjustment.place, payee=self.inputs.payees[index], found=key)

    def _assumed(self, groups: Mapping[str, tuple[int, ...]]) -> None:
        for key, payees in groups.items():
            for assumption in self.statements[key].assumptions:
                series = self.inputs.employee.get(assumption.employee)
                others = [
                    (index, value)
                    for index in (payees if series else ())
                    if series and (value := series.values[index]) is not None and value != assumption.value
                ]
                if others:
                    index, value = others[0]
                    shown = show(value, "number", self.book.language)
                    facts = {
                        "payee": self.inputs.payees[index],
                        "found": shown,
                        "count": len(others),
                        "title": assumption.title,
                    }
                    self._report(assumption.code, assumption.place, **facts)

    # -- figures ------------------------------------------------------------------------------------------------

    def _figures(self, statement: Statement, payees: tuple[int, ...], known: dict[str, list[Decimal]]) -> Columns:
        columns, faults = calculate(statement.figures, known, len(payees))
        self.issues += refusals(faults, payees, statement, self.inputs, self.book, columns)
        money = statement.scheme.rules.money
        limit = _LARGE[(money.ties if money else None) or "half_up"]
        # A part of a pool is computed from running totals as large as the pool.
        rounded = [(line.title, line.figure) for line in statement.lines]
        rounded += [(pool.title, f"{pool.id}.whole") for pool in statement.pools]
        for title, key in rounded:
            largest = max(map(abs, columns[key]), default=_ZERO)
            if largest >= limit:
                shown = show(largest, "money", self.book.language)
                self._report("large_amount", Place(self.inputs.file), title=title, found=shown)
        return columns

    def _report(self, code: str, place: Place, **facts: object) -> None:
        self.issues.append(issue(code, place, **facts))
