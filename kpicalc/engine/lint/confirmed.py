"""Figures that are probably a hundred times too much: per cents above 500 %, actuals above twenty times their plan.

A plan or actual in per cent is 40 typed for 40 %; an actual, a person's own or their department's, has a misplaced
decimal point. They do more than remark: the person is held and not paid. Silencing the remark with a reason confirms
the figures, and they are paid.
"""

from collections.abc import Iterator

from kpicalc.engine.doubtful import CODES, doubts
from kpicalc.engine.lint.rule import Remark, Rule, Subject


def _find(subject: Subject) -> Iterator[Remark]:
    """Yield the figures that the scheme file confirms, so that the silence is reported; the others hold people."""
    payroll, book = subject.payroll, subject.book
    if payroll is None or not any(silence.code in CODES for silence in book.silences):
        return
    for pay in payroll.schemes:
        for doubt in doubts(pay, book):
            if silence := doubt.confirmed(book, payroll.inputs.period):
                yield Remark(doubt.as_issue(payroll.inputs), silence.about)


RULE = Rule(CODES, _find, when="always", monthly=CODES)
