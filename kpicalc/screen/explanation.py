"""One person's pay in words, line by line: the rule, the figures, the result, and their cells."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from kpicalc.engine.probing.missing import Worth, missing_of
from kpicalc.engine.probing.next_step import next_steps
from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.statement import Figure
from kpicalc.engine.tree.formula import Param
from kpicalc.engine.tree.sources import (
    Adjusted,
    Given,
    PaidByRow,
)
from kpicalc.engine.tree.words import show, tell
from kpicalc.lang import message, money, severity, word
from kpicalc.model import period
from kpicalc.model.issue import Place
from kpicalc.model.row_days import days_of_row
from kpicalc.screen.figure_sources import cell_of, source_of
from kpicalc.screen.next_steps import steps_of_rows, told_steps
from kpicalc.screen.paid_rows import told_rows
from kpicalc.screen.person import in_full
from kpicalc.screen.waiting import worth_in_words

_ZERO = Decimal(0)
_NOT_TOLD = Given | Param
NOT_ASKED: Mapping[int, Worth] = MappingProxyType({})


def explanation(payroll: Payroll, index: int, worths: Mapping[int, Worth] = NOT_ASKED) -> str:
    """Return the whole calculation of one payee as text; for a payee who is not paid yet, the missing figures.

    `worths` are the two sums between which each payee's pay lies if it cannot be computed.
    """
    return "\n".join([*_lines(payroll, index, worths), *_next(payroll, index)])


def _next(payroll: Payroll, index: int) -> Iterator[str]:
    """Describe what the next step of every indicator pays."""
    rows, steps = payroll.inputs.rows_of(index), list[tuple[str, str]]()
    by_row = next_steps(payroll, rows)
    for row in rows:
        texts = [*told_steps(by_row.get(row, []), payroll.book), *steps_of_rows(payroll, row)]
        days = days_of_row(payroll.inputs, row, payroll.book.language)
        steps += [(f"{title} ({days})" if days else title, text) for title, text in texts]
    if steps:
        yield ""
        yield word("people.next.title", payroll.book.language)
        yield from (f"  {title}: {text}" for title, text in steps)


def _lines(payroll: Payroll, index: int, worths: Mapping[int, Worth]) -> Iterator[str]:
    language, payee = payroll.book.language, payroll.inputs.payees[index]
    yield in_full(payee, language)
    if payroll.inputs.is_joint(index):
        yield from _rows(payroll, index, worths)
        return
    where = [part for part in (payee.department, payee.position) if part]
    if where:
        yield ", ".join(where)
    pay = _pay_of(payroll, index)
    if pay is None:
        yield from _not_paid(payroll, index, worths.get(index))
        return
    yield from _refusals(payroll, index)
    yield from _calculation(payroll, pay, index)


def _pay_of(payroll: Payroll, index: int) -> SchemePay | None:
    return next((pay for pay in payroll.schemes if index in pay.payees), None)


def _rows(payroll: Payroll, index: int, worths: Mapping[int, Worth]) -> Iterator[str]:
    """Describe each row of a person who has several, with its days, and the sum of all rows."""
    language, totals = payroll.book.language, []
    yield from _refusals(payroll, index)
    for row in payroll.inputs.rows_of(index):
        payee, pay = payroll.inputs.payees[row], _pay_of(payroll, row)
        where = ", ".join(part for part in (payee.department, payee.position) if part)
        days = days_of_row(payroll.inputs, row, language)
        yield ""
        yield word("terminal.explain.row", language).format(days=days, where=where)
        if pay is None:
            yield from _not_paid(payroll, row, worths.get(row), refusals=False)
        else:
            yield from _calculation(payroll, pay, row)
            totals.append(pay.columns[pay.statement.total][pay.payees.index(row)])
    if len(totals) == len(payroll.inputs.rows_of(index)):
        parts, whole = " + ".join(money(total, language) for total in totals), money(sum(totals, _ZERO), language)
        yield ""
        yield word("terminal.explain.whole", language).format(parts=parts, total=whole, currency=payroll.book.currency)


def _calculation(payroll: Payroll, pay: SchemePay, index: int) -> Iterator[str]:
    language = payroll.book.language
    at = pay.payees.index(index)
    month = period.title(payroll.inputs.period, language)
    yield word("terminal.explain.scheme", language).format(scheme=pay.statement.scheme.title, period=month)
    yield ""
    yield word("terminal.explain.inputs", language)
    for figure in pay.statement.given():
        yield f"  {figure.title}: {_value(pay, figure, at, payroll)}{source_of(payroll, figure, index)}"
        if isinstance(figure.source, Adjusted):
            for item in payroll.inputs.adjustments.get(index, ()):
                yield f"    {money(item.amount, language)} — {item.reason} [{cell_of(item.place, payroll)}]"
        if isinstance(figure.source, PaidByRow):
            yield from (f"    {text}" for text in told_rows(payroll, figure.source, index))
    yield ""
    yield word("terminal.explain.steps", language)
    total = pay.statement.figure(pay.statement.total)
    for figure in pay.statement.figures:
        # Inputs are shown above; a bare parameter explains nothing that the next line does not.
        if isinstance(figure.source, _NOT_TOLD) or figure.key == total.key:
            continue
        sentence = tell(figure.source, figure.unit, pay.columns, at, language)
        yield f"  {sentence.sentence(figure.title)}"
    yield ""
    yield word("terminal.explain.lines", language)
    above_withheld = sum(not line.withheld for line in pay.statement.lines)
    for number, line in enumerate(pay.statement.lines):
        if number == above_withheld:
            accrued = pay.statement.figure(pay.statement.accrued)
            yield f"{accrued.title} {money(pay.columns[accrued.key][at], language)} {payroll.book.currency}"
        yield f"  {line.title}: {money(pay.columns[line.figure][at], language)}"
    yield f"{total.title} {money(pay.columns[total.key][at], language)} {payroll.book.currency}"
    if pay.statement.tallies:
        yield ""
        yield word("terminal.explain.beside", language)
        for tally in pay.statement.tallies:
            kept = pay.columns[tally.figure][at]
            shown = money(kept, language) if tally.kind != "points" else show(kept, "number", language)
            yield f"  {tally.title}: {shown}"


def _not_paid(payroll: Payroll, index: int, worth: Worth | None, *, refusals: bool = True) -> Iterator[str]:
    """Describe what is missing for a payee who is not paid yet, and the two sums between which the pay lies."""
    language, missing = payroll.book.language, missing_of(payroll, index)
    if index in payroll.inputs.away:
        yield word("terminal.explain.away", language)
        return
    yield word("terminal.explain.held", language)
    if missing:
        yield word("terminal.explain.missing", language)
        yield from (f"  {item.title} [{cell_of(item.place, payroll)}]" for item in missing)
    if refusals:
        yield from _refusals(payroll, index, {item.place for item in missing})
    yield worth_in_words(worth, payroll)


def _refusals(payroll: Payroll, index: int, shown: Collection[Place] = ()) -> Iterator[str]:
    """Report the issues that hold the pay back, except those of cells that are listed already."""
    language, person = payroll.book.language, str(payroll.inputs.payees[index])
    for item in payroll.issues:
        if item.fact("payee") == person and severity(item) in ("error", "hold") and item.place not in shown:
            yield f"  {message(item, language)} [{cell_of(item.place, payroll)}]"


def _value(pay: SchemePay, figure: Figure, at: int, payroll: Payroll) -> str:
    return show(pay.columns[figure.key][at], figure.unit, payroll.book.language)
