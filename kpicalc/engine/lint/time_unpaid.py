"""Days or hours worked below the norm where nothing of the pay depends on them, and a month without any.

A month without any is told of too where there is no norm: of pay by the hour, day or shift.

No remark is made on a payee hired or dismissed inside the month whose scheme counts the days of employment, nor on one
hired or dismissed who worked nothing.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.result import SchemePay
from kpicalc.engine.tree.sources import Personal
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, word
from kpicalc.model.fields import WORKED, EmployeeField
from kpicalc.model.inputs import Inputs

_TIME: Mapping[EmployeeField, EmployeeField | None] = {**WORKED, "shifts": None}


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    for pay in payroll.schemes if payroll else ():
        assert payroll is not None
        inputs = payroll.inputs
        used = {figure.source.name for figure in pay.statement.given() if isinstance(figure.source, Personal)}
        for worked, norm in _TIME.items():
            less = _less(pay, inputs, worked, norm)
            nothing = [_odd(*one, language) for one in less if one[1] <= 0 and not _part(inputs, one[0])]
            nothing += _none(pay, inputs, worked, norm, language) if worked in used else []
            if nothing:
                yield _told("nothing_worked", pay, inputs, worked, nothing, language)
            if not used & WORKED.keys():
                counted = "days_employed" in used
                known = {item.payee for item in nothing}
                rest = [one for one in less if one[0] not in known and not (counted and _part(inputs, one[0]))]
                if rest:
                    odd = [_odd(*one, language) for one in rest]
                    yield _told("time_unpaid", pay, inputs, worked, odd, language)


def _none(
    pay: SchemePay, inputs: Inputs, worked: EmployeeField, norm: EmployeeField | None, language: Language
) -> list[Odd]:
    """Return the payees who worked nothing and have no norm."""
    series, whole = inputs.employee.get(worked), inputs.employee.get(norm) if norm else None
    rows = [payee for payee in pay.payees if series and series.values[payee] == 0 and not _part(inputs, payee)]
    return [Odd(row, Decimal(1), show(Decimal(0), "number", language)) for row in rows
            if whole is None or whole.values[row] is None]  # fmt: skip


def _less(
    pay: SchemePay, inputs: Inputs, worked: EmployeeField, norm: EmployeeField | None
) -> list[tuple[int, Decimal, Decimal]]:
    """Return the payees who worked less than the norm: what they worked, and the norm."""
    series, whole = inputs.employee.get(worked), inputs.employee.get(norm) if norm else None
    if series is None or whole is None:
        return []
    rows = ((payee, series.values[payee], whole.values[payee]) for payee in pay.payees)
    return [(payee, done, due) for payee, done, due in rows if done is not None and due is not None and done < due]


def _odd(payee: int, done: Decimal, due: Decimal, language: Language) -> Odd:
    return Odd(payee, due - done, f"{show(done, 'number', language)} < {show(due, 'number', language)}")


def _part(inputs: Inputs, payee: int) -> bool:
    """Tell whether a payee works here for a part of the month."""
    marks = inputs.employee.get("part_month")
    return bool(marks and marks.values[payee])


def _told(
    code: str, pay: SchemePay, inputs: Inputs, worked: EmployeeField, odd: list[Odd], language: Language
) -> Remark:
    scheme = pay.statement.scheme
    facts = {"scheme": scheme.title, "title": word(f"headings.employee.{worked}", language)} | people(odd, inputs)
    return remark(code, inputs.employee[worked].place(odd[0].payee), of_scheme(scheme.key), **facts)


_CODES = ("nothing_worked", "time_unpaid")
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
