"""Schemes that no payee of the month is paid by."""

from collections.abc import Iterator

from kpicalc.engine.lint.rule import Remark, Rule, Subject, of_scheme, remark


def _find(subject: Subject) -> Iterator[Remark]:
    if subject.payroll is None:
        return
    paid = {pay.statement.scheme.key for pay in subject.payroll.schemes}
    for key, scheme in subject.book.schemes.items():
        if key not in paid:
            place = subject.book.source.place(*of_scheme(key))
            yield remark("scheme_of_nobody", place, of_scheme(key), found=scheme.title)


_CODES = ("scheme_of_nobody",)
RULE = Rule(_CODES, _find, monthly=_CODES, together=True)
