"""Totals below zero, totals more than ten times the median of the scheme, and a median that nobody is paid.

Payees who worked less than half the norm are not counted. Among fewer than five people the median of the others means
little: there a total is reported from twenty times on, as where kopecks stand for roubles. Where some figure could not
be computed, totals are not judged. A median of forty low monthly wages is told of: a term of the scheme is a hundred
times too large, which moves everybody alike; not where last month's payroll paid a fifth of it or more.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from statistics import median

from kpicalc.engine.doubtful import least_of_month
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.tree.words import show
from kpicalc.lang import severity
from kpicalc.model.fields import WORKED
from kpicalc.model.inputs import Inputs

_ABOVE_OTHERS, _ABOVE_FEW = 10, 20
_ENOUGH_PEOPLE = 5
_LOW_WAGES = 40
_USUAL = 5
_ZERO = Decimal(0)


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    if payroll is None or any(severity(item) == "error" for item in payroll.issues):
        return
    inputs, least = payroll.inputs, least_of_month(subject.book)
    short = _worked_less_than_half(inputs)
    most = None if least is None else least * _LOW_WAGES
    below: list[Odd] = []
    above: list[Remark] = []
    for pay in payroll.schemes:
        rows = list(zip(pay.payees, pay.columns[pay.statement.accrued], strict=True))
        below += [Odd(payee, -total, show(total, "money", language)) for payee, total in rows if total < 0]
        usual = {payee: total for payee, total in rows if payee not in short}
        enough = len(usual) >= _ENOUGH_PEOPLE
        times = _ABOVE_OTHERS if enough else _ABOVE_FEW
        # The median of many is the same for everybody, and computed once.
        of_all = _middle(list(usual.values()))
        if most is not None and of_all > most and _before(usual, inputs) * _USUAL < of_all:
            known = pay.statement.scheme
            shown = {"middle": show(of_all, "money", language), "allowed": show(most, "money", language)}
            place = inputs.payees[rows[0][0]].place
            yield remark("unlikely_totals", place, of_scheme(known.key), scheme=known.title, **shown)
        middle, far = _ZERO, []
        limit = of_all * times
        for payee, total in [row for row in rows if 0 < limit < row[1]] if enough else rows:
            beside = of_all if enough else _middle([value for other, value in usual.items() if other != payee])
            if 0 < beside * times < total:
                middle = beside
                far.append(Odd(payee, total, show(total, "money", language)))
        if far:
            scheme = pay.statement.scheme
            facts = {"scheme": scheme.title, "times": times} | people(far, inputs)
            facts["middle"] = show(middle, "money", language)
            above.append(remark("far_above_others", inputs.payees[far[0].payee].place, of_scheme(scheme.key), **facts))
    if below:
        below.sort(key=lambda item: item.payee)
        yield remark("negative_total", inputs.payees[below[0].payee].place, **people(below, inputs))
    yield from above


def _middle(totals: Sequence[Decimal]) -> Decimal:
    return median(totals) if totals else _ZERO


def _before(payees: Iterable[int], inputs: Inputs) -> Decimal:
    """Return the median of what last month's payroll paid; zero where it is not known."""
    numbers = (inputs.payees[payee].id for payee in payees)
    return _middle([Decimal(inputs.paid_before[number]) for number in numbers if number in inputs.paid_before])


def _worked_less_than_half(inputs: Inputs) -> set[int]:
    """Return the payees who worked less than half the norm: a new hire's first days say nothing of the usual pay."""
    short: set[int] = set()
    for worked, norm in WORKED.items():
        done, most = inputs.employee.get(worked), inputs.employee.get(norm)
        rows = zip(done.values, most.values, strict=True) if done and most else ()
        short |= {
            payee
            for payee, (part, whole) in enumerate(rows)
            if part is not None and whole is not None and part + part < whole
        }
    return short


_CODES = ("negative_total", "far_above_others", "unlikely_totals")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
