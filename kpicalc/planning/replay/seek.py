"""The search for the value that keeps the fund.

Every value is paid over every month: the fund may fall at a higher value, because of a step, a gate or a cap.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from decimal import Decimal

from kpicalc.model.issue import Issue
from kpicalc.model.money import exact_context
from kpicalc.model.record import record
from kpicalc.model.replay import LeftOut, MonthOut
from kpicalc.model.seek import Bound, Fixed, Interval, Seek, Share, Try
from kpicalc.planning.replay.paying import pay
from kpicalc.planning.replay.replay import Month
from kpicalc.planning.replay.sides import Paid, Run, Side

_ZERO = Decimal(0)
Lines = dict[tuple[str, str], Decimal]
"""Amounts by line id and personnel number."""


@record
class Wanted:
    """The question: the option's path, the most that the fund may be, whether values are shares."""

    path: str
    amount: Decimal
    percent: bool


@record(frozen=False)
class _Tried:
    """The pay at one value: by month and person; for the first and the last value also by line."""

    value: Decimal
    funds: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    paid: dict[str, Paid] = field(default_factory=dict)


def sought(
    wanted: Wanted,
    old: Side,
    values: Sequence[Decimal],
    side_at: Callable[[Decimal], tuple[Side | None, Sequence[Issue]]],
    months: Sequence[Month],
    tick: Callable[[int], None],
) -> tuple[Seek | None, tuple[Issue, ...]]:
    """Pay all months at every value; without a usable value or month return no result, and the reasons.

    `side_at` compiles the scheme for a value, or returns the reason why the scheme refuses it.
    """
    with exact_context():
        stated = Run(old)
        for month in months:
            pay(stated, month.inputs)
        tries: list[_Tried] = []
        refused: list[tuple[Decimal, Issue]] = []
        unpaid: dict[str, MonthOut] = {
            period: MonthOut(period, paid.inputs.file, "old", paid.refused)
            for period, paid in stated.months.items()
            if paid.payroll is None
        }
        for number, value in enumerate(values):
            tick(number)
            side, issues = side_at(value)
            if side is None:
                refused.append((value, issues[0]))
                continue
            tries.append(_tried(value, side, stated, months, unpaid))
            # Only the first and the last value are compared by line; the others would only take memory.
            for between in tries[1:-1]:
                between.paid = {}
        tick(len(values))
        periods = [month.period for month in months if month.period not in unpaid]
        if not tries or not periods:
            reasons = [reason for out in unpaid.values() for reason in out.issues]
            return None, (*(reason for _, reason in refused), *reasons)
        return _found(wanted, stated, tries, periods, tuple(refused), tuple(unpaid.values())), ()


def _tried(value: Decimal, side: Side, stated: Run, months: Sequence[Month], unpaid: dict[str, MonthOut]) -> _Tried:
    run, tried = Run(side, stated), _Tried(value)
    for month in months:
        paid = pay(run, month.inputs)
        if paid.payroll is None:
            unpaid.setdefault(month.period, MonthOut(month.period, month.file, "new", paid.refused))
        tried.funds[month.period] = paid.accrued
        tried.paid[month.period] = paid
    return tried


def _found(
    wanted: Wanted,
    stated: Run,
    tries: Sequence[_Tried],
    periods: Sequence[str],
    refused: tuple[tuple[Decimal, Issue], ...],
    unpaid: tuple[MonthOut, ...],
) -> Seek:
    here = {period: _in_all(period, stated, tries) for period in periods}
    left_out = tuple(
        (period, LeftOut(payee.id, payee.name, ("new",)))
        for period in periods
        for index, payee in enumerate(stated.months[period].inputs.payees)
        if payee.id not in here[period]
        and index not in stated.months[period].inputs.away
        and index not in stated.months[period].inputs.further
    )
    funds = [
        Try(one.value, sum((one.funds[period][number] for period in periods for number in here[period]), _ZERO))
        for one in tries
    ]
    first, last = (_lines(one, here) for one in (tries[0], tries[-1]))
    titles = _titles(tries, periods)
    names = {payee.id: payee.name for period in periods for payee in stated.months[period].inputs.payees}
    moved, bounds = _bounds(first, last, titles, names, wanted.path)
    return Seek(
        wanted.path,
        wanted.amount,
        wanted.percent,
        tuple(periods),
        tuple(funds),
        tuple(_intervals(funds, wanted.amount, {value for value, _ in refused})),
        sum((stated.months[period].accrued[number] for period in periods for number in here[period]), _ZERO),
        moved,
        bounds,
        _fixed(first, last, titles),
        refused,
        unpaid,
        left_out,
    )


def _in_all(period: str, stated: Run, tries: Sequence[_Tried]) -> list[str]:
    """Return the people paid in a month by the current scheme and at every value."""
    return [number for number in stated.months[period].accrued if all(number in one.funds[period] for one in tries)]


def _lines(tried: _Tried, here: dict[str, list[str]]) -> Lines:
    lines: Lines = {}
    for period, numbers in here.items():
        wanted, paid = set(numbers), tried.paid[period]
        for scheme in paid.payroll.schemes if paid.payroll else ():
            for at, index in enumerate(scheme.payees):
                number = paid.inputs.payees[index].id
                for line in scheme.statement.lines if number in wanted else ():
                    if not line.withheld:
                        key = (line.id, number)
                        lines[key] = lines.get(key, _ZERO) + scheme.columns[line.figure][at]
    return lines


def _titles(tries: Sequence[_Tried], periods: Sequence[str]) -> dict[str, str]:
    paid = [tries[0].paid[period] for period in periods]
    schemes = [scheme for month in paid if month.payroll for scheme in month.payroll.schemes]
    return {line.id: line.title for scheme in schemes for line in scheme.statement.lines}


def _bounds(
    first: Lines, last: Lines, titles: dict[str, str], names: dict[str, str], path: str
) -> tuple[Decimal, tuple[Bound, ...]]:
    """Return by how much lines follow the value, and by how much lines work against it, the largest first."""
    changes: dict[str, dict[str, Decimal]] = {}
    for line, number in {**first, **last}:
        change = last.get((line, number), _ZERO) - first.get((line, number), _ZERO)
        if change:
            changes.setdefault(line, {})[number] = change
    of_component = sum(changes.get(_component(path, titles), {}).values(), _ZERO)
    sums = {line: sum(people.values(), _ZERO) for line, people in changes.items()}
    against = [line for line, change in sums.items() if change * (of_component or sum(sums.values(), _ZERO)) < 0]
    bounds = tuple(
        Bound(line, titles[line], sums[line], tuple(_shares(changes[line], names)))
        for line in sorted(against, key=lambda line: (-abs(sums[line]), line))
    )
    return sum((change for line, change in sums.items() if line not in against), _ZERO), bounds


def _component(path: str, titles: dict[str, str]) -> str:
    """Return the id of the component that has the option."""
    rest = path.partition(".")[2]
    return max((line for line in titles if rest.startswith(f"{line}.")), key=len, default="")


def _shares(people: dict[str, Decimal], names: dict[str, str]) -> Iterator[Share]:
    for number, change in sorted(people.items(), key=lambda item: (-abs(item[1]), item[0])):
        yield Share(number, names.get(number, ""), change)


def _fixed(first: Lines, last: Lines, titles: dict[str, str]) -> tuple[Fixed, ...]:
    """Return the lines that pay everybody the same at both ends, the largest first."""
    amounts: dict[str, Decimal] = {}
    moving = {line for line, number in {**first, **last} if first.get((line, number)) != last.get((line, number))}
    for (line, _), amount in first.items():
        if line not in moving:
            amounts[line] = amounts.get(line, _ZERO) + amount
    fixed = (Fixed(line, titles[line], amount) for line, amount in amounts.items() if amount)
    return tuple(sorted(fixed, key=lambda one: (-abs(one.amount), one.id)))


def _intervals(funds: Sequence[Try], amount: Decimal, refused: set[Decimal]) -> Iterator[Interval]:
    """Yield the ranges of values that keep the fund; a value that the scheme refuses ends a range."""
    run: list[Try] = []
    for one in funds:
        broken = run and any(run[-1].value < value < one.value for value in refused)
        if run and (one.fund > amount or broken):
            yield Interval(run[0], run[-1])
            run = []
        if one.fund <= amount:
            run.append(one)
    if run:
        yield Interval(run[0], run[-1])
