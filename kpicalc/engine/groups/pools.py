"""Pools: the coefficients of their members, by which the parts add up to the whole in any order of rows.

A part needs two sums: the coefficients of all members, and of those before the payee by personnel number. The
coefficient of a held member counts as it stands; if one is unknown, nobody's part of the pool is known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Literal

from kpicalc.engine.given import GivenFigures
from kpicalc.engine.groups.everybody import Everybody, Known
from kpicalc.engine.result import Shared
from kpicalc.engine.statement import Pool, Statement
from kpicalc.engine.tree.sources import Actual, OfPool, key_of, series_of
from kpicalc.engine.tree.words import show
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, issue
from kpicalc.model.record import record

_ZERO = Decimal(0)
_Part = Literal["before", "all", "result"]
_PARTS: tuple[_Part, ...] = ("before", "all", "result")


@record
class _Member:
    """A member of a pool: where its figures go, and its coefficient if it is known."""

    columns: Mapping[_Part, list[Decimal | None]]
    """The pool's columns in the member's scheme: before, all, result."""
    row: int
    payee: int
    coefficient: Decimal | None
    result: Decimal | None
    """The member's result that adds to the money of the pool; 0 if the money does not come from results."""


def pools_not_alike(statements: Iterable[Statement]) -> list[Issue]:
    """Return an issue for each pool that several schemes share and state differently: its parts would not add up."""
    shared = [pool for statement in statements for pool in statement.pools if pool.among != "scheme"]
    return [
        issue("pool_differs", second.place, found=second.id, first=first.place.line)
        for first, second in combinations(shared, 2)
        if first.id == second.id and first.terms != second.terms
    ]


def place_pool(everybody: Everybody, pool_id: str) -> Iterator[Shared]:
    """Place the sums of a pool in the columns of every scheme that has it, and yield the pool with its members.

    A sum is None where a coefficient is unknown. Issues and held payees are added to the month's.
    """
    month = everybody.month
    parties: dict[tuple[str, str], tuple[Pool, list[_Member]]] = {}
    for key, payees in everybody.groups.items():
        for pool in everybody.statements[key].pools:
            if pool.id != pool_id:
                continue
            sums: dict[_Part, Known] = {part: [None] * len(payees) for part in _PARTS}
            everybody.columns[key].update({key_of(OfPool(pool.id, part)): values for part, values in sums.items()})
            coefficients = everybody.figure(key, pool.coefficient)
            results = everybody.figure(key, key_of(pool.of)) if pool.of else None
            for row, payee in enumerate(payees):
                where = {"department": month.inputs.payees[payee].department, "scheme": key, "everybody": ""}
                coefficient = coefficients[row]
                party = parties.setdefault((pool.among, where[pool.among]), (pool, []))
                member = _Member(sums, row, payee, coefficient, results[row] if results else _ZERO)
                party[1].append(member)
    _among_open(parties, month)
    for (among, where_), (pool, members) in parties.items():
        if among == "department" and not where_:
            month.issues += [_issue("team_of_nobody", month.inputs, item.payee, "department") for item in members]
        else:
            yield Shared(pool, tuple(_share(pool, members, month)))


def _among_open(parties: Mapping[tuple[str, str], tuple[Pool, list[_Member]]], month: GivenFigures) -> None:
    """Refuse a pool without `among` where the department, the scheme and everybody are different groups."""
    for pool, members in parties.values():
        departments = {month.inputs.payees[member.payee].department for member in members}
        if pool.asked and (len(departments) > 1 or len(parties) > 1):
            facts = {"title": pool.title, "departments": sorted(departments), "count": len(members)}
            month.issues.append(issue("pool_among_open", pool.place, **facts))


def _share(pool: Pool, members: list[_Member], month: GivenFigures) -> Iterator[tuple[int, Decimal]]:
    """Place the sums, and yield each member's coefficient in the order of the running total, if all are known."""
    unknown = [member for member in members if member.coefficient is None or member.result is None]
    if unknown:
        hold_all(month, pool.title, [member.payee for member in unknown], [member.payee for member in members])
        return
    below = [problem for member in members for problem in _negative(pool, member, month)]
    if below:
        month.issues += below
        return
    known = [(month.inputs.payees[member.payee].id, member.coefficient or _ZERO, member) for member in members]
    whole = sum((coefficient for _, coefficient, _ in known), _ZERO)
    if not whole:
        department = month.inputs.payees[members[0].payee].department
        facts = {"title": pool.title, "count": len(members), "department": department}
        code = "pool_unshared" if pool.empty == "pays_nothing" else "pool_empty"
        month.issues.append(issue(f"{code}_of" if pool.among == "department" else code, pool.place, **facts))
        if pool.empty == "error":
            return
    result, so_far = sum((member.result or _ZERO for member in members), _ZERO), _ZERO
    for _, coefficient, member in sorted(known, key=lambda item: item[0]):
        for part, value in zip(_PARTS, (so_far, whole, result), strict=True):
            member.columns[part][member.row] = value
        so_far += coefficient
        yield member.payee, coefficient


def hold_all(month: GivenFigures, title: str, unknown: Sequence[int], members: Iterable[int]) -> None:
    """Hold all members of a pool or ranking if figures of some are unknown and these are held.

    A member whose blank stops the run has been reported as an error already.
    """
    if any(payee not in month.held for payee in unknown):
        return
    for payee in members:
        if payee not in month.held:
            month.held.add(payee)
            facts = {"title": title, "other": month.inputs.payees[unknown[0]]}
            month.issues.append(_issue("pool_holds", month.inputs, payee, "", **facts))


def _negative(pool: Pool, member: _Member, month: GivenFigures) -> Iterator[Issue]:
    """Yield the cells of a coefficient below zero; those of the Employees sheet are reported elsewhere."""
    person, language = month.inputs.payees[member.payee], month.book.language
    facts = {"payee": person, "title": pool.title}
    for source in pool.by:
        series = series_of(source, month.inputs) if isinstance(source, Actual) else None
        value = series.values[member.payee] if series else None
        if series and value is not None and value < 0:
            yield issue("pool_negative", series.place(member.payee), **facts, found=show(value, "number", language))
    if not pool.by and member.coefficient is not None and member.coefficient < 0:
        shown = show(member.coefficient, "number", language)
        yield issue("pool_negative_computed", person.place, **facts, found=shown)


def _issue(code: str, inputs: Inputs, payee: int, field: str, **facts: object) -> Issue:
    person = inputs.payees[payee]
    return issue(code, inputs.place_of(payee, field), payee=person, **facts)
