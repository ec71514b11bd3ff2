"""The value of the next step: what one more of each indicator pays, where pay jumps next, and why nothing more pays.

Everything is probed through the engine and so includes bands, caps, gates, levels of a department and pools. A step is
the smallest amount of an indicator that people speak of: one piece, one per cent, a thousand roubles.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.groups.everybody import group_of
from kpicalc.engine.probing.jump_search import CLEAR, FARTHEST, Search, Start, halve, sample
from kpicalc.engine.probing.probe import Probe, Prober
from kpicalc.engine.result import Payroll
from kpicalc.engine.terms.season import plans_of
from kpicalc.engine.tree.closure import results_behind
from kpicalc.engine.tree.sources import Actual, EarlierSum, OfTeam, key_of
from kpicalc.model.period import WHOLE, months_before_in
from kpicalc.model.record import record

_ZERO = Decimal(0)
_ONE = Decimal(1)
_MONEY_STEPS = ((Decimal(20000), Decimal(1000)), (Decimal(2000), Decimal(100)))
"""From this amount of money on, a step is this large."""
_SMALL = Decimal(10)


@record
class Jump:
    """The next jump of pay: the increase it needs, the result there, the gain of the last step, the lines that rise.

    `sudden` is False for a bend, from which on every step pays more.
    """

    more: Decimal
    result: Decimal
    gain: Decimal
    """The gain of all steps up to the jump."""
    step_gain: Decimal
    lines: tuple[str, ...]
    """Titles of the lines that rise with the last step, the largest rise first."""
    sudden: bool


@record
class Ceiling:
    """Why nothing more pays: titles of the lines that rise with the indicator, and of those that take the rise away.

    `lines` are all that depend on the indicator; `together` is True if they rise once other indicators rise too.
    """

    rises: tuple[str, ...]
    takes: tuple[str, ...]
    lines: tuple[str, ...]
    together: bool


@record
class NextStep:
    """What one more step of an indicator pays a payee.

    `step` is negative for an indicator of which more costs. `gain` is None where there is no such step or it cannot be
    computed; `cost` is the change of pay by a step the other way. `others` is what colleagues gain by the step.
    """

    payee: int
    kpi: str
    of_team: bool
    actual: Decimal
    step: Decimal
    gain: Decimal | None
    others: Decimal = _ZERO
    others_count: int = 0
    cost: Decimal | None = None
    jump: Jump | None = None
    ceiling: Ceiling | None = None
    later: bool = False
    """The result also counts in a quarter, half-year or year that is paid in a later month."""


def next_steps(payroll: Payroll, people: Sequence[int] | None = None) -> dict[int, list[NextStep]]:
    """Return by payee the next step of each indicator that the pay depends on, in the order of the scheme file.

    All payees are probed together; a payee who is not paid has none.
    """
    prober = Prober(payroll)
    asked = [index for index in (sorted(prober.pays) if people is None else people) if index in prober.pays]
    begun = _turned(prober, [step for index in asked for step in _begin(payroll, prober, index)])
    searches = [Search(prober, start) for start in begun]
    sample(prober, searches)
    halve(prober, searches)
    firsts = [search.probe(1) for search in searches if search.most]
    others = dict(zip(firsts, prober.others(firsts), strict=True))
    costly = [search for search in searches if search.start.step < 0]
    more = prober.totals([search.probe(-1) for search in costly])
    costs = {id(search): value - search.now for search, value in zip(costly, more, strict=True) if value is not None}
    steps: dict[int, list[NextStep]] = {}
    for search, jump, ceiling in zip(searches, _jumps(prober, searches), _ceilings(prober, searches), strict=True):
        start = search.start
        gains = (others.get(search.probe(1)) if search.most else None) or {}
        gain = search.known.get(1)
        steps.setdefault(start.payee, []).append(
            NextStep(
                start.payee,
                start.kpi,
                start.of_team,
                start.actual,
                start.step,
                None if gain is None else gain - search.now,
                sum(gains.values(), _ZERO),
                len(gains),
                costs.get(id(search)),
                jump,
                ceiling,
                _counts_later(payroll, prober, start),
            )
        )
    return steps


def _counts_later(payroll: Payroll, prober: Prober, start: Start) -> bool:
    """Tell whether a result is summed over a whole period that ends in a later month."""
    statement, period = prober.pays[start.payee].statement, payroll.inputs.period
    summed = {
        role.key
        for role in (figure.role for figure in statement.given())
        if isinstance(role, EarlierSum) and role.of == "actual" and role.since.startswith(WHOLE)
        if not months_before_in(role.since, period)
    }
    return any(start.kpi == key or start.kpi in results_behind([statement], key) for key in summed)


def step_of(payroll: Payroll, kpi: str, figures: Sequence[Decimal]) -> Decimal:
    """Return the size of an indicator's step: by its unit and, for money, by the largest figure."""
    unit = unit_of_kpi(payroll.book.kpis[kpi])
    if unit == "percent":
        return Decimal("0.01")
    if unit == "money":
        largest = max(map(abs, figures), default=_ZERO)
        return next((step for least, step in _MONEY_STEPS if largest >= least), _ONE)
    # A coefficient such as 0.9 or 1.2 has no whole steps.
    series = payroll.inputs.actual.get(kpi)
    values = [value for value in series.values if value is not None] if series else []
    fractions = any(value % 1 for value in values) and max(map(abs, values)) < _SMALL
    return Decimal("0.1") if fractions else _ONE


def _begin(payroll: Payroll, prober: Prober, index: int) -> Iterator[Start]:
    """Yield a start for each indicator that the pay depends on: own results, and those that only the department has."""
    pay, row, inputs = prober.pays[index], prober.rows[index], payroll.inputs
    kpis = {figure.source.kpi for figure in pay.statement.given() if isinstance(figure.source, Actual)}
    teams = [team for team in pay.statement.teams if key_of(OfTeam(team.kpi, "actual", team.over)) in pay.columns]
    # The own result of a KPI that the department's figure sums raises both.
    theirs = {team.kpi: team for team in teams if payroll.summed(team.kpi, team.over)[index] is None}
    for team in teams:
        if team.kpi not in theirs:
            kpis |= {kpi for kpi in results_behind([pay.statement], team.of) if kpi in inputs.actual}
    for kpi in payroll.book.kpis:
        for of_team in (False, True):
            if kpi not in (theirs if of_team else kpis):
                continue
            if of_team:
                over = theirs[kpi].over
                actual = pay.columns[key_of(OfTeam(kpi, "actual", over))][row]
                norm = inputs.team_plan.get((kpi, group_of(inputs, index, over)), {}).get("norm")
                plan = norm.value if norm else None
            else:
                plans = plans_of(payroll.book, inputs, kpi)
                actual = inputs.actual[kpi].values[index] or _ZERO
                plan = plans[index] if plans else None
            size = step_of(payroll, kpi, [value for value in (actual, plan) if value is not None])
            yield Start(index, kpi, of_team, actual, size, FARTHEST)


def _turned(prober: Prober, starts: Sequence[Start]) -> list[Start]:
    """Reverse the steps of indicators of which more costs: a step is then one less, down to 0."""
    lower = {kpi for kpi, item in prober.payroll.book.kpis.items() if item.better == "lower"}
    # Where less is better, an actual of 0 has no attainment: the direction is stated there and need not be tried.
    unstated = [start for start in starts if start.kpi not in lower]
    ups = prober.totals([Probe(item.payee, item.kpi, item.step * item.most, item.of_team) for item in unstated])
    downs = prober.totals([Probe(item.payee, item.kpi, -max(item.actual, _ZERO), item.of_team) for item in unstated])
    costly = set()
    for item, up, down in zip(unstated, ups, downs, strict=True):
        now = prober.total(item.payee)
        if (down is not None and down > now) or (up is not None and up < now):
            costly.add(item)
    return [
        replace(item, step=-item.step, most=max(min(int(item.actual / item.step), FARTHEST), 0))
        if item.kpi in lower or item in costly
        else item
        for item in starts
    ]


def _jumps(prober: Prober, searches: Sequence[Search]) -> list[Jump | None]:
    """Return the jump found by each search, with the lines that rise, or None."""
    ends = [search for search in searches if search.between]
    sides = [
        (search, side) for search in ends if search.between for side in (*search.between[:2], search.between[1] + 1)
    ]
    outcomes = iter(prober.outcomes([search.probe(min(side, search.most)) for search, side in sides]))
    jumps: dict[int, Jump] = {}
    for search in ends:
        before, after, beyond = next(outcomes), next(outcomes), next(outcomes)
        if search.between is None or before is None or after is None:
            continue
        start, steps = search.start, search.between[1]
        lines = _risen(prober, start.payee, before.lines, after.lines)
        step_gain, rate = after.total - before.total, search.rate
        next_gain = beyond.total - after.total if beyond else _ZERO
        # After a jump the next step pays as before; after a bend as much as this one, or more.
        sudden = step_gain > rate * 2 + CLEAR and step_gain > next_gain * 2
        if not sudden and next_gain > step_gain:
            step_gain = next_gain
        if not sudden and start.step < 0:
            # Where less is better, an attainment grows ever faster: such a bend marks no particular result.
            continue
        if not sudden and step_gain > rate and search.bend_at < steps:
            # A bend shows some steps late, when the gain has become clearly more; the steps since then are subtracted.
            steps -= int((after.total - search.bend - rate * (steps - search.bend_at)) / (step_gain - rate))
        more = start.step * steps
        whole = after.total - search.now
        jumps[id(search)] = Jump(more, start.actual + more, whole, step_gain, lines, sudden)
    return [jumps.get(id(search)) for search in searches]


def _ceilings(prober: Prober, searches: Sequence[Search]) -> list[Ceiling | None]:
    """Return why nothing more pays, for each search whose pay stays the same over its whole range."""
    flat = [search for search in searches if search.most and {*search.known.values()} == {search.now}]
    far = prober.outcomes([search.probe(search.most) for search in flat])
    now = prober.outcomes([search.probe(0) for search in flat])
    by_payee: dict[int, dict[str, Decimal]] = {}
    for search in searches:
        if not search.start.of_team:
            by_payee.setdefault(search.start.payee, {})[search.start.kpi] = search.start.step * search.most
    both = [[Probe(payee, kpi, by) for kpi, by in more.items()] for payee, more in by_payee.items()]
    all_far = dict(zip(by_payee, prober.together(both), strict=True))
    ceilings: dict[int, Ceiling] = {}
    for search, then, today in zip(flat, far, now, strict=True):
        if then is None or today is None:
            continue
        payee = search.start.payee
        rises, takes = _risen(prober, payee, today.lines, then.lines), _risen(prober, payee, then.lines, today.lines)
        lines, best = prober.hanging_on(search.probe(1)), all_far.get(payee)
        together = best is not None and any(best.lines[line] > today.lines[line] for line in lines)
        titles = {line.id: line.title for line in prober.pays[payee].statement.lines}
        ceilings[id(search)] = Ceiling(rises, takes, tuple(titles[line] for line in lines), together)
    return [ceilings.get(id(search)) for search in searches]


def _risen(prober: Prober, payee: int, before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> tuple[str, ...]:
    """Return the titles of the lines that are higher after than before, the largest rise first."""
    rises = {line.title: after[line.id] - before[line.id] for line in prober.pays[payee].statement.lines}
    return tuple(sorted((title for title, rise in rises.items() if rise > 0), key=lambda title: -rises[title]))
