"""Pay below the minimum wage for a full month, where the calendar is Russia's (article 133 of the Labour Code).

Payees who worked the whole norm of days (or hours) are judged: what is accrued before tax against the minimum wage of
the year x the rate. It is 22 440 in 2025 and 27 093 in 2026, or the regional value that the scheme states as
`minimum_wage`. A month without any days or hours in the workbook counts as a whole one, unless the payee was hired or
dismissed inside it. Years without a known minimum wage are not judged.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.lint.russian import is_russian
from kpicalc.engine.result import Payroll
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language
from kpicalc.model.fields import WORKED
from kpicalc.model.inputs import Inputs

_BY_YEAR: Mapping[str, Decimal] = {"2025": Decimal(22440), "2026": Decimal(27093)}


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None or not is_russian(book):
        return
    wage = book.minimum_wage or _BY_YEAR.get(payroll.inputs.period[:4])
    if wage is not None:
        yield from _below(payroll, wage, book.language)


def _below(payroll: Payroll, wage: Decimal, language: Language) -> Iterator[Remark]:
    inputs = payroll.inputs
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for pay in payroll.schemes if inputs.further else ():
        totals |= dict(zip(pay.payees, pay.columns[pay.statement.accrued], strict=True))
    for pay in payroll.schemes:
        scheme = pay.statement.scheme
        column = pay.columns[pay.statement.accrued]
        low = []
        for number, index in enumerate(pay.payees):
            least, earned = wage * _rate(inputs, index), column[number]
            if inputs.is_joint(index):
                # A person is judged once, with the first row: the month is full where all rows together are.
                rows = inputs.rows_of(index)
                if index in inputs.further or not _full_together(inputs, rows):
                    continue
                least, earned = wage * _rate_together(inputs, rows), sum((totals[row] for row in rows), Decimal(0))
            elif not _worked_in_full(inputs, index):
                continue
            if earned < least:
                low.append((index, earned, least))
        if low:
            first = low[0]
            names = [
                f"{inputs.payees[index]} — {show(amount, 'money', language)} < {show(least, 'money', language)}"
                for index, amount, least in low
            ]
            facts = {"scheme": scheme.title, "limit": show(wage, "money", language), "year": inputs.period[:4]}
            place = inputs.place_of(first[0], "id")
            yield remark("below_minimum_wage", place, of_scheme(scheme.key), found=names, count=len(low), **facts)


def _rate(inputs: Inputs, index: int) -> Decimal:
    series = inputs.employee.get("fte")
    value = series.values[index] if series else None
    return Decimal(1) if value is None else value


def _rate_together(inputs: Inputs, rows: Sequence[int]) -> Decimal:
    """Return the rate of a person with several rows: by the days (or hours) of each, and at most the largest.

    Half of a month at 0.5 and half of it at 1 make 0.75; two jobs at a time count as the larger one.
    """
    largest = max(_rate(inputs, row) for row in rows)
    for worked, norm in WORKED.items():
        done, due = inputs.employee.get(worked), inputs.employee.get(norm)
        parts = [(_rate(inputs, row), done.values[row], due.values[row]) for row in rows if done and due]
        whole = [rate * own / of for rate, own, of in parts if own is not None and of]
        if whole and len(whole) == len(rows):
            return min(largest, sum(whole, Decimal(0)))
    return largest


def _full_together(inputs: Inputs, rows: Sequence[int]) -> bool:
    """Tell whether a person's rows together have the norm of days or hours of the month."""
    for worked, norm in WORKED.items():
        series, whole = inputs.employee.get(worked), inputs.employee.get(norm)
        due = [whole.values[row] for row in rows] if whole else []
        done = [series.values[row] for row in rows] if series else []
        known = [value for value in (*done, *due) if value is not None]
        if due and done and len(known) == 2 * len(rows):
            return sum(value for value in done if value) >= max(value for value in due if value is not None)
    return False


def _worked_in_full(inputs: Inputs, index: int) -> bool:
    known = doubtful = False
    for worked, norm in WORKED.items():
        series, whole = inputs.employee.get(worked), inputs.employee.get(norm)
        done = series.values[index] if series else None
        due = whole.values[index] if whole else None
        if done is not None and due is not None:
            known = True
            if done < due:
                return False
        elif done is not None:
            # Hours without their norm: whether it was the whole norm is unknown.
            doubtful = True
    shifts = inputs.employee.get("shifts")
    doubtful |= shifts is not None and shifts.values[index] is not None
    return known or not (doubtful or _part_of_month(inputs, index))


def _part_of_month(inputs: Inputs, index: int) -> bool:
    """Tell whether a payee was hired or dismissed inside the month, or has a part of it in each of several rows."""
    employment = inputs.employed.get(index)
    if employment is None:
        return False
    days = [day for day in (employment.first, employment.last) if day is not None]
    return any(f"{day:%Y-%m}" == inputs.period for day in days)


RULE = Rule(("below_minimum_wage",), _find, when="sound", monthly=("below_minimum_wage",))
