"""The rows by which a line pays, in words and as data: amount, rate, what decides the rate, and pay."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.tree.sources import PaidByRow
from kpicalc.engine.tree.words import show
from kpicalc.lang import money, word
from kpicalc.model.deals import SHOWN_OF_ONE, PaidRow, PaidRows
from kpicalc.screen.data.json import money_text
from kpicalc.screen.fact_rows import cell_text, where

_ZERO = Decimal(0)


def told_rows(payroll: Payroll, source: PaidByRow, index: int) -> Iterator[str]:
    """Yield a sentence about each of the first rows of a payee, and one about the sum of the others."""
    paid = payroll.inputs.paid_rows.get(source.rule)
    if paid is None:
        return
    first = paid.of(index)[:SHOWN_OF_ONE]
    for row in first:
        yield _sentence(paid, row, payroll)
    rest = paid.counts.get(index, 0) - len(first)
    if rest:
        language = payroll.book.language
        others = _whole(payroll, source, index) - sum((row.pay for row in first), _ZERO)
        yield word("terminal.explain.rows_more", language).format(count=rest, pay=money(others, language))


def _whole(payroll: Payroll, source: PaidByRow, index: int) -> Decimal:
    return payroll.inputs.row_pay[source.rule].values[index] or _ZERO


def _sentence(paid: PaidRows, row: PaidRow, payroll: Payroll) -> str:
    language = payroll.book.language
    named = [where(row.place), *(cell_text(cell, language) for cell in row.cells if cell is not None)]
    reasons = ", ".join(
        f"{heading} {cell_text(value, language)}" for heading, value in zip(paid.decisive, row.decided, strict=True)
    )
    amount = show(row.amount, "number", language)
    if row.rate is None:
        how = f"{amount} {word('terminal.explain.by_slices', language)}"
    else:
        how = f"{amount} × {show(row.rate, 'percent', language)}"
    shared = ""
    if row.share is not None and row.share != (_ZERO, Decimal(1)):
        share = show(row.share[1] - row.share[0], "percent", language)
        shared = word("terminal.explain.row_share", language).format(share=share)
    sentence = f"{' · '.join(named)}: {how}"
    return f"{sentence}{f' ({reasons})' if reasons else ''}{shared} = {money(row.pay, language)}"


def rows_data(payroll: Payroll, pay: SchemePay, index: int) -> list[dict[str, Any]]:
    """Return the rows by which a payee's lines pay, as JSON."""
    language, entries = payroll.book.language, []
    for figure in pay.statement.given():
        source = figure.source
        paid = payroll.inputs.paid_rows.get(source.rule) if isinstance(source, PaidByRow) else None
        if paid is None or not isinstance(source, PaidByRow):
            continue
        entries.append(
            {
                "line": source.line,
                "count": paid.counts.get(index, 0),
                "amount": money_text(_whole(payroll, source, index)),
                "rows": [
                    {
                        "place": str(row.place),
                        "names": dict(zip(paid.names, _texts(row.cells, language), strict=True)),
                        "amount": f"{row.amount.normalize():f}",
                        "decided": dict(zip(paid.decisive, _texts(row.decided, language), strict=True)),
                        "rate": None if row.rate is None else f"{row.rate.normalize():f}",
                        "share": None if row.share is None else f"{(row.share[1] - row.share[0]).normalize():f}",
                        "pay": money_text(row.pay),
                    }
                    for row in paid.of(index)
                ],
            }
        )
    return entries


def _texts(cells: tuple[object, ...], language: Any) -> list[str]:
    return [f"{cell.normalize():f}" if isinstance(cell, Decimal) else cell_text(cell, language) for cell in cells]
