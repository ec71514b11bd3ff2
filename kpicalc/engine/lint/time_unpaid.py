"""Days or hours worked below the norm where nothing of the pay depends on them, and a month without any.

No remark is made on a payee hired or dismissed inside the month whose scheme counts the days of employment, nor on one
hired or dismissed who worked nothing.
"""

from collections.abc import Iterator

from kpicalc.engine.lint.people import Odd, people
from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark
from kpicalc.engine.result import SchemePay
from kpicalc.engine.sources import Personal
from kpicalc.engine.words import show
from kpicalc.lang import Language, word
from kpicalc.model.fields import WORKED, EmployeeField
from kpicalc.model.inputs import Inputs


def _find(subject: Subject) -> Iterator[Remark]:
    payroll, language = subject.payroll, subject.book.language
    for pay in payroll.schemes if payroll else ():
        assert payroll is not None
        inputs = payroll.inputs
        used = {figure.source.name for figure in pay.statement.given() if isinstance(figure.source, Personal)}
        for worked, norm in WORKED.items():
            less = list(_less(pay, inputs, worked, norm, language))
            nothing = [item for item, done in less if not done and not _part(inputs, item.payee)]
            if nothing:
                yield _told("nothing_worked", pay, inputs, worked, nothing, language)
            if not used & WORKED.keys():
                rest = [item for item, _ in less if not ("days_employed" in used and _part(inputs, item.payee))]
                rest = [item for item in rest if item not in nothing]
                if rest:
                    yield _told("time_unpaid", pay, inputs, worked, rest, language)


def _less(
    pay: SchemePay, inputs: Inputs, worked: EmployeeField, norm: EmployeeField, language: Language
) -> Iterator[tuple[Odd, bool]]:
    """Yield the payees who worked less than the norm, and whether they worked at all."""
    series, whole = inputs.employee.get(worked), inputs.employee.get(norm)
    for payee in pay.payees if series and whole else ():
        assert series is not None
        assert whole is not None
        done, due = series.values[payee], whole.values[payee]
        if done is not None and due is not None and done < due:
            yield (
                Odd(payee, due - done, f"{show(done, 'number', language)} < {show(due, 'number', language)}"),
                done > 0,
            )


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
