"""What other results would pay: one person's KPI changed, everything that hangs on it computed anew by the same trees.

A month is computed once. A probe takes its figures, changes the KPI and the department's figures and pools that it is a
part of, and computes only what depends on these; thousands of probes are one column. What colleagues gain or lose by it
(a level of the department's plan, a pool that is shared) is counted too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cached_property
from math import prod

from kpicalc.engine.formula import COMPARED_TO, Column
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.sources import Actual, Given, OfPool, OfTeam, key_of
from kpicalc.engine.values import Rows, numbers
from kpicalc.model.money import exact_context, rounder

_ZERO = Decimal(0)
_settled = rounder(COMPARED_TO, "half_up")
Changes = Mapping[str, Decimal]
"""Other figures of a payee, by their keys."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Another result: so much more (or less) of a KPI by one payee.

    Of a KPI that only the department has (`of_team`) the payee's colleagues reach it, whoever they are.
    """

    payee: int
    kpi: str
    by: Decimal
    of_team: bool = False


@dataclass(frozen=True, slots=True)
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
            (
                payee,
                {key: value for kpi, by in more.items() for key, value in self._changes(Probe(payee, kpi, by)).items()},
            )
            for payee, more in wanted.items()
        ]
        return self._computed(changes, lines=True)

    def hanging_on(self, probe: Probe) -> tuple[str, ...]:
        """Return the ids of the payee's lines that are paid by what a probe changes, not by way of another line."""
        statement = self.pays[probe.payee].statement
        lines = {line.figure: line for line in statement.lines}
        changed, found = {*self._changes(probe)}, []
        for figure in statement.figures:
            if isinstance(figure.source, Given) or not changed & {*_keys_of(figure.source)}:
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
        wanted: list[list[tuple[int, tuple[int, tuple[tuple[str, Decimal], ...]]]]] = []
        for probe in probes:
            places = []
            for payee, changes in self._colleagues(probe):
                place = (payee, tuple(sorted(changes.items())))
                asked.setdefault(place, len(asked))
                places.append((payee, place))
            wanted.append(places)
        found = self._computed([(payee, dict(changes)) for payee, changes in asked])
        result: list[dict[int, Decimal] | None] = []
        for places in wanted:
            gains: dict[int, Decimal] = {}
            known = True
            for payee, place in places:
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

    def touches_others(self, kpi: str) -> bool:
        """Tell whether anybody's result of a KPI can change a colleague's pay."""
        return kpi in self._shared_kpis

    # -- what a probe changes ---------------------------------------------------------------------------------------

    @cached_property
    def _shared_kpis(self) -> frozenset[str]:
        teams = {team.of for pay in self.payroll.schemes for team in pay.statement.teams}
        sources = {source for shared in self.payroll.pools for source in (*shared.pool.by, shared.pool.of)}
        return frozenset(teams | {source.kpi for source in sources if isinstance(source, Actual)})

    @cached_property
    def _departments(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for index in self.pays:
            found[self.payroll.inputs.payees[index].department].append(index)
        return found

    def _changes(self, probe: Probe) -> dict[str, Decimal]:
        """Return the payee's own figures as the probe has them."""
        changes = self._of_team(probe.payee, probe)
        if probe.of_team:
            return changes
        key, own = key_of(Actual(probe.kpi)), self._columns(probe.payee)
        if key in own:
            changes[key] = self._value(probe.payee, key) + probe.by
        for shares in self._pool_changes(probe):
            changes |= shares.get(probe.payee, {})
        return changes

    def _colleagues(self, probe: Probe) -> Iterator[tuple[int, dict[str, Decimal]]]:
        """Yield everybody else whose figures the probe changes, with these figures."""
        changed: dict[int, dict[str, Decimal]] = defaultdict(dict)
        if probe.of_team or probe.kpi in self._shared_kpis:
            for member in self._departments[self.payroll.inputs.payees[probe.payee].department]:
                if of_team := self._of_team(member, probe):
                    changed[member] |= of_team
        for shares in () if probe.of_team else self._pool_changes(probe):
            for member, changes in shares.items():
                changed[member] |= changes
        changed.pop(probe.payee, None)
        yield from changed.items()

    def _of_team(self, member: int, probe: Probe) -> dict[str, Decimal]:
        """Return a member's figures of the department that a probe raises."""
        teams = self.pays[member].statement.teams
        raised = [team.kpi for team in teams if probe.kpi == (team.kpi if probe.of_team else team.of)]
        keys = [key_of(OfTeam(kpi, "actual")) for kpi in raised]
        known = self._columns(member)
        return {key: self._value(member, key) + probe.by for key in keys if key in known}

    def _pool_changes(self, probe: Probe) -> Iterator[dict[int, dict[str, Decimal]]]:
        """Yield for every pool that the probe changes the figures of those who share it."""
        changed = Actual(probe.kpi)
        for shared in self.payroll.pools:
            pool, members = shared.pool, [payee for payee, _ in shared.shares]
            if probe.payee not in members or changed not in (*pool.by, pool.of):
                continue
            found: dict[int, dict[str, Decimal]] = defaultdict(dict)
            if changed in pool.by:
                own = {source: self._value(probe.payee, key_of(source)) for source in pool.by}
                factors = [value + probe.by if source == changed else value for source, value in own.items()]
                more = _settled(prod(factors, start=Decimal(1))) - dict(shared.shares)[probe.payee]
                after = False
                for payee in members:
                    found[payee][key_of(OfPool(pool.id, "all"))] = more
                    if after:
                        found[payee][key_of(OfPool(pool.id, "before"))] = more
                    after = after or payee == probe.payee
            if changed == pool.of:
                for payee in members:
                    found[payee][key_of(OfPool(pool.id, "result"))] = probe.by
            yield {
                payee: {name: self._value(payee, name) + more for name, more in changes.items() if name in columns}
                for payee, changes in found.items()
                if payee in self.pays and (columns := self._columns(payee))
            }

    def _columns(self, payee: int) -> Mapping[str, Sequence[Decimal]]:
        return self.pays[payee].columns

    def _value(self, payee: int, key: str) -> Decimal:
        return self.pays[payee].columns[key][self.rows[payee]]

    # -- computing --------------------------------------------------------------------------------------------------

    def _computed(self, wanted: Sequence[tuple[int, Changes]], *, lines: bool = False) -> list[Found | None]:
        """Compute payees with other figures, those of one scheme and of the same changed figures as one column."""
        groups: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
        for number, (payee, changes) in enumerate(wanted):
            groups[self.pays[payee].statement.scheme.key, frozenset(changes)].append(number)
        found: list[Found | None] = [None] * len(wanted)
        with exact_context():
            for (_, keys), numbers_of_group in groups.items():
                members = [wanted[number] for number in numbers_of_group]
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
                if not isinstance(figure.source, Given) and changed & set(_keys_of(figure.source)):
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


def _keys_of(node: object) -> Iterator[str]:
    """Yield the keys of the figures that a tree refers to."""
    if isinstance(node, Column):
        yield node.key
    elif isinstance(node, tuple):
        for item in node:
            yield from _keys_of(item)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _keys_of(getattr(node, part.name))
