"""Results that pay nothing any more: whoever does better at them earns no rouble more, and why.

Each KPI by which a scheme pays is doubled (halved where less is better), once with everything else as it is and once
with the other KPIs doubled too, because a result may wait for another one. If somebody's pay rises in neither case,
nothing above the present result is worth anything to them: a cap, the last band, a set that is done.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.lint.indicators import earned_by
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.moved import probed, results_of
from kpicalc.engine.result import SchemePay
from kpicalc.model.issue import listed
from kpicalc.model.scheme import SchemeBook

_MOST_NAMES = 5
_ZERO = Decimal(0)


def dead(pay: SchemePay, kpi: str, book: SchemeBook) -> dict[int, str]:
    """Return the rows of those to whom twice the result brings nothing, with the line that takes it back, if one does.

    Call inside `exact_context()`.
    """
    key = results_of(pay.statement).get(kpi)
    if key is None:
        return {}
    lower = book.kpis[kpi].better == "lower"
    actual = pay.columns[key]
    total = pay.statement.accrued
    keys = results_of(pay.statement)
    others = {keys[name]: _better(pay, name, keys[name], book) for name in earned_by(pay.statement) if name in keys}
    better = {key: others.pop(key, None) or _better(pay, kpi, key, book)}
    after = probed(pay, better)
    # A result that waits for another one, as in a set of actions or behind a gate, is worth something all the same.
    before, both = probed(pay, others), probed(pay, others | better)
    found = {}
    for row, value in enumerate(actual):
        pays = after[total][row] > pay.columns[total][row] or both[total][row] > before[total][row]
        if (lower and value <= 0) or pays:
            continue
        changes = {line: after[line.figure][row] - pay.columns[line.figure][row] for line in pay.statement.lines}
        against = [line for line, change in changes.items() if change < 0]
        found[row] = max(against, key=lambda line: -changes[line]).title if against else ""
    return found


def _better(pay: SchemePay, kpi: str, key: str, book: SchemeBook) -> list[Decimal]:
    """Return twice the result of everybody, half of it where less is better; of 0 it is the plan, or one."""
    actual = pay.columns[key]
    plan = pay.columns.get(f"plan.{kpi}") or [_ZERO] * len(actual)
    if book.kpis[kpi].better == "lower":
        return [value / 2 for value in actual]
    return [value + (max(value, due) or Decimal(1)) for value, due in zip(actual, plan, strict=True)]


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    for pay in payroll.schemes if payroll else ():
        scheme = pay.statement.scheme
        for kpi in earned_by(pay.statement):
            rows = dead(pay, kpi, book)
            if not rows or payroll is None:
                continue
            people = [str(payroll.inputs.payees[pay.payees[row]]) for row in rows]
            why = list(dict.fromkeys(title for title in rows.values() if title))
            facts = {"scheme": scheme.title, "title": book.kpi_title(kpi), "all": len(pay.payees)}
            code = "dead_incentive" if why else "dead_incentive_own"
            if why:
                facts["why"] = ", ".join(why)
            shown = listed(people, _MOST_NAMES)
            place = book.source.place(*of_scheme(scheme.key), "pay")
            yield remark(code, place, of_scheme(scheme.key), found=shown, count=len(rows), **facts)


_CODES = ("dead_incentive", "dead_incentive_own")
RULE = Rule(_CODES, _find, monthly=_CODES)
