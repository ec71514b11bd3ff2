"""How a changed result spreads to the common figures of the payee and colleagues: sums, pools, rankings.

Common figures are taken in the order of their dependencies, so that a computed coefficient changes too.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Literal

from kpicalc.engine.groups.everybody import group_of
from kpicalc.engine.groups.rankings import STANDING, Standing, places_of, standing_of
from kpicalc.engine.result import CommonFigure, PaidByLines, Payroll, Placed, SchemePay, Shared, Summed
from kpicalc.engine.statement import Figure
from kpicalc.engine.tree.closure import columns_in, figures_behind
from kpicalc.engine.tree.sources import Actual, Given, OfLines, OfMany, OfRanking, OfTeam, key_of
from kpicalc.engine.tree.values import Rows, numbers

_ZERO = Decimal(0)
_OWN: tuple[Literal["include", "exclude"], ...] = ("include", "exclude")
Changes = dict[str, Decimal]
"""Changed figures of a payee, by their keys."""


class Unknown(Exception):
    """A part in a common figure cannot be computed with the changed result."""


class Spread:
    """The common figures of a computed month, and their changes by a changed result."""

    def __init__(self, payroll: Payroll, pays: Mapping[int, SchemePay], rows: Mapping[int, int]) -> None:
        self.payroll = payroll
        self.pays = pays
        self.rows = rows
        self._behind: dict[tuple[str, str], tuple[Figure, ...]] = {}
        self._members: dict[tuple[str, str], list[int]] = {}
        self._places: dict[int, Mapping[int, Standing]] = {}
        self._common: dict[int, list[CommonFigure]] = {}
        self._pools: dict[int, tuple[Mapping[int, Decimal], Mapping[int, int]]] = {}

    def of(
        self, payee: int, more: Mapping[str, Decimal], *, teams: Mapping[str, Decimal], alone: bool = False
    ) -> dict[int, Changes]:
        """Return by payee the figures that change when a payee's results grow by `more`.

        `teams`: the payee's groups reach this much more of these KPIs, by any of their members. `alone`: only the
        payee's own figures are needed. Raise Unknown where they cannot be computed.
        """
        changes: dict[int, Changes] = defaultdict(dict)
        if more:
            changes[payee] = {key_of(Actual(kpi)): self._result(payee, kpi) + by for kpi, by in more.items()}
        payees = [payee] if alone and not self._chained else None
        for common in self.payroll.common if payees is None else self._of_payee(payee):
            if isinstance(common, Shared):
                self._pool(common, changes, payees)
            elif isinstance(common, Placed):
                self._ranking(common, changes, payees)
            elif isinstance(common, PaidByLines):
                self._lines(common, changes, payees)
            else:
                raised = {group_of(self.payroll.inputs, payee, common.team.over): teams.get(common.team.kpi, _ZERO)}
                self._sum(common, changes, raised, payees)
        return changes

    def _of_payee(self, payee: int) -> list[CommonFigure]:
        """Return the common figures without the rankings in which the payee has no place."""
        if payee not in self._common:
            self._common[payee] = [
                common for common in self.payroll.common if not isinstance(common, Placed) or payee in common.results
            ]
        return self._common[payee]

    # -- common figures -----------------------------------------------------------------------------------------

    def _sum(
        self, common: Summed, changes: dict[int, Changes], raised: Mapping[str, Decimal], payees: list[int] | None
    ) -> None:
        team, inputs = common.team, self.payroll.inputs
        more: dict[str, Decimal] = defaultdict(Decimal, raised)
        for payee in list(changes):
            old = common.figures[payee]
            new = self._figure(payee, team.of, changes[payee])
            if old is not None or new is not None:
                more[group_of(inputs, payee, team.over)] += (new or _ZERO) - (old or _ZERO)
        key = key_of(OfTeam(team.kpi, "actual", team.over))
        for group, by in more.items():
            for payee in (payees or self._group(team.over, group)) if by else ():
                if key in self.pays[payee].columns and group_of(inputs, payee, team.over) == group:
                    changes[payee][key] = self._value(payee, key) + by

    def _lines(self, common: PaidByLines, changes: dict[int, Changes], payees: list[int] | None) -> None:
        earned, inputs = common.earned, self.payroll.inputs
        more: dict[str, Decimal] = defaultdict(Decimal)
        gains: dict[int, Decimal] = {}
        for payee in list(changes):
            key = self.pays[payee].statement.earned.get(earned.lines)
            if key is not None:
                gains[payee] = self._new(payee, key, changes[payee]) - self._value(payee, key)
                more[group_of(inputs, payee, earned.over)] += gains[payee]
        for part in _OWN:
            key = key_of(OfLines(earned.lines, earned.over, part))
            for group, whole in more.items():
                for payee in payees or self._group(earned.over, group):
                    by = whole - (gains.get(payee, _ZERO) if part == "exclude" else _ZERO)
                    in_group = group_of(inputs, payee, earned.over) == group
                    if by and in_group and key in self.pays[payee].columns:
                        changes[payee][key] = self._value(payee, key) + by

    def _pool(self, common: Shared, changes: dict[int, Changes], payees: list[int] | None) -> None:
        shares, order, pool_id = *self._shared(common), common.pool.id
        more = {payee: self._coefficient(payee, pool_id, changes[payee]) - shares[payee]
                for payee in list(changes) if payee in shares and payee in self.pays}  # fmt: skip
        results = _ZERO
        if common.pool.of:
            key = key_of(common.pool.of)
            results = sum((self._new(payee, key, changes[payee]) - self._value(payee, key) for payee in more), _ZERO)
        if not results and not any(more.values()):
            return
        whole = sum(more.values(), _ZERO)
        for payee in shares if payees is None else payees:
            if payee in shares and payee in self.pays:
                before = sum((by for other, by in more.items() if order[other] < order[payee]), _ZERO)
                for part, by in (("all", whole), ("before", before), ("result", results)):
                    key = f"pool.{pool_id}:{part}"
                    if by and key in self.pays[payee].columns:
                        changes[payee][key] = self._value(payee, key) + by

    def _shared(self, common: Shared) -> tuple[Mapping[int, Decimal], Mapping[int, int]]:
        """Return the coefficients of a pool's members, and each member's position in the running total."""
        place = id(common)
        if place not in self._pools:
            order = {payee: number for number, (payee, _) in enumerate(common.shares)}
            self._pools[place] = dict(common.shares), order
        return self._pools[place]

    def _ranking(self, common: Placed, changes: dict[int, Changes], payees: list[int] | None) -> None:
        if not any(payee in common.results for payee in changes):
            return
        ranking_id, results = common.ranking.id, dict(common.results)
        for payee in list(changes):
            if payee in results and payee in self.pays:
                rankings = self.pays[payee].statement.rankings
                key = next(ranking.figure for ranking in rankings if ranking.id == ranking_id)
                results[payee] = (self._new(payee, key, changes[payee]), results[payee][1])
        if results == common.results:
            return
        place = id(common)
        if place not in self._places:
            self._places[place] = places_of(common.ranking, common.results)
        before = self._places[place]
        if payees is None:
            after: Mapping[int, Standing] = places_of(common.ranking, results)
        else:
            after = {payee: standing_of(common.ranking, results, payee) for payee in payees if payee in results}
        for payee in payees or results:
            if payee in self.pays and payee in results and before[payee] != after[payee]:
                for part, value in zip(STANDING, after[payee], strict=True):
                    key = key_of(OfRanking(ranking_id, part))
                    if key in self.pays[payee].columns:
                        changes[payee][key] = value

    # -- a payee's part in them ---------------------------------------------------------------------------------

    def _result(self, payee: int, kpi: str) -> Decimal:
        pay, key = self.pays[payee], key_of(Actual(kpi))
        if key in pay.columns:
            return self._value(payee, key)
        series = self.payroll.inputs.actual.get(kpi)
        return (series.values[payee] if series else None) or _ZERO

    def _figure(self, payee: int, kpi: str, changes: Changes) -> Decimal | None:
        """Return what a payee adds to a sum of a KPI; None for no addend."""
        statement, key = self.pays[payee].statement, key_of(Actual(kpi))
        if key in changes:
            return changes[key]
        if kpi in statement.apart:
            return self._apart(payee, kpi, changes)
        return self._new(payee, key, changes) if key in self.pays[payee].columns else self._result(payee, kpi)

    def _coefficient(self, payee: int, pool_id: str, changes: Changes) -> Decimal:
        pools = self.pays[payee].statement.pools
        return self._new(payee, next(pool.coefficient for pool in pools if pool.id == pool_id), changes)

    def _new(self, payee: int, key: str, changes: Changes) -> Decimal:
        """Return a figure of a payee's calculation after changes of the figures that it depends on."""
        pay, row = self.pays[payee], self.rows[payee]
        if key in changes:
            return changes[key]
        behind = self._closure(pay, key)
        if not any(figure.key in changes for figure in behind):
            return pay.columns[key][row]
        return _computed(behind, changes, {figure.key: pay.columns[figure.key][row] for figure in behind}, key)

    def _apart(self, payee: int, kpi: str, changes: Changes) -> Decimal | None:
        statement = self.pays[payee].statement
        figures, apart = statement.apart[kpi].figures, self.payroll.apart
        given = [figure.key for figure in figures if isinstance(figure.source, Given)]
        known = {key: value for key in given
                 if (value := apart.get((statement.scheme.key, key), {}).get(payee)) is not None}  # fmt: skip
        if len(known) < len(given):
            return None
        return _computed(figures, {key: changes.get(key, value) for key, value in known.items()}, {}, f"actual.{kpi}")

    def _closure(self, pay: SchemePay, key: str) -> tuple[Figure, ...]:
        place = (pay.statement.scheme.key, key)
        if place not in self._behind:
            self._behind[place] = figures_behind(pay.statement.figures, [key])
        return self._behind[place]

    def _value(self, payee: int, key: str) -> Decimal:
        return self.pays[payee].columns[key][self.rows[payee]]

    def _group(self, over: str, group: str) -> list[int]:
        place = (over, group)
        if place not in self._members:
            inputs = self.payroll.inputs
            self._members[place] = [index for index in self.pays if group_of(inputs, index, over) == group]
        return self._members[place]

    @cached_property
    def _chained(self) -> bool:
        """Tell whether a common figure depends on another: then colleagues' changes come back to the payee."""
        return any(isinstance(figure.source, OfMany) for pay in self.payroll.schemes for figure in self._parts(pay))

    def _parts(self, pay: SchemePay) -> Iterator[Figure]:
        """Yield all figures that a scheme's parts in common figures depend on."""
        keys = [pool.coefficient for pool in pay.statement.pools]
        keys += pay.statement.earned.values()
        keys += [ranking.figure for ranking in pay.statement.rankings]
        keys += [key_of(pool.of) for pool in pay.statement.pools if pool.of]
        keys += [key_of(Actual(common.team.of)) for common in self.payroll.common if isinstance(common, Summed)]
        yield from figures_behind(pay.statement.figures, keys)
        for apart in pay.statement.apart.values():
            yield from apart.figures


def _computed(figures: Sequence[Figure], changes: Changes, known: Mapping[str, Decimal], key: str) -> Decimal:
    """Compute a figure of one payee after changes; `known` are the unchanged figures."""
    columns: dict[str, Sequence[Decimal]] = {name: [value] for name, value in known.items()}
    columns |= {name: [value] for name, value in changes.items()}
    changed = set(changes)
    for figure in figures:
        if isinstance(figure.source, Given) or figure.key in changes:
            continue
        if figure.key in known and not any(column.key in changed for column in columns_in(figure.source)):
            continue
        rows = Rows(columns, 1)
        columns[figure.key] = numbers(figure.source, rows)
        changed.add(figure.key)
        if rows.faults:
            raise Unknown
    return columns[key][0]
