"""Results that pay nothing more: whoever improves them earns no rouble more, and why.

Each KPI by which a scheme pays is doubled (halved where less is better), once with everything else as it is and once
with the other KPIs doubled too, because a result may wait for another one. If a person's pay rises in neither case, no
better result is worth anything to them: because of a cap, the last band, or a completed set.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kpicalc.engine.lint.indicators import earned_by, results_of
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.probing.at_plan import at_period_end
from kpicalc.engine.probing.probe import Outcome, Probe, Prober
from kpicalc.engine.result import SchemePay
from kpicalc.engine.tree.sources import Actual, key_of
from kpicalc.model.issue import listed
from kpicalc.model.scheme import SchemeBook

_MOST_NAMES = 5
_ZERO = Decimal(0)


def dead(prober: Prober, pay: SchemePay, kpi: str, book: SchemeBook) -> dict[int, str]:
    """Return the rows of payees to whom twice the result brings nothing, with the line that takes it back, if any.

    What is held back for later, and an advance that need not be returned, count like what is paid now.
    """
    keys = results_of(pay.statement)
    if kpi not in keys:
        return {}
    earned = dict.fromkeys([*earned_by(pay.statement), kpi])
    better = {name: _better(pay, name, keys[name][0], book) for name in earned if name in keys}
    probes = [better[kpi][row] for row in range(len(pay.payees))]
    others = [[better[name][row] for name in better if name != kpi] for row in range(len(pay.payees))]
    # A result that waits for another one, as in a set of actions or behind a gate, is worth something all the same.
    after = prober.together([[probe] for probe in probes])
    before = prober.together([ones or [probe] for ones, probe in zip(others, probes, strict=True)])
    both = prober.together([[*ones, probe] for ones, probe in zip(others, probes, strict=True)])
    groups = [[replace(probe, of_team=True)] for probe in probes] if len(keys[kpi]) > 1 else []
    theirs = prober.together(groups) if groups else after
    now = prober.with_figures([(payee, {}) for payee in pay.payees], lines=True)
    dead_rows = {}
    for row, probe in enumerate(probes):
        is_none_left = book.kpis[kpi].better == "lower" and not probe.by
        pays = (
            _more(now[row], after[row])
            or _more(now[row], theirs[row])
            or (bool(others[row]) and _more(before[row], both[row]))
        )
        if not is_none_left and not pays:
            dead_rows[row] = _against(pay, now[row], after[row])
    return dead_rows


def _more(first: Outcome | None, second: Outcome | None) -> bool:
    """Tell whether the second is worth more; an outcome that cannot be computed counts as more."""
    return first is None or second is None or second.worth > first.worth


def _against(pay: SchemePay, first: Outcome | None, second: Outcome | None) -> str:
    """Return the title of the line that takes most away, if any does."""
    assert first is not None
    assert second is not None
    changes = {line.title: second.lines[line.id] - first.lines[line.id] for line in pay.statement.lines}
    title = min(changes, key=lambda title: changes[title], default="")
    return title if title and changes[title] < 0 else ""


def _better(pay: SchemePay, kpi: str, key: str, book: SchemeBook) -> list[Probe]:
    """Return twice everybody's result, half of it where less is better; for 0 the plan, or one."""
    actual, of_team = pay.columns[key], key != key_of(Actual(kpi))
    plan = pay.columns.get(f"plan.{kpi}") or [_ZERO] * len(actual)
    lower = book.kpis[kpi].better == "lower"
    more = [
        -max(value, _ZERO) / 2 if lower else max(value, due) or Decimal(1)
        for value, due in zip(actual, plan, strict=True)
    ]
    return [Probe(payee, kpi, by, of_team) for payee, by in zip(pay.payees, more, strict=True)]


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    prober = Prober(at_period_end(payroll)) if payroll else None
    for pay in prober.payroll.schemes if prober else ():
        scheme = pay.statement.scheme
        for kpi in earned_by(pay.statement):
            rows = dead(prober, pay, kpi, book) if prober else {}
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
