"""Plans and actuals in per cent above 500 %: a spreadsheet takes 40, typed for 40 %, as 4 000 %.

Of plans and actuals that decide somebody's pay; a KPI is in per cent by its unit.
"""

from collections.abc import Iterator
from decimal import Decimal

from kpicalc.engine.draft import unit_of_kpi
from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_kpi, remark
from kpicalc.engine.sources import Actual, Plan
from kpicalc.engine.words import show
from kpicalc.model.inputs import Series

_MOST = Decimal(5)


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, book = subject.payroll, subject.book
    if payroll is None:
        return
    given = {figure.role for pay in payroll.schemes for figure in pay.statement.given()}
    plans: list[tuple[str, Plan | Actual, Series]] = [
        (key, Plan(key), series) for key, series in payroll.inputs.plan.items()
    ]
    plans += [(key, Actual(key), series) for key, series in payroll.inputs.actual.items()]
    for key, source, series in plans:
        unit = unit_of_kpi(book.kpis[key])
        if unit == "percent" and source in given:
            odd = [
                Odd(payee, abs(value), show(value, unit, book.language))
                for payee, value in enumerate(series.values)
                if value is not None and abs(value) > _MOST
            ]
            if odd:
                facts = {"title": book.kpi_title(key)} | people(odd, payroll.inputs)
                yield remark("per_cent_sign", series.place(odd[0].payee), of_kpi(key), **facts)


_CODES = ("per_cent_sign",)
RULE = Rule(_CODES, _find, told="always", monthly=_CODES)
