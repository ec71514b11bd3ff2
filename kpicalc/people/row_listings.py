"""The rows by which a line pays a person, in the form of other rows of facts on a statement."""

from collections.abc import Iterator

from kpicalc.engine.result import Payroll, SchemePay
from kpicalc.engine.tree.sources import PaidByRow
from kpicalc.engine.tree.words import show
from kpicalc.lang import Language, word
from kpicalc.model.deals import PaidRow
from kpicalc.model.listing import FactRow, Listing


def listings_of_rows(payroll: Payroll, pay: SchemePay, index: int, most: int) -> Iterator[Listing]:
    """Yield, for every line that pays a payee row by row, its first rows, like other rows of facts."""
    language = payroll.book.language
    lines = {line.id: line.title for line in pay.statement.lines}
    for figure in pay.statement.given():
        source = figure.source
        paid = payroll.inputs.paid_rows.get(source.rule) if isinstance(source, PaidByRow) else None
        if paid is None or not isinstance(source, PaidByRow) or not paid.counts.get(index):
            continue
        headings = [*paid.names, paid.amount, *paid.decisive, word("sheets.deals.rate", language)]
        rows = [
            FactRow(row.place, [*row.cells, row.amount, *row.decided, _rate(row, language)], row.pay)
            for row in paid.of(index)[:most]
        ]
        yield Listing("", index, headings, rows, paid.counts[index], lines[source.line])


def _rate(row: PaidRow, language: Language) -> str:
    if row.rate is None:
        return word("sheets.deals.slices", language)
    return show(row.rate, "percent", language)
