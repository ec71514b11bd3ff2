"""The calculation itself: the figures of a statement in order, for the payees of a month or for one example."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpicalc.engine.statement import Figure
from kpicalc.engine.tree.sources import Given
from kpicalc.engine.tree.values import Fault, Rows, numbers


def calculate(
    figures: Iterable[Figure], given: Mapping[str, Sequence[Decimal]], count: int
) -> tuple[dict[str, Sequence[Decimal]], list[tuple[Figure, Fault]]]:
    """Return all figures by key for `count` payees, and the faults. Call inside `exact_context()`.

    `given` are the figures of the workbook by key.
    """
    columns = dict(given)
    faults: list[tuple[Figure, Fault]] = []
    for figure in figures:
        if not isinstance(figure.source, Given):
            rows = Rows(columns, count)
            columns[figure.key] = numbers(figure.source, rows)
            faults += [(figure, fault) for fault in rows.faults]
    return columns, faults
