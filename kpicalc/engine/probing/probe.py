"""What other results would pay: a payee's KPI is changed, and everything that depends on it is recomputed.

A month is computed once. A probe takes its figures, changes the KPI with the department's figures and pools that it is
part of, and recomputes what depends on these; thousands of probes are one column. Changes of colleagues' pay (by a
level of the department's plan, by a shared pool) are computed too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.probing.other_figures import Dependents, with_figures
from kpicalc.engine.probing.spread import Changes, Spread, Unknown
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.tree.closure import columns_in
from kpicalc.engine.tree.sources import Given
from kpicalc.model.money import exact_context
from kpicalc.model.record import record


@record
class Probe:
    """A change of a payee's result of a KPI by an amount.

    With `of_team`, of a KPI that only the department has, the payee's colleagues reach it.
    """

    payee: int
    kpi: str
    by: Decimal
    of_team: bool = False


@record
class Outcome:
    """The result of a probe: the payee's total, accrued and lines by id.

    `worth` is accrued plus what is held back for later, less what is owed of advances.
    """

    total: Decimal
    accrued: Decimal
    worth: Decimal
    lines: Mapping[str, Decimal]


class Prober:
    """The probes of a computed month."""

    def __init__(self, payroll: Payroll) -> None:
        self.payroll = payroll
        self.pays = {index: pay for pay in payroll.schemes for index in pay.payees}
        self.rows = {index: row for pay in payroll.schemes for row, index in enumerate(pay.payees)}
        self._spread = Spread(payroll, self.pays, self.rows)
        self._dependents: dict[str, Dependents] = {}

    def totals(self, probes: Sequence[Probe]) -> list[Decimal | None]:
        """Return the payee's total by each probe; None where it cannot be computed."""
        outcomes = self.with_figures([(probe.payee, self._changes(probe)) for probe in probes])
        return [None if outcome is None else outcome.total for outcome in outcomes]

    def outcomes(self, probes: Sequence[Probe]) -> list[Outcome | None]:
        """Return what each probe gives its payee, line by line; None where it cannot be computed."""
        return self.with_figures([(probe.payee, self._changes(probe)) for probe in probes], lines=True)

    def together(self, wanted: Sequence[Sequence[Probe]]) -> list[Outcome | None]:
        """Return the result of several probes of one payee at once, payee by payee."""
        return self.with_figures([(probes[0].payee, self._changes(*probes)) for probes in wanted], lines=True)

    def changed(self, payee: int, kpi: str, by: Decimal) -> Changes | None:
        """Return a payee's own changed figures if a KPI grows by this much; None where they cannot be computed."""
        return self._changes(Probe(payee, kpi, by))

    def hanging_on(self, probe: Probe) -> tuple[str, ...]:
        """Return the ids of the payee's lines that depend on what a probe changes, other than through another line."""
        statement = self.pays[probe.payee].statement
        lines = {line.figure: line for line in statement.lines}
        changed, dependent = {*(self._changes(probe) or ())}, []
        for figure in statement.figures:
            if isinstance(figure.source, Given) or not changed & {column.key for column in columns_in(figure.source)}:
                continue
            line = lines.get(figure.key)
            if line is None:
                changed.add(figure.key)
            elif not (line.acts_on or line.withheld):
                dependent.append(line.id)
        return tuple(dependent)

    def others(self, probes: Sequence[Probe]) -> list[dict[int, Decimal] | None]:
        """Return by how much each probe changes colleagues' totals; None where that cannot be computed."""
        asked: dict[tuple[int, tuple[tuple[str, Decimal], ...]], int] = {}
        wanted: list[list[tuple[int, tuple[int, tuple[tuple[str, Decimal], ...]]]] | None] = []
        for probe in probes:
            spread = self._spread_of(probe)
            if spread is None:
                wanted.append(None)
                continue
            places = []
            for payee, changes in spread.items():
                if payee == probe.payee or not changes:
                    continue
                place = (payee, tuple(sorted(changes.items())))
                asked.setdefault(place, len(asked))
                places.append((payee, place))
            wanted.append(places)
        outcomes = self.with_figures([(payee, dict(changes)) for payee, changes in asked])
        result: list[dict[int, Decimal] | None] = []
        for members in wanted:
            gains: dict[int, Decimal] = {}
            known = members is not None
            for payee, place in members or ():
                outcome = outcomes[asked[place]]
                if outcome is None:
                    known = False
                elif gain := outcome.total - self.total(payee):
                    gains[payee] = gain
            result.append(gains if known else None)
        return result

    def total(self, payee: int) -> Decimal:
        """Return what a payee is paid without any change."""
        pay = self.pays[payee]
        return pay.columns[pay.statement.total][self.rows[payee]]

    # -- what a probe changes ---------------------------------------------------------------------------------------

    def _changes(self, *probes: Probe) -> Changes | None:
        """Return the payee's own changed figures by the probes of one payee; None where they cannot be computed."""
        spread = self._spread_of(*probes, alone=True)
        return None if spread is None else spread.get(probes[0].payee, {})

    def _spread_of(self, *probes: Probe, alone: bool = False) -> Mapping[int, Changes] | None:
        results = {probe.kpi: probe.by for probe in probes if not probe.of_team}
        teams = {probe.kpi: probe.by for probe in probes if probe.of_team}
        try:
            with exact_context():
                return self._spread.of(probes[0].payee, results, teams=teams, alone=alone)
        except Unknown:
            return None

    def hindered_by(self, payee: int, changes: Changes | None) -> str:
        """Return the title of the payee's first figure that cannot be computed after `changes`.

        It is empty where the changes are unknown: a figure that others share with the payee cannot be computed.
        """
        if changes is None:
            return ""
        pay, changed = self.pays[payee], {key: [value] for key, value in changes.items()}
        with exact_context():
            return with_figures(pay, changed, [self.rows[payee]], self._dependents_in(pay))[1].get(0, "")

    # -- computing --------------------------------------------------------------------------------------------------

    def with_figures(
        self, wanted: Sequence[tuple[int, Changes | None]], *, lines: bool = False
    ) -> list[Outcome | None]:
        """Compute payees with changed figures; those of one scheme with the same figures changed are one column."""
        groups: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
        known = {number: (payee, changes) for number, (payee, changes) in enumerate(wanted) if changes is not None}
        for number, (payee, changes) in known.items():
            groups[self.pays[payee].statement.scheme.key, frozenset(changes)].append(number)
        outcomes: list[Outcome | None] = [None] * len(wanted)
        with exact_context():
            for (_, keys), numbers_of_group in groups.items():
                members = [known[number] for number in numbers_of_group]
                pay = self.pays[members[0][0]]
                for number, outcome in zip(numbers_of_group, self._column(pay, keys, members, lines), strict=True):
                    outcomes[number] = outcome
        return outcomes

    def _column(
        self, pay: SchemePay, keys: frozenset[str], members: Sequence[tuple[int, Changes]], lines: bool
    ) -> Iterable[Outcome | None]:
        places = [self.rows[payee] for payee, _ in members]
        changed = {key: [changes[key] for _, changes in members] for key in keys}
        columns, faulty = with_figures(pay, changed, places, self._dependents_in(pay))
        statement = pay.statement
        total, accrued = columns[statement.total], columns[statement.accrued]
        wanted = {line.id: columns[line.figure] for line in statement.lines} if lines else {}
        owed = [columns[tally.figure] for tally in statement.tallies if tally.kind == "owed"]
        debts = [columns[tally.figure] for tally in statement.tallies if tally.kind == "debt"]
        for row in range(len(members)):
            amounts = {name: values[row] for name, values in wanted.items()}
            worth = accrued[row] + sum(column[row] for column in owed) - sum(column[row] for column in debts)
            yield None if row in faulty else Outcome(total[row], accrued[row], worth, amounts)

    def _dependents_in(self, pay: SchemePay) -> Dependents:
        scheme = pay.statement.scheme.key
        if scheme not in self._dependents:
            self._dependents[scheme] = Dependents(pay.statement)
        return self._dependents[scheme]
