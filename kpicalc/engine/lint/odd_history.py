"""Results of earlier months that are fifty times this month's or a fiftieth of it, or below zero; those of the month.

Growth is counted from earlier results, and no plan stands beside them. Zero is a result and not counted. Figures of the
month itself on the History sheet are not used: others than those of the month may be an earlier month's.
"""

from collections import defaultdict
from collections.abc import Iterator

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.middle import is_few
from kpicalc.engine.lint.odd_actuals import stated_below_zero
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.tree.sources import PLANNED, EarlierSum, MonthAgo
from kpicalc.engine.tree.words import show
from kpicalc.model.inputs import Inputs
from kpicalc.model.scheme import SchemeBook

_TIMES = 50


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    inputs, stated = payroll.inputs, stated_below_zero(book)
    sources = {figure.source for pay in payroll.schemes for figure in pay.statement.given()}
    used = {source.kpi for source in sources if isinstance(source, MonthAgo)}
    used |= {source.key for source in sources if isinstance(source, EarlierSum)}
    # By code and KPI, the first of each person's odd months.
    found: dict[tuple[str, str], dict[int, tuple[Odd, tuple[str, int]]]] = defaultdict(dict)
    for (kpi, months), series in inputs.history.items():
        now = inputs.actual.get(kpi)
        if kpi not in used or now is None:
            continue
        unit = unit_of_kpi(book.kpis[kpi])
        for payee, (before, done) in enumerate(zip(series.values, now.values, strict=True)):
            if before is None or before == 0:
                continue
            if before < 0 and kpi not in stated:
                odd = Odd(payee, -before, show(before, unit, book.language))
                found["negative_actual", kpi].setdefault(payee, (odd, (kpi, months)))
            elif done is not None and done > 0 and before > 0 and not done / _TIMES < before < done * _TIMES:
                if is_few(min(before, done), max(before, done), unit):
                    continue
                shown = f"{show(before, unit, book.language)}, {show(done, unit, book.language)}"
                odd = Odd(payee, max(before / done, done / before), shown)
                found["history_far", kpi].setdefault(payee, (odd, (kpi, months)))
    for (code, kpi), by_payee in found.items():
        first, month = next(iter(by_payee.values()))
        facts = {"title": book.kpi_title(kpi), "times": _TIMES} | people([odd for odd, _ in by_payee.values()], inputs)
        yield remark(code, inputs.history[month].place(first.payee), of_kpi(kpi), **facts)
    yield from _retyped(inputs, book)


def _retyped(inputs: Inputs, book: SchemeBook) -> Iterator[Remark]:
    for key, series in inputs.retyped.items():
        kpi = key.removesuffix(PLANNED)
        used = (inputs.plan if key.endswith(PLANNED) else inputs.actual).get(kpi)
        if used is None or kpi not in book.kpis:
            continue
        unit = unit_of_kpi(book.kpis[kpi])
        odd: list[Odd] = []
        for payee, (other, figure) in enumerate(zip(series.values, used.values, strict=True)):
            if other is None or payee in inputs.away or inputs.is_joint(payee):
                continue
            if unit == "money" and figure is not None and abs(other - figure) < 1:
                # The history is kept in whole amounts.
                continue
            shown = "—" if figure is None else show(figure, unit, book.language)
            if (typed := show(other, unit, book.language)) != shown:
                odd.append(Odd(payee, abs(other - (figure or 0)), f"{typed} ≠ {shown}"))
        if odd:
            facts = {"title": book.kpi_title(kpi)} | people(odd, inputs)
            yield remark("history_of_month", series.place(odd[0].payee), of_kpi(kpi), **facts)


_CODES = ("history_far", "history_of_month")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
