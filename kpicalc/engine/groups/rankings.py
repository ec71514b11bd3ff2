"""Rankings: every payee's place by a result, and the treatment of ties."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.groups.everybody import Everybody, Known, group_of
from kpicalc.engine.groups.pools import hold_all
from kpicalc.engine.result import Placed
from kpicalc.engine.statement import Ranking, Statement
from kpicalc.engine.tree.sources import OfRanking, RankPart, key_of
from kpicalc.engine.tree.words import show
from kpicalc.model.issue import Issue, issue
from kpicalc.model.record import record

STANDING: tuple[RankPart, ...] = ("place", "tied", "order")
"""The figures of a `Standing`, in its order."""
_PARTS: tuple[RankPart, ...] = (*STANDING, "reached")
_ZERO = Decimal(0)
_FIRST_DAY = 693594
"""The day that a spreadsheet counts as 0."""
Result = tuple[Decimal, Decimal]
"""What a place is decided by: the result, and the day on which it was reached (0 if that does not matter)."""
Standing = tuple[Decimal, Decimal, Decimal]
"""The place, how many share it, and the payee's number among these."""


def rankings_not_alike(statements: Iterable[Statement]) -> list[Issue]:
    """Return an issue for each ranking that several schemes share and state differently."""
    shared = [ranking for statement in statements for ranking in statement.rankings]
    return [
        issue("ranking_differs", second.place, found=second.id, first=first.place.line)
        for first, second in combinations(shared, 2)
        if first.id == second.id and first.terms != second.terms
    ]


@record
class _Member:
    """A member of a ranking: where its figures go, and its result if it is known."""

    columns: Mapping[RankPart, Known]
    row: int
    payee: int
    result: Decimal | None


def place_ranking(everybody: Everybody, ranking_id: str) -> Iterator[Placed]:
    """Place the ranking's figures in the columns of every scheme that has it, and yield each group."""
    parties: dict[str, tuple[Ranking, list[_Member]]] = {}
    for key, payees in everybody.groups.items():
        for ranking in everybody.statements[key].rankings:
            if ranking.id != ranking_id:
                continue
            columns: dict[RankPart, Known] = {part: [None] * len(payees) for part in _PARTS}
            everybody.columns[key].update(
                {key_of(OfRanking(ranking_id, part)): values for part, values in columns.items()}
            )
            results = everybody.figure(key, ranking.figure)
            for row, payee in enumerate(payees):
                group = group_of(everybody.inputs, payee, ranking.over)
                party = parties.setdefault(group, (ranking, []))
                party[1].append(_Member(columns, row, payee, results[row]))
    for group, (ranking, members) in parties.items():
        if not group:
            for member in members:
                place = everybody.inputs.place_of(member.payee, "department")
                everybody.issues.append(issue("team_of_nobody", place, payee=everybody.inputs.payees[member.payee]))
        elif waiting := [member.payee for member in members if member.result is None]:
            hold_all(everybody.month, ranking.title, waiting, [member.payee for member in members])
        else:
            yield _placed(everybody, ranking, members)


def _placed(everybody: Everybody, ranking: Ranking, members: Sequence[_Member]) -> Placed:
    payees, days = everybody.inputs.payees, everybody.inputs.reached.get(ranking.kpi)
    ordered = sorted(members, key=lambda member: payees[member.payee].id)
    results: dict[int, Result] = {}
    for member in ordered:
        day = days[member.payee] if days and ranking.ties == "earlier" else None
        number = Decimal(day.toordinal() - _FIRST_DAY) if day else _ZERO
        results[member.payee] = (member.result or _ZERO, number)
    places = places_of(ranking, results)
    for member in ordered:
        for part, value in zip(_PARTS, (*places[member.payee], results[member.payee][1]), strict=True):
            member.columns[part][member.row] = value
    if ranking.ties == "earlier":
        everybody.issues.extend(_undecided(everybody, ranking, results, places))
    return Placed(ranking, results)


def places_of(ranking: Ranking, results: Mapping[int, Result]) -> dict[int, Standing]:
    """Return every payee's standing; `results` are in the order of personnel numbers. Ties have the better place."""
    sign = 1 if ranking.lowest else -1
    counts = Counter((sign * value, day) for value, day in results.values())
    first: dict[tuple[Decimal, Decimal], int] = {}
    so_far = 1
    for result in sorted(counts):
        first[result] = so_far
        so_far += counts[result]
    seen: Counter[tuple[Decimal, Decimal]] = Counter()
    standings = {}
    for payee, (value, day) in results.items():
        result = (sign * value, day)
        seen[result] += 1
        standings[payee] = (Decimal(first[result]), Decimal(counts[result]), Decimal(seen[result]))
    return standings


def standing_of(ranking: Ranking, results: Mapping[int, Result], payee: int) -> Standing:
    """Return one payee's standing, as `places_of` has it, without ordering the others."""
    sign = 1 if ranking.lowest else -1
    own, day = results[payee]
    rank = (sign * own, day)
    better = tied = order = 0
    for other, (value, reached) in results.items():
        theirs = (sign * value, reached)
        if theirs < rank:
            better += 1
        elif theirs == rank:
            tied += 1
        if other == payee:
            order = tied
    return Decimal(better + 1), Decimal(tied), Decimal(order)


def _undecided(
    everybody: Everybody, ranking: Ranking, results: Mapping[int, Result], places: Mapping[int, Standing]
) -> Iterator[Issue]:
    """Yield an issue for each tie for a paid place that no day decides."""
    book, inputs = everybody.month.book, everybody.inputs
    for payee, (place, tied, order) in places.items():
        value = results[payee][0]
        if tied > 1 and order == 1 and place <= ranking.places and (value > 0 or ranking.lowest):
            names = [str(inputs.payees[other]) for other, result in results.items() if result == results[payee]]
            shown = show(value, unit_of_kpi(book.kpis[ranking.kpi]), book.language)
            code = "ranked_tie" if results[payee][1] else "ranked_tie_undated"
            facts = {"title": ranking.title, "number": f"{place:f}", "found": shown, "names": names}
            yield issue(code, inputs.payees[payee].place, **facts)
