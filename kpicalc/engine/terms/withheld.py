"""Conditions of withholding: the tax of a known year, and never more than was earned."""

from collections.abc import Iterable, Iterator

from kpicalc.engine.result import SchemePay
from kpicalc.engine.statement import Statement
from kpicalc.engine.terms.ndfl import YEARS
from kpicalc.engine.tree.words import show
from kpicalc.model.inputs import Inputs
from kpicalc.model.issue import Issue, issue
from kpicalc.model.scheme import SchemeBook


def earned_elsewhere(statements: Iterable[Statement], book: SchemeBook) -> Iterator[Issue]:
    """Yield an issue for each withheld line with the title of an earned one: their columns would look alike."""
    compiled = list(statements)
    earned = {line.title for statement in compiled for line in statement.lines if not line.withheld}
    for statement in compiled:
        for item in statement.scheme.pay:
            title = item.component.called(book.language)
            if item.component.withholds and title in earned:
                yield issue("withheld_and_earned", book.source.place(*item.path, item.name), found=title)


def withheld_issues(schemes: Iterable[SchemePay], inputs: Inputs, book: SchemeBook) -> Iterator[Issue]:
    """Return the issues that forbid withholding in this month."""
    for pay in schemes:
        for item in pay.statement.scheme.pay:
            match item.name, item.component:
                case "withholding", object(tax="ndfl", rates=None) if int(inputs.period[:4]) not in YEARS:
                    place = book.source.place(*item.path, item.name, "tax")
                    yield issue("tax_year", place, found=inputs.period[:4], allowed=YEARS)
        if not pay.statement.withholds:
            continue
        accrued, to_pay = pay.columns[pay.statement.accrued], pay.columns[pay.statement.total]
        for index, whole, left in zip(pay.payees, accrued, to_pay, strict=True):
            if left < 0 and left < whole:
                payee = inputs.payees[index]
                facts = {
                    "payee": payee,
                    "found": show(whole - left, "money", book.language),
                    "allowed": show(whole, "money", book.language),
                }
                yield issue("withheld_too_much", payee.place, **facts)
