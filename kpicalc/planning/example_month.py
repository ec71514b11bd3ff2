"""The first worked example of every scheme as a month of one person, to probe a scheme without a workbook."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpicalc.engine.examples import worked_example
from kpicalc.engine.result import Payroll, SchemePay, Shared
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.sources import OfPool, key_of
from kpicalc.model.inputs import Inputs, Payee
from kpicalc.model.issue import Place
from kpicalc.model.scheme import SchemeBook

_OTHERS = -1
"""The people who share a pool with the one person of an example."""


def example_month(book: SchemeBook, statements: Mapping[str, Statement]) -> Payroll:
    """Return the examples as a payroll; a scheme without a complete example is left out."""
    file = book.source.file
    worked = [(statement, columns) for statement in statements.values() if (columns := worked_example(statement))]
    people = [Payee(one.scheme.key, one.scheme.title, "", "", one.scheme.key, Place(file)) for one, _ in worked]
    schemes = tuple(SchemePay(one, (index,), columns) for index, (one, columns) in enumerate(worked))
    inputs = Inputs(file, "", "", people, {}, {}, {})
    return Payroll(book, inputs, schemes, (), (), common=tuple(one for pay in schemes for one in _pools(pay)))


def _pools(pay: SchemePay) -> Iterator[Shared]:
    for pool in pay.statement.pools:
        share: Decimal = pay.columns[pool.coefficient][0]
        yield Shared(pool, ((pay.payees[0], share), (_OTHERS, pay.columns[key_of(OfPool(pool.id, "all"))][0] - share)))
