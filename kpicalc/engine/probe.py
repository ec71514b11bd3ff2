"""What other results would pay: one person's KPI changed, everything that hangs on it computed anew by the same trees.

A month is computed once. A probe takes its figures, changes the KPI and the department's figures and pools that it is a
part of, and computes only what depends on these; thousands of probes are one column. What colleagues gain or lose by it
(a level of the department's plan, a pool that is shared) is counted too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.closure import columns_in
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.sources import Given
from kpicalc.engine.spread import Changes, Spread, Unknown
from kpicalc.engine.values import Rows, numbers
from kpicalc.model.money import exact_context
from kpicalc.model.record import record


@record
class Probe:
    """Another result: so much more (or less) of a KPI by one payee.

    Of a KPI that only the department has (`of_team`) the payee's colleagues reach it, whoever they are.
    """

    payee: int
    kpi: str
    by: Decimal
    of_team: bool = False


@record
class Found:
    """What a probe gives: the payee's total, accrued and lines by id; None where it cannot be computed."""

    total: Decimal
    accrued: Decimal
    lines: Mapping[str, Decimal]


class Prober:
    """The probes of a computed month."""

    def __init__(self, payroll: Payroll) -> None:
        self.payroll = payroll
        self.pays = {index: pay for pay in payroll.schemes for index in pay.payees}
        self.rows = {index: at for pay in payroll.schemes for at, index in enumerate(pay.payees)}
        self._spread = Spread(payroll, self.pays, self.rows)
        self._depending: dict[tuple[str, frozenset[str]], tuple[str, ...]] = {}

    def own(self, probes: Sequence[Probe]) -> list[Decimal | None]:
        """Return what each probe pays its payee in all."""
        found = self._computed([(probe.payee, self._changes(probe)) for probe in probes])
        return [None if one is None else one.total for one in found]

    def found(self, probes: Sequence[Probe]) -> list[Found | None]:
        """Return what each probe gives its payee, line by line."""
        return self._computed([(probe.payee, self._changes(probe)) for probe in probes], lines=True)

    def together(self, wanted: Mapping[int, Mapping[str, Decimal]]) -> list[Found | None]:
        """Return what several KPIs of a payee changed at once give, payee by payee."""
        changes = [
            (payee, self._changes(*(Probe(payee, kpi, by) for kpi, by in more.items())))
            for payee, more in wanted.items()
        ]
        return self._computed(changes, lines=True)

    def hanging_on(self, probe: Probe) -> tuple[str, ...]:
        """Return the ids of the payee's lines that are paid by what a probe changes, not by way of another line."""
        statement = self.pays[probe.payee].statement
        lines = {line.figure: line for line in statement.lines}
        changed, found = {*(self._changes(probe) or ())}, []
        for figure in statement.figures:
            if isinstance(figure.source, Given) or not changed & {column.key for column in columns_in(figure.source)}:
                continue
            line = lines.get(figure.key)
            if line is None:
                changed.add(figure.key)
            elif not (line.acts_on or line.withheld):
                found.append(line.id)
        return tuple(found)

    def others(self, probes: Sequence[Probe]) -> list[dict[int, Decimal] | None]:
        """Return what each probe adds to the totals of colleagues, of those whose pay it changes."""
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
        found = self._computed([(payee, dict(changes)) for payee, changes in asked])
        result: list[dict[int, Decimal] | None] = []
        for members in wanted:
            gains: dict[int, Decimal] = {}
            known = members is not None
            for payee, place in members or ():
                one = found[asked[place]]
                if one is None:
                    known = False
                elif gain := one.total - self.total(payee):
                    gains[payee] = gain
            result.append(gains if known else None)
        return result

    def total(self, payee: int) -> Decimal:
        """Return what a payee is paid as things are."""
        pay = self.pays[payee]
        return pay.columns[pay.statement.total][self.rows[payee]]

    # -- what a probe changes ---------------------------------------------------------------------------------------

    def _changes(self, *probes: Probe) -> Changes | None:
        """Return the payee's own figures as the probes of one payee have them; None where they cannot be told."""
        found = self._spread_of(*probes, alone=True)
        return None if found is None else found.get(probes[0].payee, {})

    def _spread_of(self, *probes: Probe, alone: bool = False) -> Mapping[int, Changes] | None:
        more = {probe.kpi: probe.by for probe in probes}
        try:
            with exact_context():
                return self._spread.of(probes[0].payee, more, of_team=probes[0].of_team, alone=alone)
        except Unknown:
            return None

    # -- computing --------------------------------------------------------------------------------------------------

    def _computed(self, wanted: Sequence[tuple[int, Changes | None]], *, lines: bool = False) -> list[Found | None]:
        """Compute payees with other figures, those of one scheme and of the same changed figures as one column."""
        groups: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
        known = {number: (payee, changes) for number, (payee, changes) in enumerate(wanted) if changes is not None}
        for number, (payee, changes) in known.items():
            groups[self.pays[payee].statement.scheme.key, frozenset(changes)].append(number)
        found: list[Found | None] = [None] * len(wanted)
        with exact_context():
            for (_, keys), numbers_of_group in groups.items():
                members = [known[number] for number in numbers_of_group]
                pay = self.pays[members[0][0]]
                for number, one in zip(numbers_of_group, self._column(pay, keys, members, lines), strict=True):
                    found[number] = one
        return found

    def _column(
        self, pay: SchemePay, keys: frozenset[str], members: Sequence[tuple[int, Changes]], lines: bool
    ) -> Iterable[Found | None]:
        places = [self.rows[payee] for payee, _ in members]
        columns = _Gathered(pay, places)
        for key in keys:
            columns.known[key] = [changes[key] for _, changes in members]
        faulty: set[int] = set()
        for key in self._dependents(pay, keys):
            figure = pay.statement.figure(key)
            assert not isinstance(figure.source, Given)
            rows = Rows(columns, len(members))
            columns.known[key] = numbers(figure.source, rows)
            faulty |= {fault.row for fault in rows.faults}
        statement = pay.statement
        total, accrued = columns[statement.total], columns[statement.accrued]
        wanted = {line.id: columns[line.figure] for line in statement.lines} if lines else {}
        for row in range(len(members)):
            amounts = {name: values[row] for name, values in wanted.items()}
            yield None if row in faulty else Found(total[row], accrued[row], amounts)

    def _dependents(self, pay: SchemePay, keys: frozenset[str]) -> tuple[str, ...]:
        """Return the figures that hang on others, in order of calculation."""
        place = (pay.statement.scheme.key, keys)
        if place not in self._depending:
            changed, found = set(keys), []
            for figure in pay.statement.figures:
                if isinstance(figure.source, Given):
                    continue
                if any(column.key in changed for column in columns_in(figure.source)):
                    changed.add(figure.key)
                    found.append(figure.key)
            self._depending[place] = tuple(found)
        return self._depending[place]


class _Gathered(Mapping[str, Sequence[Decimal]]):
    """The figures of some payees of a scheme, taken from its columns as they are asked for."""

    def __init__(self, pay: SchemePay, places: Sequence[int]) -> None:
        self.columns = pay.columns
        self.places = places
        self.known: dict[str, Sequence[Decimal]] = {}

    def __getitem__(self, key: str) -> Sequence[Decimal]:
        if key not in self.known:
            column = self.columns[key]
            self.known[key] = [column[place] for place in self.places]
        return self.known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)
