"""Hours worked that do not fit the days worked, or are a tenth of a month's: 17.6 for 176, where pay depends on them.

Less than an hour a day and more than 24 fit no days. What a month's hours are, the person's norm says, the production
calendar or, without these, the middle one of the others in the same position. About a tenth of them with a part of an
hour, or exactly a tenth, is a slip where the days, as far as they are known, do not make it plausible.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median_low

from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.engine.tree.sources import Personal, key_of
from kpicalc.engine.tree.words import show
from kpicalc.lang import word
from kpicalc.model.fields import EmployeeField
from kpicalc.model.inputs import Inputs
from kpicalc.model.texts import spelling_key

_DAY, _TIMES, _FEWEST = 24, 10, 3
_LEAST = Decimal("2.5")
"""Fewer hours in a month are told of as hardly any."""
_WORKED_LITTLE = 2
"""Hours a day of somebody who was away for most of each day."""
_LOW, _HIGH = Decimal("0.5"), Decimal("1.5")


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    if payroll is None:
        return
    inputs, title = payroll.inputs, word("headings.employee.hours_worked", language)
    against: list[Odd] = []
    tenth: list[Odd] = []
    for payee, hours, usual in _hours(subject):
        days = _known(inputs, "days_worked", payee)
        a_day = hours / days if days else None
        found = show(hours, "number", language)
        if days and a_day is not None and not 1 <= a_day <= _DAY:
            against.append(Odd(payee, abs(a_day - 1), f"{found} / {show(days, 'number', language)}"))
        elif usual and _is_tenth(hours, usual) and (a_day is None or a_day < _WORKED_LITTLE):
            tenth.append(Odd(payee, usual / hours, f"{found} < {show(usual, 'number', language)}"))
    for code, odd in (("hours_per_day", against), ("tenth_of_hours", tenth)):
        if odd:
            facts = {"title": title, "other": word("headings.employee.days_worked", language)} | people(odd, inputs)
            yield remark(code, inputs.employee["hours_worked"].place(odd[0].payee), **facts)


def _hours(subject: Subject) -> Iterator[tuple[int, Decimal, Decimal | None]]:
    """Yield the people who are paid by hours and worked the whole month: their hours, and a usual month's."""
    payroll = subject.payroll
    assert payroll is not None
    inputs = payroll.inputs
    paid = {
        payee: hours
        for pay in payroll.schemes
        for payee, hours in zip(pay.payees, pay.columns.get(key_of(Personal("hours_worked")), ()), strict=False)
        if not any(_known(inputs, name, payee) for name in ("part_month", "leaves")) and not inputs.is_joint(payee)
    }
    by_position: dict[str, list[Decimal]] = defaultdict(list)
    for payee, hours in paid.items():
        by_position[spelling_key(inputs.payees[payee].position)].append(hours)
    usual = {position: _middle(hours) for position, hours in by_position.items()}
    for payee, hours in paid.items():
        if hours >= _LEAST:
            norm = _known(inputs, "hours_norm", payee) or usual[spelling_key(inputs.payees[payee].position)]
            part_time = (_known(inputs, "fte", payee) or 1) < _LOW
            yield payee, hours, None if part_time else norm


def _middle(hours: Sequence[Decimal]) -> Decimal | None:
    """Return the middle one of at least three people, which one slip among them does not move."""
    return median_low(hours) if len(hours) >= _FEWEST else None


def _is_tenth(hours: Decimal, usual: Decimal) -> bool:
    whole = hours * _TIMES
    slipped = whole == usual or (hours % 1 and not whole % 1)
    return bool(slipped) and usual * _LOW <= whole <= usual * _HIGH


def _known(inputs: Inputs, name: EmployeeField | str, payee: int) -> Decimal | None:
    series = inputs.employee.get(name)
    return series.values[payee] if series else None


_CODES = ("hours_per_day", "tenth_of_hours")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
