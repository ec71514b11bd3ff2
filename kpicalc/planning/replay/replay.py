"""Two schemes over the same months: the people paid by both, line by line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Line
from kpicalc.model.fields import BalanceField
from kpicalc.model.inputs import JOINED, Inputs
from kpicalc.model.issue import Issue
from kpicalc.model.money import exact_context
from kpicalc.model.record import record
from kpicalc.model.replay import Amounts, LeftOut, MonthOut, Replay, ReplayedMonth, Row, Varied, Which
from kpicalc.planning.replay.paying import pay
from kpicalc.planning.replay.sides import Paid, Run, Side

_ZERO = Decimal(0)
_OF_MONEY: tuple[BalanceField, ...] = ("holdback_balance", "draw_balance")


@record(slots=False)
class Month:
    """A month's workbook as each scheme reads it.

    `other` is None if the other scheme cannot read it, and `why` says so. If both schemes read it alike, both inputs
    are one object.
    """

    period: str
    file: str
    inputs: Inputs
    other: Inputs | None
    why: tuple[Issue, ...] = ()


def replayed(
    old: Side,
    new: Side,
    months: Sequence[Month],
    *,
    base: str | None = None,
    vary: tuple[str, Sequence[Decimal]] | None = None,
    tick: Callable[[int], None] | None = None,
) -> Replay:
    """Pay the months by both schemes. `base` is a KPI's key; `vary` is a KPI's key with the shares that move it."""
    with exact_context():
        whole = _paid(old, new, months, base)
        kpi, shares = vary or ("", ())
        varied = []
        for number, share in enumerate(shares):
            if tick:
                tick(number)
            moved = [_moved(month, kpi, share) for month in months] if share else months
            totals = _paid(old, new, moved, base)
            varied.append(Varied(share, totals.total, totals.base))
    return replace(whole, varied=tuple(varied))


def _paid(old: Side, new: Side, months: Sequence[Month], base: str | None) -> Replay:
    stated = Run(old)
    other = Run(new, stated)
    kept: list[ReplayedMonth] = []
    rows: list[Row] = []
    out: list[MonthOut] = []
    begun = []
    ends: tuple[tuple[BalanceField, Amounts], ...] = ()
    for month in sorted(months, key=lambda item: item.period):
        was = pay(stated, month.inputs)
        if month.other is None:
            would = other.keep(Paid(month.period, month.inputs, refused=month.why))
        else:
            would = pay(other, month.other)
        if was.payroll is None or would.payroll is None:
            sides: tuple[tuple[Which, Paid], ...] = (("old", was), ("new", would))
            out += [MonthOut(month.period, month.file, by, paid.refused) for by, paid in sides if paid.payroll is None]
            continue
        begun += [(month.period, by, name) for by, paid in (("old", was), ("new", would)) for name in paid.begun]
        left_out = tuple(_left_out(was, would))
        rows_of_month = list(_rows(was, would, {person.id for person in left_out}))
        rows += rows_of_month
        ends = tuple(_ends(was, would, {row.id for row in rows_of_month}))
        fund = Amounts(sum((row.old for row in rows_of_month), _ZERO), sum((row.new for row in rows_of_month), _ZERO))
        over = None if base is None else _base(was, base, {row.id for row in rows_of_month})
        kept.append(ReplayedMonth(month.period, month.file, month.inputs.sha256, fund, over, left_out))
    return Replay(tuple(kept), tuple(rows), tuple(out), begun=tuple(begun), ends=ends)  # type: ignore[arg-type]


def _ends(was: Paid, would: Paid, people: set[str]) -> Iterator[tuple[BalanceField, Amounts]]:
    """Yield the closing balances in which the two schemes differ."""
    for name in _OF_MONEY:
        closed = [sum((value for number, value in paid.closing(name).items() if number in people), _ZERO)
                  for paid in (was, would)]  # fmt: skip
        if closed[0] != closed[1]:
            yield name, Amounts(*closed)


def _left_out(was: Paid, would: Paid) -> Iterator[LeftOut]:
    """Yield the people whom one of the sides does not pay, in the order of the workbook."""
    names = was.held | would.held
    names |= {payee.id: payee.name for payee in (*was.inputs.payees, *would.inputs.payees) if payee.id not in names}
    for number in dict.fromkeys(payee.id for payee in (*was.inputs.payees, *would.inputs.payees)):
        sides: tuple[tuple[Which, Paid], ...] = (("old", was), ("new", would))
        lacking = tuple(by for by, paid in sides if number not in paid.accrued)
        away = all(number not in paid.held for paid in (was, would)) and len(lacking) == 2
        if lacking and not away:
            yield LeftOut(number, names[number], lacking)


def _rows(was: Paid, would: Paid, left_out: set[str]) -> Iterator[Row]:
    assert was.payroll is not None
    assert would.payroll is not None
    before, after = _earned(was.payroll), _earned(would.payroll)
    for index in range(len(was.inputs.payees)):
        payee = was.inputs.person(index)
        if payee.id in left_out or payee.id not in before or index in was.inputs.further:
            continue
        (scheme, old), (_, new) = before[payee.id], after[payee.id]
        person = (payee.id, payee.name, payee.department, payee.position, scheme)
        for line in dict.fromkeys([*old, *new]):
            title = (new.get(line) or old[line])[0].title
            amounts = [lines[line][1] if line in lines else _ZERO for lines in (old, new)]
            yield Row(was.period, *person, line, title, *amounts)


def _earned(payroll: Payroll) -> dict[str, tuple[str, dict[str, tuple[Line, Decimal]]]]:
    """Return each person's scheme and earned lines, by personnel number."""
    earned: dict[str, tuple[str, dict[str, tuple[Line, Decimal]]]] = {}
    for scheme in payroll.schemes:
        for at, index in enumerate(scheme.payees):
            number, key, lines = payroll.inputs.payees[index].id, scheme.statement.scheme.key, _lines(scheme, at)
            if number in earned:
                other, theirs = earned[number]
                key = key if key == other else JOINED.join((other, key))
                lines = {line: (title, amount + (theirs[line][1] if line in theirs else _ZERO))
                       for line, (title, amount) in lines.items()}  # fmt: skip
                lines = theirs | lines
            earned[number] = key, lines
    return earned


def _lines(scheme: SchemePay, at: int) -> dict[str, tuple[Line, Decimal]]:
    return {line.id: (line, scheme.columns[line.figure][at]) for line in scheme.statement.lines if not line.withheld}


def _base(paid: Paid, kpi: str, people: set[str]) -> Decimal | None:
    """Return the sum of a KPI over the people of the month, or over the departments for a department's KPI.

    None if nobody has such a figure in the month.
    """
    assert paid.payroll is not None
    teams = [team for team in paid.payroll.teams if team.kpi == kpi]
    if teams:
        return sum((team.actual or _ZERO for team in teams), _ZERO)
    known = [value for number, value in paid.actual(kpi, paid.payroll.book).items() if number in people]
    return sum(known, _ZERO) if known else None


def _moved(month: Month, kpi: str, share: Decimal) -> Month:
    other = month.other
    moved = _times(month.inputs, kpi, 1 + share)
    if other is month.inputs:
        other = moved
    elif other is not None:
        other = _times(other, kpi, 1 + share)
    return replace(month, inputs=moved, other=other)


def _times(inputs: Inputs, kpi: str, factor: Decimal) -> Inputs:
    series = inputs.actual.get(kpi)
    if series is None:
        return inputs
    values = [None if value is None else value * factor for value in series.values]
    return replace(inputs, actual={**inputs.actual, kpi: replace(series, values=values)})
