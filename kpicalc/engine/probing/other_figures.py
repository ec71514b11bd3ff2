"""A scheme's calculation with changed figures: what depends on them is recomputed, everything else stays as it was."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

from kpicalc.engine.result import Columns, SchemePay
from kpicalc.engine.statement import Statement
from kpicalc.engine.tree.closure import columns_in
from kpicalc.engine.tree.sources import Given
from kpicalc.engine.tree.values import Rows, numbers


class Dependents:
    """The dependencies between a scheme's figures, resolved once for every set of changed figures."""

    def __init__(self, statement: Statement) -> None:
        self._figures = statement.figures
        self.of = cache(self._of)

    def _of(self, keys: frozenset[str]) -> tuple[str, ...]:
        """Return the figures that depend on these, in the order of calculation, without these themselves."""
        changed, dependents = set(keys), []
        for figure in self._figures:
            if isinstance(figure.source, Given) or figure.key in keys:
                continue
            if any(column.key in changed for column in columns_in(figure.source)):
                changed.add(figure.key)
                dependents.append(figure.key)
        return tuple(dependents)


def with_figures(
    pay: SchemePay, changes: Mapping[str, Sequence[Decimal]], places: Sequence[int], dependents: Dependents
) -> tuple[Columns, dict[int, str]]:
    """Return all figures of the payees in these places after `changes`, and the rows with a fault.

    A row with a fault comes with the title of its first figure that cannot be computed.

    Call inside `exact_context()`.
    """
    columns, faulty = _Gathered(pay, places), dict[int, str]()
    columns.known.update(changes)
    for key in dependents.of(frozenset(changes)):
        figure = pay.statement.figure(key)
        assert not isinstance(figure.source, Given)
        rows = Rows(columns, len(places))
        columns.known[key] = numbers(figure.source, rows)
        faulty = {fault.row: figure.title for fault in rows.faults} | faulty
    return columns, faulty


class _Gathered(Mapping[str, Sequence[Decimal]]):
    """The figures of some payees of a scheme, gathered from its columns on first use."""

    def __init__(self, pay: SchemePay, places: Sequence[int]) -> None:
        self.columns = pay.columns
        self.places = places
        self.known: dict[str, Sequence[Decimal]] = {}

    def __getitem__(self, key: str) -> Sequence[Decimal]:
        if key not in self.known:
            column = self.columns[key]
            self.known[key] = [column[place] for place in self.places]
        return self.known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)
