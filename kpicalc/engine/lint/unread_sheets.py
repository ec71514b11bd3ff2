"""Adjustments are paid, the workbook has no Adjustments sheet, and there are sheets that nothing reads."""

from collections.abc import Iterator

from kpicalc.engine.lint.rule import Remark, Rule, Subject, remark
from kpicalc.model.issue import Place


def _find(subject: Subject) -> Iterator[Remark]:
    payroll = subject.payroll
    if payroll is None:
        return
    wanted = any(line.component == "adjustments" for pay in payroll.schemes for line in pay.statement.lines)
    if wanted and "adjustments" not in payroll.inputs.sheets and payroll.inputs.unread_sheets:
        yield remark("adjustments_unread", Place(payroll.inputs.file), found=payroll.inputs.unread_sheets)


_CODES = ("adjustments_unread",)
RULE = Rule(_CODES, _find, when="always", monthly=_CODES)
