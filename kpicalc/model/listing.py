"""The rows of facts behind a figure."""

from collections.abc import Sequence

from kpicalc.model.issue import Place
from kpicalc.model.record import record


@record
class FactRow:
    """One row: its place, its cells in the order of the listing's headings, and what it adds to the figure."""

    place: Place
    cells: Sequence[object]
    value: object


@record
class Listing:
    """The first rows behind a payee's figure, and the number of all.

    It is a KPI's or, with a `title`, a line's of pay.
    """

    kpi: str
    payee: int
    headings: Sequence[str]
    rows: Sequence[FactRow]
    count: int
    title: str = ""
