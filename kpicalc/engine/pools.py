"""Pools: the coefficients of those who share one, by which the parts add up to the whole in whatever order rows stand.

Everybody's part needs two sums: the coefficients of all, and of those before the payee by personnel number. The
coefficient of a person who is held counts as it stands; where one is not known, nobody's part of that pool is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from math import prod

from kpicalc.engine.formula import COMPARED_TO
from kpicalc.engine.statement import Pool, Statement
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, issue
from kpicalc.model.money import rounder

_ZERO = Decimal(0)
_settled = rounder(COMPARED_TO, "half_up")


@dataclass(frozen=True, slots=True)
class _Member:
    """Somebody who shares a pool: where their figures go, and their coefficient if it is known."""

    before: list[Decimal | None]
    all: list[Decimal | None]
    at: int
    payee: int
    coefficient: Decimal | None


def pools_not_alike(statements: Iterable[Statement]) -> list[Issue]:
    """Return the pools that several schemes share and state differently: their parts would not add up."""
    shared = [pool for statement in statements for pool in statement.pools if pool.among != "scheme"]
    return [
        issue("pool_differs", second.place, found=second.id, first=first.place.line)
        for first, second in combinations(shared, 2)
        if first.id == second.id and first.terms != second.terms
    ]


def pool_columns(
    statements: Mapping[str, Statement],
    groups: Mapping[str, tuple[int, ...]],
    given: Mapping[str, Mapping[str, Sequence[Decimal | None]]],
    inputs: Inputs,
    issues: list[Issue],
    held: set[int],
) -> dict[str, dict[str, list[Decimal | None]]]:
    """Return for each scheme its pools' sums of coefficients, aligned with its payees; None where one is not known."""
    columns: dict[str, dict[str, list[Decimal | None]]] = {key: {} for key in groups}
    parties: dict[tuple[str, str], tuple[Pool, list[_Member]]] = {}
    for key, payees in groups.items():
        for pool in statements[key].pools:
            before: list[Decimal | None] = [None] * len(payees)
            all_: list[Decimal | None] = [None] * len(payees)
            columns[key] |= {f"pool.{pool.id}:before": before, f"pool.{pool.id}:all": all_}
            for at, payee in enumerate(payees):
                where = {"department": inputs.payees[payee].department, "scheme": f"={key}", "everybody": "="}
                coefficient = _coefficient([given[key][name][at] for name in pool.by])
                member = _Member(before, all_, at, payee, coefficient)
                parties.setdefault((pool.id, where[pool.among]), (pool, []))[1].append(member)
    for (_, where_), (pool, members) in parties.items():
        if pool.among == "department" and not where_:
            issues += [_issue("team_of_nobody", inputs, one.payee, "department") for one in members]
        else:
            _share(pool, members, inputs, issues, held)
    return columns


def _coefficient(factors: Sequence[Decimal | None]) -> Decimal | None:
    known = [factor for factor in factors if factor is not None]
    return _settled(prod(known, start=Decimal(1))) if len(known) == len(factors) else None


def _share(pool: Pool, members: list[_Member], inputs: Inputs, issues: list[Issue], held: set[int]) -> None:
    unknown = [one for one in members if one.coefficient is None]
    if unknown:
        # A coefficient that nobody may leave out has stopped the run already; one that may wait lets all of them wait.
        if all(one.payee in held for one in unknown):
            _hold(pool, members, unknown[0].payee, inputs, issues, held)
        return
    below = [one for one in members if one.coefficient is not None and one.coefficient < 0]
    if below:
        issues += [_negative(pool, one.payee, inputs) for one in below]
        return
    whole = sum((one.coefficient or _ZERO for one in members), _ZERO)
    if not whole:
        facts = {"title": pool.title, "count": len(members), "department": inputs.payees[members[0].payee].department}
        issues.append(issue("pool_empty_of" if pool.among == "department" else "pool_empty", pool.place, **facts))
        return
    so_far = _ZERO
    for one in sorted(members, key=lambda one: inputs.payees[one.payee].id):
        one.before[one.at], one.all[one.at] = so_far, whole
        so_far += one.coefficient or _ZERO


def _hold(
    pool: Pool, members: list[_Member], unknown: int, inputs: Inputs, issues: list[Issue], held: set[int]
) -> None:
    """Hold everybody who shares the pool with somebody whose coefficient is not known yet."""
    other = f"{inputs.payees[unknown].id} {inputs.payees[unknown].name}"
    for one in members:
        if one.payee not in held:
            held.add(one.payee)
            issues.append(_issue("pool_holds", inputs, one.payee, title=pool.title, other=other))


def _negative(pool: Pool, payee: int, inputs: Inputs) -> Issue:
    """Name the cell of a coefficient below zero."""
    for key in pool.by:
        sheet, _, name = key.partition(".")
        series = inputs.table(sheet)[name]
        value = series.values[payee]
        if value is not None and value < 0:
            break
    person = inputs.payees[payee]
    facts = {"payee": f"{person.id} {person.name}", "title": pool.title, "found": value}
    return issue("pool_negative", series.place(payee), **facts)


def _issue(code: str, inputs: Inputs, payee: int, field: str = "", **facts: object) -> Issue:
    person = inputs.payees[payee]
    return issue(code, inputs.place_of(payee, field), payee=f"{person.id} {person.name}", **facts)
